//! The words that a manager knows, and captions as tensors.

use std::collections::BTreeMap;

use dataset::Group;
use dataset::words::tokens;
use dialog::text::{Asked, words_of_item};
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use crate::learned::item_words::Cells;
use crate::lexical::bags::Bags;
use crate::lexical::{Described, Lexicon};

/// The most words of a caption that are read in order. All words are read without their order.
pub const LONGEST: usize = 24;

/// Words that fewer captions have are not known in order.
const TOKEN_OFTEN: usize = 3;

/// The words of items, and those of captions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Words {
    /// The words of items.
    pub(crate) lexicon: Lexicon,
    /// How rare each is in each group: ln((items + 1) / (items with the word + 0.5)), at least 0.
    rarity: Vec<Vec<f32>>,
    /// The words of captions, in order, with those that items don't have, such as `not`.
    tokens: Vec<String>,
}

/// Captions on the device.
pub struct Captions {
    /// The numbers of their words in order, from 1, and 0 after the last one: [captions, `LONGEST`].
    pub tokens: Tensor,
    /// The wanted words of items.
    pub said: Cells,
    /// The unwanted ones.
    pub negated: Cells,
}

impl Words {
    /// Reads the items of split train, and captions as they are said about them.
    pub(crate) fn of<'a>(
        groups: &[(&Group, &Described)],
        captions: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let lexicon = Lexicon::of(groups);
        let mut often: BTreeMap<String, usize> = BTreeMap::new();
        for word in captions.into_iter().flat_map(tokens) {
            *often.entry(word).or_default() += 1;
        }
        often.retain(|_, count| *count >= TOKEN_OFTEN);
        let rarity = groups.iter().map(|(group, items)| rarity(group, items, &lexicon)).collect();
        Self { lexicon, rarity, tokens: often.into_keys().collect() }
    }

    /// How many words of items there are.
    pub(super) fn len(&self) -> i64 {
        self.lexicon.len() as i64
    }

    /// How many words of captions there are.
    pub(super) fn tokens(&self) -> i64 {
        self.tokens.len() as i64
    }

    /// The groups.
    pub(super) fn groups(&self) -> &[String] {
        &self.lexicon.groups
    }

    /// By group and word: [groups, words].
    pub(super) fn rarity(&self) -> Tensor {
        Tensor::from_slice(&self.rarity.concat()).view([-1, self.len()])
    }

    /// The numbers of an item's words.
    pub(super) fn of_item(&self, items: &Described, item: &str) -> Vec<u32> {
        let words = words_of_item(&items.attributes, &items.captions, item);
        words.iter().filter_map(|word| self.lexicon.number(word)).collect()
    }

    /// Reads captions.
    pub(super) fn captions(&self, captions: &[String], device: Device) -> Captions {
        let mut numbers = vec![0_i64; captions.len() * LONGEST];
        let (mut said, mut negated) = (Vec::new(), Vec::new());
        for (row, caption) in numbers.chunks_mut(LONGEST).zip(captions) {
            let known = tokens(caption).filter_map(|word| self.tokens.binary_search(&word).ok());
            row.iter_mut().zip(known).for_each(|(place, number)| *place = number as i64 + 1);
            let asked = Asked::of(std::slice::from_ref(caption));
            let numbers = |words: &std::collections::BTreeSet<String>| {
                words.iter().filter_map(|word| self.lexicon.number(word)).collect::<Vec<u32>>()
            };
            said.push(numbers(&asked.said));
            negated.push(numbers(&asked.negated));
        }
        let all: Vec<usize> = (0..captions.len()).collect();
        let cells = |bags: Vec<Vec<u32>>| Cells::of(&Bags::new(bags), &all, device);
        Captions {
            tokens: Tensor::from_slice(&numbers).view([-1, LONGEST as i64]).to_device(device),
            said: cells(said),
            negated: cells(negated),
        }
    }
}

fn rarity(group: &Group, items: &Described, lexicon: &Lexicon) -> Vec<f32> {
    let mut having = vec![0_u32; lexicon.len()];
    for item in group.gallery.iter() {
        let words = words_of_item(&items.attributes, &items.captions, item);
        for number in words.iter().filter_map(|word| lexicon.number(word)) {
            having[number as usize] += 1;
        }
    }
    let all = group.gallery.len() as f32 + 1.0;
    having.iter().map(|&n| (all / (n as f32 + 0.5)).ln().max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use dataset::{Attributes, Gallery, ItemCaptions, ItemId};

    use super::*;

    #[test]
    fn captions_are_words_in_order_and_wanted_and_unwanted_words_of_items() {
        let ids: Vec<String> = (0..6).map(|n| format!("item{n}")).collect();
        let gallery = Gallery::new(ids.iter().map(|id| ItemId::new(id).unwrap())).unwrap();
        let group = Group {
            name: "dress".to_owned(),
            gallery,
            queries: vec![],
            targets: None,
            sessions: vec![],
        };
        let sentence = |n| if n < 3 { "a red dress" } else { "a black dress" };
        let captions = ids.into_iter().enumerate().map(|(n, id)| (id, sentence(n).to_owned()));
        let items = Described {
            attributes: Attributes::default(),
            captions: ItemCaptions::new(captions.collect()),
        };
        let words = Words::of(&[(&group, &items)], ["is red and not black"; 3]);
        assert_eq!(words.tokens, ["and", "black", "is", "not", "red"]);
        assert_eq!(words.lexicon.words, ["black", "dress", "red"]);
        let said = ["is black, not red at all".to_owned(), String::new()];
        let read = words.captions(&said, Device::Cpu);
        let numbers = |tensor: &Tensor| Vec::<i64>::try_from(tensor.flatten(0, -1)).unwrap();
        assert_eq!(numbers(&read.tokens)[..5], [3, 2, 4, 5, 0]);
        assert_eq!(numbers(&read.tokens).len(), 2 * LONGEST);
        assert_eq!((numbers(&read.said.words), numbers(&read.said.rows)), (vec![0], vec![0]));
        assert_eq!(numbers(&read.negated.words), [2]);
        let long = [vec!["red"; 10_000].join(" ")];
        assert_eq!(numbers(&words.captions(&long, Device::Cpu).tokens), [5; LONGEST]);
    }
}
