//! A team's own submissions, and the rest of its limits.

use insta::assert_json_snapshot;
use serde_json::Value;
use system_tests::{Client, Tester};

#[tokio::test(flavor = "multi_thread")]
async fn a_team_reads_what_is_left_of_each_limit_and_when_it_starts_anew() {
    let limits = "per_day = 3, total = 10, at_once = 2, invalid_per_day = 5";
    let tester = Tester::with_limits(limits).await;
    let team = tester.team("Atelier").await;
    team.upload("test", tester.test.run(|_| Some(1))).await;
    tester.clock.advance(86_400);
    team.upload("test", tester.test.run(|_| Some(2))).await;
    team.upload("test", b"{}".to_vec()).await;
    let told = team.get(&Client::intake("test")).await;
    assert_json_snapshot!(told.json["limits"], @r#"
    [
      {
        "allowed": 3,
        "left": 2,
        "limit": "per_day",
        "resets_at": "2026-11-26T00:00:00Z",
        "used": 1
      },
      {
        "allowed": 10,
        "left": 8,
        "limit": "total",
        "used": 2
      },
      {
        "allowed": 2,
        "left": 2,
        "limit": "at_once",
        "used": 0
      },
      {
        "allowed": 5,
        "left": 4,
        "limit": "invalid_per_day",
        "resets_at": "2026-11-26T00:00:00Z",
        "used": 1
      }
    ]
    "#);
    assert_eq!(tester.get(&Client::intake("test")).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_pages_through_all_its_submissions_newest_first_and_sees_no_others() {
    let tester = Tester::start().await;
    let (team, other) = (tester.team("Atelier").await, tester.team("Other").await);
    let mut made = Vec::new();
    for n in 0..6 {
        let answer = team.upload("test", tester.test.run(move |_| Some(1 + n))).await;
        made.push(answer.json["id"].clone());
        other.upload("test", tester.test.run(move |_| Some(1 + n))).await;
        tester.clock.advance(1);
    }
    made.reverse();
    for size in [1, 2, 3, 4, 6, 100] {
        let mut told: Vec<Value> = Vec::new();
        let mut before = String::new();
        loop {
            let path = format!("{}?limit={size}{before}", Client::intake("test"));
            let page = team.get(&path).await;
            let rows = page.json["submissions"].as_array().unwrap();
            assert!(!rows.is_empty() && rows.len() <= size, "{}", page.text);
            told.extend(rows.iter().map(|row| row["id"].clone()));
            let Some(next) = page.json["next"].as_str() else { break };
            before = format!("&before={next}");
        }
        assert_eq!(told, made, "{size} at once");
    }
    for wrong in ["limit=0", "limit=101", "limit=many", "before=yesterday"] {
        let answer = team.get(&format!("{}?{wrong}", Client::intake("test"))).await;
        let field = wrong.split('=').next().unwrap();
        assert_eq!((answer.status, &answer.json["field"]), (400, &Value::from(field)), "{wrong}");
    }
}
