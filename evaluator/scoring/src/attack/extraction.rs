//! An attacker who wants to be certain: group tests of "the target is among these items".
//!
//! Every list is filled with items that are never targets, except for a pool of a few queries, whose lists
//! have a part of the model's ranking in their place. So a score says how many targets of the pool are in
//! these parts. A pool in which there are some is halved, until each is a fact. Where scores are rounded,
//! some more queries are answered such that one more hit changes the published number.

use super::known::{Kind, Known, Part};
use super::policy::{Policy, Shows};
use super::world::{CUT_OFFS, Hit, Law, List, World};

/// How many targets a new pool is expected to hold.
const EXPECTED: f64 = 1.0;
/// The most queries of a pool.
const MOST: usize = 24;

/// Queries with the part that is tested of each, and bounds of how many targets are in these parts.
#[derive(Default)]
struct Pool {
    tests: Vec<(usize, Part)>,
    least: usize,
    most: usize,
}

/// One sequence of tests, of one kind in one group.
struct Slot {
    group: usize,
    kind: Kind,
    /// The published numbers that it changes.
    numbers: Vec<usize>,
    /// By how much each target found changes them.
    weight: f64,
    /// Pools that hold targets and wait to be halved.
    pools: Vec<Pool>,
    base: Base,
}

/// Queries that are answered as the model does, so that one more hit changes a rounded number.
#[derive(Clone, Copy)]
enum Base {
    /// Sought: so many queries don't change the number; so many do, if known.
    Sought { low: usize, high: Option<usize> },
    /// The first so many queries, which have so many hits.
    Found { queries: usize, hits: usize },
}

/// What a slot does in one submission.
enum Turn {
    /// Answers so many queries as the model does.
    Seek(usize),
    /// Tests a pool; the other one has the rest of a pool that was halved, and its bounds.
    Test(Pool, Pool),
    Rest,
}

pub(super) struct Extraction<'w> {
    world: &'w World,
    policy: &'w Policy,
    law: Law,
    /// The probability that a query is scored.
    share: f64,
    known: Vec<Vec<Known>>,
    slots: Vec<Slot>,
}

impl<'w> Extraction<'w> {
    /// An attacker of scores that count so many queries of each group.
    pub(super) fn new(world: &'w World, policy: &'w Policy, law: Law, scored: &[usize]) -> Self {
        let all: usize = world.ranks.iter().map(Vec::len).sum();
        let known = world.ranks.iter().map(|ranks| vec![Known::default(); ranks.len()]);
        Self {
            world,
            policy,
            law,
            share: scored.iter().sum::<usize>() as f64 / all as f64,
            known: known.collect(),
            slots: slots(policy, scored),
        }
    }

    /// Makes one submission and learns from its score, which `score` computes.
    pub(super) fn submit(&mut self, score: impl Fn(&[Vec<Hit>]) -> Vec<f64>) {
        let turns: Vec<Turn> = (0..self.slots.len()).map(|slot| self.turn(slot)).collect();
        let numbers = score(&self.world.hits(self.lists(&turns)));
        let counts = self.counts(&turns, &numbers);
        for (slot, (turn, bounds)) in turns.into_iter().zip(counts).enumerate() {
            match turn {
                Turn::Rest => {}
                Turn::Seek(queries) => {
                    let changed = numbers[self.slots[slot].numbers[0]] > 0.0;
                    self.narrow(slot, queries, changed);
                }
                Turn::Test(pool, rest) => self.learn(slot, pool, rest, bounds),
            }
        }
    }

    /// The queries of which a part with their target is known, by group and position, with that part.
    pub(super) fn facts(&self) -> impl Iterator<Item = (usize, usize, Part)> {
        self.known.iter().enumerate().flat_map(|(group, known)| {
            let fact = move |(query, it): (usize, &Known)| Some((group, query, it.fact?));
            known.iter().enumerate().filter_map(fact)
        })
    }

    /// What lists find that use all that is known.
    pub(super) fn result(&self) -> Vec<Vec<Hit>> {
        let sure = self.share >= 1.0;
        self.world.each(|group, query, rank| self.known[group][query].hit(rank, sure))
    }

    fn turn(&mut self, slot: usize) -> Turn {
        let slot = &mut self.slots[slot];
        let known = &mut self.known[slot.group];
        if let Base::Sought { low, high } = slot.base {
            let between = |high| usize::midpoint(low, high);
            return Turn::Seek(high.map_or((2 * low).clamp(1, known.len()), between));
        }
        if let Some(mut whole) = slot.pools.pop() {
            let half = whole.tests.split_off(whole.tests.len() / 2);
            let pool = Pool {
                least: whole.least.saturating_sub(whole.tests.len()),
                most: whole.most.min(half.len()),
                tests: half,
            };
            return Turn::Test(pool, whole);
        }
        let (kind, law) = (slot.kind, self.law);
        let next = |known: &Known| {
            let free = !known.taken[kind as usize];
            free.then(|| known.next(law, kind)).flatten()
        };
        let all: Vec<Option<(Part, f64)>> = known.iter().map(next).collect();
        let best = all.iter().flatten().map(|(_, p)| *p).fold(0.0, f64::max);
        if best == 0.0 {
            return Turn::Rest;
        }
        let size = ((EXPECTED / best / self.share).round() as usize).clamp(1, MOST);
        let likely = |(query, next): (usize, Option<(Part, f64)>)| {
            next.filter(|(_, p)| *p > 0.8 * best).map(|(part, _)| (query, part))
        };
        let tests: Vec<_> = all.into_iter().enumerate().filter_map(likely).take(size).collect();
        for (query, _) in &tests {
            known[*query].taken[kind as usize] = true;
        }
        Turn::Test(Pool { least: 0, most: tests.len(), tests }, Pool::default())
    }

    /// The list of each query in a submission.
    fn lists(&self, turns: &[Turn]) -> impl Fn(usize, usize) -> List {
        let empty = |ranks: &Vec<u32>| vec![[None; 2]; ranks.len()];
        let mut parts: Vec<Vec<[Option<Part>; 2]>> = self.world.ranks.iter().map(empty).collect();
        for (slot, turn) in self.slots.iter().zip(turns) {
            let parts = &mut parts[slot.group];
            let base = match (slot.base, turn) {
                (_, Turn::Seek(queries)) => *queries,
                (Base::Found { queries, .. }, _) => queries,
                (Base::Sought { .. }, _) => 0,
            };
            parts[..base].fill([Some((1, CUT_OFFS[0])), None]);
            if let Turn::Test(pool, _) = turn {
                for &(query, part) in &pool.tests {
                    parts[query][slot.kind as usize] = Some(part);
                }
            }
        }
        move |group, query| {
            let [top, rest] = parts[group][query];
            List::of(top, rest)
        }
    }

    /// Bounds of the targets that each slot's test found: all counts that give the published numbers.
    fn counts(&self, turns: &[Turn], numbers: &[f64]) -> Vec<(usize, usize)> {
        let mut bounds = vec![(usize::MAX, 0); turns.len()];
        let tested = |slot: usize| match &turns[slot] {
            Turn::Test(pool, _) => pool.tests.len(),
            _ => 0,
        };
        // Slots that share a number are read together.
        let shares =
            |a: usize, b: usize| self.slots[a].numbers.last() == self.slots[b].numbers.last();
        for first in 0..turns.len() {
            if (0..first).any(|earlier| shares(earlier, first)) {
                continue;
            }
            let together: Vec<usize> = (first..turns.len()).filter(|s| shares(first, *s)).collect();
            let mut counts = vec![0; together.len()];
            loop {
                if self.gives(&together, &counts, numbers) {
                    for (&slot, &count) in together.iter().zip(&counts) {
                        let (least, most) = bounds[slot];
                        bounds[slot] = (least.min(count), most.max(count));
                    }
                }
                let more = (0..counts.len()).find(|i| counts[*i] < tested(together[*i]));
                let Some(more) = more else { break };
                counts[..more].fill(0);
                counts[more] += 1;
            }
        }
        bounds
    }

    /// Whether so many targets found by these slots give the published numbers.
    fn gives(&self, slots: &[usize], counts: &[usize], numbers: &[f64]) -> bool {
        let tolerance = self.policy.unit.mul_add(0.5 + 1e-6, 1e-13);
        let numbered = || slots.iter().flat_map(|slot| self.slots[*slot].numbers.iter());
        numbered().all(|number| {
            let part = |(slot, count): (&usize, &usize)| {
                let slot = &self.slots[*slot];
                let base = if let Base::Found { hits, .. } = slot.base { hits } else { 0 };
                let changes = slot.numbers.contains(number);
                if changes { (base + count) as f64 * slot.weight } else { 0.0 }
            };
            let sum: f64 = slots.iter().zip(counts).map(part).sum();
            (sum - numbers[*number]).abs() <= tolerance
        })
    }

    /// Takes whether so many queries, answered as the model does, change the number.
    fn narrow(&mut self, slot: usize, queries: usize, changed: bool) {
        let slot = &mut self.slots[slot];
        let Base::Sought { low, high } = slot.base else { return };
        let (low, high) = if changed { (low, Some(queries)) } else { (queries, high) };
        slot.base = Base::Sought { low, high };
        if high.is_some_and(|high| high <= low + 1) {
            let needed = (self.policy.unit / 2.0 / slot.weight - 1e-6).ceil() as usize;
            slot.base = Base::Found { queries: low, hits: needed.saturating_sub(1) };
            for known in &mut self.known[slot.group][..low] {
                known.taken = [true; 2];
            }
        }
    }

    /// Takes the bounds of a test, and what they say about the rest of a pool that was halved.
    fn learn(&mut self, slot: usize, pool: Pool, rest: Pool, (least, most): (usize, usize)) {
        let least = least.max(pool.least).min(pool.most);
        let most = most.min(pool.most).max(least);
        let rest = Pool {
            least: rest.least.saturating_sub(most),
            most: rest.most.saturating_sub(least).min(rest.tests.len()),
            tests: rest.tests,
        };
        self.keep(slot, rest);
        self.keep(slot, Pool { least, most, ..pool });
    }

    /// Keeps a pool that holds targets; learns from one in which none or all are, and lets one go about
    /// which nothing is known.
    fn keep(&mut self, slot: usize, pool: Pool) {
        let slot = &mut self.slots[slot];
        let known = &mut self.known[slot.group];
        let (none, all) = (pool.most == 0, pool.least >= pool.tests.len());
        if !none && !all && pool.least > 0 {
            slot.pools.push(pool);
            return;
        }
        for (query, part) in pool.tests {
            known[query].taken[slot.kind as usize] = false;
            if none || all {
                known[query].learn(part, all);
            }
        }
    }
}

/// The sequences of tests that a policy allows at once.
fn slots(policy: &Policy, scored: &[usize]) -> Vec<Slot> {
    let groups = scored.len() as f64;
    let slot = |group: usize, kind: Kind| {
        let (numbers, weight) = match (policy.shows, kind) {
            (Shows::Recalls, Kind::Ten) => (vec![2 * group, 2 * group + 1], 1.0),
            (Shows::Recalls, Kind::Forty) => (vec![2 * group + 1], 1.0),
            _ => (vec![0], 1.0 / groups),
        };
        let weight = weight / scored[group] as f64;
        let sought = Base::Sought { low: 0, high: None };
        let found = Base::Found { queries: 0, hits: 0 };
        let base = if policy.unit > weight { sought } else { found };
        Slot { group, kind, numbers, weight, pools: Vec::new(), base }
    };
    let all = 0..scored.len();
    match (policy.shows, policy.unit > 0.0) {
        (Shows::Recalls, false) => {
            all.flat_map(|group| [Kind::Ten, Kind::Forty].map(|kind| slot(group, kind))).collect()
        }
        (Shows::Recalls, true) => all.map(|group| slot(group, Kind::Ten)).collect(),
        // The parts of an exact mean can be told apart where the groups have different denominators.
        (_, false) => {
            let differs = |group: &usize| !scored[..*group].contains(&scored[*group]);
            all.filter(differs).map(|group| slot(group, Kind::Ten)).collect()
        }
        (_, true) => vec![slot(0, Kind::Ten)],
    }
}
