//! Challenges are archived, deleted, restored, and in the end removed.

use domain::database;
use domain::entities::role::Role;
use sea_orm::{ConnectionTrait, Statement};
use system_tests::{Program, Tester, eventually, files_of_uploads};

const HOME: &str = "/c/fiq/organise";
const ACTION: &str = "/c/fiq/organise/challenge";
const BOARD: &str = "/api/v1/challenges/fiq/phases/test/leaderboard";

fn form<'a>(keeping: &'a str, name: &'a str) -> [(&'a str, &'a str); 3] {
    [("keeping", keeping), ("name", name), ("reason", "the workshop is over")]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_challenge_keeps_every_page_and_takes_nothing_until_it_is_restored() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut eve = tester.person("Eve").await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let team = tester.team("Robots").await;
    let sent = ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(1))).await;
    let run = sent.location.unwrap();
    let before = tester.get(BOARD).await.json;

    let wrong = otto.post(ACTION, &form("archive", "fashion-iq")).await;
    assert_eq!(wrong.status, 400, "the name must be typed");
    assert!(wrong.text.contains("the name of the challenge"), "{}", wrong.text);
    let silent = otto.post(ACTION, &[("keeping", "archive"), ("name", "fiq")]).await;
    assert_eq!(silent.status, 400, "a reason is needed");
    assert_eq!(otto.post(ACTION, &form("archive", "fiq")).await.status, 303);
    assert_eq!(otto.post(ACTION, &form("archive", "fiq")).await.status, 409);

    for page in ["/c/fiq/test", "/c/fiq/rules", "/c/fiq/test/take-part", run.as_str()] {
        assert_eq!(tester.get(page).await.status, 200, "{page} stays");
    }
    assert_eq!(tester.get(BOARD).await.json, before);
    let refused = team.upload("test", tester.test.run(|_| Some(2))).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.text.contains("is archived"), "{}", refused.text);
    let again = ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(3))).await;
    assert_eq!(again.status, 409);
    for (path, fields) in [
        (format!("{run}/withdraw"), vec![]),
        (format!("{run}/edit"), vec![("method", "another name")]),
        (format!("{run}/question"), vec![("text", "Why?")]),
        ("/c/fiq/team/name".to_owned(), vec![("name", "Studio")]),
        ("/c/fiq/team/invites".to_owned(), vec![]),
    ] {
        let answer = ada.post(&path, &fields).await;
        assert_eq!(answer.status, 409, "{path}: {}", answer.text);
    }
    let joining = eve.post("/c/fiq/join", &[("version", "1"), ("accept", "on")]).await;
    assert_eq!(joining.status, 409);

    let log = otto.get(&format!("{HOME}/log")).await.text;
    assert!(log.contains("archived the challenge") && log.contains("the workshop is over"));
    let event = log.split(&format!("{HOME}/log/")).nth(1).unwrap().split('/').next().unwrap();
    let undo = format!("{HOME}/log/{event}/undo");
    assert_eq!(otto.post(&undo, &[("reason", "one more week")]).await.status, 303);
    assert_eq!(team.upload("test", tester.test.run(|_| Some(2))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_challenge_is_seen_by_its_organisers_alone_and_removed_after_thirty_days() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let mut olga = tester.organiser("Olga", Role::Owner).await;
    let sent = ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(1))).await;
    let run = sent.location.unwrap();
    ada.post(&format!("{run}/question"), &[("text", "Why?")]).await;

    assert_eq!(otto.post(ACTION, &form("delete", "fiq")).await.status, 403, "owners delete");
    assert_eq!(olga.post(ACTION, &form("delete", "fiq")).await.status, 303);
    for page in ["/c/fiq", "/c/fiq/test", "/c/fiq/rules", run.as_str(), BOARD] {
        assert_eq!(tester.get(page).await.status, 404, "{page}");
        assert_eq!(ada.get(page).await.status, 404, "{page}");
    }
    assert_eq!(ada.get(HOME).await.status, 403);
    assert!(!tester.get("/api/v1/challenges").await.text.contains("fiq"));
    assert_eq!(otto.get(HOME).await.status, 200);
    tester.clock.advance(29 * 86_400);
    tester.app.sweep().await.unwrap();
    assert_eq!(olga_again(&tester).await.post(ACTION, &form("restore", "")).await.status, 303);
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);

    let mut olga = olga_again(&tester).await;
    assert_eq!(olga.post(ACTION, &form("delete", "fiq")).await.status, 303);
    tester.clock.advance(30 * 86_400);
    let swept = tester.app.sweep().await.unwrap();
    assert_eq!(swept.challenges, 1);
    assert_eq!(olga_again(&tester).await.get(HOME).await.status, 404);
    let uploads = files_of_uploads(&tester.app.settings.upload_dir());
    assert!(uploads.iter().all(|name| name.len() != 36), "{uploads:?}");
    // Only what belongs to people and the server is left.
    let kept = ["server_secret", "signing_key", "upload_store", "user", "session", "device"];
    let kept = [&kept[..], &["attempt", "mail", "mailbox", "identity"]].concat();
    for table in database::tables().into_iter().filter(|table| !kept.contains(table)) {
        let db = &tester.app.db;
        let count = format!("select cast(count(*) as integer) from \"{table}\"");
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), count)).await;
        let rows: i32 = row.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
}

/// Sessions have ended in the meantime.
async fn olga_again(tester: &Tester) -> system_tests::Browser {
    let mut browser = system_tests::Browser::new(tester);
    let typed = [("email", "olga@example.org"), ("password", system_tests::PASSWORD)];
    assert_eq!(browser.post("/sign-in", &typed).await.status, 303);
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_do_the_same_and_archived_challenges_are_listed_apart() {
    let tester = Tester::start().await;
    let data = tester.world.data_dir();
    let second = std::fs::read_to_string(tester.world.definition()).unwrap();
    let second = second.replace("name = \"fiq\"", "name = \"old\"").replace("Fashion IQ", "Older");
    let file = tester.world.path().join("old.toml");
    std::fs::write(&file, second).unwrap();
    let keep = |arguments: &[&str]| {
        let done = Program::run(&data, &[&["challenge"], arguments].concat());
        let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        (done.status.code(), said)
    };
    assert_eq!(keep(&["apply", &file.display().to_string()]).0, Some(0));
    let home = tester.get("/").await.text;
    assert!(home.contains("Older") && !home.contains("Archived"), "{home}");
    let (code, said) = keep(&["archive", "old", "--reason", "it is over"]);
    assert!(code == Some(0) && said.contains("is archived"), "{said}");
    let home = tester.get("/").await.text;
    let (active, archived) = home.split_once("Archived</h2>").unwrap();
    assert!(archived.contains("Older") && !active.contains("Older"), "{home}");
    let (code, said) = keep(&["delete", "old", "--reason", "a mistake"]);
    assert!(code == Some(0) && said.contains("fashion-iq challenge restore old"), "{said}");
    // This server learns of it from the database.
    let gone = async || (tester.get("/c/old/test").await.status == 404).then_some(());
    eventually("the deleted challenge is gone", gone).await;
    assert_eq!(keep(&["delete", "old", "--reason", "again"]).0, Some(2));
    assert_eq!(keep(&["restore", "old", "--reason", "not a mistake"]).0, Some(0));
    let back = async || (tester.get("/c/old/test").await.status == 200).then_some(());
    eventually("the restored challenge is there", back).await;
    let (code, said) = keep(&["restore", "nowhere", "--reason", "x"]);
    assert!(code != Some(0) && said.contains("`nowhere` not found"), "{said}");
}
