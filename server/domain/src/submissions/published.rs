//! The part of a scorecard that leaves the server.

use std::collections::BTreeMap;
use std::sync::Arc;

use scoring::measures::{Aggregate, Range};
use scoring::statistics::Interval;
use scoring::{Measure, Score, Scorecard, Task};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::cards::{card_of, cards_of};
use crate::ambient::Instant;
use crate::challenges::{self, Located, OVERALL, Part, Seen, Shown, Viewer};
use crate::database::from_json;
use crate::entities::{benchmark, phase, scorecard, submission};
use crate::error::Result;

/// The part of a scorecard that a viewer may see. The rest can't be accessed from here.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    card: Arc<Scorecard>,
    /// The overall value as it is published.
    overall: f64,
    seen: Seen,
}

/// A scorecard with the version of the scorer that computed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The visible part.
    pub published: Published,
    /// The version of the scorer.
    pub scorer: i32,
}

/// The visible part of one group's scores.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedGroup<'a> {
    /// The name, such as `dress`, `shirt` or `toptee`.
    pub name: &'a str,
    /// How many queries it has.
    pub queries: usize,
    /// The values of the shown measures, in their order.
    pub values: Vec<PublishedValue>,
}

/// One value of a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublishedValue {
    /// The measure.
    pub measure: Measure,
    /// Its value.
    pub value: ScoreValue,
    /// Its 95 % interval, if the card has one.
    pub interval: Option<Interval>,
}

/// A number of a scorecard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScoreValue {
    /// A fraction from 0 to 1.
    Share(f64),
    /// A rank, from 1.
    Rank(u64),
    /// Any other number, from 0.
    Number(f64),
    /// A rank beyond this one, which is the length of the rankings.
    Beyond(u64),
    /// No value: the card is older than this measure, or the measure does not apply.
    Missing,
}

/// The part of a submission's scorecard that a viewer may see at an instant, if any.
pub async fn published(
    db: &impl ConnectionTrait,
    submission: &submission::Model,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    viewer: Viewer,
    at: Instant,
) -> Result<Option<Published>> {
    let scored = scored(db, submission, (phase, benchmark), viewer, at).await?;
    Ok(scored.map(|scored| scored.published))
}

/// The same with the version of the scorer.
pub async fn scored(
    db: &impl ConnectionTrait,
    submission: &submission::Model,
    (phase, benchmark): (&phase::Model, &benchmark::Model),
    viewer: Viewer,
    at: Instant,
) -> Result<Option<Scored>> {
    let seen = phase.seen_at(viewer, benchmark, at)?;
    if seen.shown.is_nothing() {
        return Ok(None);
    }
    let Some(row) = card_of(db, submission.id, &benchmark.edition()).await? else {
        return Ok(None);
    };
    let published = Published::of_row(&row, seen)?;
    Ok(Some(Scored { published, scorer: row.scorer_version }))
}

/// The same as [`published`] for many submissions to these phases, with one statement per phase.
pub async fn published_by_id(
    db: &impl ConnectionTrait,
    submissions: impl Iterator<Item = &submission::Model> + Clone,
    phases: &[Located],
    viewer: Viewer,
    at: Instant,
) -> Result<BTreeMap<Uuid, Published>> {
    let mut published = BTreeMap::new();
    for Located { phase, benchmark, .. } in phases {
        let seen = phase.seen_at(viewer, benchmark, at)?;
        if seen.shown.is_nothing() {
            continue;
        }
        let own = submissions.clone().filter(|submission| submission.phase_id == phase.id);
        let cards = cards_of(db, own.map(|submission| submission.id), &benchmark.edition()).await?;
        for (id, row) in cards {
            published.insert(id, Published::of_row(&row, seen)?);
        }
    }
    Ok(published)
}

impl Published {
    /// The visible part of a stored scorecard.
    pub fn of_row(row: &scorecard::Model, seen: Seen) -> Result<Self> {
        let last = row.final_card.as_ref().filter(|_| seen.revealed);
        let overall = row.final_overall.filter(|_| seen.revealed).unwrap_or(row.overall);
        Ok(Self::of(Arc::new(from_json(last.unwrap_or(&row.card))?), overall, seen))
    }

    /// The visible part of a scorecard whose overall value is published as another one.
    pub(crate) fn of(card: Arc<Scorecard>, overall: f64, seen: Seen) -> Self {
        Self { card, overall, seen }
    }

    /// Which scores it shows.
    pub fn shown(&self) -> Shown {
        self.seen.shown
    }

    /// On which queries its scores are.
    pub fn part(&self) -> Part {
        self.seen.part
    }

    /// The overall value of the primary measure.
    pub fn overall(&self) -> Option<f64> {
        self.shown().has_overall().then_some(self.overall)
    }

    /// The 95 % interval of the overall value, if the card has one.
    pub fn interval(&self) -> Option<Interval> {
        // That of the exact score would tell what the Ladder hides.
        let is_public = self.shown().has_overall() && !self.seen.laddered;
        let shown = self.card.scores.first().filter(|_| is_public);
        shown.and_then(|score| score.interval).map(rounded)
    }

    /// The scores of each group, in the benchmark's order.
    pub fn groups(&self) -> impl Iterator<Item = PublishedGroup<'_>> {
        self.card.groups.iter().enumerate().map(|(at, group)| PublishedGroup {
            name: &group.name,
            queries: group.queries,
            values: self.shown().measures().map(|measure| self.value(measure, at)).collect(),
        })
    }

    fn value(&self, measure: Measure, group: usize) -> PublishedValue {
        let of_group = |score: &Score| score.groups.get(group).copied();
        let found = self.card.score(measure).and_then(of_group);
        let value = match ScoreValue::of(self.shown().task(), measure, found) {
            ScoreValue::Share(share) => ScoreValue::Share(self.seen.share(share)),
            other => other,
        };
        let of_group = |score: &Score| score.group_intervals.get(group).copied();
        let interval = self.card.score(measure).and_then(of_group).map(rounded);
        PublishedValue { measure, value, interval }
    }
}

/// An interval as it leaves the server: its ends are rounded outwards to a tenth of a point. At full precision
/// they would tell how the values of single queries vary, which no published score does.
pub fn rounded(interval: Interval) -> Interval {
    let Interval { low, high } = interval;
    Interval { low: (low * 1000.0).floor() / 1000.0, high: (high * 1000.0).ceil() / 1000.0 }
}

impl Seen {
    /// A fraction as it is seen.
    fn share(self, fraction: f64) -> f64 {
        if self.rounded { challenges::rounded(fraction) } else { fraction }
    }
}

impl PublishedGroup<'_> {
    /// As JSON: `queries`, and each value by its measure's name.
    pub fn to_json(&self) -> BTreeMap<String, serde_json::Value> {
        let value = |own: &PublishedValue| Some((own.measure.to_string(), own.value.to_json()?));
        let queries = ("queries".to_owned(), self.queries.into());
        self.values.iter().filter_map(value).chain([queries]).collect()
    }
}

impl ScoreValue {
    /// A value of a measure of a task; the outer `None` means that the card lacks the measure.
    pub fn of(task: &Task, measure: Measure, value: Option<Option<f64>>) -> Self {
        match (measure.range(), value) {
            (Range::Share, Some(Some(share))) => Self::Share(share),
            (Range::Rank, Some(Some(rank))) => Self::Rank(rank as u64),
            (Range::Number, Some(Some(number))) => Self::Number(number),
            (Range::Rank, Some(None)) => Self::Beyond(task.list_length as u64),
            (Range::Share | Range::Number, Some(None)) | (_, None) => Self::Missing,
        }
    }

    /// As a cell of a table for programs: a fraction or a rank; empty if there is none.
    pub fn to_cell(self) -> String {
        match self {
            Self::Share(share) => share.to_string(),
            Self::Rank(rank) => rank.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Beyond(_) | Self::Missing => String::new(),
        }
    }

    /// In JSON: a fraction as a number, a rank as a string such as `7` or `>50`; none if there is
    /// none.
    pub fn to_json(self) -> Option<serde_json::Value> {
        match self {
            Self::Share(share) => Some(share.into()),
            Self::Number(number) => Some(number.into()),
            Self::Rank(rank) => Some(rank.to_string().into()),
            Self::Beyond(rank) => Some(format!(">{rank}").into()),
            Self::Missing => None,
        }
    }
}

/// The score columns in a table for programs: exactly those that are shown.
#[derive(Debug, Clone, Copy)]
pub struct ScoreColumns<'a> {
    /// Which scores are shown.
    pub shown: Shown,
    /// The names of the benchmark's groups.
    pub groups: &'a [String],
}

impl ScoreColumns<'_> {
    /// The headers of the columns: `overall`, `dress recall@10`, and so on.
    pub fn heads(self) -> Vec<String> {
        let overall = self.shown.has_overall().then(|| OVERALL.to_owned());
        let of = |group| self.shown.measures().map(move |measure| format!("{group} {measure}"));
        overall.into_iter().chain(self.groups.iter().flat_map(of)).collect()
    }

    /// The cells of a row; empty for a submission without a scorecard.
    pub fn cells(self, published: Option<&Published>) -> Vec<String> {
        let overall = published.and_then(Published::overall).map(|overall| overall.to_string());
        let mut cells = Vec::new();
        if self.shown.has_overall() {
            cells.push(overall.unwrap_or_default());
        }
        let groups: Vec<PublishedGroup<'_>> =
            published.map(|published| published.groups().collect()).unwrap_or_default();
        for name in self.groups {
            let own = groups.iter().find(|group| group.name == name);
            let values = own.map(|group| group.values.iter().map(|value| value.value.to_cell()));
            match values {
                Some(values) => cells.extend(values),
                None => cells.extend(self.shown.measures().map(|_| String::new())),
            }
        }
        cells
    }

    /// The headers of the intervals' columns: `overall_low`, `overall_high`, `dress recall@10_low`,
    /// and so on. Scores that never have an interval have no columns.
    pub fn interval_heads(self) -> Vec<String> {
        let overall = self.shown.has_overall().then(|| OVERALL.to_owned());
        let of = |group| self.measures_with_interval().map(move |it| format!("{group} {it}"));
        let names = overall.into_iter().chain(self.groups.iter().flat_map(of));
        names.flat_map(|name| [format!("{name}_low"), format!("{name}_high")]).collect()
    }

    /// The cells of a row below these headers; empty for a score without an interval.
    pub fn interval_cells(self, published: &Published) -> Vec<String> {
        let ends = |interval: Option<Interval>| match interval {
            Some(Interval { low, high }) => [low.to_string(), high.to_string()],
            None => [String::new(), String::new()],
        };
        let overall = self.shown.has_overall().then(|| published.interval());
        let groups: Vec<PublishedGroup<'_>> = published.groups().collect();
        let mut intervals: Vec<Option<Interval>> = overall.into_iter().collect();
        for name in self.groups {
            let own = groups.iter().find(|group| group.name == name);
            for measure in self.measures_with_interval() {
                let value =
                    own.and_then(|group| group.values.iter().find(|it| it.measure == measure));
                intervals.push(value.and_then(|value| value.interval));
            }
        }
        intervals.into_iter().flat_map(ends).collect()
    }

    fn measures_with_interval(self) -> impl Iterator<Item = Measure> {
        let has_interval = |measure: &Measure| measure.family().aggregate == Aggregate::Mean;
        self.shown.measures().filter(has_interval)
    }
}
