//! A full disk: one sentence says so, and nothing is saved in part.

use std::fs;
use std::path::Path;
use std::process::Command;

use system_tests::{Client, Program, SmallDisk, World, files_of_uploads};

/// A challenge and a team, made where there is room and copied to the small disk.
fn on(disk: &SmallDisk) -> String {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let copied = Command::new("cp").arg("-r").args([world.data_dir(), disk.data()]).status();
    assert!(copied.unwrap().success());
    token
}

fn uploads(data: &Path) -> Vec<String> {
    files_of_uploads(&data.join("uploads"))
}

#[test]
fn a_start_on_a_full_disk_says_so_in_one_sentence() {
    let disk = SmallDisk::mount("512k");
    let started = Program::run(&disk.data(), &["serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8(started.stderr).unwrap();
    assert_eq!(started.status.code(), Some(2), "{said}");
    let sentence = format!("fashion-iq: the disk of {} is full", disk.data().display());
    assert!(said.starts_with(&sentence) && said.lines().count() == 1, "{said}");
}

#[test]
fn an_upload_onto_a_disk_that_its_sqlite_file_shares_is_refused_when_full_and_leaves_nothing() {
    let disk = SmallDisk::mount("12m");
    let token = on(&disk);
    let data = disk.data();
    let program = Program::serve_with(&data, &["--min-free-mib", "0"]);
    let client = Client::new(&program.address).with_token(&token);
    let upload = |body: &[u8]| client.post(&Client::intake("test"), body, &[]).unwrap();
    let ready = || client.get("/readyz");
    assert_eq!(ready().status, 200);
    let refused = upload(&vec![b' '; 20 << 20]);
    assert_eq!((refused.status, refused.json["code"].as_str()), (507, Some("storage-full")));
    assert!(refused.text.contains("nothing was saved"), "{}", refused.text);
    assert_eq!(uploads(&data), Vec::<String>::new());
    let run = World::test().zipped(|_| Some(3));
    assert_eq!(upload(&run).status, 201, "a smaller one has room");

    let filler = disk.fill();
    let run = World::test().zipped(|_| Some(4));
    let refused = upload(&run);
    assert_eq!(refused.status, 507, "{}", refused.text);
    assert_eq!(uploads(&data).len(), 1);
    fs::remove_file(filler).unwrap();
    assert_eq!(upload(&run).status, 201);

    let careful = Program::serve(&data);
    let client = Client::new(&careful.address).with_token(&token);
    let ready = client.get("/readyz");
    assert_eq!((ready.status, &*ready.text), (503, "the disk is full\n"));
    let refused = client.post(&Client::intake("test"), b"{}", &[]).unwrap();
    assert_eq!(refused.status, 507, "256 MiB are never free here: {}", refused.text);
}
