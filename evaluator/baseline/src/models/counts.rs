//! The best models without learning: words, and counts over train's captions.

use std::collections::HashMap;

use dataset::{Group, Query};

use crate::lexical::counts::numbers;
use crate::lexical::worded::{READINGS, Worded};
use crate::lexical::{Background, Described};
use crate::model::{Model, Scorer};

pub(crate) const WORDS: Model = Model {
    name: "words",
    about: "weighted words of attributes and item captions, unwanted words and replaced colours",
    counts: false,
    prepare: |group, described, _| Box::new(ByCounts::new(group, described, Background::default())),
};

pub(crate) const MODEL: Model = Model {
    name: "counts",
    about: "`words`, and counts of what follows from train's captions; nothing is learned",
    counts: true,
    prepare: |group, described, background| {
        let background = background.cloned().unwrap_or_default();
        Box::new(ByCounts::new(group, described, background))
    },
};

/// Weights by hand, chosen on held-out train.
struct Weights {
    /// Of the words that reference and item share.
    like: f32,
    /// Of the words that the captions ask for.
    said: f32,
    /// Of the words that the captions don't want.
    negated: f32,
    /// Of what follows from the captions by counts.
    told: f32,
    /// Of what stays of the reference by counts.
    kept: f32,
    /// Of how ordinary an item is.
    ordinary: f32,
    /// The power of an item's length in both sums.
    length: [f32; 2],
}

const WEIGHTS: Weights = Weights {
    like: 0.16,
    said: 0.16,
    negated: 0.05,
    told: 0.17,
    kept: 0.28,
    ordinary: 0.05,
    length: [0.4, 0.56],
};

/// Sums over the words of items.
struct ByCounts {
    worded: Worded,
    background: Background,
    /// By word: the items that have it.
    having: Vec<Vec<u32>>,
    lengths: Vec<f32>,
    /// What each query says that was counted.
    said: Vec<Vec<usize>>,
    /// By id of a query its number.
    queries: HashMap<String, usize>,
}

impl ByCounts {
    fn new(group: &Group, described: &Described, background: Background) -> Self {
        let worded = Worded::new(group, described, &background.lexicon);
        let mut having = vec![Vec::new(); worded.weights.len()];
        for (item, bag) in (0_u32..).zip(worded.items.iter()) {
            for &word in bag {
                having[word as usize].push(item);
            }
        }
        let lengths = worded.items.iter().map(|bag| worded.length(bag)).collect();
        let places = background.counts.places();
        let said = worded.counted.iter().step_by(READINGS);
        let said = said.map(|said| numbers(&places, said)).collect();
        let ids = group.queries.iter().enumerate();
        let queries = ids.map(|(at, query)| (query.id.clone(), at)).collect();
        Self { worded, background, having, lengths, said, queries }
    }

    /// How much a query wants each word: by matches, and by counts.
    fn wanted(&self, query: usize) -> [Vec<f32>; 2] {
        let (worded, weights) = (&self.worded, &WEIGHTS);
        let reference = worded.references.of(query);
        let associations = self.background.counts.about(&self.said[query], reference);
        let mut matches = vec![0.0; worded.weights.len()];
        let mut told = matches.clone();
        for (&word, kept) in reference.iter().zip(&associations.kept) {
            let word = word as usize;
            told[word] += weights.kept * kept;
            if !(worded.names_colour[READINGS * query] && worded.colours[word]) {
                matches[word] += weights.like * worded.weights[word];
            }
        }
        let said = worded.said.of(READINGS * query);
        for &word in said {
            matches[word as usize] += weights.said * worded.weights[word as usize];
        }
        for &word in worded.negated.of(READINGS * query) {
            matches[word as usize] -= weights.negated * worded.weights[word as usize];
        }
        for (told, association) in told.iter_mut().zip(&associations.told) {
            *told += weights.told * association;
        }
        [matches, told]
    }
}

impl Scorer for ByCounts {
    fn score(&self, query: &Query, scores: &mut [f32]) {
        let Some(&query) = self.queries.get(&query.id) else { return };
        for (wanted, power) in self.wanted(query).iter().zip(WEIGHTS.length) {
            let mut sums = vec![0.0; scores.len()];
            for (word, wanted) in wanted.iter().enumerate().filter(|(_, wanted)| **wanted != 0.0) {
                self.having[word].iter().for_each(|&item| sums[item as usize] += wanted);
            }
            for ((score, sum), length) in scores.iter_mut().zip(&sums).zip(&self.lengths) {
                *score += sum / length.powf(power);
            }
        }
        for (score, ordinary) in scores.iter_mut().zip(&self.worded.ordinary) {
            *score -= WEIGHTS.ordinary * ordinary;
        }
    }
}
