//! Stored scorecards: which one counts.
//!
//! Cards are a cache computed from the stored ranks. Each has the version of the scorer that
//! computed it. The newest card that this program understands counts, so that a new scorer doesn't
//! empty boards: an older card counts until `fashion-iq scorecards rebuild` has written its
//! successor.

use std::collections::BTreeMap;

use scoring::SCORER_VERSION;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SimpleExpr};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect, Set, UpdateMany,
};
use uuid::Uuid;

use crate::ambient::Instant;
use crate::challenges::Scores;
use crate::database::to_json;
use crate::entities::scorecard::{self, Column, Entity};
use crate::entities::submission::{self, State};
use crate::error::Result;

/// The scorer version of the cards that this program writes.
pub const CURRENT: i32 = SCORER_VERSION as i32;

/// Databases limit the number of parameters in a statement.
const AT_ONCE: usize = 500;

/// The condition of scorecards that count in an edition of a benchmark: the newest card of each
/// submission that this program understands.
pub fn counting(edition: &str) -> Condition {
    let newer = Alias::new("newer");
    let of = |column: Column| Expr::col((newer.clone(), column));
    let own = |column: Column| Expr::col((Entity, column));
    let newer_one = Query::select()
        .expr(Expr::value(1))
        .from_as(Entity, newer.clone())
        .and_where(of(Column::SubmissionId).eq(own(Column::SubmissionId)))
        .and_where(of(Column::BenchmarkVersion).eq(own(Column::BenchmarkVersion)))
        .and_where(of(Column::ScorerVersion).gt(own(Column::ScorerVersion)))
        .and_where(of(Column::ScorerVersion).lte(CURRENT))
        .take();
    Condition::all()
        .add(Column::BenchmarkVersion.eq(edition))
        .add(Column::ScorerVersion.lte(CURRENT))
        .add(Expr::exists(newer_one).not())
}

/// The scorecard that counts for a submission, if it has one.
pub async fn card_of(
    db: &impl ConnectionTrait,
    submission: Uuid,
    edition: &str,
) -> Result<Option<scorecard::Model>> {
    let of = Entity::find().filter(Column::SubmissionId.eq(submission));
    Ok(of.filter(counting(edition)).one(db).await?)
}

/// The scorecards that count for some submissions, by submission.
pub async fn cards_of(
    db: &impl ConnectionTrait,
    submissions: impl IntoIterator<Item = Uuid>,
    edition: &str,
) -> Result<BTreeMap<Uuid, scorecard::Model>> {
    let ids: Vec<Uuid> = submissions.into_iter().collect();
    let mut cards = BTreeMap::new();
    for some in ids.chunks(AT_ONCE) {
        let of = Entity::find().filter(Column::SubmissionId.is_in(some.iter().copied()));
        let found = of.filter(counting(edition)).all(db).await?;
        cards.extend(found.into_iter().map(|card| (card.submission_id, card)));
    }
    Ok(cards)
}

/// The card of the current scorer for the scores of a submission.
pub(super) fn new_card(
    submission: Uuid,
    edition: &str,
    scores: &Scores,
    at: Instant,
) -> Result<scorecard::ActiveModel> {
    Ok(scorecard::ActiveModel {
        id: NotSet,
        submission_id: Set(submission),
        benchmark_version: Set(edition.to_owned()),
        scorer_version: Set(CURRENT),
        overall: Set(scores.overall),
        card: Set(to_json(&scores.card)?),
        final_overall: Set(scores.final_overall),
        final_card: Set(scores.final_card.as_ref().map(to_json).transpose()?),
        created_at: Set(at),
    })
}

/// Copies scores from the cards of an edition to the submissions' rows, where boards look for each
/// team's best.
pub(super) async fn copy_scores(
    db: &impl ConnectionTrait,
    submissions: &[Uuid],
    edition: &str,
) -> Result<()> {
    for some in submissions.chunks(AT_ONCE) {
        let own = submission::Column::Id.is_in(some.iter().copied());
        copying(edition).filter(own).exec(db).await?;
    }
    Ok(())
}

/// Copies the scores of an edition to all submissions of some phases, when it comes into force. A
/// submission without a scorecard in it has no score.
pub async fn copy_all_scores(
    db: &impl ConnectionTrait,
    phases: &[i32],
    edition: &str,
) -> Result<()> {
    let own = submission::Column::PhaseId.is_in(phases.iter().copied());
    let scored = submission::Column::State.eq(State::Scored);
    copying(edition).filter(own).filter(scored).exec(db).await?;
    Ok(())
}

/// An update of submissions with the scores of their newest card of an edition that this program
/// understands.
fn copying(edition: &str) -> UpdateMany<submission::Entity> {
    let copied = |column: Column| {
        let of_card = Query::select()
            .column((Entity, column))
            .from(Entity)
            .and_where(
                Expr::col((Entity, Column::SubmissionId))
                    .equals((submission::Entity, submission::Column::Id)),
            )
            .and_where(Column::BenchmarkVersion.eq(edition))
            .and_where(Column::ScorerVersion.lte(CURRENT))
            .order_by((Entity, Column::ScorerVersion), Order::Desc)
            .limit(1)
            .take();
        SimpleExpr::SubQuery(None, Box::new(of_card.into()))
    };
    submission::Entity::update_many()
        .col_expr(submission::Column::Score, copied(Column::Overall))
        .col_expr(submission::Column::FinalScore, copied(Column::FinalOverall))
        .col_expr(submission::Column::ScoredAgainst, Expr::value(edition))
}

/// The newest scorer version of all stored cards, if it is newer than this program's.
pub async fn newer_scorer(db: &impl ConnectionTrait) -> Result<Option<i32>> {
    let newest = Entity::find()
        .select_only()
        .column_as(Column::ScorerVersion.max(), "newest")
        .filter(Column::ScorerVersion.gt(CURRENT));
    let newest: Option<Option<i32>> = newest.into_tuple().one(db).await?;
    Ok(newest.flatten())
}

/// Advice for the operator of the server, if not all scorecards come from the current scorer.
pub async fn advice_on_cards(db: &impl ConnectionTrait) -> Result<Option<String>> {
    if let Some(newer) = newer_scorer(db).await? {
        return Ok(Some(format!(
            "some scorecards come from scorer {newer}, which this release does not know; boards \
             show older scorecards where they exist"
        )));
    }
    let current = Query::select()
        .expr(Expr::value(1))
        .from_as(Entity, "current")
        .and_where(
            Expr::col(("current", Column::SubmissionId))
                .eq(Expr::col((Entity, Column::SubmissionId))),
        )
        .and_where(Expr::col(("current", Column::ScorerVersion)).eq(CURRENT))
        .take();
    let older = Entity::find()
        .filter(Column::ScorerVersion.lt(CURRENT))
        .filter(Expr::exists(current).not())
        .one(db)
        .await?;
    Ok(older.map(|_| {
        "some scorecards come from an older scorer, and boards still show them; run `fashion-iq \
         scorecards rebuild`"
            .to_owned()
    }))
}
