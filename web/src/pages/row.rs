//! One row of the standings.

use std::cmp::Ordering;

use time::OffsetDateTime;

use super::{Answer, Column, Interval, Value};
use crate::numbers::{format_count, format_percent};

/// One row of the standings: the best submission of a team, or of a program of the organisers.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose row it is, which also decides whether it has a rank.
    pub entrant: Entrant,
    /// The name shown.
    pub team: String,
    /// The page with more details, such as its submission; absent if nothing is public.
    pub href: Option<String>,
    /// The name of the team's method.
    pub method: Option<String>,
    /// The primary measure over all groups, as a fraction.
    pub overall: f64,
    /// Its 95 % interval, if it is known.
    pub interval: Option<Interval>,
    /// For each group, in the order of the board's groups, the values of the measures that are shown.
    pub groups: Vec<Vec<Value>>,
    /// The team's answers to the phase's questions, in the phase's order.
    pub details: Vec<Answer>,
    /// Whether it matches the visitor's filters; other rows are not shown.
    pub is_wanted: bool,
    /// Whether it is the visitor's own team.
    pub is_own: bool,
    /// Between which ranks it could be if other queries of the same kind had been asked: the 95 %
    /// interval, if it is known.
    pub rank_interval: Option<RankInterval>,
    /// Its place before the reveal, once that is shown beside the revealed one.
    pub earlier: Option<EarlierPlace>,
    /// Scored submissions of this entrant, withdrawn ones included.
    pub tries: u64,
    /// When the best submission was uploaded.
    pub best: OffsetDateTime,
}

/// A place on the board before the reveal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlierPlace {
    /// The rank; none for programs and guests.
    pub rank: Option<u64>,
    /// The primary measure over all groups, as a fraction.
    pub overall: f64,
}

/// Between which ranks a team could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankInterval {
    /// The best rank, from 1.
    pub best: u64,
    /// The worst.
    pub worst: u64,
    /// Whether the team can't be told apart from the first.
    pub with_first: bool,
}

/// Whose row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrant {
    /// A team, with its rank: 1-based, shared by equal scores.
    Team {
        /// 1-based.
        rank: u64,
    },
    /// A reference model of the organisers: marked, never ranked.
    Baseline,
    /// A program that looks at neither query nor picture: marked, never ranked.
    Probe,
    /// A team out of competition: marked, never ranked.
    Guest,
}

impl Row {
    pub(super) fn compare(&self, other: &Self, column: Column) -> Ordering {
        let size = |row: &Self, group, measure| row.value(group, measure).size();
        match column {
            Column::Overall => self.overall.total_cmp(&other.overall),
            Column::Team => self.team.to_lowercase().cmp(&other.team.to_lowercase()),
            Column::Measure { group, measure } => {
                size(self, group, measure).total_cmp(&size(other, group, measure))
            }
            Column::Tries => self.tries.cmp(&other.tries),
            Column::Best => self.best.cmp(&other.best),
        }
    }

    /// The value of a measure on a group, by their indices.
    pub(super) fn value(&self, group: usize, measure: usize) -> Value {
        let value = self.groups.get(group).and_then(|values| values.get(measure));
        value.copied().unwrap_or(Value::Missing)
    }

    /// Its answers in short form: text, and the address of a link.
    pub(super) fn briefly(&self) -> Vec<(String, Option<&str>)> {
        self.details.iter().filter_map(|d| Some((d.brief()?, d.href()))).collect()
    }

    /// Between which ranks it could be, `2–5`; none if it has no other rank.
    pub(super) fn rank_range(&self) -> Option<String> {
        let interval = self.rank_interval.filter(|interval| interval.best < interval.worst)?;
        Some(format!("{}–{}", format_count(interval.best), format_count(interval.worst)))
    }

    /// Whether it can't be told apart from the first.
    pub(super) fn is_with_first(&self) -> bool {
        self.rank_interval.is_some_and(|interval| interval.with_first)
    }

    pub(super) fn class(&self) -> Option<&'static str> {
        match (self.is_own, self.is_with_first()) {
            (true, true) => Some("own tied"),
            (true, false) => Some("own"),
            (false, true) => Some("tied"),
            (false, false) => self.mark().map(|_| "unranked"),
        }
    }

    /// Its label if it is not a ranked team.
    pub(super) fn mark(&self) -> Option<&'static str> {
        match self.entrant {
            Entrant::Team { .. } => None,
            Entrant::Baseline => Some("baseline"),
            Entrant::Probe => Some("probe"),
            Entrant::Guest => Some("out of competition"),
        }
    }

    pub(super) fn rank(&self) -> Option<u64> {
        match self.entrant {
            Entrant::Team { rank } => Some(rank),
            Entrant::Baseline | Entrant::Probe | Entrant::Guest => None,
        }
    }

    pub(super) fn percent(&self) -> String {
        format_percent(self.overall, 2)
    }

    /// Its place before the reveal, `3 · 35.40`; without a rank `35.40`.
    pub(super) fn before(&self) -> Option<String> {
        let EarlierPlace { rank, overall } = self.earlier?;
        let rank = rank.map(|rank| format!("{} · ", format_count(rank))).unwrap_or_default();
        Some(format!("{rank}{}", format_percent(overall, 2)))
    }

    /// How many places it has gained or lost since the reveal, `▴2`; none if it has the same.
    pub(super) fn moved(&self) -> Option<String> {
        let (before, now) = (self.earlier?.rank?, self.rank()?);
        match now.cmp(&before) {
            Ordering::Less => Some(format!("▴{}", before - now)),
            Ordering::Equal => None,
            Ordering::Greater => Some(format!("▾{}", now - before)),
        }
    }

    pub(super) fn tries_text(&self) -> String {
        format_count(self.tries)
    }
}
