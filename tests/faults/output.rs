//! No place to write to: limits on file sizes, and pipes that nobody reads.

use std::fs;
use std::process::Command;

use system_tests::{Client, Program, World, files_of_uploads};

#[test]
fn an_upload_beyond_the_limit_of_file_sizes_is_our_error_and_the_server_serves_on() {
    let world = World::always_open("");
    let data = world.data_dir();
    let token = world.with_a_team("Atelier");
    // 8 MiB a file: enough for the database
    let program = Program::serve_after("ulimit -f 8192", &data);
    let client = Client::new(&program.address).with_token(&token);
    let post = |bytes: &[u8]| client.post(&Client::intake("test"), bytes, &[]).unwrap();
    let refused = post(&vec![b' '; 12 << 20]);
    assert_eq!((refused.status, &refused.json["code"]), (500, &"internal".into()));
    assert!(files_of_uploads(&data.join("uploads")).is_empty(), "nothing of it is kept");
    assert_eq!(post(&World::test().zipped(|_| Some(3))).status, 201);
    assert_eq!(program.terminate(), Some(0));
}

#[test]
fn a_server_whose_output_nobody_reads_serves_on() {
    let world = World::always_open("");
    let data = world.data_dir();
    let token = world.with_a_team("Atelier");
    let program = Program::serve_unheard(&data);
    let client = Client::new(&program.address).with_token(&token);
    for n in 1..20 {
        // each request is a line of log, and a missing page a warning perhaps
        assert_eq!(client.get("/nowhere").status, 404);
        let run = World::test().zipped(|_| Some(n));
        assert_eq!(client.post(&Client::intake("test"), &run, &[]).unwrap().status, 201);
    }
    assert_eq!(program.terminate(), Some(0));
}

#[test]
fn a_command_whose_errors_nobody_reads_ends_with_the_exit_code_it_always_has() {
    let data = World::dev_folder().display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.json");
    fs::write(&empty, "{}").unwrap();
    for (file, code) in [("nowhere.json", 2), (empty.to_str().unwrap(), 1)] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(Program::path());
        command.args(["score", file, "--data", &data, "--split", "val"]).stderr(writer);
        assert_eq!(command.status().unwrap().code(), Some(code), "{file}");
    }
}
