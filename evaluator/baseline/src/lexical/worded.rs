//! One group of one split as words.

use std::collections::{BTreeSet, HashMap};

use dataset::{Group, Query};
use rand::SeedableRng;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;

use super::bags::Bags;
use super::lexicon::{Described, Lexicon};
use dialog::text::{Asked, is_colour, words_of_item};

/// The power of a word's rarity in the likeness of two texts; each text has half of it.
const RARITY_POWER: f32 = 1.5;

/// The most items that measure how ordinary an item is.
const CROWD: usize = 4096;

/// One over the temperature of likeness to the crowd.
const SHARPNESS: f32 = 10.0;

/// In how many ways a query is read: with all its captions, the first alone, and the last alone.
pub(crate) const READINGS: usize = 3;

/// A group's items and queries as words. Words of the lexicon have its numbers; other words have
/// numbers above.
#[derive(Debug)]
pub(crate) struct Worded {
    /// The words of the gallery's items.
    pub(crate) items: Bags,
    /// The words of each query's reference.
    pub(crate) references: Bags,
    /// The wanted words of each query, in each of its [`READINGS`]; query after query.
    pub(crate) said: Bags,
    /// The unwanted words, likewise.
    pub(crate) negated: Bags,
    /// Whether a colour is named, likewise.
    pub(crate) names_colour: Vec<bool>,
    /// What is counted, likewise.
    pub(crate) counted: Vec<Vec<String>>,
    /// For each word the weight of its match, from its rarity in this gallery.
    pub(crate) weights: Vec<f32>,
    /// For each word whether it names a colour.
    pub(crate) colours: Vec<bool>,
    /// For each item whether it has attributes.
    #[cfg(feature = "torch")]
    pub(crate) has_attributes: Vec<bool>,
    /// For each item how ordinary it is: ln of the mean over a crowd of exp(likeness / temperature).
    pub(crate) ordinary: Vec<f32>,
}

/// Gives words their numbers.
struct Numbers<'a> {
    lexicon: &'a Lexicon,
    others: HashMap<String, u32>,
    names: Vec<String>,
}

impl Numbers<'_> {
    fn give(&mut self, word: String) -> u32 {
        if let Some(number) = self.lexicon.number(&word) {
            return number;
        }
        let next = self.names.len() as u32;
        let number = *self.others.entry(word.clone()).or_insert(next);
        if number == next {
            self.names.push(word);
        }
        number
    }

    fn find(&self, word: &str) -> Option<u32> {
        self.lexicon.number(word).or_else(|| self.others.get(word).copied())
    }

    fn of_item(&mut self, described: &Described, item: &str) -> Vec<u32> {
        let Described { attributes, captions } = described;
        let words = words_of_item(attributes, captions, item);
        words.into_iter().map(|word| self.give(word)).collect()
    }

    fn found<'b>(&self, words: impl IntoIterator<Item = &'b String>) -> Vec<u32> {
        words.into_iter().filter_map(|word| self.find(word)).collect()
    }
}

impl Worded {
    /// Reads a group.
    pub(crate) fn new(group: &Group, described: &Described, lexicon: &Lexicon) -> Self {
        let names = lexicon.words.clone();
        let mut numbers = Numbers { lexicon, others: HashMap::new(), names };
        let items = Bags::new(group.gallery.iter().map(|id| numbers.of_item(described, id)));
        let references = group.queries.iter().map(|query| query.reference.as_str());
        let references = Bags::new(references.map(|id| numbers.of_item(described, id)));
        let asked: Vec<Asked> = group.queries.iter().flat_map(readings).collect();
        let said = |asked: &Asked| numbers.found(&asked.said);
        let weights = weights(&items, numbers.names.len());
        let ordinary = ordinary(&items, &weights);
        Self {
            said: Bags::new(asked.iter().map(said)),
            negated: Bags::new(asked.iter().map(|asked| numbers.found(&asked.negated))),
            names_colour: asked.iter().map(Asked::names_colour).collect(),
            counted: asked.iter().map(|asked| asked.counted().collect()).collect(),
            colours: numbers.names.iter().map(|word| is_colour(word)).collect(),
            #[cfg(feature = "torch")]
            has_attributes: group
                .gallery
                .iter()
                .map(|item| described.attributes.of(item).is_some())
                .collect(),
            items,
            references,
            weights,
            ordinary,
        }
    }

    /// The length of a bag: the root of the sum of its words' weights, at least 1.
    pub(crate) fn length(&self, bag: &[u32]) -> f32 {
        length(bag, &self.weights)
    }
}

/// What a query asks for in each of its [`READINGS`].
fn readings(query: &Query) -> [Asked; READINGS] {
    let captions = &query.captions;
    let alone = |caption: Option<&String>| Asked::of(caption.map_or(&[], std::slice::from_ref));
    [Asked::of(captions), alone(captions.first()), alone(captions.last())]
}

fn length(bag: &[u32], weights: &[f32]) -> f32 {
    bag.iter().map(|&word| weights[word as usize]).sum::<f32>().sqrt().max(1.0)
}

/// ln((N + 1) / (n + ½)) to a power, of N items of which n have the word.
fn weights(items: &Bags, words: usize) -> Vec<f32> {
    let mut having = vec![0_f32; words];
    for &word in items.iter().flatten() {
        having[word as usize] += 1.0;
    }
    let all = items.len() as f32 + 1.0;
    having.iter().map(|n| (all / (n.max(1.0) + 0.5)).ln().max(0.0).powf(RARITY_POWER)).collect()
}

/// How ordinary each item is.
fn ordinary(items: &Bags, weights: &[f32]) -> Vec<f32> {
    let mut chance = ChaCha8Rng::seed_from_u64(0);
    let crowd: BTreeSet<usize> =
        sample(&mut chance, items.len(), CROWD.min(items.len())).into_iter().collect();
    let mut having: Vec<Vec<(u32, f32)>> = vec![Vec::new(); weights.len()];
    for (place, &item) in (0_u32..).zip(&crowd) {
        let length = length(items.of(item), weights);
        for &word in items.of(item) {
            having[word as usize].push((place, weights[word as usize] / length));
        }
    }
    let mut likeness = vec![0_f32; crowd.len()];
    let of = |(item, bag): (usize, &[u32])| {
        likeness.fill(0.0);
        let length = length(bag, weights);
        for &word in bag {
            for &(place, weight) in &having[word as usize] {
                likeness[place as usize] += weight / length;
            }
        }
        let itself = if crowd.contains(&item) { SHARPNESS.exp() } else { 0.0 };
        let sum: f32 = likeness.iter().map(|likeness| (SHARPNESS * likeness).exp()).sum();
        ((sum - itself).max(1.0) / crowd.len().max(1) as f32).ln()
    };
    items.iter().enumerate().map(of).collect()
}
