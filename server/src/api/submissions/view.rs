//! Submissions and scorecards as the API tells them.

use std::collections::BTreeMap;

use poem_openapi::Object;
use poem_openapi::types::Any;
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use crate::ambient::Instant;
use crate::challenges;
use crate::entities::submission::{self, State};
use crate::error::Result;
use crate::submissions::{self, Published};

/// A submission, as its own team sees it.
#[derive(Debug, Object)]
pub struct Submission {
    /// Its id.
    pub id: String,
    /// The phase it was made in.
    pub phase: String,
    /// `received` (waiting), `scored`, `invalid` (see `problems`) or `failed` (our fault; it uses no
    /// limit).
    pub state: String,
    /// What the team calls its method.
    pub method: String,
    /// The instant that counts.
    pub received_at: OffsetDateTime,
    /// When it was scored or found invalid.
    pub finished_at: Option<OffsetDateTime>,
    /// SHA-256 of the upload; hex.
    pub upload_sha256: String,
    /// Length of the upload.
    pub upload_bytes: u64,
    /// Its metrics, once scored.
    pub scorecard: Option<Scorecard>,
    /// All that is wrong with the upload: `total`, exact counts by kind, and the first of each kind.
    pub problems: Option<Any<serde_json::Value>>,
    /// What is odd without being wrong.
    pub warnings: Option<Any<serde_json::Value>>,
    /// Where to ask for it again.
    pub link: String,
}

/// The published metrics of a submission, as fractions in 0..1.
#[derive(Debug, Object)]
pub struct Scorecard {
    /// The mean of Recall@10 and Recall@50 over the categories.
    pub overall: f64,
    /// The metrics by category.
    pub categories: BTreeMap<String, Category>,
}

/// The metrics of one category.
#[derive(Debug, Object)]
pub struct Category {
    /// How many queries it has.
    pub queries: u64,
    /// Recall@10.
    #[oai(rename = "recall@10")]
    pub recall_at_10: f64,
    /// Recall@50.
    #[oai(rename = "recall@50")]
    pub recall_at_50: f64,
    /// MRR@50; only where targets are public.
    #[oai(rename = "mrr@50", skip_serializing_if_is_none)]
    pub mrr_at_50: Option<f64>,
    /// nDCG@10; only where targets are public.
    #[oai(rename = "ndcg@10", skip_serializing_if_is_none)]
    pub ndcg_at_10: Option<f64>,
    /// The median rank, or `>50`; only where targets are public.
    #[oai(skip_serializing_if_is_none)]
    pub median_rank: Option<String>,
}

impl Submission {
    /// A submission as its own team sees it.
    pub async fn of(
        db: &impl ConnectionTrait,
        challenge: &str,
        row: submission::Model,
    ) -> Result<Self> {
        let phase = challenges::phase_by_id(db, row.phase_id).await?;
        let benchmark = challenges::benchmark_by_id(db, phase.benchmark_id).await?;
        let published = submissions::published(db, &row, &benchmark).await?;
        let state = match row.state {
            State::Received => "received",
            State::Scored => "scored",
            State::Invalid => "invalid",
            State::Failed => "failed",
        };
        let list = |text: Option<String>| text.map(|t| submissions::from_json(&t).map(Any));
        Ok(Self {
            id: row.id.to_string(),
            phase: phase.name,
            state: state.to_owned(),
            method: row.method,
            received_at: row.received_at.utc(),
            finished_at: row.finished_at.map(Instant::utc),
            upload_sha256: row.upload_digest,
            upload_bytes: row.upload_bytes as u64,
            scorecard: published.as_ref().map(Scorecard::of),
            problems: list(row.problems).transpose()?,
            warnings: list(row.warnings).transpose()?,
            link: format!("/api/v1/challenges/{challenge}/submissions/{}", row.id),
        })
    }
}

impl Scorecard {
    /// The published part of a scorecard.
    pub fn of(published: &Published) -> Self {
        let category = |group: &scoring::GroupScore| Category {
            queries: group.queries as u64,
            recall_at_10: group.recall_at_10,
            recall_at_50: group.recall_at_50,
            mrr_at_50: published.all.then_some(group.mrr_at_50),
            ndcg_at_10: published.all.then_some(group.ndcg_at_10),
            median_rank: published
                .all
                .then(|| group.median_rank.map_or_else(|| ">50".to_owned(), |r| r.to_string())),
        };
        let groups = &published.card.groups;
        Self {
            overall: published.card.overall,
            categories: groups.iter().map(|g| (g.group.clone(), category(g))).collect(),
        }
    }
}
