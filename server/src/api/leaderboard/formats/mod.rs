//! Published standings in the formats in which others exchange results. Each file has one format, as
//! a function of [`BoardExport`].

pub(super) mod eee;
pub(super) mod eval_results;
pub(super) mod pwc;
mod yaml;

use std::collections::BTreeMap;

use domain::challenges::{AskedField, AskedKind, OVERALL};
use domain::entities::team::TeamKind;
use domain::error::{Error, Result};
use domain::standings::{Board, Row};
use domain::submissions::ScoreValue;
use scoring::statistics::Interval;
use scoring::{Measure, Task};
use time::OffsetDateTime;

/// What a phase publishes, to be written in another format: the values of the JSON board, and no
/// others.
#[derive(Debug, Clone)]
pub struct BoardExport {
    /// The name of the challenge in URLs.
    pub challenge: String,
    /// Its title.
    pub title: String,
    /// Its task.
    pub task: &'static Task,
    /// The name of the phase.
    pub phase: String,
    /// Its title.
    pub phase_title: String,
    /// The split that is ranked.
    pub split: String,
    /// The protocol, which says which gallery counts.
    pub protocol: String,
    /// The digest of the galleries.
    pub gallery: String,
    /// Who can see the targets.
    pub targets: &'static str,
    /// The address of the board's page.
    pub page: String,
    /// The address of the page from which the data can be downloaded.
    pub data: String,
    /// The rows, best first.
    pub rows: Vec<ExportedRow>,
}

/// The row of a team, for the submission that counts.
#[derive(Debug, Clone)]
pub struct ExportedRow {
    /// The rank, if the team is ranked.
    pub rank: Option<u32>,
    /// The name under which the team is listed.
    pub team: String,
    /// The kind of team.
    pub kind: TeamKind,
    /// The method's name, which can be empty.
    pub method: String,
    /// The team's public answers, by field.
    pub details: BTreeMap<String, String>,
    /// Those that are links, by field.
    pub links: BTreeMap<String, String>,
    /// The id of the submission.
    pub submission: String,
    /// The address of its page.
    pub page: String,
    /// When it was received.
    pub received_at: OffsetDateTime,
    /// How many scored submissions count for the team.
    pub tries: usize,
    /// The published scores, in the order of the board.
    pub scores: Vec<ExportedScore>,
}

/// One published score.
#[derive(Debug, Clone)]
pub struct ExportedScore {
    /// The group; none for the overall score.
    pub group: Option<String>,
    /// The measure.
    pub measure: Measure,
    /// Its value.
    pub value: ScoreValue,
    /// Its published 95 % interval, if it has one.
    pub interval: Option<Interval>,
    /// How many queries it is computed from.
    pub queries: usize,
}

impl BoardExport {
    /// What a board publishes. `base` is the address of the site, without a slash at its end.
    pub fn of(board: &Board, base: &str) -> Result<Self> {
        let Board { challenge, phase, benchmark, .. } = board;
        let asked = phase.asked()?;
        let home = format!("{base}/c/{}", challenge.name);
        let rows = board.standings.rows.iter().map(|row| ExportedRow::of(row, &asked, &home));
        Ok(Self {
            challenge: challenge.name.clone(),
            title: challenge.title.clone(),
            task: benchmark.task()?,
            phase: phase.name.clone(),
            phase_title: phase.title.clone(),
            split: benchmark.split.clone(),
            protocol: benchmark.protocol.clone(),
            gallery: benchmark.gallery_digest.clone(),
            targets: benchmark.targets.name(),
            rows: rows.collect(),
            page: format!("{home}/{}", phase.name),
            data: format!("{home}/{}/take-part", phase.name),
        })
    }

    /// The same with only the row of a submission, if one is named.
    ///
    /// # Errors
    /// The submission is not on the board.
    pub fn only(mut self, submission: Option<&str>) -> Result<Self> {
        if let Some(id) = submission {
            self.rows.retain(|row| row.submission == id);
            if self.rows.is_empty() {
                return Err(Error::not_found("submission", id));
            }
        }
        Ok(self)
    }

    /// The data that is ranked, in words: `Fashion IQ val (original)`.
    fn data_set(&self) -> String {
        format!("{} {} ({})", self.task.title, self.split, self.protocol)
    }
}

impl ExportedRow {
    fn of(row: &Row, asked: &[AskedField], home: &str) -> Self {
        let details = &row.submission.details;
        let links = asked.iter().filter(|field| field.public && field.kind == AskedKind::Link);
        let link =
            |field: &AskedField| Some((field.name.clone(), details.get(&field.name)?.to_owned()));
        Self {
            rank: row.rank,
            team: row.team.name.clone(),
            kind: row.team.kind,
            method: row.submission.method.clone(),
            links: links.filter_map(link).collect(),
            details: details.0.clone(),
            submission: row.submission.id.to_string(),
            page: format!("{home}/submissions/{}", row.submission.id),
            received_at: row.submission.received_at.utc(),
            tries: row.tries,
            scores: ExportedScore::all(row),
        }
    }

    /// The method with its team, as a list of models names it.
    fn model(&self) -> String {
        match self.method.trim() {
            "" => self.team.clone(),
            method => format!("{method} ({})", self.team),
        }
    }
}

impl ExportedScore {
    fn all(row: &Row) -> Vec<Self> {
        let published = &row.metrics;
        let groups: Vec<_> = published.groups().collect();
        let overall = published.overall().map(|overall| Self {
            group: None,
            measure: published.shown().task().primary,
            value: ScoreValue::Share(overall),
            interval: published.interval(),
            queries: groups.iter().map(|group| group.queries).sum(),
        });
        let by_group = groups.into_iter().flat_map(|group| {
            group.values.into_iter().map(move |value| Self {
                group: Some(group.name.to_owned()),
                measure: value.measure,
                value: value.value,
                interval: value.interval,
                queries: group.queries,
            })
        });
        overall.into_iter().chain(by_group).collect()
    }

    /// Its name, as in the CSV: `overall`, `dress recall@10`.
    fn name(&self) -> String {
        match &self.group {
            None => OVERALL.to_owned(),
            Some(group) => format!("{group} {}", self.measure),
        }
    }

    /// Its value as a number; none if it is missing or beyond the end of the rankings.
    fn number(&self) -> Option<f64> {
        match self.value {
            ScoreValue::Share(number) | ScoreValue::Number(number) => Some(number),
            ScoreValue::Rank(rank) => Some(rank as f64),
            ScoreValue::Beyond(_) | ScoreValue::Missing => None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
