//! An agent without learning, which ranks by words.

use std::collections::HashMap;

use crate::chance::Chance;
use crate::template::is_found;
use crate::text::{Asked, words_of};
use crate::texts::ItemTexts;

/// The power of a word's rarity.
const RARITY: f32 = 1.5;

/// The power of the length by which an item's score is divided; 1 would be the cosine's.
const LENGTH: f32 = 0.4;

/// What an agent goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everything that was said.
    History,
    /// What was said last. Items that were shown are not shown again.
    NoHistory,
    /// The first caption, at each turn again.
    FirstCaption,
}

/// One turn, as an agent hears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The item that was shown, by its place in the gallery.
    pub shown: u32,
    /// What the user said to it.
    pub caption: String,
}

/// Ranks a gallery by its items' words: wanted words count for an item, and unwanted ones against it.
///
/// What an item shares with those that were shown doesn't count: unlike the references of Fashion IQ's queries,
/// they say nothing about the target. On the galleries of split train, counting it made BRI worse
/// (`docs/dialog.md`).
#[derive(Debug)]
pub struct Agent {
    /// By word its number.
    words: HashMap<String, u32>,
    weights: Vec<f32>,
    /// By word the items that have it.
    having: Vec<Vec<u32>>,
    /// By item one over a power of its length.
    shortness: Vec<f32>,
    /// By item a small number that decides between equal scores: the order of a file can tell something.
    ties: Vec<f32>,
}

impl Agent {
    /// An agent that knows the words of these items.
    pub fn new(texts: &ItemTexts) -> Self {
        let mut words: HashMap<String, u32> = HashMap::new();
        let mut having: Vec<Vec<u32>> = Vec::new();
        let mut items = Vec::with_capacity(texts.len());
        for (item, text) in (0_u32..).zip(texts.iter()) {
            let labels = text.labels.iter().map(|(_, label)| label.as_str());
            let own = words_of(labels.chain(text.sentence.as_deref()));
            let numbers = own.into_iter().map(|word| {
                let next = having.len() as u32;
                let number = *words.entry(word).or_insert(next);
                if number == next {
                    having.push(Vec::new());
                }
                having[number as usize].push(item);
                number
            });
            items.push(numbers.collect::<Vec<u32>>());
        }
        let all = items.len() as f32 + 1.0;
        let weight =
            |having: &Vec<u32>| (all / (having.len() as f32 + 0.5)).ln().max(0.0).powf(RARITY);
        let weights: Vec<f32> = having.iter().map(weight).collect();
        let length = |own: &Vec<u32>| {
            let sum: f32 = own.iter().map(|&word| weights[word as usize]).sum();
            sum.sqrt().max(1.0).powf(-LENGTH)
        };
        let shortness = items.iter().map(length).collect();
        let mut order: Vec<u32> = (0..items.len() as u32).collect();
        Chance::new(b"ties", &[]).shuffle(&mut order);
        let ties = order.into_iter().map(|place| place as f32 * 1e-9).collect();
        Self { words, weights, having, shortness, ties }
    }

    /// The best `count` items after these turns, best first. Items that were shown come last, except one of
    /// which the user said that it is the wanted one.
    ///
    /// # Panics
    /// If an item was shown that the gallery lacks.
    pub fn rank(&self, turns: &[Heard], policy: Policy, count: usize) -> Vec<u32> {
        let mut scores = self.scores(turns, policy);
        for turn in turns {
            let found = is_found(&turn.caption) && policy != Policy::FirstCaption;
            scores[turn.shown as usize] = if found { f32::INFINITY } else { f32::NEG_INFINITY };
        }
        let mut order: Vec<u32> = (0..scores.len() as u32).collect();
        let better = |one: &u32, other: &u32| {
            scores[*other as usize].total_cmp(&scores[*one as usize]).then(one.cmp(other))
        };
        let count = count.min(order.len());
        if count < order.len() && count > 0 {
            order.select_nth_unstable_by(count - 1, better);
            order.truncate(count);
        }
        order.sort_unstable_by(better);
        order.truncate(count);
        order
    }

    fn scores(&self, turns: &[Heard], policy: Policy) -> Vec<f32> {
        let Some(last) = turns.last() else { return self.ties.clone() };
        let said: Vec<&str> = match policy {
            Policy::History => turns.iter().map(|turn| turn.caption.as_str()).collect(),
            Policy::NoHistory => vec![&last.caption],
            Policy::FirstCaption => vec![&turns[0].caption],
        };
        let mut wanted: HashMap<u32, f32> = HashMap::new();
        for caption in said {
            let asked = Asked::of(&[caption.to_owned()]);
            for (words, sign) in [(&asked.said, 1.0), (&asked.negated, -1.0)] {
                for number in words.iter().filter_map(|word| self.words.get(word)) {
                    *wanted.entry(*number).or_default() += sign;
                }
            }
        }
        let mut scores = vec![0.0; self.shortness.len()];
        for (word, wanted) in wanted {
            let wanted = wanted * self.weights[word as usize];
            for &item in &self.having[word as usize] {
                scores[item as usize] += wanted;
            }
        }
        let own = scores.iter_mut().zip(&self.shortness).zip(&self.ties);
        own.for_each(|((score, shortness), tie)| *score = *score * shortness + tie);
        scores
    }
}

#[cfg(test)]
mod tests {
    use dataset::{Attributes, Gallery, ItemCaptions, ItemId};

    use super::*;

    fn agent() -> Agent {
        let sentences =
            ["a red dress", "a black dress", "a striped black dress", "a floral green dress"];
        let ids: Vec<String> = (0..sentences.len()).map(|n| format!("item{n}")).collect();
        let gallery = Gallery::new(ids.iter().map(|id| ItemId::new(id).unwrap())).unwrap();
        let own = ids.iter().cloned().zip(sentences.map(str::to_owned)).collect();
        Agent::new(&ItemTexts::new(&gallery, &Attributes::default(), &ItemCaptions::new(own)))
    }

    fn heard(turns: &[(u32, &str)]) -> Vec<Heard> {
        let turn = |&(shown, caption): &(u32, &str)| Heard { shown, caption: caption.to_owned() };
        turns.iter().map(turn).collect()
    }

    #[test]
    fn wanted_words_count_for_an_item_and_unwanted_ones_against_it() {
        let rank = |turns: &[(u32, &str)]| agent().rank(&heard(turns), Policy::History, 4);
        assert_eq!(rank(&[(0, "is black and not striped")])[0], 1);
        assert_eq!(rank(&[(0, "is striped")])[0], 2);
        assert_eq!(rank(&[(1, "has flowers and is floral")])[0], 3);
        assert_eq!(
            rank(&[(3, "is black"), (1, "is not floral")])[0],
            2,
            "what was shown comes last"
        );
        assert_eq!(rank(&[(3, "is black"), (1, "is not floral")]).len(), 4);
    }

    #[test]
    fn policies_differ_in_what_they_go_by() {
        let turns = heard(&[(0, "is striped"), (1, "is green")]);
        let first = |policy| agent().rank(&turns, policy, 1)[0];
        assert_eq!(first(Policy::NoHistory), 3);
        assert_eq!(first(Policy::FirstCaption), 2);
    }

    #[test]
    fn fewer_items_are_the_beginning_of_all() {
        let turns = heard(&[(0, "is black")]);
        let all = agent().rank(&turns, Policy::History, 9);
        for count in 0..=4 {
            assert_eq!(agent().rank(&turns, Policy::History, count), all[..count]);
        }
    }
}
