//! Exports a phase's submissions for its organisers. There is no field for a rank or a target, and
//! for a hidden benchmark only the scores that may be shown.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::ambient::Instant;
use crate::challenges::{AskedField, Details, Located, Shown, Viewer};
use crate::entities::{submission, team};
use crate::error::{Error, Result, rfc3339};
use crate::spreadsheet::{self, harmless};
use crate::submissions::{Published, ScoreColumns, cards_of};

/// A phase's submissions, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The scores it has.
    pub shown: Shown,
    /// The fields that the phase asks for.
    pub asked: Vec<AskedField>,
    /// The submissions.
    pub rows: Vec<Exported>,
}

/// One submission with its team.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The team, with its own name.
    pub team: team::Model,
    /// The submission.
    pub run: submission::Model,
    /// The team's answers to the phase's fields.
    pub details: Details,
    /// The scores that may be shown, once it is scored.
    pub metrics: Option<Published>,
}

/// The first columns of every export.
const HEAD: [&str; 16] = [
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
];

/// All submissions to a phase.
pub async fn export(db: &impl ConnectionTrait, located: &Located, now: Instant) -> Result<Export> {
    let Located { challenge, phase, benchmark } = located;
    let seen = phase.seen_at(Viewer::Organiser, benchmark, now)?;
    let shown = seen.shown;
    let of = team::Entity::find().filter(team::Column::ChallengeId.eq(challenge.id));
    let teams = of.all(db).await?.into_iter().map(|team| (team.id, team));
    let teams: BTreeMap<i32, team::Model> = teams.collect();
    let runs = submission::Entity::find()
        .filter(submission::Column::PhaseId.eq(phase.id))
        .order_by_asc(submission::Column::ReceivedAt)
        .order_by_asc(submission::Column::Id);
    let mut rows = Vec::new();
    let runs = runs.all(db).await?;
    let cards = cards_of(db, runs.iter().map(|run| run.id), &benchmark.edition()).await?;
    for run in runs {
        let Some(team) = teams.get(&run.team_id).cloned() else { continue };
        let card = cards.get(&run.id).filter(|_| !shown.is_nothing());
        rows.push(Exported {
            team,
            details: Details::of_column(&run.details)?,
            metrics: card.map(|card| Published::of_row(card, seen)).transpose()?,
            run,
        });
    }
    Ok(Export { shown, asked: phase.asked()?, rows })
}

impl Export {
    /// The submissions as CSV. Text that a spreadsheet would read as a formula starts with an
    /// apostrophe.
    pub fn to_csv(&self) -> Result<Vec<u8>> {
        let failed = |e: csv::Error| Error::internal("write the table", e);
        let scored = self.rows.iter().find_map(|row| row.metrics.as_ref());
        let names = |card: &Published| card.groups().map(|group| group.name.to_owned()).collect();
        let groups: Vec<String> = scored.map(names).unwrap_or_default();
        let columns = ScoreColumns { shown: self.shown, groups: &groups };
        let mut head: Vec<String> = HEAD.map(str::to_owned).to_vec();
        head.extend(columns.heads());
        head.extend(self.asked.iter().map(|field| format!("details.{}", field.name)));
        let mut table = spreadsheet::table();
        table.write_record(&head).map_err(failed)?;
        for row in &self.rows {
            let mut cells = row.cells().to_vec();
            cells.extend(columns.cells(row.metrics.as_ref()));
            let answer = |field: &AskedField| row.details.get(&field.name).unwrap_or_default();
            cells.extend(self.asked.iter().map(|field| harmless(answer(field))));
            table.write_record(&cells).map_err(failed)?;
        }
        table.into_inner().map_err(|e| failed(e.into_error().into()))
    }
}

impl Exported {
    /// The cells below [`HEAD`].
    fn cells(&self) -> [String; 16] {
        let Self { team, run, .. } = self;
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
        ]
    }
}
