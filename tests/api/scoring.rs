//! Who is scored when, and the limits on the cost of scoring.

use std::time::Duration;

use domain::entities::submission::{self, Column};
use domain::submissions::{self, Claim};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use system_tests::{Answer, Team, Tester};

/// A server that scores nothing by itself and responds immediately.
async fn idle(limits: &str) -> Tester {
    Tester::with(limits, |settings| {
        settings.patience = Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await
}

/// A run that differs from every other one with another seed.
fn run(tester: &Tester, seed: usize) -> Vec<u8> {
    tester.test.run(move |q| Some(1 + (q * 7 + seed) % 70))
}

/// Uploads a second after whatever was uploaded before, since order is by time.
async fn later(tester: &Tester, team: &Team, seed: usize) -> Answer {
    tester.clock.advance(1);
    team.upload("test", run(tester, seed)).await
}

async fn state(team: &Team, upload: &Answer) -> String {
    let link = upload.json["link"].as_str().unwrap();
    team.get(link).await.json["state"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_team_is_scored_while_one_team_has_slow_uploads() {
    let tester = idle("").await;
    let (slow, honest) = (tester.team("Slow").await, tester.team("Honest").await);
    let app = &tester.app;
    later(&tester, &slow, 1).await;
    // the first is being scored, by a server that takes its time
    let claimed = submissions::claim(&app.db, &app.ambient, Claim::default()).await;
    let (lease, _) = claimed.unwrap().unwrap();
    let second = later(&tester, &slow, 2).await;
    let queued = later(&tester, &honest, 3).await;

    let other = tester
        .beside_with(|settings| {
            settings.worker.at_once = 1;
            settings.worker.poll = Duration::from_millis(10);
        })
        .await;
    // what is offered to the only place there has to wait as well
    let third = slow.at(&other).upload("test", run(&tester, 4)).await;
    let patient = tester.beside_with(|settings| settings.patience = Duration::from_secs(30)).await;
    // the same bytes wait for the score of the first upload
    let scored = honest.at(&patient).upload("test", run(&tester, 3)).await;
    assert_eq!(scored.json["state"], "scored", "{}", scored.text);
    assert_eq!(scored.json["id"], queued.json["id"]);
    for waiting in [&second, &third] {
        assert_eq!(state(&slow, waiting).await, "received", "its team has a place already");
    }

    // once the first is out of the way, the others are scored too
    assert!(lease.release(&app.db).await.unwrap());
    for seed in [1, 2, 4] {
        let scored = slow.at(&patient).upload("test", run(&tester, seed)).await;
        assert_eq!(scored.json["state"], "scored", "{}", scored.text);
    }
    patient.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_not_the_last_one_goes_to_a_busy_team_if_no_other_waits() {
    let tester = idle("").await;
    let (busy, honest) = (tester.team("Busy").await, tester.team("Honest").await);
    let app = &tester.app;
    let first = later(&tester, &busy, 1).await;
    let second = later(&tester, &busy, 2).await;
    let other = later(&tester, &honest, 3).await;
    let claim = async |only_idle_teams| {
        let claim = Claim { only_idle_teams, last_team: None };
        let claimed = submissions::claim(&app.db, &app.ambient, claim).await.unwrap();
        claimed.map(|(_, row)| Value::from(row.id.to_string()))
    };
    assert_eq!(claim(true).await.as_ref(), Some(&first.json["id"]), "the oldest");
    assert_eq!(claim(false).await.as_ref(), Some(&other.json["id"]), "another team's");
    assert_eq!(claim(true).await, None, "the last place is kept free");
    assert_eq!(claim(false).await.as_ref(), Some(&second.json["id"]));
    // a server that died holds its leases no longer than others do
    tester.clock.advance(submissions::LEASE_SECONDS);
    assert_eq!(claim(true).await.as_ref(), Some(&first.json["id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_take_turns_at_the_only_place() {
    let tester = idle("").await;
    let (many, one) = (tester.team("Many").await, tester.team("One").await);
    let mut uploads = Vec::new();
    for seed in 0..3 {
        uploads.push(later(&tester, &many, seed).await);
    }
    let last = later(&tester, &one, 9).await;
    let step = async || tester.app.worker.step(&tester.app).await.unwrap();
    assert!(step().await && step().await);
    assert_eq!(state(&one, &last).await, "scored", "it waited for one upload and not for three");
    assert_eq!(state(&many, &uploads[1]).await, "received");
    assert!(step().await && step().await, "a team alone is served one after the other");
    assert_eq!(state(&many, &uploads[2]).await, "scored");
    assert!(!step().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_takes_more_processor_time_than_the_setting_is_invalid() {
    let tester = Tester::with("invalid_per_day = 1", |settings| {
        settings.worker.cpu_time = Duration::ZERO;
    })
    .await;
    let team = tester.team("Atelier").await;
    let answer = team.upload("test", run(&tester, 1)).await;
    assert_eq!((answer.status, &answer.json["state"]), (422, &Value::from("invalid")));
    assert!(answer.text.contains("reading the upload takes too long"), "{}", answer.text);
    assert_eq!(team.upload("test", run(&tester, 2)).await.status, 429, "it counts as invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_upload_that_has_changed_is_our_failure_and_uses_no_limit() {
    let tester = idle("total = 1, invalid_per_day = 1").await;
    let team = tester.team("Atelier").await;
    let answer = team.upload("test", run(&tester, 1)).await;
    let file = tester.app.settings.upload_dir().join(answer.json["id"].as_str().unwrap());
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    assert_eq!(state(&team, &answer).await, "failed");
    let again = team.upload("test", run(&tester, 1)).await;
    assert_eq!(again.status, 202, "neither limit is used up: {}", again.text);
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    assert_eq!(state(&team, &again).await, "scored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_far_in_the_future_is_taken_over() {
    let tester = idle("").await;
    let team = tester.team("Atelier").await;
    let answer = team.upload("test", run(&tester, 1)).await;
    let app = &tester.app;
    let next_year = app.ambient.now().plus_seconds(31_536_000);
    let lease = submission::Entity::update_many()
        .col_expr(Column::LeaseExpiresAt, Expr::value(next_year))
        .filter(Column::UploadKey.eq(answer.json["id"].as_str().unwrap()));
    assert_eq!(lease.exec(&app.db).await.unwrap().rows_affected, 1);
    assert!(app.worker.step(app).await.unwrap(), "nobody writes such a lease");
    assert_eq!(state(&team, &answer).await, "scored");
}
