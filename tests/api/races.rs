//! Limits hold in races, also with two servers on one data folder.

use std::time::Duration;

use domain::accounts::{self, Email};
use domain::ambient::Instant;
use domain::challenges;
use system_tests::{Answer, Client, Server, SlowUpload, Team, Tester};
use time::macros::datetime;
use tokio::task::JoinSet;

const RACERS: usize = 50;

/// Uploads at once, one after the other to the first server and to the second. Each that is refused
/// leaves no file behind.
async fn race(
    tester: &Tester,
    other: &Server,
    team: &Team,
    body: impl Fn(usize) -> Vec<u8>,
) -> Vec<Answer> {
    let answers = upload_at_once(other, team, body).await;
    let strange = answers.iter().find(|a| !matches!(a.status, 201 | 202 | 409 | 422 | 429));
    assert!(strange.is_none(), "{strange:?}");
    let kept = answers.iter().filter(|a| matches!(a.status, 201 | 202 | 422)).count();
    assert_eq!(tester.kept_files(), kept, "refused uploads leave no file behind");
    answers
}

/// Uploads at once, one after the other to the first server and to the second.
async fn upload_at_once(
    other: &Server,
    team: &Team,
    body: impl Fn(usize) -> Vec<u8>,
) -> Vec<Answer> {
    let mut uploads = JoinSet::new();
    for n in 0..RACERS {
        let team = if n % 2 == 0 { team.clone() } else { team.at(other) };
        let body = body(n);
        uploads.spawn(async move { team.upload("test", body).await });
    }
    uploads.join_all().await
}

/// An upload whose head the server has accepted, at that instant, and whose body is still to come.
struct HeldUpload {
    upload: SlowUpload,
    body: Vec<u8>,
}

impl HeldUpload {
    async fn begin(team: &Team, body: Vec<u8>) -> Self {
        let (client, length) = (team.client.clone(), body.len());
        let begin = move || {
            let mut upload = client.begin(&Client::intake("test"), length);
            assert!(upload.is_asked_for_the_body());
            upload
        };
        Self { upload: tokio::task::spawn_blocking(begin).await.unwrap(), body }
    }

    /// Sends the body; returns status and instant of an upload that is scored.
    async fn finish(self) -> String {
        let answer =
            tokio::task::spawn_blocking(move || self.upload.send(&self.body)).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        let (_, json) = answer.split_once("\r\n\r\n").unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        json["received_at"].as_str().unwrap().to_owned()
    }
}

fn with_status(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// A run that differs from every other one with another seed.
fn run(tester: &Tester, seed: usize) -> Vec<u8> {
    tester.test.run(move |q| Some(1 + (q * 7 + seed) % 70))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_give_the_last_place_of_a_phase_to_one_of_fifty() {
    let tester = Tester::with_limits("total = 1").await;
    let (team, other) = (tester.team("Atelier").await, tester.beside().await);
    let answers = race(&tester, &other, &team, |n| run(&tester, n)).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 429)), (1, RACERS - 1));
    other.stop().await;
}

/// When the scored ones of these were received.
fn received(answers: &[Answer]) -> Vec<&str> {
    let scored = answers.iter().filter(|answer| answer.status == 201);
    scored.map(|answer| answer.json["received_at"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_instant_of_the_reset_a_day_gives_one_place_more_and_no_second() {
    let tester = Tester::with_limits("per_day = 1").await;
    let (team, other) = (tester.team("Atelier").await, tester.beside().await);
    let reset = Instant::of(datetime!(2026-11-25 0:00 UTC));
    tester.clock.set(Instant(reset.0 - 1));
    let early = HeldUpload::begin(&team, run(&tester, 65)).await;
    // the old day's body arrives among those of the new day: each day has a place, and no more
    tester.clock.set(reset);
    let (answers, early) =
        tokio::join!(upload_at_once(&other, &team, |n| run(&tester, n)), early.finish());
    assert_eq!(early, "2026-11-24T23:59:59.999999Z");
    assert_eq!(received(&answers), ["2026-11-25T00:00:00Z"]);
    assert_eq!(with_status(&answers, 429), RACERS - 1);
    assert_eq!(tester.kept_files(), 2, "refused uploads leave no file behind");
    assert_eq!(team.upload("test", run(&tester, 60)).await.status, 429);
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_came_before_the_closing_is_in_and_nobody_else() {
    const EARLY: usize = 8;
    let tester = Tester::start().await;
    let (team, other) = (tester.team("Atelier").await, tester.beside().await);
    let closes = Instant::of(datetime!(2027-01-01 0:00 UTC));
    tester.clock.set(Instant(closes.0 - 1));
    let mut finishing = JoinSet::new();
    let mut held = Vec::new();
    for n in 0..EARLY {
        let team = if n % 2 == 0 { team.clone() } else { team.at(&other) };
        held.push(HeldUpload::begin(&team, run(&tester, 55 + n)).await);
    }
    tester.clock.set(closes);
    for upload in held {
        finishing.spawn(upload.finish());
    }
    let late = upload_at_once(&other, &team, |n| run(&tester, n)).await;
    assert_eq!(finishing.join_all().await, ["2026-12-31T23:59:59.999999Z"; EARLY]);
    for answer in late {
        assert_eq!((answer.status, answer.json["code"].as_str()), (409, Some("phase-closed")));
    }
    assert_eq!(tester.kept_files(), EARLY, "refused uploads leave no file behind");
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_wait_for_their_score_at_once_than_the_phase_says() {
    let tester = Tester::with("at_once = 3", |settings| {
        settings.patience = Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await;
    let (team, other) = (tester.team("Atelier").await, tester.beside().await);
    let answers = race(&tester, &other, &team, |n| run(&tester, n)).await;
    assert_eq!((with_status(&answers, 202), with_status(&answers, 429)), (3, RACERS - 3));
    // one is scored, and one more place is free
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    assert_eq!(team.at(&other).upload("test", run(&tester, 60)).await.status, 202);
    assert_eq!(team.upload("test", run(&tester, 61)).await.status, 429);
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_uploads_that_race_use_their_limit_up_and_no_more() {
    let tester = Tester::with_limits("invalid_per_day = 3").await;
    let (team, other) = (tester.team("Atelier").await, tester.beside().await);
    let answers =
        race(&tester, &other, &team, |n| format!("{{\"dress\":[{n}]}}").into_bytes()).await;
    assert_eq!((with_status(&answers, 422), with_status(&answers, 429)), (3, RACERS - 3));
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn good_and_broken_uploads_that_race_exceed_neither_limit() {
    let tester = Tester::with_limits("per_day = 3, invalid_per_day = 3").await;
    let (team, other) = (tester.team("Atelier").await, tester.beside().await);
    let body = |n: usize| {
        if n % 4 < 2 { run(&tester, n) } else { format!("{{\"dress\":[{n}]}}").into_bytes() }
    };
    let mut answers = race(&tester, &other, &team, body).await;
    // some were refused because of others that still waited for their score
    for n in RACERS..RACERS + 16 {
        answers.push(team.upload("test", body(n)).await);
    }
    let (scored, invalid) = (with_status(&answers, 201), with_status(&answers, 422));
    assert!(scored <= 3 && invalid <= 3, "{scored} scored and {invalid} invalid");
    assert!(scored == 3 || invalid == 3, "{scored} scored and {invalid} invalid");
    other.stop().await;
}

/// Both members of a team, each with a token of their own.
async fn members(tester: &Tester) -> [Team; 2] {
    tester.member("Ada", Some("Atelier")).await;
    tester.member("Eve", None).await;
    join(tester, "Eve", "Atelier").await;
    [tester.program_of("Ada").await, tester.program_of("Eve").await]
}

async fn join(tester: &Tester, person: &str, team: &str) {
    let db = &tester.app.db;
    let address = Email::read(&format!("{}@example.org", person.to_lowercase())).unwrap();
    let user = accounts::user_with(db, &address).await.unwrap().unwrap();
    let challenge = challenges::find(db, "fiq").await.unwrap();
    let team = accounts::find(db, challenge.id, team).await.unwrap().unwrap();
    accounts::enter_team(db, &challenge, &user, &team, tester.app.ambient.now()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_uploads_by_two_members_at_two_servers_get_the_one_place_once() {
    let tester = Tester::with_limits("total = 1").await;
    let (members, other) = (members(&tester).await, tester.beside().await);
    let mut uploads = JoinSet::new();
    for n in 0..100 {
        let member = &members[n % 2];
        let member = if n % 4 < 2 { member.clone() } else { member.at(&other) };
        let body = run(&tester, n);
        uploads.spawn(async move { member.upload("test", body).await });
    }
    let answers = uploads.join_all().await;
    let counts = [201, 200, 429].map(|status| with_status(&answers, status));
    // of 70 different files some are sent twice: sending an existing one returns it again
    assert_eq!(counts[0], 1, "{counts:?}");
    assert_eq!(counts.iter().sum::<usize>(), 100, "{counts:?}");
    assert_eq!(tester.kept_files(), 1);
    assert_eq!(tester.board("test").await.len(), 1);
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_uploads_on_the_reset_and_on_the_closing_by_two_members_exceed_no_day() {
    let tester = Tester::with_limits("per_day = 1").await;
    let (members, other) = (members(&tester).await, tester.beside().await);
    let race = async || {
        let mut uploads = JoinSet::new();
        for n in 0..100 {
            let member = &members[n % 2];
            let member = if n % 4 < 2 { member.clone() } else { member.at(&other) };
            let body = tester.test.run(move |q| Some(1 + (q * 11 + n) % 101));
            uploads.spawn(async move { member.upload("test", body).await });
        }
        uploads.join_all().await
    };
    // the day of the reset is the one on which the phase closes
    let reset = Instant::of(datetime!(2026-12-31 0:00 UTC));
    let closes = Instant::of(datetime!(2027-01-01 0:00 UTC));
    tester.clock.set(Instant(reset.0 - 1));
    let early = HeldUpload::begin(&members[0], run(&tester, 65)).await;
    tester.clock.set(reset);
    // it comes last, when the new day's place is long taken
    let answers = race().await;
    assert_eq!(early.finish().await, "2026-12-30T23:59:59.999999Z");
    assert_eq!(received(&answers), ["2026-12-31T00:00:00Z"]);
    tester.clock.set(Instant(closes.0 - 1));
    assert_eq!(members[1].upload("test", run(&tester, 66)).await.status, 429);
    tester.clock.set(closes);
    assert_eq!(with_status(&race().await, 409), 100);
    let mine = members[0].get(&Client::intake("test")).await;
    assert_eq!(mine.json["submissions"].as_array().unwrap().len(), 2, "{}", mine.text);
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_goes_to_a_new_team_takes_what_was_used_along() {
    let tester = Tester::with_limits("total = 2").await;
    let [ada, eve] = members(&tester).await;
    assert_eq!(ada.upload("test", run(&tester, 1)).await.status, 201);
    assert_eq!(eve.upload("test", run(&tester, 2)).await.status, 201);
    assert_eq!(ada.upload("test", run(&tester, 3)).await.status, 429);
    tester.clock.advance(60);
    let db = &tester.app.db;
    let challenge = challenges::find(db, "fiq").await.unwrap();
    let address = Email::read("eve@example.org").unwrap();
    let user = accounts::user_with(db, &address).await.unwrap().unwrap();
    accounts::leave_team(&tester.app, &challenge, &user).await.unwrap();
    tester.token("Salon").await;
    join(&tester, "Eve", "Salon").await;
    assert_eq!(
        eve.upload("test", run(&tester, 4)).await.status,
        429,
        "a new team doesn't reset the quota"
    );
    // a team of others has its own
    assert_eq!(tester.team("Fresh").await.upload("test", run(&tester, 5)).await.status, 201);
}
