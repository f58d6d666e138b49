//! Several servers share a data folder from their first moment on.

use std::thread;

use system_tests::{Client, Program, World};

/// Whether two programs collide when both make the database is a matter of microseconds.
const FOLDERS: usize = 10;

#[test]
fn two_programs_that_start_at_once_on_an_empty_folder_both_serve() {
    for _ in 0..FOLDERS {
        let world = World::always_open("total = 1");
        let data = world.data_dir();
        let (one, two) = thread::scope(|scope| {
            let started = [(); 2].map(|()| scope.spawn(|| Program::serve(&data)));
            let [one, two] = started.map(|program| program.join().unwrap());
            (one, two)
        });
        let token = world.with_a_team("Atelier");
        let run = World::test().zipped(|_| Some(3));
        let at = |program: &Program| Client::new(&program.address).with_token(&token);
        let sent = at(&one).post(&Client::intake("test"), &run, &[]).unwrap();
        assert_eq!(sent.status, 201, "{}", sent.text);
        let other = at(&two).get(sent.location.as_deref().unwrap());
        assert_eq!(other.json["state"], "scored", "{}", other.text);
        let run = World::test().zipped(|_| Some(4));
        let more = at(&two).post(&Client::intake("test"), &run, &[]).unwrap();
        assert_eq!(more.status, 429, "what one has taken counts for the other: {}", more.text);
    }
}
