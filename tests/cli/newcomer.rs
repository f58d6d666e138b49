//! The README's commands as a newcomer types them: from nothing to a row on the board.

use std::fs;
use std::path::Path;
use std::process::Command;

use system_tests::{Client, Program};
use tempfile::TempDir;

/// Runs `fashion-iq` in a folder; answers what it printed.
fn fashion_iq(home: &Path, line: &str) -> String {
    let mut command = Command::new(Program::path());
    command.current_dir(home).args(line.split(' ')).env("FASHION_IQ_DATA_DIR", home.join("data"));
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_newcomer_writes_a_challenge_applies_it_submits_and_reads_the_board() {
    let dir = TempDir::new().unwrap();
    let home = dir.path();
    fashion_iq(home, "dataset draw public --items 60 --splits train,val");
    let targets = "--targets organisers/targets.test.json";
    fashion_iq(home, &format!("dataset draw hidden --items 60 --splits test {targets}"));
    // the example's phase closes some day, and then it would be unwise
    let example = fashion_iq(home, "challenge example").replace(" = 2027-", " = 9999-");
    fs::write(home.join("challenge.toml"), example).unwrap();
    let linted = fashion_iq(home, "challenge lint challenge.toml");
    assert!(linted.starts_with("good: 2 benchmarks and 3 phases\nnote: "), "{linted}");
    assert!(fashion_iq(home, "challenge apply challenge.toml").ends_with("applied\n"));
    assert_eq!(fashion_iq(home, "challenge apply challenge.toml"), "nothing to change\n");
    let token = fashion_iq(home, "team create nine");
    let server = Program::serve(&home.join("data"));

    let anyone = Client::new(&server.address);
    for document in ["queries", "gallery"] {
        let path = format!("/api/v1/challenges/fashion-iq/phases/dev/{document}");
        fs::write(home.join(format!("{document}.json")), anyone.get(&path).text).unwrap();
    }
    let helper = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/write_run.py");
    let mut python = Command::new("python3");
    python.current_dir(home).arg(helper).args(["queries.json", "gallery.json"]);
    assert!(python.status().unwrap().success());

    let address = &server.address;
    let token = token.trim();
    let told = fashion_iq(
        home,
        &format!("submit run.zip --server {address} --phase dev --token {token} --method random"),
    );
    assert!(told.contains("overall"), "{told}");
    let board = anyone.get("/c/fashion-iq/dev").text;
    assert!(board.contains("nine") && board.contains("random"), "{board}");
}
