//! Until the reveal scores are on a secret share of the queries, and the final standings on the others.

use std::collections::{BTreeMap, BTreeSet};

use dataset::Group;
use domain::entities::role::Role;
use domain::entities::team::TeamKind;
use domain::entities::{benchmark, phase};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use sha2::{Digest, Sha256};
use system_tests::{Team, Tester, World};

const PHASE: &str = "/api/v1/challenges/fiq/phases/test";
const BOARD: &str = "/api/v1/challenges/fiq/phases/test/leaderboard";

/// A day after the phase closes.
const REVEAL: &str = "reveals = 2027-01-02T00:00:00Z";

/// From the tests' present to after the reveal.
const UNTIL_REVEAL: i64 = 40 * 86_400;

/// Which queries of each group are in the share, computed as docs/feedback-share.md says.
type InShare = BTreeMap<String, BTreeSet<usize>>;

fn in_share(key: &str, percent: usize, groups: &[Group]) -> InShare {
    let of_group = |group: &Group| {
        let digest = |query: usize| {
            let mut sha = Sha256::new();
            sha.update("fashion-iq feedback share order v1");
            sha.update([0]);
            sha.update(hex::decode(key).unwrap());
            for part in [group.name.as_bytes(), &(query as u64).to_be_bytes()] {
                sha.update((part.len() as u64).to_be_bytes());
                sha.update(part);
            }
            sha.finalize()
        };
        let n = group.queries.len();
        let mut order: Vec<_> = (0..n).map(|query| (digest(query), query)).collect();
        order.sort();
        let first = order.into_iter().take((n * percent + 50) / 100);
        (group.name.clone(), first.map(|(_, query)| query).collect())
    };
    groups.iter().map(of_group).collect()
}

/// The key of the share, which only the database has.
async fn key(tester: &Tester) -> String {
    let of = benchmark::Entity::find().filter(benchmark::Column::Name.eq("test"));
    let row = of.one(&tester.app.db).await.unwrap().unwrap();
    assert!(!format!("{row:?}").contains(&row.share_key.as_ref().unwrap().0), "it isn't printed");
    row.share_key.unwrap().0
}

/// A run that finds the targets of chosen queries at once, and others not at all.
fn finding(tester: &Tester, found: impl Fn(&Group, usize) -> bool) -> Vec<u8> {
    tester.test.beginning_with(|group, query| {
        let target = group.targets.as_ref().unwrap().of(query)[0] as usize;
        let beyond = if found(group, query) { 0 } else { 51 };
        (target + beyond) % group.gallery.len()
    })
}

fn by_team(board: &Value) -> BTreeMap<String, Value> {
    let rows = board["rows"].as_array().unwrap().iter();
    rows.map(|row| (row["team"].as_str().unwrap().to_owned(), row.clone())).collect()
}

async fn submit(team: &Team, run: Vec<u8>) -> Value {
    let sent = team.upload("test", run).await;
    assert_eq!(sent.json["state"], "scored", "{}", sent.text);
    sent.json
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_team_learned_from_scores_is_worth_nothing_in_the_final_standings() {
    let tester = Tester::of(World::usual(REVEAL), |_| {}).await;
    let told = tester.get(PHASE).await.json;
    let share = &told["feedback_share"];
    assert_eq!((&share["percent"], share.get("key")), (&40.into(), None), "{told}");
    let commitment = share["commitment"].as_str().unwrap().to_owned();
    let (queries, rest) = (share["queries"].as_u64().unwrap(), share["rest"].as_u64().unwrap());
    assert_eq!(Value::from(queries + rest), told["queries"]);

    let secret = key(&tester).await;
    let inside = in_share(&secret, 40, tester.test.groups());
    assert_eq!(inside.values().map(BTreeSet::len).sum::<usize>() as u64, queries);
    let attacker = tester.team("Attacker").await;
    let honest = tester.team("Honest").await;
    let baseline = tester.entrant("Half", TeamKind::Baseline).await;
    // One knows the targets of all queries in the share, and no other.
    let sent = submit(&attacker, finding(&tester, |g, q| inside[&g.name].contains(&q))).await;
    assert_eq!(sent["scorecard"]["overall"], 1.0);
    assert!(sent["scorecard"]["categories"]["dress"]["mrr@50"] == 1.0, "all measures: {sent}");
    submit(&honest, tester.test.run(|q| (q % 2 == 0).then_some(1))).await;
    submit(&baseline, tester.test.run(|q| (q % 2 == 1).then_some(1))).await;

    let before = tester.get(BOARD).await;
    assert_eq!((&before.json["part"], &before.json["queries"]), (&"share".into(), &queries.into()));
    let rows = by_team(&before.json);
    assert_eq!((&rows["Attacker"]["rank"], &rows["Honest"]["rank"]), (&1.into(), &2.into()));
    assert!(rows["Honest"].get("before").is_none(), "{}", before.text);
    let page = tester.get("/c/fiq/test").await.text;
    assert!(page.contains("Scores on 40 % of the queries until the reveal"), "{page}");
    assert!(
        page.contains(&commitment) && page.contains("3 scores have been given on 40 %"),
        "{page}"
    );
    let link = sent["link"].as_str().unwrap().to_owned();
    let receipt = attacker.get(&format!("{link}/receipt")).await;
    assert!(receipt.text.contains("share"), "{}", receipt.text);

    tester.clock.advance(UNTIL_REVEAL);
    let after = tester.get(BOARD).await;
    assert_eq!((&after.json["part"], &after.json["queries"]), (&"rest".into(), &rest.into()));
    let rows = by_team(&after.json);
    let row = |team: &str| &rows[team];
    assert_eq!(
        (&row("Attacker")["rank"], &row("Attacker")["scorecard"]["overall"]),
        (&2.into(), &0.0.into())
    );
    assert_eq!(row("Attacker")["before"], serde_json::json!({"rank": 1, "overall": 1.0}));
    assert_eq!((&row("Honest")["rank"], &row("Honest")["before"]["rank"]), (&1.into(), &2.into()));
    assert!(row("Half").get("rank").is_none() && row("Half")["before"].get("rank").is_none());
    assert!(row("Half")["before"]["overall"].as_f64().unwrap() > 0.0, "a baseline has a score");
    let shown: Vec<&str> =
        after.json["shown"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(shown, ["overall", "recall@10", "recall@50"], "the others are hidden targets still");
    let page = tester.get("/c/fiq/test").await.text;
    assert!(
        page.contains("Final standings") && page.contains("▾1") && page.contains("1 · 100.00"),
        "{page}"
    );
    let own = attacker.get(&link).await;
    assert_eq!(own.json["scorecard"]["overall"], 0.0, "{}", own.text);

    // Now anyone can check that the share was chosen beforehand.
    let share = tester.get(PHASE).await.json["feedback_share"].clone();
    assert_eq!(share["key"], secret.as_str());
    let mut sha = Sha256::new();
    sha.update("fashion-iq feedback share commitment v1\0");
    sha.update(hex::decode(&secret).unwrap());
    assert_eq!(hex::encode(sha.finalize()), commitment);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_nowhere_before_the_reveal() {
    let tester = Tester::of(World::usual(REVEAL), |_| {}).await;
    let mut otto = tester.organiser("Otto", Role::Owner).await;
    let team = tester.team("Atelier").await;
    let sent = submit(&team, tester.test.run(|_| Some(1))).await;
    let secret = key(&tester).await;
    let receipt = format!("{}/receipt", sent["link"].as_str().unwrap());
    for path in [
        "/api/v1/challenges",
        PHASE,
        BOARD,
        &receipt,
        "/c/fiq/test",
        "/c/fiq/limits",
        "/c/fiq/organise/log",
        "/c/fiq/organise/definition",
        "/c/fiq/organise/export.json?phase=test",
        "/account/data",
    ] {
        let answer = otto.get(path).await;
        assert!(!answer.text.contains(&secret), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_submission_that_was_best_before_the_reveal_is_the_one_that_counts() {
    let tester = Tester::of(World::usual(REVEAL), |_| {}).await;
    let inside = in_share(&key(&tester).await, 40, tester.test.groups());
    let team = tester.team("Lucky").await;
    let best_before = submit(&team, finding(&tester, |g, q| inside[&g.name].contains(&q))).await;
    // It would win if the best of many tries counted in the end.
    submit(&team, finding(&tester, |g, q| !inside[&g.name].contains(&q))).await;
    tester.clock.advance(UNTIL_REVEAL);
    let rows = by_team(&tester.get(BOARD).await.json);
    assert_eq!(rows["Lucky"]["submission"], best_before["id"]);
    assert_eq!(rows["Lucky"]["scorecard"]["overall"], 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_final_submissions_that_a_team_chose_the_best_in_the_end_counts() {
    let tester = Tester::of(World::usual(&format!("{REVEAL}\nfinals = 2")), |_| {}).await;
    let inside = in_share(&key(&tester).await, 40, tester.test.groups());
    let team = tester.team("Careful").await;
    let lucky = submit(&team, finding(&tester, |g, q| inside[&g.name].contains(&q))).await;
    let good = submit(&team, finding(&tester, |g, q| !inside[&g.name].contains(&q))).await;
    for one in [&lucky, &good] {
        let chosen = team.choose(one["id"].as_str().unwrap()).await;
        assert_eq!(chosen.status, 200, "{}", chosen.text);
    }
    let rows = by_team(&tester.get(BOARD).await.json);
    assert_eq!(rows["Careful"]["submission"], lucky["id"]);
    tester.clock.advance(UNTIL_REVEAL);
    let rows = by_team(&tester.get(BOARD).await.json);
    assert_eq!(
        (&rows["Careful"]["submission"], &rows["Careful"]["before"]["overall"]),
        (&good["id"], &1.0.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn comparing_and_the_report_are_on_the_queries_that_count() {
    let tester = Tester::of(World::usual(REVEAL), |_| {}).await;
    let inside = in_share(&key(&tester).await, 40, tester.test.groups());
    let [one, other] = [tester.team("One").await, tester.team("Other").await];
    let a = submit(&one, finding(&tester, |g, q| inside[&g.name].contains(&q))).await;
    let b = submit(&other, finding(&tester, |g, q| !inside[&g.name].contains(&q))).await;
    let id = |it: &Value| it["id"].as_str().unwrap().to_owned();
    let compare = format!("/c/fiq/test/compare?a={}&b={}", id(&a), id(&b));
    let before = tester.get(&compare).await.text;
    assert!(before.contains("One</bdi> scores 100.0 points higher"), "{before}");
    tester.clock.advance(UNTIL_REVEAL);
    let after = tester.get(&compare).await.text;
    assert!(after.contains("Other</bdi> scores 100.0 points higher"), "{after}");
    let report = tester.get("/c/fiq/test/report").await;
    assert_eq!(report.status, 200, "{}", report.text);
    assert!(report.text.contains("40 % of the queries of each group"), "{}", report.text);
    let rest = tester.test.groups()[0].queries.len() - inside["dress"].len();
    assert!(report.text.contains(&format!("{rest}")), "{}", report.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_board_is_on_the_share_and_stays_beside_the_revealed_one() {
    let lines = format!("freezes = 2026-12-20T00:00:00Z\n{REVEAL}");
    let tester = Tester::of(World::usual(&lines), |_| {}).await;
    let inside = in_share(&key(&tester).await, 40, tester.test.groups());
    let [early, late] = [tester.team("Early").await, tester.team("Late").await];
    submit(&early, tester.test.run(|q| (q % 2 == 0).then_some(1))).await;
    submit(&late, finding(&tester, |g, q| inside[&g.name].contains(&q) && q % 3 == 0)).await;
    tester.clock.advance(30 * 86_400);
    submit(&late, tester.test.run(|_| Some(1))).await;
    let frozen = by_team(&tester.get(BOARD).await.json);
    assert_eq!((&frozen["Early"]["rank"], &frozen["Late"]["rank"]), (&1.into(), &2.into()));
    tester.clock.advance(10 * 86_400);
    let rows = by_team(&tester.get(BOARD).await.json);
    assert_eq!((&rows["Late"]["rank"], &rows["Late"]["before"]["rank"]), (&1.into(), &2.into()));
    assert_eq!(rows["Late"]["before"]["overall"], frozen["Late"]["scorecard"]["overall"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_share_the_overall_score_is_shown_to_a_tenth_of_a_point() {
    let lines = format!("{REVEAL}\nfeedback_share = 0");
    let tester = Tester::of(World::usual(&lines), |_| {}).await;
    let [one, other] = [tester.team("One").await, tester.team("Other").await];
    // With 204 queries one more hit is worth more than a tenth of a point, but not always two.
    let run = |n: usize| finding(&tester, move |g, q| g.name == "dress" && q < n);
    let sent = submit(&one, run(7)).await;
    submit(&other, run(8)).await;
    let overall = sent["scorecard"]["overall"].as_f64().unwrap();
    assert!((overall * 1000.0 - (overall * 1000.0).round()).abs() < 1e-9, "{overall}");
    assert_eq!(sent["scorecard"]["categories"]["dress"].as_object().unwrap().len(), 1, "{sent}");
    let told = tester.get(PHASE).await.json;
    assert_eq!(
        (&told["rounded"], &told["shown"]["public"]),
        (&true.into(), &serde_json::json!(["overall"]))
    );
    assert!(tester.get("/c/fiq/test").await.text.contains("Scores are rounded to 0.1 %"));
    tester.clock.advance(UNTIL_REVEAL);
    let rows = by_team(&tester.get(BOARD).await.json);
    let exact = rows["One"]["scorecard"]["overall"].as_f64().unwrap();
    assert!((exact - overall).abs() < 0.0005 && (exact - overall).abs() > 0.0, "{exact} {overall}");
    assert!(rows["One"]["scorecard"]["categories"]["dress"].get("recall@10").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_ladder_a_submission_shows_a_new_score_only_if_it_is_better_by_the_step() {
    let lines = format!("{REVEAL}\nladder = 20");
    let tester = Tester::of(World::usual(&lines), |_| {}).await;
    let told = tester.get(PHASE).await.json;
    assert!(told.get("feedback_share").is_none(), "one of both: {told}");
    assert_eq!((&told["ladder"], &told["rounded"]), (&20.into(), &false.into()));
    let team = tester.team("Climber").await;
    let other = tester.team("Other").await;
    // Each hit of a group of 68 queries is worth half a point of the mean over three groups.
    let run = |n: usize| finding(&tester, move |g, q| g.name == "dress" && q < n);
    let shown = async |team: &Team, n: usize| {
        let sent = submit(team, run(n)).await;
        assert!(sent["scorecard"].get("intervals").is_none(), "{sent}");
        (sent["scorecard"]["overall"].as_f64().unwrap() * 1000.0).round() as i64
    };
    let first = shown(&team, 20).await;
    assert_eq!(first % 20, 0, "to the step");
    assert_eq!(shown(&team, 21).await, first, "half a point better");
    assert_eq!(shown(&team, 10).await, first, "worse");
    assert!(shown(&team, 30).await > first);
    assert_eq!(shown(&other, 10).await % 20, 0, "another team has its own");
    let rows = by_team(&tester.get(BOARD).await.json);
    let ids = [&rows["Climber"], &rows["Other"]]
        .map(|row| row["submission"].as_str().unwrap().to_owned());
    let compared = tester.get(&format!("/c/fiq/test/compare?a={}&b={}", ids[0], ids[1])).await;
    assert_eq!(compared.status, 422, "{}", compared.text);
    assert!(tester.get("/c/fiq/test").await.text.contains("Scores are on the Ladder"));
    tester.clock.advance(UNTIL_REVEAL);
    let rows = by_team(&tester.get(BOARD).await.json);
    let exact = rows["Climber"]["scorecard"]["overall"].as_f64().unwrap();
    assert!((exact - 30.0 / 68.0 / 3.0).abs() < 0.01, "{exact}");
    assert!(rows["Climber"]["scorecard"].get("intervals").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_turns_it_off_before_the_first_submission_and_not_afterwards() {
    let tester = Tester::of(World::usual(REVEAL), |_| {}).await;
    let mut otto = tester.organiser("Otto", Role::Owner).await;
    let address = "/c/fiq/organise/phases/test";
    let shown = otto.get(address).await;
    let plan = otto.send_as_shown(&shown, address, &[("feedback_share", "30")]).await;
    assert!(plan.text.contains("feedback_share"), "{}", plan.text);
    let apply = "/c/fiq/organise/definition";
    let done = otto.send_as_shown(&plan, apply, &[("reason", "a smaller one")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(tester.get(PHASE).await.json["feedback_share"]["percent"], 30);
    let team = tester.team("Atelier").await;
    submit(&team, tester.test.run(|_| Some(1))).await;
    let shown = otto.get(address).await;
    let refused = otto.send_as_shown(&shown, address, &[("feedback_share", "0")]).await;
    assert!(refused.text.contains("can’t change"), "{}", refused.text);
    assert_eq!(tester.get(PHASE).await.json["feedback_share"]["percent"], 30);
    // A definition that doesn't name it leaves it as it is.
    tester.apply().await;
    assert_eq!(tester.get(PHASE).await.json["feedback_share"]["percent"], 30);
    let row = phase::Entity::find().filter(phase::Column::Name.eq("test"));
    assert_eq!(row.one(&tester.app.db).await.unwrap().unwrap().feedback_share, Some(30));
}
