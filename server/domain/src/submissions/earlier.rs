//! The scorecards of a submission that don't count: of an earlier scorer, or of a rescoring set that
//! is not in force.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Published;
use super::cards::{CURRENT, card_of};
use crate::ambient::Instant;
use crate::challenges::Viewer;
use crate::entities::rescoring::{self, State};
use crate::entities::{benchmark, phase, scorecard, submission};
use crate::error::Result;

/// A scorecard that doesn't count.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlierCard {
    /// The rescoring set it belongs to; none if it was computed for the targets of the definition.
    pub set: Option<rescoring::Model>,
    /// The version of the scorer.
    pub scorer: i32,
    /// When it was computed.
    pub at: Instant,
    /// The visible part.
    pub published: Published,
}

/// The scorecards of a submission that don't count, the oldest first, as far as a viewer may see
/// them. Only organisers see those of sets that are not applied.
pub async fn earlier_cards(
    db: &impl ConnectionTrait,
    submission: &submission::Model,
    (phase, benchmark): (&phase::Model, &benchmark::Model),
    viewer: Viewer,
    at: Instant,
) -> Result<Vec<EarlierCard>> {
    let seen = phase.seen_at(viewer, benchmark, at)?;
    if seen.shown.is_nothing() {
        return Ok(vec![]);
    }
    let sets = rescoring::Entity::find().filter(rescoring::Column::BenchmarkId.eq(benchmark.id));
    let sets = sets.all(db).await?.into_iter();
    let sets: BTreeMap<String, rescoring::Model> =
        sets.map(|set| (benchmark.with_set(&set).edition(), set)).collect();
    let first = benchmark.without_set().edition();
    let counting = card_of(db, submission.id, &benchmark.edition()).await?;
    let cards = scorecard::Entity::find()
        .filter(scorecard::Column::SubmissionId.eq(submission.id))
        .filter(scorecard::Column::ScorerVersion.lte(CURRENT))
        .order_by_asc(scorecard::Column::Id);
    let mut earlier = Vec::new();
    for row in cards.all(db).await? {
        let set = sets.get(&row.benchmark_version);
        let is_known = set.is_some() || row.benchmark_version == first;
        let may_see =
            viewer == Viewer::Organiser || set.is_none_or(|it| it.state == State::Applied);
        if !is_known || !may_see || counting.as_ref().is_some_and(|it| it.id == row.id) {
            continue;
        }
        earlier.push(EarlierCard {
            set: set.cloned(),
            scorer: row.scorer_version,
            at: row.created_at,
            published: Published::of_row(&row, seen)?,
        });
    }
    Ok(earlier)
}
