//! Families of measures.

use super::{Judged, Number, Values};

/// A family of measures: one way to turn the ranks of a query's targets into a number, for any
/// cut-off.
#[derive(Debug)]
pub struct Family {
    /// Its name in files and URLs, such as `recall`.
    pub name: &'static str,
    /// Its name for people, such as `Recall`.
    pub title: &'static str,
    /// The head of a narrow column, such as `R`.
    pub label: &'static str,
    /// The meaning of its value, in one line without a full stop; `K` is the cut-off.
    pub meaning: &'static str,
    /// Which values it can have.
    pub range: Range,
    /// Which of two values is better.
    pub direction: Direction,
    /// Whether it has a cut-off.
    pub cut_off: CutOff,
    /// Whether it is of dialogs: then it can name a turn, as in `hits@10:3`, and is after the last one
    /// otherwise.
    pub by_turn: bool,
    /// How the values of queries become one.
    pub aggregate: Aggregate,
    /// The value of one query at a cut-off; without a cut-off, that is the largest number.
    pub of_query: fn(&Judged<'_>, usize) -> Value,
}

/// Which values a measure can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// From 0 to 1; shown in percent.
    Share,
    /// A rank: a whole number from 1.
    Rank,
    /// Any number from 0.
    Number,
}

/// Which of two values is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The higher one.
    HigherIsBetter,
    /// The lower one.
    LowerIsBetter,
}

/// Whether the measures of a family look at the first K items only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutOff {
    /// Always: `recall@10`.
    Always,
    /// With one (`mrr@50`) or without (`mrr`).
    Optional,
    /// Never: `median_rank`.
    Never,
}

/// The value of one query.
///
/// Fractions are added exactly, so equal results are equal in any order of queries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A fraction: numerator and denominator, which is never 0.
    Fraction(u64, u64),
    /// A number that is not a fraction, such as a logarithm.
    Real(f64),
    /// None, such as the rank of a target that is not in the ranking.
    Absent,
}

/// How the values of queries become the value of a group, and those of groups the overall value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// The mean over a group's queries; overall the mean over groups, each of which counts the same.
    /// None if some query has no value.
    Mean,
    /// The median over a group's queries, the lower one of two; overall the one over all queries. None
    /// if it falls on a query without a value.
    Median,
}

impl Range {
    /// `0 to 1`, `from 1`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Share => "0 to 1",
            Self::Rank => "from 1",
            Self::Number => "from 0",
        }
    }
}

impl Direction {
    /// `higher` or `lower`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HigherIsBetter => "higher",
            Self::LowerIsBetter => "lower",
        }
    }
}

impl Value {
    /// The value 0, if nothing was found.
    pub const ZERO: Self = Self::Fraction(0, 1);

    /// The nearest float; none if there is no value.
    pub fn to_float(self) -> Option<f64> {
        match self {
            Self::Fraction(over, under) => Some(over as f64 / under as f64),
            Self::Real(number) => Some(number),
            Self::Absent => None,
        }
    }
}

impl Aggregate {
    pub(crate) fn of_group(self, values: &mut Values) -> Option<Number> {
        match self {
            Self::Mean => values.mean(),
            Self::Median => values.median(),
        }
    }

    /// The overall value of groups with these values; `of_groups` are the values of each group.
    pub(crate) fn of_all(
        self,
        groups: Vec<Values>,
        of_groups: &[Option<Number>],
    ) -> Option<Number> {
        match self {
            Self::Mean => {
                let all: Option<Vec<Number>> = of_groups.iter().copied().collect();
                Some(Number::mean(&all?))
            }
            Self::Median => groups.into_iter().reduce(Values::with)?.median(),
        }
    }
}

impl Family {
    /// Its name as its measures are written: `recall@K`, `mrr` or `mrr@K`, `median_rank`, `hits@K or
    /// hits@K:T`.
    pub fn pattern(&self) -> String {
        let name = self.name;
        let pattern = match self.cut_off {
            CutOff::Always => format!("{name}@K"),
            CutOff::Optional => format!("{name} or {name}@K"),
            CutOff::Never => name.to_owned(),
        };
        if self.by_turn { format!("{pattern} or {pattern}:T") } else { pattern }
    }
}
