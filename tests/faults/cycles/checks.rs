//! What must hold after a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::ambient::Ambient;
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement};
use server::App;
use server::app::Swept;
use system_tests::{
    Client, SeededChance, TestClock, files_of_uploads, open_database, settings_of, wait_for,
};
use tokio::runtime::Runtime;

use super::crew::Crew;
use super::senders::Senders;
use super::site::Site;

/// A submission in the database.
struct Row {
    id: String,
    team: String,
    state: String,
    digest: String,
    key: String,
}

/// Checks everything; returns how many uploads without a row there were.
pub fn all(site: &Site, crew: &Crew<'_>, senders: &Senders, context: &str) -> usize {
    let runtime = Runtime::new().unwrap();
    let db = runtime.block_on(open_database(site.data()));
    let asked = |sql: &str| runtime.block_on(rows(&db, sql));
    let submissions = all_scored_once(&asked, context);
    accepted_are_there(&submissions, senders, context);
    quotas_are_the_counts(
        &submissions,
        &senders.teams(&crew.address()).collect::<Vec<_>>(),
        context,
    );
    the_board_follows_from_the_uploads(&submissions, senders, &crew.address(), context);
    let leftovers = uploads_and_rows_belong_together(site, &runtime, &submissions, context);
    runtime.block_on(db.close()).unwrap();
    leftovers
}

/// Waits until all is scored, as after the 20 seconds in which the leases of killed programs expire.
fn all_scored_once(asked: &dyn Fn(&str) -> Vec<QueryResult>, context: &str) -> Vec<Row> {
    let count = |sql: &str| asked(sql)[0].try_get_by_index::<i64>(0).unwrap();
    asked("update submission set lease_expires_at = 0 where state = 'received' returning team_id");
    wait_for(&format!("all is scored after {context}"), || {
        (count("select count(*) from submission where state = 'received'") == 0).then_some(())
    });
    let submissions = asked(
        "select submission.id, team.name, state, upload_digest, upload_key \
         from submission join team on team.id = submission.team_id",
    );
    let text = |row: &QueryResult, n| row.try_get_by_index::<String>(n).unwrap();
    let submissions = submissions.iter().map(|row| Row {
        id: row.try_get_by_index::<Uuid>(0).unwrap().to_string(),
        team: text(row, 1),
        state: text(row, 2),
        digest: text(row, 3),
        key: text(row, 4),
    });
    let submissions: Vec<Row> = submissions.collect();
    for row in &submissions {
        assert_eq!(row.state, "scored", "{} after {context}", row.id);
    }
    for table in ["scorecard", "ranks"] {
        let counts = [
            count(&format!("select count(*) from {table}")),
            count(&format!("select count(distinct submission_id) from {table}")),
        ];
        assert_eq!(counts, [submissions.len() as i64; 2], "{table} after {context}");
    }
    submissions
}

fn accepted_are_there(submissions: &[Row], senders: &Senders, context: &str) {
    let there: BTreeSet<String> = submissions.iter().map(|row| row.id.clone()).collect();
    let lost: Vec<_> = senders.accepted().difference(&there).cloned().collect();
    assert!(lost.is_empty(), "lost after {context}: {lost:?}");
    let digests: BTreeSet<&str> = submissions.iter().map(|row| row.digest.as_str()).collect();
    assert_eq!(digests.len(), submissions.len(), "an upload has two rows after {context}");
}

fn quotas_are_the_counts(submissions: &[Row], teams: &[Client], context: &str) {
    for (n, team) in teams.iter().enumerate() {
        let name = Site::team(n);
        let count = submissions.iter().filter(|row| row.team == name).count();
        let used = wait_for("the server answers", || {
            let answer = team.get(&Client::intake("test"));
            (answer.status == 200).then(|| answer.json["limits"][0]["used"].clone())
        });
        assert_eq!(used, count, "the quota of {name} after {context}");
    }
}

/// Computes the board from what was uploaded, without anything that the server has computed.
fn the_board_follows_from_the_uploads(
    submissions: &[Row],
    senders: &Senders,
    address: &str,
    context: &str,
) {
    let mut best: BTreeMap<&str, f64> = BTreeMap::new();
    for row in submissions {
        let worth = senders.worth(&row.digest).expect("only what was sent is there");
        let best = best.entry(&row.team).or_default();
        *best = best.max(worth);
    }
    let board = wait_for("the server answers", || {
        let answer = Client::new(address).get("/api/v1/challenges/fiq/phases/test/leaderboard");
        (answer.status == 200).then_some(answer.json)
    });
    let shown = board["rows"].as_array().unwrap();
    assert_eq!(shown.len(), best.len(), "{board} after {context}");
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    for row in shown {
        let own = best[row["team"].as_str().unwrap()];
        let better = best.values().filter(|&&other| other > own && !near(other, own)).count();
        let score = row["scorecard"]["overall"].as_f64().unwrap();
        assert!(near(score, own), "{row} instead of {own} after {context}");
        assert_eq!(row["rank"], better + 1, "{row} after {context}");
    }
}

/// Every row has its upload. Every upload has its row once the server has swept, long after.
fn uploads_and_rows_belong_together(
    site: &Site,
    runtime: &Runtime,
    submissions: &[Row],
    context: &str,
) -> usize {
    let keys: BTreeSet<String> = submissions.iter().map(|row| row.key.clone()).collect();
    if let Some((bucket, _)) = &site.bucket {
        let names = bucket.keys().into_iter().filter_map(|key| {
            let name = key.rsplit('/').next()?.to_owned();
            (name.len() == 36).then_some(name)
        });
        let names: BTreeSet<String> = names.collect();
        let missing: Vec<_> = keys.difference(&names).collect();
        assert!(missing.is_empty(), "rows without uploads after {context}: {missing:?}");
        return names.len() - keys.len();
    }
    let swept = runtime.block_on(sweep_long_after(site));
    let files: BTreeSet<String> =
        files_of_uploads(&site.data().join("uploads")).into_iter().collect();
    assert_eq!(files, keys, "uploads and rows after {context}");
    swept.moved_aside + swept.unfinished
}

async fn sweep_long_after(site: &Site) -> Swept {
    let clock = TestClock::default();
    clock.set(domain::ambient::Instant::of(time::macros::datetime!(2100-01-01 0:00 UTC)));
    let ambient = Ambient { clock: Arc::new(clock), chance: Arc::new(SeededChance::default()) };
    let app = App::open(settings_of(site.data()), ambient).await.unwrap();
    let swept = app.sweep().await.unwrap();
    app.db.clone().close().await.unwrap();
    swept
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(statement).await.unwrap()
}
