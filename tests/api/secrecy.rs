//! What is hidden stays hidden.

use system_tests::Tester;

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_benchmark_tells_two_recalls_and_a_public_one_tells_all() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let hidden = team.upload("test", tester.test.run(|q| Some(q % 70 + 1))).await;
    let public = team.upload("dev", tester.dev.run(|q| Some(q % 70 + 1))).await;
    let keys = |answer: &system_tests::Answer| {
        let category = answer.json["scorecard"]["categories"]["dress"].as_object().unwrap();
        category.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(keys(&hidden), ["queries", "recall@10", "recall@50"]);
    let all = ["median_rank", "mrr@50", "ndcg@10", "queries", "recall@10", "recall@50"];
    assert_eq!(keys(&public), all);
    let board = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await;
    assert!(!board.text.contains("mrr") && !board.text.contains("median"), "{}", board.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_file_does_not_depend_on_the_targets() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    // two runs with the same fault in the same place: one finds every target, one finds none
    let fault = |run: Vec<u8>| {
        let text = String::from_utf8(run).unwrap();
        text.replacen("\"ranking\":[\"", "\"ranking\":[\"B0NOWHERE0\",\"", 3).into_bytes()
    };
    let good = team.upload("test", fault(tester.test.run(|_| Some(1)))).await;
    let bad = team.upload("test", fault(tester.test.run(|_| None))).await;
    assert_eq!((good.status, bad.status), (422, 422));
    assert!(good.text.contains("B0NOWHERE0 is not in the"), "{}", good.text);
    assert_eq!(good.json["problems"], bad.json["problems"]);
    assert_eq!(good.json["warnings"], bad.json["warnings"]);
    assert!(good.json["scorecard"].is_null());
}
