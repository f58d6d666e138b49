//! `fashion-iq scorecards rebuild`, next to a running server.

use std::path::Path;
use std::process::Output;

use sea_orm::ConnectionTrait;
use serde_json::Value;
use system_tests::{Client, Program, World, open_database};

/// Changes the database of a data folder behind the server's back.
fn sql(data_dir: &Path, statement: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = open_database(data_dir).await;
        assert!(db.execute_unprepared(statement).await.unwrap().rows_affected() > 0);
        db.close().await.unwrap();
    });
}

fn rebuild(data_dir: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let arguments = [&["scorecards", "rebuild"], arguments].concat();
    let Output { status, stdout, stderr } = Program::run(data_dir, &arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn scorecards_are_rebuilt_beside_a_running_server_and_the_last_line_says_what_was_done() {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let data_dir = world.data_dir();
    let program = Program::serve(&data_dir);
    let client = Client::new(&program.address).with_token(&token);
    for rank in [5, 20] {
        let sent = client.post(&Client::intake("test"), &World::test().zipped(|_| Some(rank)), &[]);
        assert_eq!(sent.unwrap().status, 201);
    }
    let board = || -> Value { client.get("/api/v1/challenges/fiq/phases/test/leaderboard").json };
    let before = board();
    assert_eq!(before["rows"].as_array().unwrap().len(), 1);

    let now = scoring::SCORER_VERSION;
    sql(&data_dir, "update scorecard set scorer_version = 1");
    let (code, last, progress) = rebuild(&data_dir, &["--challenge", "fiq"]);
    assert_eq!(
        (code, last.as_str()),
        (Some(0), format!("rebuilt 2 scorecards with scorer {now}\n").as_str())
    );
    assert_eq!(progress, "fiq/test: 2 of 2\n");
    assert_eq!(board(), before);
    let (code, last, progress) = rebuild(&data_dir, &[]);
    assert_eq!(
        (code, last.as_str()),
        (Some(0), format!("nothing to rebuild for scorer {now}\n").as_str())
    );
    assert!(progress.is_empty(), "{progress}");

    sql(&data_dir, &format!("delete from scorecard where scorer_version = {now}"));
    sql(
        &data_dir,
        "update ranks set bytes = substr(bytes, 1, 1) where submission_id = (select submission_id from ranks order by submission_id limit 1)",
    );
    let (code, last, errors) = rebuild(&data_dir, &[]);
    let done =
        format!("rebuilt 1 scorecard with scorer {now}; 1 scorecard could not be computed\n");
    assert_eq!((code, last), (Some(1), done));
    assert!(errors.contains("stored ranks cannot be read"), "{errors}");
    assert_eq!(board(), before, "the older card counts");

    sql(
        &data_dir,
        &format!("update scorecard set scorer_version = 99 where scorer_version = {now}"),
    );
    let (code, last, errors) = rebuild(&data_dir, &[]);
    assert_eq!((code, last.as_str()), (Some(2), ""));
    assert!(errors.contains("of scorer 99") && errors.contains("nothing was changed"), "{errors}");
    assert_eq!(board(), before, "newer cards are left aside");
    let (code, _, errors) = rebuild(&data_dir, &["--challenge", "nowhere"]);
    assert_eq!((code, errors.contains("challenge `nowhere` not found")), (Some(2), true));
}

#[test]
fn any_measure_can_be_computed_offline_and_an_unknown_one_is_named() {
    let world = World::new("");
    let file = world.path().join("run.zip").display().to_string();
    std::fs::write(&file, World::dev().zipped(|_| Some(2))).unwrap();
    let data = World::dev_folder().display().to_string();
    let score = |measures: &str, more: &[&str]| {
        let arguments = ["score", &file, "--data", &data, "--split", "val", "--measure", measures];
        Program::run(world.path(), &[&arguments[..], more].concat())
    };
    let table = String::from_utf8(score("mrr,recall@1,map@5", &[]).stdout).unwrap();
    let head = "category    queries      MRR      R@1    mAP@5\ndress ";
    assert!(table.starts_with(head) && table.contains("   50.000    0.000   50.000"), "{table}");
    let json = score("ap@10", &["--json"]).stdout;
    let told: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(told["categories"]["dress"]["ap@10"], 0.5, "{told}");
    let unknown = score("recal@10", &[]);
    let error = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(error.contains("unknown measure `recal@10`: must be one of recall@K"), "{error}");
}
