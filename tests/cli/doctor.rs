//! `fashion-iq doctor`: checks a data folder.

use std::fs;
use std::path::Path;

use domain::database;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use system_tests::{Client, Program, World, files_of_uploads, free_port, open_database};

const STRAY: &str = "018f0000-0000-7000-8000-000000000000";

fn doctor(data: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let done = Program::run(data, &[&["doctor"], arguments].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// What it has found, by the name of the check.
fn findings(data: &Path) -> (String, std::collections::BTreeMap<String, Value>) {
    let (_, json, errors) = doctor(data, &["--json"]);
    let json: Value = serde_json::from_str(&json).unwrap_or_else(|_| panic!("{json}{errors}"));
    let findings = json["findings"].as_array().unwrap().iter();
    let named = findings.map(|one| (one["check"].as_str().unwrap().to_owned(), one.clone()));
    (json["state"].as_str().unwrap().to_owned(), named.collect())
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
        "ok       settings: settings of no file are valid",
        "ok       schema: ",
        "ok       clock: it is ",
        "ok       keys: key ",
        "ok       store: ",
        "warning  mail: no mail server is set",
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
    let (state, found) = findings(&data);
    assert_eq!(state, "problem");
    assert_eq!(found["missing-uploads"]["details"], Value::from(vec![gone.clone()]));
    assert_eq!(found["unknown-uploads"]["details"], Value::from(vec![STRAY]));
    let kept = "1 from 2026-11-26, kept until 2026-12-26";
    assert_eq!(found["moved-aside"]["details"], Value::from(vec![kept]));

    let (_, text, errors) = doctor(&data, &["--fix"]);
    assert!(text.contains("every submission has its upload"), "{text}{errors}");
    let kept = files_of_uploads(&uploads);
    assert!(kept.contains(&gone) && !kept.contains(&STRAY.to_owned()), "{kept:?}");

    fs::write(uploads.join(".identity"), "another\n").unwrap();
    let (code, text, _) = doctor(&data, &[]);
    assert_eq!(code, Some(1));
    assert!(text.contains("problem  identity: the uploads belong to another database"), "{text}");
    let (code, _, errors) = doctor(&data, &["--fix"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("--move-unknown-uploads"), "{errors}");
}

/// Changes a database behind the back of the program.
async fn change(data: &Path, statement: &str) {
    let db = open_database(data).await;
    db.execute_unprepared(statement).await.unwrap();
    db.close().await.unwrap();
}

/// The line of a check, and what to do.
fn line(text: &str, check: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.contains(&format!(" {check}: ")));
    let (found, advice) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    format!("{}\n{}", found.trim(), advice.trim())
}

#[tokio::test]
async fn a_clock_that_went_back_and_a_damaged_key_are_problems_that_say_what_to_do() {
    let (world, program) = served(1);
    program.terminate();
    let data = world.data_dir();
    change(&data, "update submission set received_at = received_at + 7200000000").await;
    change(&data, "update signing_key set secret = '00'").await;
    let (code, text, _) = doctor(&data, &[]);
    assert_eq!(code, Some(1));
    let clock = line(&text, "clock");
    assert!(clock.starts_with("problem  clock: the clock is 7"), "{clock}");
    assert!(
        clock.contains("s behind the database") && clock.contains("→ set the clock"),
        "{clock}"
    );
    let keys = line(&text, "keys");
    assert!(keys.starts_with("problem  keys: the key that signs receipts is damaged"), "{keys}");
    assert!(keys.contains("fashion-iq receipt rotate"), "{keys}");
    change(&data, "delete from signing_key").await;
    assert!(line(&doctor(&data, &[]).1, "keys").starts_with("warning  keys: there is no key"));
    assert!(line(&doctor(&data, &["--fix"]).1, "keys").starts_with("ok       keys: "));
}

#[tokio::test]
async fn a_database_of_a_newer_release_is_refused_with_both_versions_by_doctor_and_by_a_start() {
    let (world, program) = served(1);
    program.terminate();
    let data = world.data_dir();
    let own = env!("CARGO_PKG_VERSION");
    let recorded = line(&doctor(&data, &[]).1, "schema");
    assert!(recorded.contains(&format!("by release {own}")), "{recorded}");
    change(&data, "insert into release (version, steps, at) values ('9.1.0', 99, 1)").await;
    change(&data, "insert into seaql_migrations values ('m2099_01_01_later', 1)").await;
    let (code, text, _) = doctor(&data, &[]);
    assert_eq!(code, Some(1));
    let schema = line(&text, "schema");
    let sentence =
        format!("upgraded by 9.1.0 (step `m2099_01_01_later`), and this is release {own}");
    assert!(schema.contains(&sentence) && schema.contains("restore the snapshot"), "{schema}");
    let refused = Program::run(&data, &["serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    let sentence = format!("upgraded by release 9.1.0, and this is release {own}; use the newer");
    assert!(said.contains(&sentence) && said.contains("nothing was changed"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn settings_and_a_mail_server_that_can_not_be_used_are_problems() {
    let (world, program) = served(0);
    let data = world.data_dir();
    let (code, text, _) = doctor(&data, &["--max-upload-mib", "0"]);
    assert_eq!(code, Some(1));
    let settings = line(&text, "settings");
    assert!(settings.contains("setting `max_upload_mib`: it must be 1 to 4096"), "{text}");
    assert!(settings.contains("fashion-iq config example"), "{text}");

    let mail = |port: u16| {
        let url = format!("smtp://ada:hush@127.0.0.1:{port}");
        let (_, text, errors) = doctor(&data, &["--smtp", &url, "--mail-from", "a@example.org"]);
        assert!(!text.contains("hush") && !errors.contains("hush"), "{text}{errors}");
        line(&text, "mail")
    };
    let nobody = mail(free_port());
    assert!(nobody.starts_with("problem  mail: the mail server can’t be used"), "{nobody}");
    assert!(nobody.contains("correct `smtp`"), "{nobody}");
    let (port, heard) = mail_server();
    assert_eq!(mail(port), "ok       mail: the mail server accepts this server\n");
    let heard = heard.join().unwrap();
    assert!(!heard.contains("MAIL FROM"), "no mail is sent: {heard}");
    drop(program);
}

/// A mail server for one connection: its port, and what it was sent.
fn mail_server() -> (u16, std::thread::JoinHandle<String>) {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        stream.write_all(b"220 mail.example.org\r\n").unwrap();
        let mut heard = String::new();
        for line in lines.map_while(Result::ok) {
            heard.push_str(&line);
            heard.push('\n');
            let answer: &[u8] = match line.split(' ').next() {
                Some("EHLO") => b"250-mail.example.org\r\n250 AUTH PLAIN\r\n",
                Some("AUTH") => b"235 welcome\r\n",
                Some("QUIT") => b"221 goodbye\r\n",
                _ => b"250 ok\r\n",
            };
            stream.write_all(answer).unwrap();
        }
        heard
    };
    (port, std::thread::spawn(serve))
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
