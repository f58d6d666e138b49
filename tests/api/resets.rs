//! A day starts at the phase's hour, in the phase's time zone.

use domain::ambient::Instant;
use system_tests::{Team, Tester, World};
use time::macros::datetime;

async fn resetting(limits: &str, reset: &str) -> (Tester, Team) {
    let tester = Tester::of(World::with_more(limits, reset), |_| {}).await;
    let team = tester.team("Atelier").await;
    (tester, team)
}

/// When the day ends, as the phase shows it to everyone.
async fn day_ends(tester: &Tester) -> String {
    let phase = tester.get("/api/v1/challenges/fiq/phases/test").await;
    phase.json["limits"]["resets_at"].as_str().unwrap().to_owned()
}

/// Uploads another run at an instant; a refusal says when the day ends.
async fn upload(tester: &Tester, team: &Team, at: Instant) -> u16 {
    tester.clock.set(at);
    let hours = (at.0 / 3_600_000_000) as usize;
    let run = tester.test.run(move |q| Some(1 + (q * 31 + hours) % 60));
    let answer = team.upload("test", run).await;
    if answer.status == 429 {
        assert_eq!(answer.json["retry_at"], day_ends(tester).await, "{}", answer.text);
    }
    answer.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_starts_anew_at_the_hour_of_the_phase_and_not_a_moment_before() {
    let reset = "reset = { hour = 6, zone = \"Europe/Berlin\" }";
    let (tester, team) = resetting("per_day = 1", reset).await;
    let reset = Instant::of(datetime!(2026-11-25 5:00 UTC));
    assert_eq!(upload(&tester, &team, Instant::of(datetime!(2026-11-24 12:00 UTC))).await, 201);
    assert_eq!(upload(&tester, &team, Instant::of(datetime!(2026-11-25 0:00 UTC))).await, 429);
    assert_eq!(upload(&tester, &team, Instant(reset.0 - 1)).await, 429);
    assert_eq!(day_ends(&tester).await, "2026-11-25T05:00:00Z");
    assert_eq!(upload(&tester, &team, reset).await, 201);
    assert_eq!(upload(&tester, &team, Instant(reset.0 + 1)).await, 429);
    assert_eq!(day_ends(&tester).await, "2026-11-26T05:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_on_which_clocks_are_put_back_has_an_hour_more() {
    let (tester, team) = resetting("per_day = 1", "reset = { zone = \"America/New_York\" }").await;
    let start = Instant::of(datetime!(2026-11-01 4:00 UTC));
    let next = start.plus_seconds(25 * 3600);
    assert_eq!(upload(&tester, &team, Instant(start.0 - 1)).await, 201);
    assert_eq!(upload(&tester, &team, start).await, 201);
    // 24 hours later it is eleven in the evening there
    assert_eq!(upload(&tester, &team, start.plus_seconds(24 * 3600)).await, 429);
    assert_eq!(upload(&tester, &team, Instant(next.0 - 1)).await, 429);
    assert_eq!(upload(&tester, &team, next).await, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn anywhere_on_earth_is_half_a_day_behind() {
    let (tester, team) = resetting("per_day = 1", "reset = { zone = \"AoE\" }").await;
    let reset = Instant::of(datetime!(2026-11-24 12:00 UTC));
    assert_eq!(upload(&tester, &team, Instant(reset.0 - 1)).await, 201);
    assert_eq!(upload(&tester, &team, reset).await, 201);
    assert_eq!(upload(&tester, &team, Instant::of(datetime!(2026-11-25 11:59 UTC))).await, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_uploads_are_counted_by_the_same_day() {
    let reset = "reset = { hour = 6, zone = \"Europe/Berlin\" }";
    let (tester, team) = resetting("invalid_per_day = 1", reset).await;
    let reset = Instant::of(datetime!(2026-11-25 5:00 UTC));
    for (n, at, status) in [
        (1, Instant::of(datetime!(2026-11-24 12:00 UTC)), 422),
        (2, Instant(reset.0 - 1), 429),
        (3, reset, 422),
        (4, Instant(reset.0 + 1), 429),
    ] {
        tester.clock.set(at);
        let answer = team.upload("test", format!("{{\"dress\":[{n}]}}").into_bytes()).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
}
