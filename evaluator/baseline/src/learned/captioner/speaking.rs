//! Says captions, and plays the user of dialogs.

use dialog::{Seen, Simulator, found};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tch::{Kind, Tensor, no_grad};

use super::pairs::{END, LONGEST, Wardrobe};
use super::training::Captioner;

/// The temperature of what is said in dialogs, where the same caption again would say nothing new.
const TEMPERATURE: f64 = 0.7;

/// How many captions are said at once.
const TOGETHER: usize = 256;

/// How words are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Choice {
    /// The most likely one.
    Greedy,
    /// Drawn by its probability, at a temperature.
    Sampled(f64),
}

/// A captioner as the user of dialogs about the items of a group.
pub struct Speaker<'a> {
    captioner: &'a Captioner,
    wardrobe: Wardrobe,
    /// What the items are called.
    group: String,
}

impl Captioner {
    /// The captions of pairs of target and shown item, each with the seed of its words.
    pub(super) fn say(
        &self,
        wardrobe: &Wardrobe,
        pairs: &[(u32, u32)],
        seeds: &[u64],
        choice: Choice,
    ) -> Vec<String> {
        let batches = pairs.chunks(TOGETHER).zip(seeds.chunks(TOGETHER));
        no_grad(|| {
            batches
                .flat_map(|(pairs, seeds)| self.say_batch(wardrobe, pairs, seeds, choice))
                .collect()
        })
    }

    fn say_batch(
        &self,
        wardrobe: &Wardrobe,
        pairs: &[(u32, u32)],
        seeds: &[u64],
        choice: Choice,
    ) -> Vec<String> {
        let mut chances: Vec<ChaCha8Rng> =
            seeds.iter().map(|&seed| ChaCha8Rng::seed_from_u64(seed)).collect();
        let (scene, mut memory) = self.network.look(&wardrobe.pairs(pairs, &self.speech), false);
        let mut said = vec![Vec::new(); pairs.len()];
        let mut words = Tensor::full([pairs.len() as i64], END, (Kind::Int64, self.device()));
        for _ in 0..LONGEST {
            let (logits, after) = self.network.next(&scene, &memory, &words, false);
            memory = after;
            words = match choice {
                Choice::Greedy => logits.argmax(1, false),
                Choice::Sampled(temperature) => sample(&(logits / temperature), &mut chances),
            };
            let numbers = Vec::<i64>::try_from(&words).unwrap_or_default();
            said.iter_mut()
                .zip(&numbers)
                .for_each(|(own, &number): (&mut Vec<i64>, _)| own.push(number));
            if said.iter().all(|own| own.contains(&END)) {
                break;
            }
        }
        said.iter().map(|own| self.speech.text(own)).collect()
    }
}

/// A word of each row, drawn by its probability.
fn sample(logits: &Tensor, chances: &mut [ChaCha8Rng]) -> Tensor {
    let sums = logits.softmax(1, Kind::Float).cumsum(1, Kind::Float);
    let shares: Vec<f32> = chances.iter_mut().map(RngExt::random).collect();
    let shares = Tensor::from_slice(&shares).view([-1, 1]).to_device(logits.device());
    let place = sums.le_tensor(&shares).sum_dim_intlist([1].as_slice(), false, Kind::Int64);
    place.clamp_max(logits.size()[1] - 1)
}

impl<'a> Speaker<'a> {
    /// A user who sees the items of a wardrobe.
    pub(super) fn new(captioner: &'a Captioner, wardrobe: Wardrobe, group: &str) -> Self {
        Self { captioner, wardrobe, group: group.to_owned() }
    }

    /// What it says about pairs of target and shown item, which depends on nothing else.
    pub fn describe(&self, pairs: &[(u32, u32)], choice: Choice) -> Vec<String> {
        let seeds: Vec<u64> = (0..pairs.len() as u64).collect();
        self.captioner.say(&self.wardrobe, pairs, &seeds, choice)
    }
}

impl Simulator for Speaker<'_> {
    fn caption(&self, seen: &Seen<'_>) -> String {
        self.captions(std::slice::from_ref(seen)).concat()
    }

    fn captions(&self, all: &[Seen<'_>]) -> Vec<String> {
        let pairs: Vec<(u32, u32)> = all.iter().map(|seen| (seen.target, seen.shown)).collect();
        let turn = |seen: &Seen<'_>| seen.seed.wrapping_add(u64::from(seen.turn) << 32);
        let seeds: Vec<u64> = all.iter().map(turn).collect();
        let said = self.captioner.say(&self.wardrobe, &pairs, &seeds, Choice::Sampled(TEMPERATURE));
        let or_found = |(said, seen): (String, &Seen<'_>)| match seen.shown == seen.target {
            true => found(&self.group),
            false if said.is_empty() => "is different".to_owned(),
            false => said,
        };
        said.into_iter().zip(all).map(or_found).collect()
    }
}
