//! `fashion-iq doctor`: checks a data folder.

use std::fs;
use std::path::Path;

use domain::database;
use serde_json::Value;
use system_tests::{Client, Program, World, files_of_uploads};

const STRAY: &str = "018f0000-0000-7000-8000-000000000000";

fn doctor(data: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let done = Program::run(data, &[&["doctor"], arguments].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// What it has found, by the name of the check.
fn findings(data: &Path) -> (bool, std::collections::BTreeMap<String, Value>) {
    let (_, json, errors) = doctor(data, &["--json"]);
    let json: Value = serde_json::from_str(&json).unwrap_or_else(|_| panic!("{json}{errors}"));
    let findings = json["findings"].as_array().unwrap().iter();
    let named = findings.map(|one| (one["check"].as_str().unwrap().to_owned(), one.clone()));
    (json["good"].as_bool().unwrap(), named.collect())
}

/// A served data folder with this many submissions.
fn served(count: usize) -> (World, Program) {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let program = Program::serve(&world.data_dir());
    let client = Client::new(&program.address).with_token(&token);
    for n in 0..count {
        let run = World::test().zipped(move |_| Some(n + 1));
        let answer = client.post(&Client::intake("test"), &run, &[]).unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    (world, program)
}

#[test]
fn a_healthy_folder_is_said_to_be_so_while_a_server_runs() {
    let (world, program) = served(2);
    let (code, text, errors) = doctor(&world.data_dir(), &[]);
    let targets_are_open = text.contains("targets.json");
    assert_eq!(code, Some(i32::from(targets_are_open)), "{text}{errors}");
    for line in [
        "ok       database: the database is intact",
        "ok       identity: database and uploads belong together",
        "ok       unknown-uploads: every upload belongs to a submission",
        "ok       missing-uploads: every submission has its upload",
        "ok       disk: ",
        "ok       moved-aside: no uploads were moved aside",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    drop(program);
}

#[test]
fn what_is_missing_unknown_or_of_another_database_is_listed() {
    let (world, program) = served(2);
    program.terminate();
    let data = world.data_dir();
    let uploads = data.join("uploads");
    let gone = files_of_uploads(&uploads).remove(0);
    fs::rename(uploads.join(&gone), data.join(&gone)).unwrap();
    let aside = data.join("unknown-uploads/2026-11-26");
    fs::create_dir_all(&aside).unwrap();
    fs::rename(data.join(&gone), aside.join(&gone)).unwrap();
    let old = fs::File::create(uploads.join(STRAY)).unwrap();
    old.set_modified(std::time::UNIX_EPOCH).unwrap();
    let (good, found) = findings(&data);
    assert!(!good);
    assert_eq!(found["missing-uploads"]["details"], Value::from(vec![gone.clone()]));
    assert_eq!(found["unknown-uploads"]["details"], Value::from(vec![STRAY]));
    let kept = "1 from 2026-11-26, kept until 2026-12-26";
    assert_eq!(found["moved-aside"]["details"], Value::from(vec![kept]));

    let (_, text, errors) = doctor(&data, &["--repair"]);
    assert!(text.contains("every submission has its upload"), "{text}{errors}");
    let kept = files_of_uploads(&uploads);
    assert!(kept.contains(&gone) && !kept.contains(&STRAY.to_owned()), "{kept:?}");

    fs::write(uploads.join(".identity"), "another\n").unwrap();
    let (code, text, _) = doctor(&data, &[]);
    assert_eq!(code, Some(1));
    assert!(text.contains("problem  identity: the uploads belong to another database"), "{text}");
    let (code, _, errors) = doctor(&data, &["--repair"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("--move-unknown-uploads"), "{errors}");
}

#[cfg(unix)]
#[test]
fn a_wide_folder_with_a_sqlite_file_is_narrowed_at_a_start_and_said_to_be_wide_before() {
    use std::os::unix::fs::PermissionsExt;
    let (world, program) = served(1);
    program.terminate();
    let data = world.data_dir();
    let uploads = data.join("uploads");
    let upload = uploads.join(files_of_uploads(&uploads).remove(0));
    let database = data.join("fashion-iq.sqlite");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let widen = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    assert_eq!([&data, &uploads].map(|folder| mode(folder)), [0o700; 2]);
    assert_eq!([&upload, &database].map(|file| mode(file)), [0o600; 2]);
    widen(&data, 0o755);
    widen(&uploads, 0o755);
    widen(&upload, 0o644);
    widen(&database, 0o664);
    let settings = data.with_file_name("server.toml");
    fs::write(&settings, "smtp = \"smtps://ada:hush@mail.example.org\"\nmail_from = \"a@b.org\"\n")
        .unwrap();
    widen(&settings, 0o644);
    let named = ["--config", settings.to_str().unwrap()];
    let checked = Program::run(&data, &[&["config", "check"], &named[..]].concat());
    let said = String::from_utf8(checked.stderr).unwrap();
    let doctored = doctor(&data, &named).1;
    let wide = [("755", "700", &data), ("755", "700", &uploads), ("664", "600", &database)];
    for (is, should, path) in wide.into_iter().chain([("644", "600", &settings)]) {
        let path = path.display();
        let sentence = format!("access {path} (mode {is}); run chmod {should} {path}");
        assert!(said.contains(&sentence), "{sentence}\n{said}");
        assert!(doctored.contains(&sentence), "{sentence}\n{doctored}");
    }
    assert!(!said.contains("hush") && checked.status.success());

    drop(Program::serve(&data));
    assert_eq!([&data, &uploads].map(|folder| mode(folder)), [0o700; 2]);
    assert_eq!([&upload, &database].map(|file| mode(file)), [0o600; 2]);
    assert!(database::files(&database).iter().filter(|f| f.exists()).all(|f| mode(f) == 0o600));
}

#[cfg(unix)]
#[test]
fn a_data_folder_with_something_else_in_it_is_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::always_open("");
    let data = world.data_dir();
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(data.join("index.html"), "public").unwrap();
    world.with_a_team("Atelier");
    let mode = |name: &str| fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode(""), mode("uploads"), mode("fashion-iq.sqlite")], [0o755, 0o700, 0o600]);
}
