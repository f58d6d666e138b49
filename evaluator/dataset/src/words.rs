//! Words, their weights, and the items that have them.

use std::collections::{BTreeSet, HashMap};

use crate::{Attributes, Gallery};

/// Words that captions contain whatever they ask for.
pub const STOP: [&str; 35] = [
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "but",
    "by",
    "different",
    "for",
    "has",
    "have",
    "in",
    "is",
    "it",
    "its",
    "less",
    "like",
    "lot",
    "more",
    "much",
    "no",
    "not",
    "of",
    "on",
    "or",
    "same",
    "similar",
    "than",
    "that",
    "the",
    "to",
    "very",
    "with",
];

/// The words of a text: lower case, split at everything except letters, simple plurals made singular,
/// without the [`STOP`] words.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphabetic())
        .map(|word| singular(word.to_lowercase()))
        .filter(|word| word.len() > 1 && !STOP.contains(&word.as_str()))
}

/// The words of a text as [`words`] does, but with the [`STOP`] words and single letters.
pub fn tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(|word| singular(word.to_lowercase()))
}

/// A word without the s of a simple plural.
pub fn singular(mut word: String) -> String {
    if word.ends_with('s') && !word.ends_with("ss") && word.len() > 3 {
        word.pop();
    }
    word
}

/// For each word the items that have it, weighted so that the sum over shared words is the cosine
/// of two idf-weighted sets of words.
///
/// idf(w) = ln(N / n), N items of the gallery that have any word, n of them this one.
pub struct Index {
    ids: HashMap<String, u32>,
    idf: Vec<f32>,
    /// By word: items and idf(w) / |item|.
    items: Vec<Vec<(u32, f32)>>,
    /// By item of the gallery: its words.
    words: HashMap<String, Vec<u32>>,
}

impl Index {
    /// Indexes a gallery by the words of each item.
    pub fn new(gallery: &Gallery, of: impl Fn(&str) -> BTreeSet<String>) -> Self {
        let mut index =
            Self { ids: HashMap::new(), idf: vec![], items: vec![], words: HashMap::new() };
        for (item, id) in (0_u32..).zip(gallery.iter()) {
            let words = of(id);
            if words.is_empty() {
                continue;
            }
            let known: Vec<u32> = words.into_iter().map(|word| index.known(word)).collect();
            for &word in &known {
                index.items[word as usize].push((item, 0.0));
            }
            index.words.insert(id.to_owned(), known);
        }
        index.weigh(gallery);
        index
    }

    /// Indexes a gallery by the words of its items' attributes, to be found by captions.
    pub fn by_words(gallery: &Gallery, attributes: &Attributes) -> Self {
        let of = |item: &str| attributes.words(item).flat_map(|(_, label)| words(label)).collect();
        Self::new(gallery, of)
    }

    /// Indexes a gallery by its items' attributes as they are written, to find items like another.
    pub fn by_labels(gallery: &Gallery, attributes: &Attributes) -> Self {
        let of = |item: &str| {
            let labels = attributes.words(item);
            labels.flat_map(|(_, label)| label.split_whitespace()).map(str::to_owned).collect()
        };
        Self::new(gallery, of)
    }

    fn known(&mut self, word: String) -> u32 {
        let next = self.ids.len() as u32;
        let id = *self.ids.entry(word).or_insert(next);
        if id == next {
            self.items.push(Vec::new());
        }
        id
    }

    fn weigh(&mut self, gallery: &Gallery) {
        let described = self.words.len() as f32;
        self.idf = self.items.iter().map(|items| (described / items.len() as f32).ln()).collect();
        for (items, idf) in self.items.iter_mut().zip(&self.idf) {
            for (item, weight) in items {
                let norm = norm(&self.words[gallery.item(*item)], &self.idf);
                *weight = if norm > 0.0 { idf / norm } else { 0.0 };
            }
        }
    }

    /// Adds to each item its cosine with another item of the gallery.
    pub fn add_like(&self, item: &str, scores: &mut [f32]) {
        if let Some(words) = self.words.get(item) {
            self.add_words(words, scores);
        }
    }

    /// Adds to each item its cosine with a set of words; words that no item has are ignored.
    pub fn add(&self, words: impl Iterator<Item = String>, scores: &mut [f32]) {
        let known: BTreeSet<u32> = words.filter_map(|word| self.ids.get(&word).copied()).collect();
        self.add_words(&known.into_iter().collect::<Vec<_>>(), scores);
    }

    fn add_words(&self, words: &[u32], scores: &mut [f32]) {
        let norm = norm(words, &self.idf);
        if norm == 0.0 {
            return;
        }
        for &word in words {
            let weight = self.idf[word as usize] / norm;
            for &(item, other) in &self.items[word as usize] {
                scores[item as usize] += weight * other;
            }
        }
    }
}

fn norm(words: &[u32], idf: &[f32]) -> f32 {
    words.iter().map(|&word| idf[word as usize].powi(2)).sum::<f32>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ItemId;

    #[test]
    fn words_are_lower_case_singular_and_without_the_stop_words() {
        let got: Vec<String> = words("Is more knee-length with SLEEVES and less dress").collect();
        assert_eq!(got, ["knee", "length", "sleeve", "dress"]);
    }

    #[test]
    fn an_items_cosine_with_itself_is_one_and_with_a_stranger_nothing() {
        let items = [("a", vec!["red", "long"]), ("b", vec!["red"]), ("c", vec!["blue"])];
        let gallery = Gallery::new(items.iter().map(|(id, _)| ItemId::new(id).unwrap())).unwrap();
        let of = |id: &str| {
            let (_, words) = items.iter().find(|(item, _)| *item == id).unwrap();
            words.iter().map(ToString::to_string).collect()
        };
        let index = Index::new(&gallery, of);
        let mut scores = vec![0.0; 3];
        index.add_like("a", &mut scores);
        assert!((scores[0] - 1.0).abs() < 1e-6, "{scores:?}");
        assert!(scores[1] > 0.1 && scores[1] < 0.9, "{scores:?}");
        assert!(scores[2].abs() < f32::EPSILON);
        let mut scores = vec![0.0; 3];
        index.add(["blue".to_owned(), "unheard".to_owned()].into_iter(), &mut scores);
        assert!((scores[2] - 1.0).abs() < 1e-6, "{scores:?}");
    }
}
