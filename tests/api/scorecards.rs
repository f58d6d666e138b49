//! Stored scorecards are a cache, and a new scorer doesn't empty a board.

use domain::challenges;
use domain::database::UnitOfWork;
use domain::entities::{ranks, scorecard};
use domain::submissions::{self, CURRENT_SCORER, Rebuilt};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use system_tests::{Answer, Tester};

const LEADERBOARD: &str = "/api/v1/challenges/fiq/phases/dev/leaderboard";

/// A server with two scored runs in phase `dev`, and the answers to their uploads.
async fn scored() -> (Tester, [Answer; 2]) {
    let tester = Tester::start().await;
    let (one, other) = (tester.team("Atelier").await, tester.team("Other").await);
    let first = one.upload("dev", tester.dev.run(|q| Some(q % 70 + 1))).await;
    tester.clock.advance(1);
    let second = other.upload("dev", tester.dev.run(|q| (q % 3 == 0).then_some(4))).await;
    assert_eq!((first.status, second.status), (201, 201), "{} {}", first.text, second.text);
    (tester, [first, second])
}

/// Makes all stored cards those of another scorer.
async fn computed_by(tester: &Tester, scorer: i32) {
    let update = scorecard::Entity::update_many();
    let update = update.col_expr(scorecard::Column::ScorerVersion, Expr::value(scorer));
    update.exec(&tester.app.db).await.unwrap();
    look_again(tester).await;
}

async fn look_again(tester: &Tester) {
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let mut unit = UnitOfWork::begin(&tester.app).await.unwrap();
    unit.changes(challenge.id);
    unit.commit().await.unwrap();
}

async fn rebuild(tester: &Tester) -> Rebuilt {
    submissions::rebuild(&tester.app, None, |_| {}).await.unwrap()
}

async fn cards(tester: &Tester) -> u64 {
    scorecard::Entity::find().count(&tester.app.db).await.unwrap()
}

fn page(answer: &Answer) -> String {
    format!("/c/fiq/submissions/{}", answer.json["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn raising_the_scorers_version_takes_nothing_off_a_board() {
    let (tester, runs) = scored().await;
    let board = tester.get(LEADERBOARD).await.json;
    assert_eq!(board["rows"].as_array().unwrap().len(), 2);
    computed_by(&tester, CURRENT_SCORER - 1).await;
    assert_eq!(tester.get(LEADERBOARD).await.json, board, "older cards stay");
    let older = tester.get(&page(&runs[0])).await.text;
    assert!(older.contains(&format!("scorer {}", CURRENT_SCORER - 1)), "{older}");

    assert_eq!(rebuild(&tester).await, Rebuilt { written: 2, failed: vec![] });
    assert_eq!(cards(&tester).await, 4, "older ones are kept in addition to their successors");
    assert_eq!(tester.get(LEADERBOARD).await.json, board);
    let newer = tester.get(&page(&runs[0])).await.text;
    assert!(newer.contains(&format!("scorer {CURRENT_SCORER}")), "{newer}");
    assert_eq!(rebuild(&tester).await, Rebuilt::default(), "there is nothing left to do");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_was_stopped_goes_on_where_it_was_and_tells_how_far_it_is() {
    let (tester, runs) = scored().await;
    let board = tester.get(LEADERBOARD).await.json;
    let id = submissions::id(runs[1].json["id"].as_str().unwrap()).unwrap();
    let one = scorecard::Entity::delete_many().filter(scorecard::Column::SubmissionId.eq(id));
    one.exec(&tester.app.db).await.unwrap();
    look_again(&tester).await;
    assert_eq!(tester.board("dev").await.len(), 1, "the other has no card");
    let told = std::sync::Mutex::new(Vec::new());
    let rebuilt = submissions::rebuild(&tester.app, None, |progress| {
        told.lock().unwrap().push((progress.phase.to_owned(), progress.done, progress.total));
    });
    assert_eq!(rebuilt.await.unwrap().written, 1);
    assert_eq!(told.into_inner().unwrap(), [("dev".to_owned(), 1, 1)]);
    assert_eq!(tester.get(LEADERBOARD).await.json, board, "it comes to the same, to the last bit");
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_as_the_first_scorer_stored_them_are_read_like_any() {
    let (tester, runs) = scored().await;
    let board = tester.get(LEADERBOARD).await.json;
    for run in &runs {
        let card = &run.json["scorecard"];
        let categories = card["categories"].as_object().unwrap();
        let group = |(name, told): (&String, &Value)| {
            json!({
                "group": name, "queries": told["queries"],
                "recall_at_10": told["recall@10"], "recall_at_50": told["recall@50"],
                "mrr_at_50": told["mrr@50"], "ndcg_at_10": told["ndcg@10"],
                "median_rank": told["median_rank"].as_str().unwrap().parse::<u32>().ok(),
            })
        };
        let groups: Vec<Value> = categories.iter().map(group).collect();
        let stored = json!({ "overall": card["overall"], "groups": groups }).to_string();
        let id = submissions::id(run.json["id"].as_str().unwrap()).unwrap();
        let update = scorecard::Entity::update_many()
            .col_expr(scorecard::Column::Card, Expr::value(stored))
            .filter(scorecard::Column::SubmissionId.eq(id));
        update.exec(&tester.app.db).await.unwrap();
    }
    computed_by(&tester, 1).await;
    assert_eq!(
        without_intervals(tester.get(LEADERBOARD).await.json),
        without_intervals(board.clone())
    );
    let page = tester.get(&page(&runs[1])).await.text;
    assert!(page.contains("scorer 1") && page.contains("&#62;50"), "{page}");
    assert_eq!(rebuild(&tester).await.written, 2);
    assert_eq!(tester.get(LEADERBOARD).await.json, board);
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_of_a_newer_scorer_are_named_and_nothing_is_changed() {
    let (tester, _) = scored().await;
    let board = tester.get(LEADERBOARD).await.json;
    computed_by(&tester, CURRENT_SCORER + 1).await;
    let refused = submissions::rebuild(&tester.app, None, |_| {}).await.unwrap_err().detail;
    let (newer, known) = (CURRENT_SCORER + 1, CURRENT_SCORER);
    let names = format!("of scorer {newer}, but this program knows scorers only up to {known}");
    assert!(refused.contains(&names) && refused.contains("nothing was changed"), "{refused}");
    assert_eq!(cards(&tester).await, 2);
    let advice = submissions::advice_on_cards(&tester.app.db).await.unwrap().unwrap();
    assert!(advice.contains(&format!("scorer {newer}")), "{advice}");
    // the release that knows them shows them as before
    computed_by(&tester, CURRENT_SCORER).await;
    assert_eq!(tester.get(LEADERBOARD).await.json, board);
    assert_eq!(submissions::advice_on_cards(&tester.app.db).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn ranks_that_cannot_be_read_are_named_and_the_older_card_stays() {
    let (tester, runs) = scored().await;
    let board = tester.get(LEADERBOARD).await.json;
    computed_by(&tester, CURRENT_SCORER - 1).await;
    let id = submissions::id(runs[0].json["id"].as_str().unwrap()).unwrap();
    let update = ranks::Entity::update_many()
        .col_expr(ranks::Column::Bytes, Expr::value(b"FIQR\x01\x00".to_vec()))
        .filter(ranks::Column::SubmissionId.eq(id));
    update.exec(&tester.app.db).await.unwrap();
    let rebuilt = rebuild(&tester).await;
    assert_eq!((rebuilt.written, rebuilt.failed.len()), (1, 1));
    assert_eq!(rebuilt.failed[0].submission, id);
    assert!(
        rebuilt.failed[0].why.contains("match the benchmark's queries"),
        "{}",
        rebuilt.failed[0].why
    );
    assert_eq!(tester.get(LEADERBOARD).await.json, board);
}

/// A leaderboard without the intervals of its scores, which the first scorers did not compute.
fn without_intervals(mut board: Value) -> Value {
    for row in board["rows"].as_array_mut().unwrap() {
        row["scorecard"].as_object_mut().unwrap().remove("intervals");
    }
    board
}
