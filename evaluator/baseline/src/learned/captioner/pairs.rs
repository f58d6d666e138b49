//! Pairs of items as sets to attend to, and the words that the captioner says.

use std::collections::BTreeMap;

use dataset::Group;
use dialog::text::words_of_item;
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use crate::caption_scores::caption_words;
use crate::error::{Error, Result};
use crate::learned::item_vectors::ItemVectors;
use crate::learned::lens::{Lens, Looks, Seen};
use crate::lexical::bags::Bags;
use crate::lexical::{Described, Lexicon};

/// Words that fewer captions have are not said.
const SAID_OFTEN: usize = 5;

/// The most words of a caption.
pub const LONGEST: usize = 14;

/// The number of the end of a caption, and of its begin.
pub const END: i64 = 0;

/// The kinds of words of a pair: only the target's, only the shown item's, and those of both.
pub(super) const KINDS: i64 = 3;

/// The words that a captioner knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Speech {
    /// The words of items.
    pub(crate) lexicon: Lexicon,
    /// The words that it says, in order; they are numbered from 1.
    said: Vec<String>,
}

/// The items of a group as a captioner sees them.
pub struct Wardrobe {
    words: Bags,
    looks: Option<Looks>,
    /// The number of the group.
    group: i64,
    device: Device,
}

/// Pairs on the device.
pub struct Pairs {
    /// By pair its words, from 1, each with its kind: word + kind × words; 0 fills up. [pairs, longest].
    pub words: Tensor,
    /// The vectors of the targets and of the shown items, if some are used.
    pub seen: Option<[Seen; 2]>,
    /// The number of their group.
    pub group: i64,
}

impl Speech {
    /// Reads the items of split train, and what people say about them.
    pub(super) fn of(groups: &[(&Group, &Described)]) -> Self {
        let mut often: BTreeMap<String, usize> = BTreeMap::new();
        let queries = groups.iter().flat_map(|(group, _)| &group.queries);
        for caption in queries.flat_map(|query| &query.captions) {
            for word in caption_words(caption) {
                *often.entry(word).or_default() += 1;
            }
        }
        often.retain(|_, count| *count >= SAID_OFTEN);
        Self { lexicon: Lexicon::of(groups), said: often.into_keys().collect() }
    }

    /// How many words of items there are.
    pub(super) fn item_words(&self) -> i64 {
        self.lexicon.len() as i64
    }

    /// How many words are said, with the end.
    pub(super) fn len(&self) -> i64 {
        self.said.len() as i64 + 1
    }

    /// The numbers of a caption's words, at most [`LONGEST`], without those that are not said.
    pub(super) fn numbers(&self, caption: &str) -> Vec<i64> {
        let numbers = caption_words(caption)
            .into_iter()
            .filter_map(|word| self.said.binary_search(&word).ok().map(|at| at as i64 + 1));
        numbers.take(LONGEST).collect()
    }

    /// The caption of these words.
    pub(super) fn text(&self, numbers: &[i64]) -> String {
        let words = numbers.iter().take_while(|&&number| number != END);
        words.map(|&number| self.said[number as usize - 1].as_str()).collect::<Vec<_>>().join(" ")
    }
}

impl Wardrobe {
    /// Takes a group, what is known about its items, and their vectors if the captioner uses some.
    pub(super) fn new(
        group: &Group,
        described: &Described,
        speech: &Speech,
        vectors: Option<(&Lens, &ItemVectors)>,
        device: Device,
    ) -> Result<Self> {
        let groups = &speech.lexicon.groups;
        let number = groups.iter().position(|own| *own == group.name);
        let number = number.ok_or_else(|| Error::untrained_group(&group.name, groups))?;
        let words = |item: &str| {
            let words = words_of_item(&described.attributes, &described.captions, item);
            words.iter().filter_map(|word| speech.lexicon.number(word)).collect()
        };
        Ok(Self {
            words: Bags::new(group.gallery.iter().map(words)),
            looks: vectors.map(|(lens, vectors)| lens.looks(vectors, group)),
            group: number as i64,
            device,
        })
    }

    /// Pairs of a target and a shown item.
    pub(super) fn pairs(&self, pairs: &[(u32, u32)], speech: &Speech) -> Pairs {
        let sets: Vec<Vec<i64>> =
            pairs.iter().map(|&(target, shown)| self.set(target, shown, speech)).collect();
        let longest = sets.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut words = vec![0_i64; sets.len() * longest];
        for (row, set) in words.chunks_mut(longest).zip(&sets) {
            row[..set.len()].copy_from_slice(set);
        }
        let places = |which: fn(&(u32, u32)) -> u32| -> Vec<i64> {
            pairs.iter().map(|pair| i64::from(which(pair))).collect()
        };
        let (targets, shown) = (places(|pair| pair.0), places(|pair| pair.1));
        Pairs {
            words: Tensor::from_slice(&words).view([-1, longest as i64]).to_device(self.device),
            seen: self.looks.as_ref().map(|looks| [looks.items(&targets), looks.items(&shown)]),
            group: self.group,
        }
    }

    fn set(&self, target: u32, shown: u32, speech: &Speech) -> Vec<i64> {
        let (own, other) = (self.words.of(target as usize), self.words.of(shown as usize));
        let of = |word: u32, kind: i64| i64::from(word) + 1 + kind * speech.item_words();
        let own_kind = |word: &u32| if other.contains(word) { 2 } else { 0 };
        let own_words = own.iter().map(|word| of(*word, own_kind(word)));
        let others = other.iter().filter(|word| !own.contains(word)).map(|&word| of(word, 1));
        own_words.chain(others).collect()
    }
}
