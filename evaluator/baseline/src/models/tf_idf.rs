//! Plain TF-IDF over all words of the reference, the captions and the items.

use std::collections::{BTreeSet, HashMap};

use dataset::{Group, Query};

use crate::lexical::Described;
use crate::model::{Model, Scorer};
use dataset::words::tokens;

pub(crate) const MODEL: Model = Model {
    name: "tf-idf",
    about: "TF-IDF over the words of attributes and item captions, of the reference and the captions",
    counts: false,
    prepare: |group, described, _| Box::new(TfIdf::new(group, described)),
};

/// Items as vectors of idf(w) = ln(N / n) for each of their words, scaled to length 1, times the sum of
/// the reference's and the captions' vectors, which are not scaled.
struct TfIdf {
    described: Described,
    idf: HashMap<String, f32>,
    /// By word: items and idf(w) / |item|.
    items: HashMap<String, Vec<(u32, f32)>>,
}

fn words_of(described: &Described, item: &str) -> BTreeSet<String> {
    let labels = described.attributes.words(item).flat_map(|(_, label)| tokens(label));
    labels.chain(described.captions.of(item).into_iter().flat_map(tokens)).collect()
}

impl TfIdf {
    fn new(group: &Group, described: &Described) -> Self {
        let bags: Vec<BTreeSet<String>> =
            group.gallery.iter().map(|item| words_of(described, item)).collect();
        let mut having: HashMap<&String, f32> = HashMap::new();
        for word in bags.iter().flatten() {
            *having.entry(word).or_default() += 1.0;
        }
        let all = bags.len() as f32;
        let idf: HashMap<String, f32> =
            having.into_iter().map(|(word, n)| (word.clone(), (all / n).ln())).collect();
        let mut items: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
        for (item, bag) in (0_u32..).zip(&bags) {
            let length = bag.iter().map(|word| idf[word].powi(2)).sum::<f32>().sqrt();
            for word in bag.iter().filter(|word| idf[*word] > 0.0) {
                items.entry(word.clone()).or_default().push((item, idf[word] / length));
            }
        }
        Self { described: described.clone(), idf, items }
    }

    fn add(&self, words: &BTreeSet<String>, scores: &mut [f32]) {
        for word in words {
            for &(item, weight) in self.items.get(word).into_iter().flatten() {
                scores[item as usize] += self.idf[word] * weight;
            }
        }
    }
}

impl Scorer for TfIdf {
    fn score(&self, query: &Query, scores: &mut [f32]) {
        self.add(&words_of(&self.described, query.reference.as_str()), scores);
        self.add(&query.captions.iter().flat_map(|caption| tokens(caption)).collect(), scores);
    }
}
