//! Counts which words of targets go with which words of train's captions.

use std::collections::BTreeMap;

use tch::{Device, Tensor};

use super::collection::Collection;

/// Words in fewer captions than this are ignored.
const SAID_OFTEN: usize = 8;

/// Added to the seen and the expected count, so that few counts have little weight.
const SHRINK: f32 = 3.0;

/// The largest association, in nats.
const MOST: f32 = 3.0;

/// For each word of captions and each word of items, how much more often than expected a target has the
/// second if the captions have the first: ln((seen + s) / (expected + s)), where the expected count is
/// from how often the group's targets have it.
///
/// It is a prior. Layers over the captions' vectors can learn the same and more, but with so few queries
/// they memorise train.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mined {
    /// The words of captions, in order.
    pub(super) said: Vec<String>,
    /// [words of captions, words of items], row by row.
    lifts: Vec<f32>,
}

/// One query that counts: one whose target has words.
struct Example<'a> {
    said: Vec<usize>,
    target: &'a [i64],
    /// How often a target of its group has each word.
    chances: &'a [f32],
}

/// The seen and the expected counts: [words of captions, words of items] each.
struct Counts {
    seen: Vec<f32>,
    expected: Vec<f32>,
    words: usize,
}

impl Mined {
    /// Counts some rows of collections, and sets the associations of each collection's captions; those
    /// of a counted query are from the other queries.
    pub(super) fn of(collections: &mut [Collection], rows: &[Vec<i64>]) -> Self {
        let said = often_said(collections, rows);
        let words = collections.first().map_or(0, |group| group.words as usize);
        let parts = || collections.iter().zip(rows);
        let chances: Vec<Vec<f32>> = parts().map(|(group, rows)| chances(group, rows)).collect();
        let mut counts = Counts::new(said.len(), words);
        for ((group, rows), chances) in parts().zip(&chances) {
            let examples = rows.iter().filter_map(|&row| Example::of(group, row, chances, &said));
            examples.for_each(|example| counts.add(&example));
        }
        let lifts = counts.seen.iter().zip(&counts.expected);
        let lifts = lifts.map(|(&seen, &expected)| lift(seen, expected)).collect();
        let mined = Self { said, lifts };
        for ((group, rows), chances) in collections.iter_mut().zip(rows).zip(&chances) {
            let mut told = mined.told(group);
            for &row in rows {
                if let Some(example) = Example::of(group, row, chances, &mined.said) {
                    counts.tell_without(&example, &mut told[row as usize * words..][..words]);
                }
            }
            group.set_told(&told);
        }
        mined
    }

    /// Creates it from the content of a file.
    pub(super) fn new(said: Vec<String>, lifts: &Tensor) -> Self {
        let lifts = Vec::try_from(lifts.to_device(Device::Cpu).flatten(0, -1)).unwrap_or_default();
        Self { said, lifts }
    }

    /// [words of captions, words of items].
    pub(super) fn lifts(&self, words: i64) -> Tensor {
        Tensor::from_slice(&self.lifts).view([self.said.len() as i64, words])
    }

    /// Sets the associations of a collection's captions.
    pub(super) fn tell(&self, group: &mut Collection) {
        let told = self.told(group);
        group.set_told(&told);
    }

    /// The sums over the words of each query's captions: [queries, words of items].
    fn told(&self, group: &Collection) -> Vec<f32> {
        let words = group.words as usize;
        let mut told = vec![0.0; group.spoken.len() * words];
        for (row, spoken) in told.chunks_mut(words.max(1)).zip(&group.spoken) {
            for said in numbers(spoken, &self.said) {
                let lifts = &self.lifts[said * words..][..words];
                row.iter_mut().zip(lifts).for_each(|(told, lift)| *told += lift);
            }
        }
        told
    }
}

fn lift(seen: f32, expected: f32) -> f32 {
    ((seen + SHRINK) / (expected + SHRINK)).ln().clamp(-MOST, MOST)
}

/// The words that are in enough captions, in order.
fn often_said(collections: &[Collection], rows: &[Vec<i64>]) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for (group, rows) in collections.iter().zip(rows) {
        for &row in rows.iter().filter(|&&row| !group.target(row).is_empty()) {
            for word in &group.spoken[row as usize] {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    counts.retain(|_, count| *count >= SAID_OFTEN);
    counts.into_keys().cloned().collect()
}

fn numbers(spoken: &[String], said: &[String]) -> Vec<usize> {
    spoken.iter().filter_map(|word| said.binary_search(word).ok()).collect()
}

/// How often targets with words have each word.
fn chances(group: &Collection, rows: &[i64]) -> Vec<f32> {
    let mut having = vec![0.0; group.words as usize];
    let mut all = 0.0;
    for target in rows.iter().map(|&row| group.target(row)).filter(|target| !target.is_empty()) {
        all += 1.0;
        for &word in target {
            having[word as usize] += 1.0;
        }
    }
    having.iter().map(|having| having / f32::max(all, 1.0)).collect()
}

impl<'a> Example<'a> {
    fn of(group: &'a Collection, row: i64, chances: &'a [f32], said: &[String]) -> Option<Self> {
        let target = group.target(row);
        let example = || Self { said: numbers(&group.spoken[row as usize], said), target, chances };
        (!target.is_empty()).then(example)
    }
}

impl Counts {
    fn new(said: usize, words: usize) -> Self {
        Self { seen: vec![0.0; said * words], expected: vec![0.0; said * words], words }
    }

    fn add(&mut self, example: &Example<'_>) {
        for &said in &example.said {
            let place = said * self.words;
            let expected = self.expected[place..].iter_mut().zip(example.chances);
            expected.for_each(|(sum, chance)| *sum += chance);
            for &word in example.target {
                self.seen[place + word as usize] += 1.0;
            }
        }
    }

    /// The associations of an example's captions, as if it had not been counted.
    fn tell_without(&self, example: &Example<'_>, told: &mut [f32]) {
        told.fill(0.0);
        let mut own = vec![0.0; self.words];
        for &word in example.target {
            own[word as usize] = 1.0;
        }
        for &said in &example.said {
            let place = said * self.words;
            for (word, told) in told.iter_mut().enumerate() {
                let seen = self.seen[place + word] - own[word];
                let expected = (self.expected[place + word] - example.chances[word]).max(0.0);
                *told += lift(seen, expected);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_more_often_than_expected_is_told_and_nobody_is_told_of_itself() {
        let mut counts = Counts::new(2, 2);
        let example = |target| Example { said: vec![0], target, chances: &[0.5, 0.25] };
        for target in [&[0], &[0], &[0], &[1_i64]] {
            counts.add(&example(target));
        }
        // Of four targets three have word 0, where two are expected, and one word 1, as expected.
        assert_eq!(counts.seen, [3.0, 1.0, 0.0, 0.0]);
        assert_eq!(counts.expected, [2.0, 1.0, 0.0, 0.0]);
        let mut told = vec![9.0; 2];
        counts.tell_without(&example(&[0]), &mut told);
        assert!((told[0] - (5.0_f32 / 4.5).ln()).abs() < 1e-6, "{told:?}");
        assert!((told[1] - (4.0_f32 / 3.75).ln()).abs() < 1e-6, "{told:?}");
    }
}
