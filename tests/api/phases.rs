//! A phase accepts submissions in `[opens, closes)`, and no others.

use domain::ambient::Instant;
use serde_json::Value;
use system_tests::{Client, Tester};
use time::macros::datetime;

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_takes_uploads_from_its_opening_until_just_before_its_closing() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let opens = Instant::of(datetime!(2026-11-01 0:00 UTC));
    let closes = Instant::of(datetime!(2027-01-01 0:00 UTC));
    for (at, status, code) in [
        (Instant(opens.0 - 1), 409, "phase-not-open"),
        (opens, 201, ""),
        (Instant(closes.0 - 1), 201, ""),
        (closes, 409, "phase-closed"),
    ] {
        tester.clock.set(at);
        let run = tester.test.run(move |q| Some(1 + (q + at.0 as usize) % 60));
        let answer = team.upload("test", run).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        if status == 409 {
            assert_eq!(answer.json["code"], code);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instant_that_counts_is_the_heads_and_not_the_bodys_end() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    tester.clock.set(Instant::of(datetime!(2026-12-31 23:59:59 UTC)));
    let run = tester.test.run(|_| Some(4));
    let mut slow = team.client.begin(&Client::intake("test"), run.len());
    assert!(slow.is_asked_for_the_body(), "the phase is open when the head arrives");
    tester.clock.set(Instant::of(datetime!(2027-01-01 0:00:30 UTC)));
    let answer = slow.send(&run);
    assert!(answer.contains("201 Created"), "{answer}");
    assert!(answer.contains("2026-12-31T23:59:59Z"), "{answer}");
    let late = team.upload("test", tester.test.run(|_| Some(5))).await;
    assert_eq!((late.status, &late.json["code"]), (409, &Value::from("phase-closed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_phase_refuses_before_the_body_is_sent() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    tester.clock.set(Instant::of(datetime!(2027-01-01 0:00 UTC)));
    let mut upload = team.client.begin(&Client::intake("test"), 1_000_000);
    assert!(!upload.is_asked_for_the_body());
}
