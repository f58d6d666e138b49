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

    tester.app.worker.step(&tester.app).await.unwrap();
    let [row] = &tester.board("test").await[..] else { panic!("one team is on the board") };
    assert!(row.ends_with("0.7500"), "{row}");
    let done = asked("/metrics").await.text;
    assert!(done.contains("\nfashion_iq_submissions_waiting 0\n"), "{done}");
    assert!(done.contains("fashion_iq_submissions_finished_total{state=\"scored\"} 1\n"), "{done}");
    for secret in ["Atelier", "0.75", "fiq_", "dress"] {
        assert!(!done.contains(secret), "{secret} is in {done}");
    }
}
