//! Which metrics of a phase who may see.

use std::fmt;

use crate::ambient::Instant;
use crate::entities::benchmark::TargetsAre;
use crate::entities::phase;
use crate::error::{Error, Result};

/// A number that a scorecard holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// The mean of Recall@10 and Recall@50 over the groups; what ranks.
    Overall,
    /// Recall@10 of each group.
    RecallAt10,
    /// Recall@50 of each group.
    RecallAt50,
    /// MRR@50 of each group.
    MrrAt50,
    /// nDCG@10 of each group.
    NdcgAt10,
    /// The median rank of each group.
    MedianRank,
}

impl Metric {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Overall,
        Self::RecallAt10,
        Self::RecallAt50,
        Self::MrrAt50,
        Self::NdcgAt10,
        Self::MedianRank,
    ];

    /// The word in `challenge.toml`, the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::RecallAt10 => "recall@10",
            Self::RecallAt50 => "recall@50",
            Self::MrrAt50 => "mrr@50",
            Self::NdcgAt10 => "ndcg@10",
            Self::MedianRank => "median_rank",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of metrics.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown(u8);

impl Shown {
    /// No metric.
    pub const NOTHING: Self = Self(0);

    /// What may be told at most. Of a hidden benchmark that is what the challenge always told, and
    /// nothing wider: each further bit is a bit a cheater can use.
    pub fn at_most(targets: TargetsAre) -> Self {
        match targets {
            TargetsAre::Hidden => {
                [Metric::Overall, Metric::RecallAt10, Metric::RecallAt50].into_iter().collect()
            }
            TargetsAre::Public => Metric::ALL.into_iter().collect(),
            TargetsAre::None => Self::NOTHING,
        }
    }

    /// Reads the names of metrics, as [`Display`](fmt::Display) writes them.
    pub fn read(names: &str) -> Result<Self> {
        names.split_whitespace().map(Self::named).collect()
    }

    fn named(name: &str) -> Result<Metric> {
        let known = || Metric::ALL.map(Metric::name).join(", ");
        let found = Metric::ALL.into_iter().find(|metric| metric.name() == name);
        found.ok_or_else(|| {
            Error::unusable(format!("there is no metric `{name}`; there are {}", known()))
        })
    }

    /// Whether a metric is among them.
    pub const fn has(self, metric: Metric) -> bool {
        self.0 & metric.bit() != 0
    }

    /// Whether there is none.
    pub const fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// Those that are in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The metrics, in the order in which they are told.
    pub fn iter(self) -> impl Iterator<Item = Metric> {
        Metric::ALL.into_iter().filter(move |metric| self.has(*metric))
    }
}

impl FromIterator<Metric> for Shown {
    fn from_iter<T: IntoIterator<Item = Metric>>(metrics: T) -> Self {
        Self(metrics.into_iter().fold(0, |bits, metric| bits | metric.bit()))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Metric::name).collect();
        f.write_str(&names.join(" "))
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shown({self})")
    }
}

/// Who looks at a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody.
    Public,
    /// The team whose submission it is.
    OwnTeam,
    /// Whoever organises the challenge: all that the targets allow, whatever is shown to others.
    Organiser,
}

impl phase::Model {
    /// Which metrics somebody may see at an instant: from the reveal on all that the targets allow.
    pub fn shown_at(&self, viewer: Viewer, targets: TargetsAre, at: Instant) -> Result<Shown> {
        if self.is_revealed(at) { Ok(Shown::at_most(targets)) } else { self.shown(viewer, targets) }
    }

    /// Which metrics somebody may see before any reveal, whatever was written down: never more than
    /// the targets allow.
    pub fn shown(&self, viewer: Viewer, targets: TargetsAre) -> Result<Shown> {
        let most = Shown::at_most(targets);
        let written = |column: &Option<String>| column.as_deref().map_or(Ok(most), Shown::read);
        let public = written(&self.shown_public)?.and(most);
        match viewer {
            Viewer::Public => Ok(public),
            Viewer::OwnTeam => Ok(written(&self.shown_team)?.and(most).or(public)),
            Viewer::Organiser => Ok(most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_unknown_ones_are_named() {
        for metric in Metric::ALL {
            assert_eq!(Shown::read(metric.name()).unwrap(), [metric].into_iter().collect());
        }
        let all: Shown = Metric::ALL.into_iter().collect();
        assert_eq!(Shown::read(&all.to_string()).unwrap(), all);
        assert_eq!(Shown::read("").unwrap(), Shown::NOTHING);
        assert!(Shown::read("recall@5").unwrap_err().detail.contains("recall@5"));
    }

    #[test]
    fn of_hidden_targets_nothing_wider_than_two_recalls_is_told() {
        let most = Shown::at_most(TargetsAre::Hidden);
        assert_eq!(most.to_string(), "overall recall@10 recall@50");
        assert!(Shown::at_most(TargetsAre::None).is_nothing());
    }
}
