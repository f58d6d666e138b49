//! The server's metrics, for its operators.

use std::time::Duration;

use system_tests::{Client, Tester};

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_answered_on_a_listener_of_their_own_and_tell_of_no_team_and_no_score() {
    let tester = Tester::with("", |settings| {
        settings.metrics_listen = Some(([127, 0, 0, 1], 0).into());
        settings.patience = Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await;
    assert_eq!(tester.get("/metrics").await.status, 404, "not for the public");
    let metrics = tester.metrics();
    let asked = async |path: &'static str| {
        let client: Client = metrics.clone();
        tokio::task::spawn_blocking(move || client.get(path)).await.unwrap()
    };
    for path in ["/", "/c/fiq/test", "/api/v1/challenges"] {
        assert_eq!(asked(path).await.status, 404, "{path} is not for the keeper's listener");
    }

    let team = tester.team("Atelier-of-a-name").await;
    let run = tester.test.run(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    assert_eq!(team.upload("test", run).await.status, 202);
    tester.clock.advance(75);
    let waiting = asked("/metrics").await;
    assert_eq!((waiting.status, waiting.media_type.as_str()), (200, "text/plain"));
    assert!(waiting.text.contains("\nfashion_iq_submissions_waiting 1\n"), "{}", waiting.text);
    assert!(waiting.text.contains("\nfashion_iq_submissions_waiting_seconds 75\n"));
    assert!(waiting.text.contains("\nfashion_iq_submissions_stuck 1\n"), "{}", waiting.text);

    tester.app.worker.step(&tester.app).await.unwrap();
    let [row] = &tester.board("test").await[..] else { panic!("one team is on the board") };
    assert!(row.ends_with("0.7500"), "{row}");
    let done = asked("/metrics").await.text;
    assert!(done.contains("\nfashion_iq_submissions_waiting 0\n"), "{done}");
    assert!(done.contains("\nfashion_iq_submissions_stuck 0\n"), "{done}");
    // from its upload to its score it took 75 seconds, by the clock that the test moves
    for bucket in [("60", 0), ("+Inf", 1)] {
        let line = format!("fashion_iq_score_seconds_bucket{{le=\"{}\"}} {}\n", bucket.0, bucket.1);
        assert!(done.contains(&line), "{line} is not in {done}");
    }
    let number = |name: &str| -> i64 {
        let line = done.lines().find_map(|line| line.strip_prefix(name)).expect(name);
        line.trim().parse().unwrap()
    };
    let most = number("fashion_iq_database_connections_limit");
    let used = number("fashion_iq_database_connections{state=\"used\"}");
    let idle = number("fashion_iq_database_connections{state=\"idle\"}");
    assert!(used >= 0 && idle >= 0 && (1..=most).contains(&(used + idle)), "{used} {idle} {most}");
    assert!(done.contains("fashion_iq_submissions_finished_total{state=\"scored\"} 1\n"), "{done}");
    let documented = include_str!("../../docs/operations.md");
    for name in done.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next()) {
        let row = [format!("| `{name}`"), format!("| `{name}{{")];
        assert!(row.iter().any(|row| documented.contains(row)), "docs/operations.md lacks {name}");
    }
    for secret in ["Atelier", "0.75", "fiq_", "dress"] {
        assert!(!done.contains(secret), "{secret} is in {done}");
    }
}
