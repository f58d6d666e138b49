//! What a careful attacker knows about one query's target.

use super::world::{CUT_OFFS, Hit, Law, at};

/// A part of the model's ranking: its first rank and its length.
pub(super) type Part = (u32, u32);

/// Which items a test puts into a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ten, at its top.
    Ten,
    /// Forty, below.
    Forty,
}

/// What is known about a query's target.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The part of the model's ranking that it is in.
    pub(super) fact: Option<Part>,
    /// The parts that were tested and in which it isn't.
    absent: Vec<Part>,
    /// Whether the query is in a pool of each kind, or serves as base.
    pub(super) taken: [bool; 2],
}

impl Known {
    /// The part that is tested next, and how probable it is that the target is in it.
    pub(super) fn next(&self, law: Law, kind: Kind) -> Option<(Part, f64)> {
        let [ten, fifty] = CUT_OFFS;
        let parts = |first, length, count| (0..count).map(move |i| (first + i * length, length));
        let untested = |part: &Part| !self.absent.contains(part);
        let part = match (self.fact, kind) {
            (None, Kind::Ten) => parts(ten + 1, ten, 4).find(untested),
            (None, Kind::Forty) => parts(fifty + 1, fifty - ten, 3).find(untested),
            (Some((first, length)), Kind::Ten) if length > ten => {
                parts(first, ten, length / ten).find(untested)
            }
            (Some(_), _) => None,
        }?;
        let within = self.fact.map_or(1.0, |fact| law.of(fact));
        let absent = self.absent.iter().filter(|part| self.may_be_in(part.0));
        let left = within - absent.map(|part| law.of(*part)).sum::<f64>();
        Some((part, (law.of(part) / left).clamp(0.0, 1.0)))
    }

    /// Takes what a test of a part says.
    pub(super) fn learn(&mut self, part: Part, is_in: bool) {
        match self.fact {
            _ if !is_in => self.absent.push(part),
            Some((_, length)) if length <= part.1 => {}
            _ => self.fact = Some(part),
        }
    }

    /// Whether a list that uses all of this finds a target: it has the part that the target is in, or
    /// else the model's ranking, without the parts in which it isn't. Those are `sure` only if all
    /// queries are scored.
    pub(super) fn hit(&self, rank: u32, sure: bool) -> Hit {
        if !self.may_be_in(rank) {
            return [false; 2];
        }
        let first = self.fact.map_or(1, |(first, _)| first);
        let absent = self.absent.iter().filter(|_| sure || self.fact.is_some());
        let left_out: u32 = absent
            .filter(|part| self.may_be_in(part.0))
            .map(|&(first, length)| rank.saturating_sub(first).min(length))
            .sum();
        at(rank - first - left_out)
    }

    fn may_be_in(&self, rank: u32) -> bool {
        self.fact.is_none_or(|(first, length)| (first..first + length).contains(&rank))
    }
}
