//! Submissions and scorecards as the API tells them.

use std::collections::BTreeMap;

use poem_openapi::Object;
use poem_openapi::types::Any;
use time::OffsetDateTime;

use crate::ambient::Instant;
use crate::app::App;
use crate::challenges::{Details, Located, Viewer};
use crate::entities::submission;
use crate::error::Result;
use crate::submissions::{self, Published, PublishedGroup};

/// A submission, as its own team sees it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
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
    /// Since when it no longer stands on the board.
    pub withdrawn_at: Option<OffsetDateTime>,
    /// Since when it is one of the team's final runs.
    pub final_at: Option<OffsetDateTime>,
    /// Since when the organisers have disqualified it.
    pub disqualified_at: Option<OffsetDateTime>,
    /// Why they have.
    pub disqualified_why: Option<String>,
    /// Since when the organisers have hidden it.
    pub hidden_at: Option<OffsetDateTime>,
    /// Why they have.
    pub hidden_why: Option<String>,
    /// `true` where it is a trial that does not count.
    pub trial: Option<bool>,
    /// What the team has answered to what the phase asks.
    pub details: Option<BTreeMap<String, String>>,
    /// SHA-256 of the upload; hex.
    pub upload_sha256: String,
    /// Length of the upload.
    pub upload_bytes: u64,
    /// Its metrics, once scored; those that the phase shows to the team.
    pub scorecard: Option<Scorecard>,
    /// All that is wrong with the upload: `total`, exact counts by kind, and the first of each kind.
    pub problems: Option<Any<serde_json::Value>>,
    /// What is odd without being wrong.
    pub warnings: Option<Any<serde_json::Value>>,
    /// Where to ask for it again.
    pub link: String,
}

/// The published metrics of a submission, as fractions in 0..1. Those that a phase does not show are
/// absent.
#[derive(Debug, Object)]
pub struct Scorecard {
    /// The mean of Recall@10 and Recall@50 over the categories.
    #[oai(skip_serializing_if_is_none)]
    pub overall: Option<f64>,
    /// The metrics by category.
    pub categories: BTreeMap<String, Category>,
}

/// The metrics of one category.
#[derive(Debug, Object)]
pub struct Category {
    /// How many queries it has.
    pub queries: u64,
    /// Recall@10.
    #[oai(rename = "recall@10", skip_serializing_if_is_none)]
    pub recall_at_10: Option<f64>,
    /// Recall@50.
    #[oai(rename = "recall@50", skip_serializing_if_is_none)]
    pub recall_at_50: Option<f64>,
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
    pub async fn of(app: &App, located: &Located, row: submission::Model) -> Result<Self> {
        let Located { challenge, phase, benchmark } = located;
        let (viewer, now) = (Viewer::OwnTeam, app.ambient.now());
        let seen = submissions::published(&app.db, &row, phase, benchmark, viewer, now).await?;
        let details = Details::of_column(&row.details)?;
        let list = |text: Option<String>| text.map(|t| submissions::from_json(&t).map(Any));
        Ok(Self {
            id: row.id.to_string(),
            phase: phase.name.clone(),
            state: row.state.name().to_owned(),
            method: row.method,
            received_at: row.received_at.utc(),
            finished_at: row.finished_at.map(Instant::utc),
            withdrawn_at: row.withdrawn_at.map(Instant::utc),
            final_at: row.final_at.map(Instant::utc),
            disqualified_at: row.disqualified_at.map(Instant::utc),
            disqualified_why: row.disqualified_why,
            hidden_at: row.hidden_at.map(Instant::utc),
            hidden_why: row.hidden_why,
            trial: row.trial.then_some(true),
            details: Some(details.0).filter(|details| !details.is_empty()),
            upload_sha256: row.upload_digest,
            upload_bytes: row.upload_bytes as u64,
            scorecard: seen.as_ref().map(Scorecard::of),
            problems: list(row.problems).transpose()?,
            warnings: list(row.warnings).transpose()?,
            link: format!("/api/v1/challenges/{}/submissions/{}", challenge.name, row.id),
        })
    }
}

impl Scorecard {
    /// The published part of a scorecard.
    pub fn of(published: &Published) -> Self {
        let category = |group: PublishedGroup<'_>| {
            let median =
                |rank: Option<u32>| rank.map_or_else(|| ">50".to_owned(), |r| r.to_string());
            let category = Category {
                queries: group.queries as u64,
                recall_at_10: group.recall_at_10,
                recall_at_50: group.recall_at_50,
                mrr_at_50: group.mrr_at_50,
                ndcg_at_10: group.ndcg_at_10,
                median_rank: group.median_rank.map(median),
            };
            (group.name.to_owned(), category)
        };
        Self {
            overall: published.overall(),
            categories: published.groups().map(category).collect(),
        }
    }
}
