//! What a difference between numbers says: intervals, paired tests, rank intervals, and the smallest
//! difference that a benchmark can show.
//!
//! All of it depends on the queries of a run only through counts, so it is computed from counts: the
//! sum of a measure over resampled queries has the law of a multinomial over the values that occur.
//! What is drawn at random is drawn from a seed, and the same seed gives the same digits.

mod binomial;
mod cells;
mod comparison;
mod curve;
mod flip_law;
mod interval;
mod ladder;
mod law;
mod multiple;
mod paired;
mod rank_intervals;
mod resolution;
mod sign_flip;

pub use cells::{Cells, Resampled};
pub use comparison::Comparison;
pub use curve::{DialogCurves, recall_curve};
pub use flip_law::flip_p_value;
pub use interval::{Interval, wilson};
pub use ladder::{Ladder, QueryValues, Rung, ladder_step};
pub use multiple::adjusted;
pub use paired::{Discordant, mcnemar};
pub use rank_intervals::{RankInterval, rank_frequencies, rank_intervals};
pub use resolution::{Design, resolution};
pub use sign_flip::sign_flip;

/// How many resamples an interval is made of.
pub const RESAMPLES: usize = 10_000;

/// The share of repetitions of an experiment in which an interval holds the true value.
pub const CONFIDENCE: f64 = 0.95;
