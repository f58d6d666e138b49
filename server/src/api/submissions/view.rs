//! Submissions and scorecards as the API returns them.

use std::collections::BTreeMap;

use domain::ambient::Instant;
use domain::challenges::{Details, Located, Viewer};
use domain::database;
use domain::entities::submission;
use domain::submissions::{
    self, Difference, EarlierCard, Published, PublishedGroup, PublishedValue, Repeat, Trace,
};
use poem_openapi::Object;
use poem_openapi::types::Any;
use scoring::statistics::Interval;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::app::App;
use crate::refusal::Result;

/// A submission, as its own team sees it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Submission {
    /// Its id.
    pub id: String,
    /// The phase that it was submitted to.
    pub phase: String,
    /// The state: `received` (waiting), `scored`, `invalid` (see `problems`) or `failed` (our
    /// fault; it uses no limit).
    pub state: String,
    /// The method's name.
    pub method: String,
    /// When it was received, which is the time that counts.
    pub received_at: OffsetDateTime,
    /// When it was scored or found invalid.
    pub finished_at: Option<OffsetDateTime>,
    /// When it was withdrawn from the leaderboard.
    pub withdrawn_at: Option<OffsetDateTime>,
    /// When it was chosen as a final submission.
    pub final_at: Option<OffsetDateTime>,
    /// When the organisers disqualified it.
    pub disqualified_at: Option<OffsetDateTime>,
    /// The organisers' reason.
    pub disqualified_why: Option<String>,
    /// When the organisers hid it.
    pub hidden_at: Option<OffsetDateTime>,
    /// The organisers' reason.
    pub hidden_why: Option<String>,
    /// `true` if it is a trial that does not count.
    pub trial: Option<bool>,
    /// `true` if it is invalid but used no limit, because it is not a submission for this phase at
    /// all, such as one for another split. This applies to the first 20 a day.
    pub uses_no_limit: Option<bool>,
    /// The team's answers to the phase's fields.
    pub details: Option<BTreeMap<String, String>>,
    /// The SHA-256 of the upload, hex.
    pub upload_sha256: String,
    /// The size of the upload in bytes.
    pub upload_bytes: u64,
    /// When the upload was deleted, as the phase's settings say. Scores, ranks and receipts stay.
    pub upload_deleted_at: Option<OffsetDateTime>,
    /// Its scores, once it is scored; only those that the phase shows to the team.
    pub scorecard: Option<Scorecard>,
    /// Everything that is wrong with the upload: `total`, exact counts by kind, and the first of
    /// each kind. If most have the same cause, the cause comes first.
    pub problems: Option<Any<serde_json::Value>>,
    /// Unusual things that are not errors.
    pub warnings: Option<Any<serde_json::Value>>,
    /// The address of the submission.
    pub link: String,
    /// The changes of `method` and `details`, oldest first; only if a single submission is
    /// requested.
    pub edits: Option<Vec<Edited>>,
    /// The scorecards that counted before the organisers corrected targets or the scorer, oldest
    /// first; only if a single submission is requested.
    pub earlier_scorecards: Option<Vec<Earlier>>,
    /// In the response to an upload: the same bytes were uploaded before, and no new submission was
    /// made.
    pub repeat: Option<Repeated>,
}

/// A scorecard that no longer counts.
#[derive(Debug, Object)]
pub struct Earlier {
    /// When it was computed.
    pub at: OffsetDateTime,
    /// The version of the scorer.
    pub scorer: i32,
    /// The number of the rescoring it belongs to; absent for the first scorecards.
    #[oai(skip_serializing_if_is_none)]
    pub rescoring: Option<i32>,
    /// Its scores; only those that the phase shows to the team.
    pub scorecard: Scorecard,
}

/// A change of a submission's method or details.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Edited {
    /// When it was changed.
    pub at: OffsetDateTime,
    /// Who changed it; absent if it was the team's token.
    pub by: Option<String>,
    /// `method`, or a field of the phase.
    pub field: String,
    /// The old value.
    pub before: String,
    /// The new value.
    pub after: String,
}

/// The result of uploading the same bytes again.
#[derive(Debug, Object)]
pub struct Repeated {
    /// What happened, for people.
    pub detail: String,
    /// The fields that were different this time and were not saved.
    pub differs: Vec<Differs>,
}

/// A field that was different in a repeated upload.
#[derive(Debug, Object)]
pub struct Differs {
    /// `method`, or a field of the phase.
    pub field: String,
    /// The value in this upload.
    pub given: String,
    /// The value of the submission.
    pub kept: String,
}

/// The published scores of a submission. Those that a phase does not show are absent.
#[derive(Debug, Object)]
pub struct Scorecard {
    /// The primary measure over all categories, a fraction from 0 to 1.
    #[oai(skip_serializing_if_is_none)]
    pub overall: Option<f64>,
    /// By category: `queries`, the number of its queries, and each measure by its name in
    /// `/measures`. Shares are fractions from 0 to 1; ranks are strings such as `7`, or `>50` if
    /// fewer than half of the queries reach a rank.
    pub categories: BTreeMap<String, BTreeMap<String, Any<serde_json::Value>>>,
    /// The 95 % intervals of these scores, those that have one.
    #[oai(skip_serializing_if_is_none)]
    pub intervals: Option<Intervals>,
}

/// The 95 % intervals of scores; see `docs/significance.md` for how they are computed.
#[derive(Debug, Object)]
pub struct Intervals {
    /// Of the overall score: its lower and its upper end.
    #[oai(skip_serializing_if_is_none)]
    pub overall: Option<[f64; 2]>,
    /// By category and measure: the lower and the upper end.
    pub categories: BTreeMap<String, BTreeMap<String, [f64; 2]>>,
}

impl Submission {
    /// A submission as its own team sees it.
    pub async fn of(app: &App, located: &Located, row: submission::Model) -> Result<Self> {
        let Located { phase, benchmark, .. } = located;
        let (viewer, now) = (Viewer::OwnTeam, app.ambient.now());
        let seen = submissions::published(&app.db, &row, phase, benchmark, viewer, now).await?;
        Self::with_scores(located, row, seen.as_ref())
    }

    /// The same, with the scorecards that no longer count.
    pub async fn with_earlier(
        app: &App,
        located: &Located,
        row: submission::Model,
    ) -> Result<Self> {
        let (phase, now) = ((&located.phase, &located.benchmark), app.ambient.now());
        let viewer = Viewer::OwnTeam;
        let earlier = submissions::earlier_cards(&app.db, &row, phase, viewer, now).await?;
        let earlier: Vec<Earlier> = earlier.iter().map(Earlier::of).collect();
        let earlier_scorecards = Some(earlier).filter(|earlier| !earlier.is_empty());
        Ok(Self { earlier_scorecards, ..Self::of(app, located, row).await? })
    }

    /// The same, with the scores that the team may see.
    pub fn with_scores(
        located: &Located,
        row: submission::Model,
        seen: Option<&Published>,
    ) -> Result<Self> {
        let Located { challenge, phase, .. } = located;
        let details = Details::of_column(&row.details)?;
        let list = |text: Option<String>| text.map(|t| database::from_json(&t).map(Any));
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
            uses_no_limit: row.uses_no_limit.then_some(true),
            details: Some(details.0).filter(|details| !details.is_empty()),
            upload_sha256: row.upload_digest,
            upload_bytes: row.upload_bytes as u64,
            upload_deleted_at: row.upload_deleted_at.map(Instant::utc),
            scorecard: seen.map(Scorecard::of),
            problems: list(row.problems).transpose()?,
            warnings: list(row.warnings).transpose()?,
            link: format!("/api/v1/challenges/{}/submissions/{}", challenge.name, row.id),
            edits: None,
            earlier_scorecards: None,
            repeat: None,
        })
    }

    /// The same, with its changes.
    pub async fn with_edits(self, app: &App, id: Uuid) -> Result<Self> {
        let edits = submissions::edits_of(&app.db, id).await?;
        let edits: Vec<Edited> = edits.into_iter().map(Edited::of).collect();
        Ok(Self { edits: Some(edits).filter(|edits| !edits.is_empty()), ..self })
    }
}

impl Earlier {
    fn of(card: &EarlierCard) -> Self {
        Self {
            at: card.at.utc(),
            scorer: card.scorer,
            rescoring: card.set.as_ref().map(|set| set.id),
            scorecard: Scorecard::of(&card.published),
        }
    }
}

impl Edited {
    fn of(trace: Trace) -> Self {
        let Trace { row, by } = trace;
        let (field, before, after) = (row.field, row.before, row.after);
        Self { at: row.at.utc(), by, field, before, after }
    }
}

impl Repeated {
    /// What is returned for a repeated upload.
    pub fn of(repeat: Repeat, row: &submission::Model) -> Self {
        let detail = repeat.sentence(row);
        let differs = |it: Difference| Differs { field: it.field, given: it.given, kept: it.kept };
        Self { detail, differs: repeat.differs.into_iter().map(differs).collect() }
    }
}

impl Scorecard {
    /// The published part of a scorecard.
    pub fn of(published: &Published) -> Self {
        let category = |group: PublishedGroup<'_>| {
            let values = group.to_json().into_iter().map(|(name, value)| (name, Any(value)));
            (group.name.to_owned(), values.collect())
        };
        Self {
            overall: published.overall(),
            categories: published.groups().map(category).collect(),
            intervals: Intervals::of(published),
        }
    }
}

impl Intervals {
    fn of(published: &Published) -> Option<Self> {
        let ends = |interval: Interval| [interval.low, interval.high];
        let category = |group: PublishedGroup<'_>| {
            let own =
                |value: PublishedValue| Some((value.measure.to_string(), ends(value.interval?)));
            let own: BTreeMap<_, _> = group.values.into_iter().filter_map(own).collect();
            (!own.is_empty()).then(|| (group.name.to_owned(), own))
        };
        let overall = published.interval().map(ends);
        let categories: BTreeMap<_, _> = published.groups().filter_map(category).collect();
        (overall.is_some() || !categories.is_empty()).then_some(Self { overall, categories })
    }
}
