//! A team uploads, the worker scores, the board shows.

use domain::entities::team::TeamKind;
use insta::assert_json_snapshot;
use system_tests::Tester;

#[tokio::test(flavor = "multi_thread")]
async fn a_team_uploads_and_stands_on_the_board() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    assert!(tester.board("test").await.is_empty());

    // every second target at rank 10, the others at 50: Recall@10 is a half, Recall@50 is one
    let run = tester.test.zipped(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    let answer = team.upload("test", run).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.json["state"], "scored");
    let mut mean = 0.0;
    for group in tester.test.groups() {
        let category = &answer.json["scorecard"]["categories"][&group.name];
        let queries = group.queries.len();
        assert_eq!(category["queries"], queries);
        let expected = queries.div_ceil(2) as f64 / queries as f64;
        assert_eq!(category["recall@10"].as_f64(), Some(expected));
        assert_eq!(category["recall@50"].as_f64(), Some(1.0));
        mean += (expected + 1.0) / 6.0;
    }
    let overall = answer.json["scorecard"]["overall"].as_f64().unwrap();
    assert!((overall - mean).abs() < 1e-12, "{overall} is not {mean}");
    assert_eq!(tester.board("test").await, [format!("1 Atelier {overall:.4}")]);
    assert!(tester.board("dev").await.is_empty());

    let again = team.get(answer.location.as_deref().unwrap()).await;
    assert_eq!((again.status, &again.json), (200, &answer.json));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_stands_with_its_best_run_and_equal_scores_share_a_rank() {
    let tester = Tester::start().await;
    let (first, second) = (tester.team("First").await, tester.team("Second").await);
    let third = tester.team("Third").await;
    for (team, rank) in [(&second, 40), (&first, 5), (&first, 60), (&third, 30), (&second, 7)] {
        let answer = team.upload("dev", tester.dev.run(|_| Some(rank))).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        tester.clock.advance(1);
    }
    // First and Second have found everything in the first ten; First did so earlier.
    assert_eq!(tester.board("dev").await, ["1 First 1.0000", "1 Second 1.0000", "3 Third 0.5000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn baselines_and_probes_are_shown_marked_and_unranked() {
    let tester = Tester::start().await;
    for (name, kind, rank) in [
        ("Reference", TeamKind::Baseline, 1),
        ("Order", TeamKind::Probe, 20),
        ("Atelier", TeamKind::Team, 15),
    ] {
        let entrant = tester.entrant(name, kind).await;
        entrant.upload("test", tester.test.run(|q| (q % 3 > 0).then_some(rank))).await;
    }
    let board = tester.board("test").await;
    let names: Vec<&str> = board.iter().map(|row| row.rsplit_once(' ').unwrap().0).collect();
    assert_eq!(names[0], "- Reference");
    assert!(names.contains(&"1 Atelier") && names.contains(&"- Order"), "{board:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_show_the_board_and_lead_to_it() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier & <b>Söhne</b>").await;
    team.upload("test", tester.test.run(|_| Some(3))).await;
    let home = tester.get("/").await;
    assert_eq!((home.status, home.location.as_deref()), (303, Some("/c/fiq")));
    let first = tester.get("/c/fiq").await;
    assert_eq!((first.status, first.location.as_deref()), (303, Some("/c/fiq/test")));
    let board = tester.get("/c/fiq/test").await;
    assert_eq!((board.status, board.media_type.as_str()), (200, "text/html"));
    assert!(board.text.contains("Atelier &#38; &#60;b&#62;Söhne"), "names are escaped");
    assert!(board.text.contains("100.00"));
    let dev = tester.get("/c/fiq/dev").await;
    assert!(dev.text.contains("targets of this phase are public"), "the board says so");
    let missing = tester.get("/c/fiq/nowhere").await;
    assert_eq!((missing.status, missing.media_type.as_str()), (404, "text/html"));
    assert!(missing.text.contains("Phase `nowhere` not found."), "{}", missing.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_challenges_and_phases() {
    let tester = Tester::start().await;
    let answer = tester.get("/api/v1/challenges/fiq").await;
    let mut phase = answer.json["phases"][1].clone();
    assert_eq!(tester.get("/api/v1/challenges/fiq/phases/test").await.json, phase);
    assert_eq!(phase["gallery"].take().as_str().map(str::len), Some(64));
    let commitments = phase["commitments"].take();
    assert_eq!(commitments.as_array().unwrap().len(), 1, "{commitments}");
    assert_eq!(commitments[0]["digest"].as_str().map(str::len), Some(64));
    assert_json_snapshot!(phase, @r#"
    {
      "closes": "2027-01-01T00:00:00Z",
      "commitments": null,
      "fields": [],
      "finals": 0,
      "frozen": false,
      "gallery": null,
      "kind": "ranking",
      "ladder": 0,
      "limits": {
        "day_begins": "00:00 UTC",
        "resets_at": "2026-11-25T00:00:00Z",
        "shared": true
      },
      "name": "test",
      "opens": "2026-11-01T00:00:00Z",
      "probes": true,
      "protocol": "original",
      "published": "official",
      "queries": 204,
      "rounded": false,
      "shown": {
        "public": [
          "overall",
          "recall@10",
          "recall@50"
        ],
        "team": [
          "overall",
          "recall@10",
          "recall@50"
        ]
      },
      "split": "test",
      "state": "open",
      "targets": "hidden",
      "title": "Test"
    }
    "#);
    let all = tester.get("/api/v1/challenges").await;
    assert_eq!(all.json.as_array().unwrap().len(), 1);
    assert_eq!(tester.get("/api/openapi.json").await.status, 200);
    assert_eq!(tester.get("/api/docs").await.media_type, "text/html");
}
