//! A baseline: the caption of the most similar pair of split train.

use std::collections::{BTreeMap, HashMap};

use dataset::Group;
use dialog::text::words_of_item;

use super::source::queries;
use crate::lexical::Described;

/// Pairs of train, by group.
pub struct Nearest {
    groups: BTreeMap<String, Pairs>,
}

/// The pairs of one group.
#[derive(Default)]
struct Pairs {
    captions: Vec<String>,
    /// By word, the pairs that have it; a word is wanted, unwanted or of both items.
    having: HashMap<(u8, String), Vec<u32>>,
    lengths: Vec<f32>,
}

impl Nearest {
    /// Takes some queries of each group, without those that nobody described.
    pub fn new(groups: &[(&Group, &Described)], rows: &[Vec<i64>]) -> Self {
        let pairs = |((group, items), rows): (&(&Group, &Described), &Vec<i64>)| {
            let mut all = Pairs::default();
            for query in queries(group, rows) {
                let Some(caption) = query.captions.iter().find(|text| !text.trim().is_empty())
                else {
                    continue;
                };
                for word in words(group, items, (query.target, query.shown)) {
                    all.having.entry(word).or_default().push(all.captions.len() as u32);
                }
                all.captions.push(caption.clone());
            }
            all.lengths = vec![0.0; all.captions.len()];
            for having in all.having.values() {
                let weight = weight(all.captions.len(), having.len()).powi(2);
                for &pair in having {
                    all.lengths[pair as usize] += weight;
                }
            }
            all.lengths.iter_mut().for_each(|length| *length = length.sqrt().max(1e-6));
            (group.name.clone(), all)
        };
        Self { groups: groups.iter().zip(rows).map(pairs).collect() }
    }

    /// The captions of the most similar pairs, by the cosine of TF-IDF vectors.
    pub fn captions(&self, group: &Group, items: &Described, pairs: &[(u32, u32)]) -> Vec<String> {
        let Some(known) = self.groups.get(&group.name) else {
            return vec![String::new(); pairs.len()];
        };
        let caption = |&pair: &(u32, u32)| {
            let mut scores = vec![0.0_f32; known.captions.len()];
            for word in words(group, items, pair) {
                let Some(having) = known.having.get(&word) else { continue };
                let weight = weight(known.captions.len(), having.len()).powi(2);
                for &other in having {
                    scores[other as usize] += weight;
                }
            }
            let scores = scores.iter().zip(&known.lengths).map(|(score, length)| score / length);
            let best = scores.enumerate().max_by(|one, other| one.1.total_cmp(&other.1));
            best.map_or(String::new(), |(pair, _)| known.captions[pair].clone())
        };
        pairs.iter().map(caption).collect()
    }
}

fn weight(pairs: usize, having: usize) -> f32 {
    (pairs as f32 / having.max(1) as f32).ln()
}

/// The words of target and shown item: 0 only the target's, 1 only the shown one's, 2 of both.
fn words(group: &Group, items: &Described, (target, shown): (u32, u32)) -> Vec<(u8, String)> {
    let of = |item| words_of_item(&items.attributes, &items.captions, group.gallery.item(item));
    let (own, other) = (of(target), of(shown));
    let kind = |word: &String| if other.contains(word) { 2 } else { 0 };
    let owns = own.iter().map(|word| (kind(word), word.clone()));
    let others = other.difference(&own).map(|word| (1, word.clone()));
    owns.chain(others).collect()
}
