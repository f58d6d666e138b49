//! The API matches its description: requests are generated from it, and every response is checked
//! against it.
//!
//! Needs the feature `schemathesis`, and the program of that name in the variable SCHEMATHESIS.

use std::path::Path;
use std::process::Command;

use system_tests::{Client, Program, World};

/// All checks are on, with three exceptions.
///
/// A file that matches the description can still be an invalid run, which is refused. A form with an
/// empty list is sent without that field, so an invalid upload can't be distinguished from a valid one.
/// When a submission is edited, numbers and booleans are read as their texts.
const CHECKS: &str = "checks.positive_data_acceptance.enabled = false\n\n\
    [[operations]]\ninclude-operation-id = \"create_submission\"\n\
    checks.negative_data_rejection.enabled = false\n\n\
    [[operations]]\ninclude-operation-id = \"edit_submission\"\n\
    checks.negative_data_rejection.enabled = false\n\n";

#[test]
fn every_answer_is_one_that_the_description_tells_of() {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let program = Program::serve(&world.data_dir());
    let client = Client::new(&program.address).with_token(&token);
    let sent = client.post(&Client::intake("test"), &World::test().zipped(|_| Some(5)), &[]);
    let submission = sent.unwrap().json["id"].as_str().unwrap().to_owned();

    // with names that are there, or nearly every request would end at a challenge that is not
    let names = format!(
        "{CHECKS}[parameters]\n\"path.challenge\" = \"fiq\"\n\"path.phase\" = \"test\"\n\
         \"path.id\" = \"{submission}\"\n"
    );
    hold_against_the_description(world.path(), &program, &token, &names);
    hold_against_the_description(world.path(), &program, &token, CHECKS);
    assert_eq!(client.get("/readyz").status, 200);
}

/// Makes requests from the description of the API, and checks the answers.
fn hold_against_the_description(dir: &Path, program: &Program, token: &str, config: &str) {
    let schemathesis = std::env::var("SCHEMATHESIS").expect("it names a program; see .ci/test");
    let file = dir.join("schemathesis.toml");
    std::fs::write(&file, config).unwrap();
    let mut command = Command::new(schemathesis);
    command.arg("--config-file").arg(&file).arg("run");
    let output = command
        .arg(format!("{}/api/openapi.json", program.address))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        // they continue for an hour
        .args(["--exclude-path-regex", "/events$"])
        .args(["--seed", "1", "--max-examples", "150", "--phases", "examples,coverage,fuzzing"])
        .args(["--request-timeout", "20", "--no-color"])
        // what it learns of one run is not for the next
        .args(["--generation-database", "none"])
        .current_dir(dir)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}\n{told}", String::from_utf8_lossy(&output.stderr));
    println!("{told}");
}
