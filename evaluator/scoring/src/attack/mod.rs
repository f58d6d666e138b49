//! What published scores give away: a simulation of teams that submit to learn the targets.
//!
//! The attacker has an ordinary model, and no limits but the number of submissions. Two attacks are made on
//! each [`Policy`]: one finds facts, such as "the target is among these ten items", by group tests; the
//! other guesses, by correlating random variations with scores. Their gain is what the final ranking
//! counts: the mean recall that the attacker's lists have in the end, less that of the model's own lists.
//!
//! On the Ladder only guesses are simulated. An attacker who begins with a bad submission on purpose could
//! find facts there too, since each step up is published.
//!
//! Targets are drawn, so it needs the sizes of groups and galleries alone. Better attacks exist: what is
//! found here is a lower bound of what a policy gives away.

mod extraction;
mod guessing;
mod known;
mod policy;
mod world;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Error, FeedbackShare, Result, ShareKey};
use extraction::Extraction;
pub use policy::Policy;
use policy::{Shows, mean_recall};
use world::{Hit, Law, List, World};

/// How many times each attack is made, on newly drawn targets.
const REPETITIONS: usize = 8;

/// The smallest groups and galleries, and the most queries and submissions.
const LEAST_QUERIES: usize = 20;
const LEAST_ITEMS: usize = 300;
const MOST_QUERIES: usize = 50_000;
const MOST_SUBMISSIONS: usize = 1_000;

/// The size of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// How many queries it has.
    pub queries: usize,
    /// How many items its gallery has.
    pub items: usize,
}

/// An attacker, and the benchmark under attack.
#[derive(Debug, Clone, PartialEq)]
pub struct Attack {
    groups: Vec<Sizes>,
    submissions: usize,
    percent: u8,
    recalls: [f64; 2],
    seed: u64,
}

/// What an attacker gained, in the mean over some repetitions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Of how many queries a part with the target is known; none if that attack isn't simulated on the
    /// policy.
    pub facts: Option<f64>,
    /// What the facts add to the mean recall in the final ranking, as a fraction.
    pub gain_of_facts: Option<f64>,
    /// What guesses add to it.
    pub gain_of_guesses: f64,
}

impl Outcome {
    /// What the better of both attacks adds; 0 if neither adds anything.
    pub fn most(&self) -> f64 {
        self.gain_of_guesses.max(self.gain_of_facts.unwrap_or_default()).max(0.0)
    }
}

impl Attack {
    /// An attack with so many submissions on a benchmark of these groups, by an attacker whose model has
    /// this Recall@10 and Recall@50, as fractions. `percent` is the size of a feedback share.
    ///
    /// # Errors
    /// The numbers are outside what can be simulated; the sentence says which.
    pub fn new(
        groups: Vec<Sizes>,
        submissions: usize,
        percent: u8,
        recalls: [f64; 2],
        seed: u64,
    ) -> Result<Self> {
        let queries: usize = groups.iter().map(|group| group.queries).sum();
        let small = |group: &Sizes| group.queries < LEAST_QUERIES || group.items < LEAST_ITEMS;
        if groups.is_empty() || groups.iter().any(small) {
            return Err(Error::small_for_attack(LEAST_QUERIES, LEAST_ITEMS));
        }
        if queries > MOST_QUERIES {
            return Err(Error::large_for_attack("queries", queries, MOST_QUERIES));
        }
        if submissions == 0 || submissions > MOST_SUBMISSIONS {
            return Err(Error::large_for_attack("submissions", submissions, MOST_SUBMISSIONS));
        }
        let [ten, fifty] = recalls;
        if !(0.0 < ten && ten < fifty && fifty < 1.0) {
            return Err(Error::no_model_recalls());
        }
        if !(1..=99).contains(&percent) {
            return Err(Error::share_percent(percent));
        }
        Ok(Self { groups, submissions, percent, recalls, seed })
    }

    /// What the attacker gains from a policy.
    pub fn on(&self, policy: &Policy) -> Outcome {
        let mut chance = ChaCha8Rng::seed_from_u64(self.seed);
        let all: Vec<Outcome> = (0..REPETITIONS).map(|_| self.once(policy, &mut chance)).collect();
        let mean = |value: fn(&Outcome) -> Option<f64>| -> Option<f64> {
            let sum: f64 = all.iter().map(value).sum::<Option<f64>>()?;
            Some(sum / REPETITIONS as f64)
        };
        Outcome {
            facts: mean(|it| it.facts),
            gain_of_facts: mean(|it| it.gain_of_facts),
            gain_of_guesses: mean(|it| Some(it.gain_of_guesses)).unwrap_or_default(),
        }
    }

    fn once(&self, policy: &Policy, chance: &mut ChaCha8Rng) -> Outcome {
        let law = Law::through(self.recalls);
        let world = World::draw(&self.groups, law, chance);
        let parts = Parts::draw(self, policy, chance);
        let model = world.hits(|_, _| List::MODEL);
        let counted = |hits: &[Vec<Hit>]| mean_recall(&parts.counted(hits));
        let gain = |hits: &[Vec<Hit>]| counted(hits) - counted(&model);
        let score = |hits: &[Vec<Hit>]| policy.publish(&parts.scored(hits));
        if let Shows::Ladder(ladder) = policy.shows {
            let result = guessing::climbed(&world, ladder, self.submissions, chance);
            return Outcome { facts: None, gain_of_facts: None, gain_of_guesses: gain(&result) };
        }
        let scored: Vec<usize> = parts.scored(&model).iter().map(Vec::len).collect();
        let mut extraction = Extraction::new(&world, policy, law, &scored);
        for _ in 0..self.submissions {
            extraction.submit(score);
        }
        let guesses = guessing::correlated(&world, policy, law, self.submissions, score, chance);
        Outcome {
            facts: Some(extraction.facts().count() as f64),
            gain_of_facts: Some(gain(&extraction.result())),
            gain_of_guesses: gain(&guesses),
        }
    }
}

/// Which queries are scored before the reveal, and which count in the final ranking: all of them, unless
/// there is a feedback share.
struct Parts(Option<FeedbackShare>);

impl Parts {
    fn draw(attack: &Attack, policy: &Policy, chance: &mut ChaCha8Rng) -> Self {
        let key = ShareKey::from_bytes(chance.random());
        let names: Vec<String> = (0..attack.groups.len()).map(|group| group.to_string()).collect();
        let groups = names.iter().zip(&attack.groups);
        let groups = groups.map(|(name, group)| (name.as_str(), group.queries));
        let share = FeedbackShare::select(&key, attack.percent, groups);
        Self(share.ok().filter(|_| policy.of_share))
    }

    fn scored(&self, hits: &[Vec<Hit>]) -> Vec<Vec<Hit>> {
        self.part(hits, true)
    }

    fn counted(&self, hits: &[Vec<Hit>]) -> Vec<Vec<Hit>> {
        self.part(hits, false)
    }

    fn part(&self, hits: &[Vec<Hit>], in_share: bool) -> Vec<Vec<Hit>> {
        let Some(share) = &self.0 else { return hits.to_vec() };
        let of_group = |(group, hits): (usize, &Vec<Hit>)| {
            let queries = hits.iter().enumerate();
            let kept = queries.filter(|(query, _)| share.holds(group, *query) == in_share);
            kept.map(|(_, hit)| *hit).collect()
        };
        hits.iter().enumerate().map(of_group).collect()
    }
}

#[cfg(test)]
mod tests;
