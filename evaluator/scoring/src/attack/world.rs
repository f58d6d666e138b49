//! Drawn targets, and where a model ranks them.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::Sizes;

/// How many items a list has, and where its two cut-offs are.
pub(super) const CUT_OFFS: [u32; 2] = [10, 50];

/// A part of a list whose items are never targets: the model ranks them last.
const FILLER: u32 = u32::MAX - CUT_OFFS[1];

/// No part of a list.
pub(super) const NOTHING: (u32, u32) = (FILLER, 0);

/// The law of the ranks that a model gives to targets: the log-odds of a rank of at most k grow with the
/// logarithm of k, through the two recalls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Law {
    offset: f64,
    slope: f64,
}

/// A list of items of one query, as parts of the model's ranking: the first rank and the length of each.
#[derive(Debug, Clone, Copy)]
pub(super) struct List(pub(super) [(u32, u32); 5]);

/// The rank that the model gives to the target of each query, by group.
pub(super) struct World {
    pub(super) ranks: Vec<Vec<u32>>,
}

/// Whether a query's target is among the first 10 and the first 50 of its list.
pub(super) type Hit = [bool; 2];

impl Law {
    pub(super) fn through([ten, fifty]: [f64; 2]) -> Self {
        let odds = |p: f64| (p / (1.0 - p)).ln();
        let log = CUT_OFFS.map(|k| f64::from(k).ln());
        let slope = (odds(fifty) - odds(ten)) / (log[1] - log[0]);
        Self { offset: odds(ten) - slope * log[0], slope }
    }

    /// The probability that a target's rank is at most k.
    fn up_to(self, k: u32) -> f64 {
        if k == 0 {
            0.0
        } else {
            1.0 / (1.0 + (-self.offset - self.slope * f64::from(k).ln()).exp())
        }
    }

    /// The probability that it is in a part of the ranking.
    pub(super) fn of(self, (first, length): (u32, u32)) -> f64 {
        self.up_to(first + length - 1) - self.up_to(first - 1)
    }

    fn draw(self, items: u32, chance: &mut ChaCha8Rng) -> u32 {
        let p: f64 = chance.random_range(1e-9..1.0);
        let rank = (((p / (1.0 - p)).ln() - self.offset) / self.slope).exp().ceil();
        let most = items - CUT_OFFS[1];
        if rank > f64::from(most) { chance.random_range(1..=most) } else { rank.max(1.0) as u32 }
    }
}

impl List {
    /// The model's own first items.
    pub(super) const MODEL: Self = Self([(1, CUT_OFFS[1]), NOTHING, NOTHING, NOTHING, NOTHING]);

    /// Ten items and forty items, each a part of the model's ranking, or filler.
    pub(super) fn of(top: Option<(u32, u32)>, rest: Option<(u32, u32)>) -> Self {
        let filler = |length| (FILLER, length);
        let [ten, fifty] = CUT_OFFS;
        let (top, rest) = (top.unwrap_or(filler(ten)), rest.unwrap_or(filler(fifty - ten)));
        Self([top, rest, NOTHING, NOTHING, NOTHING])
    }

    /// Whether the target at that rank of the model's ranking is found.
    pub(super) fn hit(self, rank: u32) -> Hit {
        let mut before = 0;
        for (first, length) in self.0 {
            if (first..first + length).contains(&rank) {
                return at(before + rank - first);
            }
            before += length;
        }
        [false; 2]
    }
}

/// Whether a target before which so many items are listed is found.
pub(super) fn at(before: u32) -> Hit {
    CUT_OFFS.map(|k| before < k)
}

impl World {
    pub(super) fn draw(sizes: &[Sizes], law: Law, chance: &mut ChaCha8Rng) -> Self {
        let group =
            |size: &Sizes| (0..size.queries).map(|_| law.draw(size.items as u32, chance)).collect();
        Self { ranks: sizes.iter().map(group).collect() }
    }

    /// What a run finds.
    pub(super) fn hits(&self, list: impl Fn(usize, usize) -> List) -> Vec<Vec<Hit>> {
        self.each(|group, query, rank| list(group, query).hit(rank))
    }

    /// The same for each target's rank.
    pub(super) fn each(&self, hit: impl Fn(usize, usize, u32) -> Hit) -> Vec<Vec<Hit>> {
        let of_group = |(g, ranks): (usize, &Vec<u32>)| {
            ranks.iter().enumerate().map(|(q, rank)| hit(g, q, *rank)).collect()
        };
        self.ranks.iter().enumerate().map(of_group).collect()
    }
}
