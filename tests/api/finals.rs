//! A team chooses the submissions that count.

use serde_json::Value;
use system_tests::{Answer, Tester, World};

fn id(answer: &Answer) -> String {
    answer.json["id"].as_str().unwrap().to_owned()
}

async fn with_finals(most: u8) -> Tester {
    Tester::of(World::with_more("", &format!("finals = {most}")), |_| {}).await
}

fn run(tester: &Tester, tenths: usize) -> Vec<u8> {
    tester.test.run(move |q| (q % 10 < tenths).then_some(1))
}

/// The first row's overall score, in tenths.
async fn score(tester: &Tester) -> u64 {
    let board = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await;
    let overall = board.json["rows"][0]["scorecard"]["overall"].as_f64().unwrap();
    (overall * 10.0).round() as u64
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_chosen_runs_the_best_counts_and_of_all_where_none_is_chosen() {
    let tester = with_finals(2).await;
    let team = tester.team("Atelier").await;
    let mut made = Vec::new();
    for tenths in [9, 5, 3, 1] {
        made.push(id(&team.upload("test", run(&tester, tenths)).await));
    }
    assert_eq!(score(&tester).await, 9);
    assert_eq!(team.choose(&made[3]).await.status, 200);
    assert_eq!(score(&tester).await, 1);
    let chosen = team.choose(&made[2]).await;
    assert_eq!(chosen.json["final_at"], "2026-11-24T12:00:00Z");
    assert_eq!(team.choose(&made[2]).await.json, chosen.json, "twice is once");
    assert_eq!(score(&tester).await, 3);
    let third = team.choose(&made[1]).await;
    assert_eq!((third.status, &third.json["code"]), (409, &Value::from("conflict")));
    // a chosen run that is withdrawn keeps its place among the chosen, so that it can come back
    team.withdraw(&made[2]).await;
    assert_eq!(score(&tester).await, 1);
    assert_eq!(team.choose(&made[1]).await.status, 409);
    team.restore(&made[2]).await;
    for chosen in [&made[2], &made[3]] {
        assert_eq!(team.give_up(chosen).await.status, 200);
    }
    assert_eq!(score(&tester).await, 9);
    let page = tester.get("/c/fiq/test").await.text;
    assert!(
        page.contains("The best of up to 2 submissions that a team chose as final"),
        "the rule is shown"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_own_scored_runs_are_chosen_and_only_while_the_phase_is_open() {
    let tester = with_finals(1).await;
    let (team, other) = (tester.team("Atelier").await, tester.team("Other").await);
    let made = id(&team.upload("test", run(&tester, 5)).await);
    let broken = id(&team.upload("test", b"{}".to_vec()).await);
    assert_eq!(other.choose(&made).await.status, 404);
    assert_eq!(team.choose(&broken).await.status, 409);
    let dev = id(&team.upload("dev", tester.dev.run(|_| Some(1))).await);
    let refused = team.choose(&dev).await;
    assert!(refused.text.contains("the best submission of each team counts"), "{}", refused.text);
    tester.clock.advance(60 * 86_400);
    let closed = team.choose(&made).await;
    assert_eq!((closed.status, &closed.json["code"]), (409, &Value::from("phase-closed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_that_race_do_not_exceed_the_most() {
    let tester = with_finals(2).await;
    let team = tester.team("Atelier").await;
    let other = tester.beside().await;
    let mut made = Vec::new();
    for tenths in 1..9 {
        made.push(id(&team.upload("test", run(&tester, tenths)).await));
    }
    let mut choices = tokio::task::JoinSet::new();
    for (n, made) in made.into_iter().enumerate() {
        let team = if n % 2 == 0 { team.clone() } else { team.at(&other) };
        choices.spawn(async move { team.choose(&made).await.status });
    }
    let mut statuses = choices.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 409, 409, 409, 409, 409, 409]);
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_withdraws_restores_chooses_and_downloads_in_the_browser() {
    let tester = with_finals(1).await;
    let mut member = tester.member("Ada", Some("Atelier")).await;
    let (best, lesser) = (run(&tester, 9), run(&tester, 5));
    let page = member.submit("/c/fiq/test/submit", &[], &best).await.location.unwrap();
    let other = member.submit("/c/fiq/test/submit", &[], &lesser).await.location.unwrap();
    let text = member.get(&page).await.text;
    for verb in ["withdraw", "final"] {
        assert!(text.contains(&format!("action=\"{page}/{verb}\"")), "{text}");
    }
    let done = member.post(&format!("{page}/withdraw"), &[]).await;
    assert_eq!((done.status, done.location.as_ref()), (303, Some(&page)));
    assert_eq!(score(&tester).await, 5);
    assert!(member.get(&page).await.text.contains("You have withdrawn this submission."));
    let done = member.post(&format!("{page}/restore"), &[("back", "list")]).await;
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/c/fiq/submissions")));
    assert_eq!(score(&tester).await, 9);
    assert_eq!(member.post(&format!("{other}/final"), &[]).await.status, 303);
    assert_eq!(score(&tester).await, 5);
    assert!(
        member.get("/c/fiq/submissions").await.text.contains("<span class=\"mark\">final</span>")
    );
    assert_eq!(member.post(&format!("{page}/final"), &[]).await.status, 409, "one is the most");
    let text = member.get(&page).await.text;
    assert!(!text.contains(&format!("action=\"{page}/final\"")), "nothing is offered: {text}");
    assert_eq!(member.post(&format!("{other}/not-final"), &[]).await.status, 303);

    let file = member.get(&format!("{page}/upload")).await;
    assert_eq!((file.status, file.bytes), (200, best));
    assert!(file.cache.contains("private"), "{}", file.cache);
    let short = member.submit("/c/fiq/test/submit", &[], b"{}").await.location.unwrap();
    assert_eq!(member.get(&format!("{short}/upload")).await.bytes, b"{}");
    // nobody else can do any of it
    let mut eve = tester.member("Eve", Some("Salon")).await;
    assert_eq!(eve.get(&format!("{page}/upload")).await.status, 404);
    for verb in ["withdraw", "restore", "final", "not-final"] {
        assert_eq!(eve.post(&format!("{page}/{verb}"), &[]).await.status, 404, "{verb}");
    }
    assert_eq!(tester.get(&format!("{page}/upload")).await.status, 401);
    assert_eq!(score(&tester).await, 9);
}
