//! An attacker who is content with better guesses: random variations, and which of them went with better
//! scores.
//!
//! Each list has two switches, which exchange items that the model finds about equally probable: ranks 6
//! to 10 for 11 to 15 at the top, and 41 to 50 for 51 to 60 at the end. Every submission sets all switches
//! at random. A switch that went with better scores more often than not is more probably right: this is
//! the attack of Blum and Hardt (2015), with items in place of labels. Rounding hardly hinders it, since
//! the sum over all queries varies by far more than the unit.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::policy::{Policy, Shows, query_values};
use super::world::{CUT_OFFS, Hit, Law, List, NOTHING, World};
use crate::statistics::{Ladder, Rung};

/// How many items the switches of a list exchange: the last ones of its top ten for those that follow, and
/// its last ones for those that follow.
#[derive(Clone, Copy)]
pub(super) struct Exchange {
    top: u32,
    end: u32,
}

/// For [`correlated`]: much varies at once.
const WIDE: Exchange = Exchange { top: 5, end: 10 };
/// For [`climbed`]: what comes is nearly as good as what goes.
pub(super) const NARROW: Exchange = Exchange { top: 2, end: 5 };

/// The share of switches that change at once while climbing, at first and at least.
const FIRST: f64 = 0.2;
const LEAST: f64 = 0.005;

/// The settings of a query's switches.
pub(super) type Switches = [bool; 2];

/// Settings of all queries, by group.
type Settings = Vec<Vec<Switches>>;

impl Exchange {
    /// The list of a query with these switches.
    pub(super) fn list(self, [top, end]: Switches) -> List {
        let [ten, fifty] = CUT_OFFS;
        let last = if end { (fifty + 1, self.end) } else { (fifty + 1 - self.end, self.end) };
        let stays = ten - self.top;
        List(if top {
            let next = ten + 1 + self.top;
            let middle = (next, fifty + 1 - self.end - next);
            [(1, stays), (ten + 1, self.top), (stays + 1, self.top), middle, last]
        } else {
            [(1, fifty - self.end), last, NOTHING, NOTHING, NOTHING]
        })
    }

    fn hits(self, world: &World, settings: &Settings) -> Vec<Vec<Hit>> {
        world.hits(|group, query| self.list(settings[group][query]))
    }

    /// How probable it is that a target is in what goes and in what comes, by switch.
    fn odds(self, law: Law) -> [[f64; 2]; 2] {
        let [ten, fifty] = CUT_OFFS;
        [(ten, self.top), (fifty, self.end)]
            .map(|(k, size)| [law.of((k + 1 - size, size)), law.of((k + 1, size))])
    }
}

/// What lists find whose switches are set by how they went with the scores of so many submissions.
pub(super) fn correlated(
    world: &World,
    policy: &Policy,
    law: Law,
    submissions: usize,
    score: impl Fn(&[Vec<Hit>]) -> Vec<f64>,
    chance: &mut ChaCha8Rng,
) -> Vec<Vec<Hit>> {
    let draw = |chance: &mut ChaCha8Rng| -> Settings {
        let group = |ranks: &Vec<u32>| ranks.iter().map(|_| chance.random()).collect();
        world.ranks.iter().map(group).collect()
    };
    let all: Vec<(Settings, Vec<f64>)> = (0..submissions)
        .map(|_| {
            let settings = draw(chance);
            let numbers = score(&WIDE.hits(world, &settings));
            (settings, numbers)
        })
        .collect();
    let count = submissions.max(1) as f64;
    let numbers = all.first().map_or(0, |(_, numbers)| numbers.len());
    let mean = |n: usize| all.iter().map(|(_, numbers)| numbers[n]).sum::<f64>() / count;
    let means: Vec<f64> = (0..numbers).map(mean).collect();
    let variance = |n: usize| {
        all.iter().map(|(_, numbers)| (numbers[n] - means[n]).powi(2)).sum::<f64>() / count
    };
    let variances: Vec<f64> = (0..numbers).map(variance).collect();
    let mut best: Settings =
        world.ranks.iter().map(|ranks| vec![[false; 2]; ranks.len()]).collect();
    for (group, best) in best.iter_mut().enumerate() {
        let size = best.len() as f64;
        for (s, [goes, comes]) in WIDE.odds(law).into_iter().enumerate() {
            let (number, weight) = match policy.shows {
                Shows::Recalls => (2 * group + s, 1.0 / size),
                _ => (0, 0.5 / size / world.ranks.len() as f64),
            };
            for (query, best) in best.iter_mut().enumerate() {
                let sum: f64 = all
                    .iter()
                    .map(|(settings, numbers)| {
                        let sign = if settings[group][query][s] { 0.5 } else { -0.5 };
                        sign * (numbers[number] - means[number])
                    })
                    .sum();
                // The logarithm of how much more probable the scores are if what comes has the target
                // than if what goes has it, with all other switches as noise.
                let likelihood = 2.0 * weight * sum / variances[number].max(f64::MIN_POSITIVE);
                best[s] = comes.ln() - goes.ln() + likelihood > 0.0;
            }
        }
    }
    WIDE.hits(world, &best)
}

/// What lists find that were improved wherever the Ladder showed a better score than before.
pub(super) fn climbed(
    world: &World,
    ladder: Ladder,
    submissions: usize,
    chance: &mut ChaCha8Rng,
) -> Vec<Vec<Hit>> {
    let mut best: Settings =
        world.ranks.iter().map(|ranks| vec![[false; 2]; ranks.len()]).collect();
    let mut rung: Option<Rung> = None;
    // A margin that shrinks with the number of changes is passed most often by few of them, a fixed one by
    // many.
    let less = match ladder {
        Ladder::ParameterFree => 0.95,
        Ladder::Step(_) => 1.0,
    };
    let mut share = FIRST;
    for _ in 0..submissions {
        let mut next = best.clone();
        if rung.is_some() {
            for switch in next.iter_mut().flatten().flatten() {
                *switch ^= chance.random_bool(share);
            }
        }
        match ladder.climb(rung.as_ref(), query_values(&NARROW.hits(world, &next))) {
            Some(higher) => {
                (best, rung) = (next, Some(higher));
                share = (share * 1.5).min(FIRST);
            }
            None => share = (share * less).max(LEAST),
        }
    }
    NARROW.hits(world, &best)
}
