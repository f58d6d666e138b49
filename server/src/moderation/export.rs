//! A phase's submissions, for its organisers to work with elsewhere. There is no field for a rank or a
//! target, and of a hidden benchmark no metric beyond those that are ever told.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::ambient::Instant;
use crate::challenges::{AskedField, Details, Located, Metric, Shown};
use crate::entities::{scorecard, submission, team};
use crate::error::{Error, Result, rfc3339};
use crate::spreadsheet::harmless;
use crate::submissions::{Published, PublishedGroup};

/// A phase's submissions, in the order in which they came.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// Which metrics are told.
    pub shown: Shown,
    /// What the phase asks for.
    pub asked: Vec<AskedField>,
    /// The submissions.
    pub rows: Vec<Exported>,
}

/// One submission with its team.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The team, under its own name.
    pub team: team::Model,
    /// The submission.
    pub run: submission::Model,
    /// What the team answered to what the phase asks.
    pub details: Details,
    /// What may be told of its metrics, once it is scored.
    pub metrics: Option<Published>,
}

/// A metric of a group.
type Column = fn(&PublishedGroup<'_>) -> Option<f64>;

/// The metrics of a group, in the order of their columns.
const COLUMNS: [(Metric, Column); 5] = [
    (Metric::RecallAt10, |group| group.recall_at_10),
    (Metric::RecallAt50, |group| group.recall_at_50),
    (Metric::MrrAt50, |group| group.mrr_at_50),
    (Metric::NdcgAt10, |group| group.ndcg_at_10),
    (Metric::MedianRank, |group| group.median_rank.flatten().map(f64::from)),
];

/// The columns that every export begins with.
const HEAD: [&str; 17] = [
    "submission",
    "team",
    "kind",
    "method",
    "state",
    "received_at",
    "finished_at",
    "upload_sha256",
    "upload_bytes",
    "trial",
    "withdrawn_at",
    "final_at",
    "disqualified_at",
    "disqualified_why",
    "hidden_at",
    "hidden_why",
    "overall",
];

/// All submissions to a phase.
pub async fn export(db: &impl ConnectionTrait, located: &Located) -> Result<Export> {
    let Located { challenge, phase, benchmark } = located;
    let shown = Shown::at_most(benchmark.targets);
    let of = team::Entity::find().filter(team::Column::ChallengeId.eq(challenge.id));
    let teams = of.all(db).await?.into_iter().map(|team| (team.id, team));
    let teams: BTreeMap<i32, team::Model> = teams.collect();
    let runs = submission::Entity::find()
        .filter(submission::Column::PhaseId.eq(phase.id))
        .order_by_asc(submission::Column::ReceivedAt)
        .order_by_asc(submission::Column::Id);
    let mut rows = Vec::new();
    // Databases take a limited number of parameters in one statement.
    for some in runs.all(db).await?.chunks(500) {
        let cards = scorecard::Entity::find()
            .filter(scorecard::Column::SubmissionId.is_in(some.iter().map(|run| run.id)))
            .filter(scorecard::Column::BenchmarkVersion.eq(&benchmark.version))
            .filter(scorecard::Column::ScorerVersion.eq(scoring::SCORER_VERSION as i32));
        let cards = cards.all(db).await?.into_iter().map(|card| (card.submission_id, card.card));
        let cards: BTreeMap<_, _> = cards.collect();
        for run in some {
            let Some(team) = teams.get(&run.team_id).cloned() else { continue };
            let card = cards.get(&run.id).filter(|_| !shown.is_nothing());
            rows.push(Exported {
                team,
                details: Details::of_column(&run.details)?,
                metrics: card.map(|card| Published::of_card(card, shown)).transpose()?,
                run: run.clone(),
            });
        }
    }
    Ok(Export { shown, asked: phase.asked()?, rows })
}

impl Export {
    /// The submissions as a table. What a spreadsheet would take for a formula has an apostrophe
    /// before it.
    pub fn to_csv(&self) -> Result<Vec<u8>> {
        let failed = |e: csv::Error| Error::internal("write the table", e);
        let scored = self.rows.iter().find_map(|row| row.metrics.as_ref());
        let groups: Vec<&str> =
            scored.map(|card| card.groups().map(|group| group.name).collect()).unwrap_or_default();
        let columns: Vec<_> = COLUMNS.iter().filter(|(it, _)| self.shown.has(*it)).collect();
        let mut head: Vec<String> = HEAD.map(str::to_owned).to_vec();
        for group in &groups {
            head.extend(columns.iter().map(|(metric, _)| format!("{group} {}", metric.name())));
        }
        head.extend(self.asked.iter().map(|field| format!("details.{}", field.name)));
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(&head).map_err(failed)?;
        for row in &self.rows {
            let mut cells = row.cells().to_vec();
            for group in &groups {
                let own = row.metrics.as_ref().and_then(|m| m.groups().find(|g| g.name == *group));
                let value = |of: Column| own.as_ref().and_then(of);
                cells.extend(columns.iter().map(|(_, of)| number(value(*of))));
            }
            let answer = |field: &AskedField| row.details.get(&field.name).unwrap_or_default();
            cells.extend(self.asked.iter().map(|field| harmless(answer(field))));
            table.write_record(&cells).map_err(failed)?;
        }
        table.into_inner().map_err(|e| failed(e.into_error().into()))
    }
}

impl Exported {
    /// The cells below [`HEAD`].
    fn cells(&self) -> [String; 17] {
        let Self { team, run, metrics, .. } = self;
        let at = |at: Option<Instant>| at.map(rfc3339).unwrap_or_default();
        let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
        [
            run.id.to_string(),
            harmless(&team.name),
            team.kind.name().to_owned(),
            harmless(&run.method),
            run.state.name().to_owned(),
            rfc3339(run.received_at),
            at(run.finished_at),
            run.upload_digest.clone(),
            run.upload_bytes.to_string(),
            run.trial.to_string(),
            at(run.withdrawn_at),
            at(run.final_at),
            at(run.disqualified_at),
            text(&run.disqualified_why),
            at(run.hidden_at),
            text(&run.hidden_why),
            number(metrics.as_ref().and_then(Published::overall)),
        ]
    }
}

fn number(metric: Option<f64>) -> String {
    metric.map(|value| value.to_string()).unwrap_or_default()
}
