//! The part of a scorecard that leaves the server.

use scoring::{GroupScore, Scorecard};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::from_json;
use crate::ambient::Instant;
use crate::challenges::{Metric, Shown, Viewer};
use crate::entities::{benchmark, phase, scorecard, submission};
use crate::error::Result;

/// The part of a scorecard that somebody may see. The rest of it can't be reached from here.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    card: Scorecard,
    shown: Shown,
}

/// The part of one group's scores that somebody may see, as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublishedGroup<'a> {
    /// `dress`, `shirt`, `toptee`.
    pub name: &'a str,
    /// How many queries it has.
    pub queries: usize,
    /// Recall@10.
    pub recall_at_10: Option<f64>,
    /// Recall@50.
    pub recall_at_50: Option<f64>,
    /// MRR@50.
    pub mrr_at_50: Option<f64>,
    /// nDCG@10.
    pub ndcg_at_10: Option<f64>,
    /// The median rank; within it none where fewer than half of the targets are found.
    pub median_rank: Option<Option<u32>>,
}

/// The part of a submission's scorecard that somebody may see at an instant, if it has a scorecard and there is
/// such a part.
pub async fn published(
    db: &impl ConnectionTrait,
    submission: &submission::Model,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    viewer: Viewer,
    at: Instant,
) -> Result<Option<Published>> {
    let shown = phase.shown_at(viewer, benchmark.targets, at)?;
    if shown.is_nothing() {
        return Ok(None);
    }
    let row = scorecard::Entity::find()
        .filter(scorecard::Column::SubmissionId.eq(submission.id))
        .filter(scorecard::Column::BenchmarkVersion.eq(&benchmark.version))
        .filter(scorecard::Column::ScorerVersion.eq(scoring::SCORER_VERSION as i32))
        .one(db)
        .await?;
    row.map(|row| Published::of_card(&row.card, shown)).transpose()
}

impl Published {
    /// The shown part of a scorecard as it is stored.
    pub fn of_card(card: &str, shown: Shown) -> Result<Self> {
        Ok(Self { card: from_json(card)?, shown })
    }

    /// Which metrics it tells.
    pub fn shown(&self) -> Shown {
        self.shown
    }

    /// The mean of Recall@10 and Recall@50 over the groups.
    pub fn overall(&self) -> Option<f64> {
        self.shown.has(Metric::Overall).then_some(self.card.overall)
    }

    /// The scores of each group, in the benchmark's order.
    pub fn groups(&self) -> impl Iterator<Item = PublishedGroup<'_>> {
        self.card.groups.iter().map(|group| self.group(group))
    }

    fn group<'a>(&self, group: &'a GroupScore) -> PublishedGroup<'a> {
        let has = |metric| self.shown.has(metric);
        PublishedGroup {
            name: &group.group,
            queries: group.queries,
            recall_at_10: has(Metric::RecallAt10).then_some(group.recall_at_10),
            recall_at_50: has(Metric::RecallAt50).then_some(group.recall_at_50),
            mrr_at_50: has(Metric::MrrAt50).then_some(group.mrr_at_50),
            ndcg_at_10: has(Metric::NdcgAt10).then_some(group.ndcg_at_10),
            median_rank: has(Metric::MedianRank).then_some(group.median_rank),
        }
    }
}
