//! The commands, as a person types them.

mod backup;
mod benchmark;
#[cfg(feature = "s3")]
mod bucket;
mod challenge;
mod circo;
#[cfg(feature = "postgres")]
mod database;
mod doctor;
mod files;
mod newcomer;
mod outgoing;
mod receipt;
mod scorecards;
mod submit;
mod take_part;

use std::fs;
use std::process::Output;

use system_tests::{Program, World, zip};
use tempfile::TempDir;

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let data_dir = TempDir::new().unwrap();
    let Output { status, stdout, stderr } = Program::run(data_dir.path(), arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_data_set_is_drawn_counted_and_the_same_again() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    for name in ["one", "two"] {
        let targets = at(&format!("{name}.json"));
        let drawn = ["dataset", "draw", &at(name), "--items", "60", "--seed", "7"];
        let (code, _, errors) = run(&[&drawn[..], &["--targets", &targets]].concat());
        assert_eq!(code, Some(0), "{errors}");
    }
    assert_eq!(fs::read(at("one.json")).unwrap(), fs::read(at("two.json")).unwrap());
    let (code, table, _) = run(&["dataset", "check", &at("one")]);
    assert_eq!(code, Some(0));
    assert!(table.contains("hidden"), "the test split shows no targets:\n{table}");
    let (_, json, _) = run(&["dataset", "check", &at("one"), "--json"]);
    let counts: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(counts["groups"].as_array().unwrap().len(), 9);
    assert_eq!(counts["groups"][1]["gallery"], 60);
    let (code, table, _) = run(&["dataset", "statistics", &at("one")]);
    assert_eq!(code, Some(0));
    assert!(table.contains("words of dress.val: ") && table.contains("captions "), "{table}");
    let (_, json, _) = run(&["dataset", "statistics", &at("one"), "--json"]);
    let statistics: serde_json::Value = serde_json::from_str(&json).unwrap();
    let test = statistics["groups"].as_array().unwrap().iter().find(|it| it["split"] == "test");
    assert!(test.unwrap()["targets"].is_null() && test.unwrap()["alone"].is_null(), "{json}");
}

#[test]
fn a_download_from_a_server_that_is_not_there_says_how_to_go_on() {
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("fashion-iq").display().to_string();
    let from = ["--from", "http://127.0.0.1:1", "--retries", "0"];
    let (code, _, errors) = run(&[&["dataset", "download", &folder][..], &from].concat());
    assert_eq!(code, Some(3), "{errors}");
    assert!(errors.contains("run the same command again to continue"), "{errors}");
}

#[test]
fn a_run_is_scored_and_validated_offline_and_exit_codes_tell_what_came_of_it() {
    let dir = TempDir::new().unwrap();
    let data = World::dev_folder().display().to_string();
    let run_file = dir.path().join("run.zip").display().to_string();
    let options = ["--data", &data, "--split", "val"];
    fs::write(&run_file, World::dev().zipped(|_| Some(50))).unwrap();

    let (code, table, errors) = run(&[&["score", run_file.as_str()][..], &options].concat());
    assert_eq!(code, Some(0), "{errors}");
    assert!(table.contains("\noverall    50.000 % (95 %: "), "{table}");
    let (code, valid, _) = run(&[&["validate", run_file.as_str()][..], &options].concat());
    assert_eq!((code, valid.starts_with("valid: ")), (Some(0), true));

    fs::write(&run_file, zip([("dress.predict.json", &b"[]"[..])])).unwrap();
    let (code, _, problems) = run(&[&["score", run_file.as_str()][..], &options].concat());
    assert_eq!(code, Some(1));
    assert!(problems.contains("the zip has no shirt.predict.json"), "{problems}");
    let (code, json, _) = run(&[&["score", run_file.as_str(), "--json"][..], &options].concat());
    let told: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, told["problems"].as_array().unwrap().is_empty()), (Some(1), false));

    let (code, _, error) = run(&[&["score", "nowhere.zip"][..], &options].concat());
    assert_eq!((code, error.contains("nowhere.zip")), (Some(2), true), "{error}");
    let (code, _, error) = run(&["score", run_file.as_str(), "--data", &data, "--split", "tset"]);
    assert_eq!((code, error.contains("has no split `tset`")), (Some(2), true), "{error}");
    let hidden = World::test_folder().display().to_string();
    let (code, _, error) = run(&["score", run_file.as_str(), "--data", &hidden, "--split", "test"]);
    assert_eq!((code, error.contains("fashion-iq validate")), (Some(2), true), "{error}");
}

#[test]
fn a_challenge_is_applied_and_applied_again_changes_nothing() {
    let world = World::new("per_day = 3");
    let definition = world.definition().display().to_string();
    let apply = || Program::run(&world.data_dir(), &["challenge", "apply", &definition]);
    let told = String::from_utf8(apply().stdout).unwrap();
    assert!(told.contains("+ phase `test`"), "{told}");
    assert_eq!(String::from_utf8(apply().stdout).unwrap(), "nothing to change\n");
    let text = fs::read_to_string(&definition).unwrap();
    for (from, to, sentence) in [
        ("opens = 2020-01-01T00:00:00Z", "opens = 2020-01-01", "has no offset from UTC"),
        ("title = \"Development\"", "titel = \"Development\"", "unknown field `titel`"),
        ("targets = \"public\"", "targets = \"open\"", "must be one of"),
        ("name = \"dev\"", "name = \"rules\"", "reserved for a page"),
    ] {
        fs::write(&definition, text.replace(from, to)).unwrap();
        let output = apply();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(error.contains(sentence) && error.contains("challenge.toml"), "{error}");
    }
}

#[cfg(feature = "official")]
#[test]
fn the_example_of_2019_scores_what_it_scored() {
    let data = std::env::var("FASHION_IQ_DATA").unwrap();
    let example = format!("{data}/example_submission_val");
    let (code, json, _) = run(&["score", &example, "--data", &data, "--split", "val", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(code, Some(0));
    let hits = |group: &str, metric: &str| {
        let category = &told["categories"][group];
        category[metric].as_f64().unwrap() * category["queries"].as_f64().unwrap()
    };
    for (group, at_10, at_50) in [("dress", 3.0, 24.0), ("shirt", 3.0, 15.0), ("toptee", 3.0, 19.0)]
    {
        assert!((hits(group, "recall@10") - at_10).abs() < 1e-9, "{group}");
        assert!((hits(group, "recall@50") - at_50).abs() < 1e-9, "{group}");
    }
    let overall = told["overall"].as_f64().unwrap();
    assert_eq!(format!("{:.3}", 100.0 * overall), "0.557");
}
