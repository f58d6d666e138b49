//! The Ladder: a board that shows only improvements that are large enough.

use std::fmt;

use crate::measures::Judgements;
use crate::{Measure, Ranks};

/// The Ladder (A. Blum and M. Hardt, "The Ladder: A Reliable Leaderboard for Machine Learning
/// Competitions", ICML 2015): a submission changes a team's published score only if it is better than the
/// team's best so far by a margin, and the new score is rounded. So most submissions tell nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ladder {
    /// The margin and the unit of rounding are this step (their figure 1).
    Step(f64),
    /// The margin is the standard error of the mean difference to the best so far, and scores are rounded
    /// to one query (their figure 3). Groups count the same, so each adds its own variance.
    ParameterFree,
}

/// The values of a run's queries under one measure, by group. As secret as [`Ranks`]: its `Debug` prints
/// counts.
#[derive(Clone, PartialEq)]
pub struct QueryValues(Vec<Vec<f64>>);

/// A team's best submission so far, as the Ladder has published it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rung {
    /// The published score.
    pub score: f64,
    values: QueryValues,
}

impl QueryValues {
    /// The values of a run; none if a query has no value.
    pub fn of(ranks: &Ranks, measure: Measure) -> Option<Self> {
        let of_group = |group| {
            let judged = Judgements::of(group);
            judged.iter().map(|query| measure.of_query(&query)).collect()
        };
        Some(Self(ranks.groups().iter().map(of_group).collect::<Option<_>>()?))
    }

    /// Values that were computed elsewhere, by group.
    pub(crate) fn new(groups: Vec<Vec<f64>>) -> Self {
        Self(groups)
    }

    /// The mean over groups of the mean over queries.
    pub fn mean(&self) -> f64 {
        let means = self.0.iter().map(|group| mean(group.iter().copied(), group.len()));
        mean(means, self.0.len())
    }

    fn queries(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// The standard error of the mean difference to other values of the same queries.
    fn standard_error(&self, other: &Self) -> f64 {
        let of_group = |(own, other): (&Vec<f64>, &Vec<f64>)| {
            let differences = || own.iter().zip(other).map(|(a, b)| a - b);
            let n = own.len();
            let centre = mean(differences(), n);
            let squares: f64 = differences().map(|d| (d - centre).powi(2)).sum();
            squares / n.saturating_sub(1).max(1) as f64 / n.max(1) as f64
        };
        let variance: f64 = self.0.iter().zip(&other.0).map(of_group).sum();
        variance.sqrt() / self.0.len().max(1) as f64
    }
}

impl Ladder {
    /// The rung that a submission with these values reaches; none if the published score stays that of
    /// the best so far. A team's first submission always reaches one.
    pub fn climb(self, best: Option<&Rung>, values: QueryValues) -> Option<Rung> {
        let score = values.mean();
        let (margin, unit) = match self {
            Self::Step(step) => (step, step),
            Self::ParameterFree => (
                best.map_or(0.0, |best| values.standard_error(&best.values)),
                1.0 / values.queries().max(1) as f64,
            ),
        };
        let score = climbed(best.map(|best| best.score), score, margin, unit)?;
        Some(Rung { score, values })
    }
}

/// The score that the Ladder with a fixed step publishes for a submission, given the score that its team's
/// best one has there; none if that stays.
pub fn ladder_step(step: f64, best: Option<f64>, score: f64) -> Option<f64> {
    climbed(best, score, step, step)
}

fn climbed(best: Option<f64>, score: f64, margin: f64, unit: f64) -> Option<f64> {
    // A difference that is the margin, but for the last bits of floats, isn't above it.
    if best.is_some_and(|best| score - best <= margin + 1e-12) {
        return None;
    }
    Some(if unit > 0.0 { (score / unit).round() * unit } else { score })
}

impl fmt::Debug for QueryValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QueryValues(of {} queries)", self.queries())
    }
}

fn mean(values: impl Iterator<Item = f64>, count: usize) -> f64 {
    values.sum::<f64>() / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of one group in which so many of 1,000 queries are right, from a position on.
    fn values(from: usize, right: usize) -> QueryValues {
        let hit = |query| f64::from(u8::from((from..from + right).contains(&query)));
        QueryValues::new(vec![(0..1000).map(hit).collect()])
    }

    #[test]
    fn with_a_step_the_board_shows_only_improvements_of_more_than_the_step_and_rounds_them() {
        let ladder = Ladder::Step(0.01);
        let first = ladder.climb(None, values(0, 304)).unwrap();
        assert!((first.score - 0.30).abs() < 1e-12, "{first:?}");
        assert_eq!(ladder.climb(Some(&first), values(0, 200)), None, "worse");
        assert_eq!(ladder.climb(Some(&first), values(0, 310)), None, "better by just the step");
        let second = ladder.climb(Some(&first), values(0, 316)).unwrap();
        assert!((second.score - 0.32).abs() < 1e-12, "{second:?}");
    }

    #[test]
    fn without_parameters_an_improvement_counts_from_one_standard_error_on() {
        let ladder = Ladder::ParameterFree;
        let first = ladder.climb(None, values(0, 300)).unwrap();
        assert!((first.score - 0.3).abs() < 1e-12, "to one query");
        // one more right answer is exactly one standard error
        assert_eq!(ladder.climb(Some(&first), values(0, 301)), None);
        assert!(ladder.climb(Some(&first), values(0, 302)).is_some());
        // the same improvement among many changes is less sure: at 626 changed queries it takes 26
        assert_eq!(ladder.climb(Some(&first), values(300, 302)), None);
        assert_eq!(ladder.climb(Some(&first), values(300, 324)), None);
        assert!(ladder.climb(Some(&first), values(300, 326)).is_some());
    }

    #[test]
    fn groups_count_the_same_whatever_their_size() {
        let two = |few: f64, many: f64| QueryValues::new(vec![vec![few; 10], vec![many; 1000]]);
        let first = Ladder::Step(0.1).climb(None, two(0.0, 0.0)).unwrap();
        let second = Ladder::Step(0.1).climb(Some(&first), two(1.0, 0.0)).unwrap();
        assert!((second.score - 0.5).abs() < 1e-12);
    }

    #[test]
    fn values_of_queries_are_never_printed() {
        let rung = Ladder::ParameterFree.climb(None, values(0, 300)).unwrap();
        assert_eq!(
            format!("{rung:?}"),
            "Rung { score: 0.3, values: QueryValues(of 1000 queries) }"
        );
    }
}
