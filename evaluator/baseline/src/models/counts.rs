//! The best model without learning: words, and counts over train's captions.

use std::collections::HashMap;

use dataset::{Group, Query};

use crate::lexical::counts::numbers;
use crate::lexical::worded::{READINGS, Worded};
use crate::lexical::{Background, Described};
use crate::model::{Model, Scorer};

pub(crate) const MODEL: Model = Model {
    name: "counts",
    about: "weighted words, unwanted words, replaced colours and counts over train's captions; nothing is learned",
    counts: true,
    prepare: |group, described, background| {
        let background = background.cloned().unwrap_or_default();
        Box::new(ByCounts::new(group, described, background, WEIGHTS))
    },
};

/// Weights by hand, chosen on held-out train.
#[derive(Debug, Clone, Copy)]
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
    like: 1.0,
    said: 0.6,
    negated: 0.0,
    told: 0.17,
    kept: 0.28,
    ordinary: 0.05,
    length: [0.4, 0.56],
};

/// Sums over the words of items.
struct ByCounts {
    worded: Worded,
    background: Background,
    weights: Weights,
    /// By word: the items that have it.
    having: Vec<Vec<u32>>,
    lengths: Vec<f32>,
    /// By id of a query its number.
    queries: HashMap<String, usize>,
}

impl ByCounts {
    fn new(
        group: &Group,
        described: &Described,
        background: Background,
        weights: Weights,
    ) -> Self {
        let worded = Worded::new(group, described, &background.lexicon);
        let mut having = vec![Vec::new(); worded.weights.len()];
        for (item, bag) in (0_u32..).zip(worded.items.iter()) {
            bag.iter().for_each(|&word| having[word as usize].push(item));
        }
        let lengths = worded.items.iter().map(|bag| worded.length(bag)).collect();
        let ids = group.queries.iter().enumerate();
        let queries = ids.map(|(at, query)| (query.id.clone(), at)).collect();
        Self { worded, background, weights, having, lengths, queries }
    }

    /// How much a query wants each word: by matches, and by counts.
    fn wanted(&self, query: usize) -> [Vec<f32>; 2] {
        let (worded, weights) = (&self.worded, &self.weights);
        let reference = worded.references.of(query);
        let counts = &self.background.counts;
        let said = numbers(&counts.places(), &worded.counted[READINGS * query]);
        let associations = counts.about(&said, reference);
        let mut matches = vec![0.0; worded.weights.len()];
        let mut told = matches.clone();
        let length = worded.length(reference);
        for (&word, kept) in reference.iter().zip(&associations.kept) {
            let word = word as usize;
            told[word] += weights.kept * kept;
            if !(worded.names_colour[READINGS * query] && worded.colours[word]) {
                matches[word] += weights.like * worded.weights[word] / length;
            }
        }
        let said = worded.said.of(READINGS * query);
        let length = worded.length(said);
        for &word in said {
            matches[word as usize] += weights.said * worded.weights[word as usize] / length;
        }
        for &word in worded.negated.of(READINGS * query) {
            matches[word as usize] -= weights.negated * worded.weights[word as usize] / length;
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
        for (wanted, power) in self.wanted(query).iter().zip(self.weights.length) {
            let mut sums = vec![0.0; scores.len()];
            for (word, wanted) in wanted.iter().enumerate().filter(|(_, wanted)| **wanted != 0.0) {
                self.having[word].iter().for_each(|&item| sums[item as usize] += wanted);
            }
            for ((score, sum), length) in scores.iter_mut().zip(&sums).zip(&self.lengths) {
                *score += sum / length.powf(power);
            }
        }
        for (score, ordinary) in scores.iter_mut().zip(&self.worded.ordinary) {
            *score -= self.weights.ordinary * ordinary;
        }
    }
}

#[cfg(test)]
mod tune {
    use super::*;
    use crate::lexical::lexicon::Lexicon;
    use crate::lexical::counts::{Counts, Learned};
    use dataset::{Folder, Protocol, ItemCaptions};

    #[test]
    #[ignore]
    fn tune() {
        let data = Folder::new("/work/shared/fashion-iq");
        let train = data.split("train", Protocol::Original).unwrap();
        let caps = ItemCaptions::of_split(std::path::Path::new("/work/shared/item-captions"), &train).unwrap();
        let described: Vec<Described> = train.groups.iter().map(|g| Described { attributes: data.attributes(&g.name, "train").unwrap(), captions: caps[&g.name].clone() }).collect();
        let pairs: Vec<_> = train.groups.iter().zip(&described).collect();
        let lexicon = Lexicon::of(&pairs);
        let worded: Vec<Worded> = pairs.iter().map(|(g, d)| Worded::new(g, d, &lexicon)).collect();
        let held = |r: &str| r.bytes().map(u64::from).fold(7u64, |a, b| a.wrapping_mul(31).wrapping_add(b)) % 6 == 0;
        let targets: Vec<Vec<i64>> = train.groups.iter().map(|g| { let t = g.targets.as_ref().unwrap(); (0..g.queries.len()).map(|q| i64::from(t.of(q)[0])).collect() }).collect();
        let split: Vec<(Vec<i64>, Vec<i64>)> = train.groups.iter().map(|g| (0..g.queries.len() as i64).partition(|&q| !held(g.queries[q as usize].reference.as_str()))).collect();
        let learned: Vec<Learned> = worded.iter().zip(&split).zip(&targets).map(|((w, (rows, _)), t)| Learned { worded: w, rows, targets: t }).collect();
        let (counts, _) = Counts::of(&learned, lexicon.len());
        println!("lexicon {} said {}", lexicon.len(), counts.said.len());
        let background = Background { lexicon: lexicon.clone(), counts };
        let mut models: Vec<ByCounts> = pairs.iter().map(|(g, d)| ByCounts::new(g, d, background.clone(), WEIGHTS)).collect();
        let step: usize = std::env::var("STEP").map_or(4, |s| s.parse().unwrap());
        let mut eval = |w: Weights| {
            let mut sum = 0.0;
            for ((m, g), ((_, held), t)) in models.iter_mut().zip(&train.groups).zip(split.iter().zip(&targets)) {
                m.weights = w;
                let (mut h10, mut h50, mut n) = (0, 0, 0);
                for &q in held.iter().step_by(step) {
                    let mut s = vec![0.0; g.gallery.len()];
                    m.score(&g.queries[q as usize], &mut s);
                    if let Some(r) = m.worded.reference_index[q as usize] { s[r as usize] = f32::MIN; }
                    let own = s[t[q as usize] as usize];
                    let rank = s.iter().filter(|&&x| x > own).count();
                    h10 += usize::from(rank < 10); h50 += usize::from(rank < 50); n += 1;
                }
                sum += (h10 + h50) as f64 / n as f64;
            }
            100.0 * sum / 6.0
        };
        {
            let mut sum = 0.0;
            for ((g, d), ((_, held), t)) in pairs.iter().zip(split.iter().zip(&targets)) {
                let m = (super::super::tf_idf::MODEL.prepare)(g, d, None);
                let (mut h10, mut h50, mut n) = (0, 0, 0);
                for &q in held.iter().step_by(step) {
                    let mut s = vec![0.0; g.gallery.len()];
                    m.score(&g.queries[q as usize], &mut s);
                    if let Some(r) = g.gallery.index_of(g.queries[q as usize].reference.as_str().as_bytes()) { s[r as usize] = f32::MIN; }
                    let own = s[t[q as usize] as usize];
                    let rank = s.iter().filter(|&&x| x > own).count();
                    h10 += usize::from(rank < 10); h50 += usize::from(rank < 50); n += 1;
                }
                sum += (h10 + h50) as f64 / n as f64;
            }
            println!("tf-idf {:.2}", 100.0 * sum / 6.0);
        }
        let mut best = WEIGHTS;
        let mut at = eval(best);
        println!("start {at:.2}");
        for round in 0..2 {
            type Field = fn(&mut Weights) -> &mut f32;
            let fields: [(&str, Field); 8] = [("said", |w| &mut w.said), ("told", |w| &mut w.told), ("kept", |w| &mut w.kept), ("ordinary", |w| &mut w.ordinary), ("negated", |w| &mut w.negated), ("length0", |w| &mut w.length[0]), ("length1", |w| &mut w.length[1]), ("like", |w| &mut w.like)];
            for (name, field) in fields {
                let start = *field(&mut best);
                for factor in [0.0, 0.7, 1.4] {
                    let mut w = best; *field(&mut w) = start * factor;
                    let got = eval(w);
                    println!("{round} {name} {:.3}: {got:.2}", start * factor);
                    if got > at + 0.02 { at = got; best = w; }
                }
                println!("  best {at:.2} {best:?}");
            }
        }
    }
}
