//! How sure the ranks on a board are: rank intervals, the teams that can't be told apart from the
//! first, and the smallest difference that the benchmark can show.

use serde_json::Value;
use system_tests::{Tester, eventually};

const BOARD: &str = "/api/v1/challenges/fiq/phases/test/leaderboard";

/// A run that finds the targets of so many of a hundred queries, spread over all groups.
fn found(tester: &Tester, percent: usize, from: usize) -> Vec<u8> {
    tester.test.run(move |query| ((query * 37 + from) % 100 < percent).then_some(1))
}

#[tokio::test(flavor = "multi_thread")]
async fn near_teams_share_the_first_places_and_a_far_one_does_not() {
    let tester = Tester::start().await;
    for (name, percent, from) in [("Near", 60, 0), ("First", 63, 40), ("Far", 10, 0)] {
        let run = found(&tester, percent, from);
        assert_eq!(tester.team(name).await.upload("test", run).await.status, 201);
    }
    let board = tester.get(BOARD).await;
    let rows = board.json["rows"].as_array().unwrap();
    let told =
        |row: &Value| (row["team"].as_str().unwrap().to_owned(), row["rank_interval"].to_string());
    let rows: Vec<_> =
        rows.iter().map(|row| (told(row), row["tied_with_first"].as_bool().unwrap())).collect();
    let row = |team: &str, ranks: &str, tied| ((team.to_owned(), ranks.to_owned()), tied);
    assert_eq!(
        rows,
        [row("First", "[1,2]", true), row("Near", "[1,2]", true), row("Far", "[3,3]", false)],
        "{}",
        board.text
    );
    // 204 queries, and submissions that are assumed to differ on 13 % of them.
    assert_eq!(board.json["resolution"], 0.073);

    let page = tester.get("/c/fiq/test").await.text;
    let resolution = "This benchmark can tell two submissions apart from about 7.3 points on.";
    assert!(page.contains(resolution), "{page}");
    assert!(page.contains("The 2 teams on the tinted band"), "{page}");
    assert_eq!(page.matches("class=\"tied\"").count(), 2, "{page}");
    assert_eq!(tester.get(BOARD).await.json, board.json, "the same digits again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_board_is_shown_at_once_and_its_intervals_follow() {
    let tester = Tester::start().await;
    for n in 0..99 {
        let run = found(&tester, n, n);
        assert_eq!(tester.team(&format!("Team {n}")).await.upload("test", run).await.status, 201);
    }
    let last = |board: &Value| board["rows"][98].clone();
    assert_eq!(last(&tester.get(BOARD).await.json)["team"], "Team 0");
    let intervals = eventually("it has intervals", async || {
        let row = last(&tester.get(BOARD).await.json);
        row["rank_interval"].as_array().cloned()
    });
    let intervals = intervals.await;
    assert_eq!(intervals[1], 99, "{intervals:?}");
    let page = tester.get("/c/fiq/test").await.text;
    assert!(page.contains("How to read this</a>"), "the cached page follows: {page}");
}
