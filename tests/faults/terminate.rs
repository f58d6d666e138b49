//! On SIGTERM the program finishes open work.

use system_tests::{Client, Program, World};

#[test]
fn an_upload_under_way_is_answered_and_the_program_ends_well() {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let program = Program::serve(&world.data_dir());
    let client = Client::new(&program.address).with_token(&token);
    let run = World::test().run(|_| Some(4));
    let mut upload = client.begin(&Client::intake("test"), run.len());
    assert!(upload.is_asked_for_the_body());
    let sending = std::thread::spawn(move || upload.send(&run));
    assert_eq!(program.terminate(), Some(0));
    let answer = sending.join().unwrap();
    assert!(answer.contains("201 Created") || answer.contains("202 Accepted"), "{answer}");

    // and what was answered is there when it starts again
    let program = Program::serve(&world.data_dir());
    let client = Client::new(&program.address).with_token(&token);
    let own = client.get(&Client::intake("test"));
    assert_eq!(own.json["submissions"].as_array().unwrap().len(), 1, "{}", own.text);
}
