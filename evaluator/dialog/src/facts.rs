//! The facts that texts tell about items.

use std::collections::{BTreeMap, BTreeSet};

use dataset::words::tokens;

use crate::phrases::{Aspect, BESIDE, KNOWN, NO_MOTIF, Verb};
use crate::text::is_colour;
use crate::texts::{ItemText, ItemTexts};

/// A motif that fewer items have would name the item.
const LEAST_ITEMS: usize = 3;

/// A motif that a larger share of items has is no motif.
const COMMON: usize = 20;

/// The shortest motif, in letters.
const LETTERS: usize = 3;

/// One thing that can be said about an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fact {
    pub(crate) aspect: Aspect,
    pub(crate) verb: Verb,
    /// What follows the verb.
    pub(crate) says: String,
}

/// The facts about the items of a gallery.
#[derive(Debug)]
pub(crate) struct Facts {
    all: Vec<Fact>,
    /// How rare each is: ln(N / n).
    rarity: Vec<f64>,
    /// By item, in the order of facts.
    of_item: Vec<Vec<u32>>,
}

impl Facts {
    /// Those of a gallery. `motif` is the word for what is printed on an item.
    pub(crate) fn new(texts: &ItemTexts, motif: &str) -> Self {
        let read: Vec<BTreeSet<Fact>> = texts.iter().map(|text| read(text, motif)).collect();
        let mut having: BTreeMap<&Fact, usize> = BTreeMap::new();
        for fact in read.iter().flatten() {
            *having.entry(fact).or_default() += 1;
        }
        let items = texts.len();
        having.retain(|fact, having| {
            fact.aspect != Aspect::Motif || (LEAST_ITEMS..=items / COMMON).contains(having)
        });
        let numbers: BTreeMap<&Fact, u32> = having.keys().copied().zip(0..).collect();
        let number = |fact: &Fact| numbers.get(fact).copied();
        let of_item = read.iter().map(|facts| facts.iter().filter_map(number).collect()).collect();
        let rarity = having.values().map(|&n| (items as f64 / n as f64).ln()).collect();
        let all = having.keys().map(|&fact| fact.clone()).collect();
        Self { all, rarity, of_item }
    }

    /// How many different facts there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn of_item(&self, item: u32) -> &[u32] {
        self.of_item.get(item as usize).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn fact(&self, fact: u32) -> &Fact {
        &self.all[fact as usize]
    }

    pub(crate) fn rarity(&self, fact: u32) -> f64 {
        self.rarity[fact as usize]
    }
}

/// What an item's texts say.
fn read(text: &ItemText, motif: &str) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    for (_, label) in &text.labels {
        let words: Vec<String> = tokens(label).collect();
        known(&words, &mut facts);
    }
    if let Some(sentence) = &text.sentence {
        let words: Vec<String> = tokens(sentence).collect();
        let rest = known(&words, &mut facts);
        for word in rest {
            let is_motif = word.len() >= LETTERS && !NO_MOTIF.contains(&word);
            if is_motif && !BESIDE.contains(&word) && !dataset::words::STOP.contains(&word) {
                let article = if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
                let says = format!("{article} {word} {motif}");
                facts.insert(Fact { aspect: Aspect::Motif, verb: Verb::Has, says });
            }
        }
    }
    facts
}

/// Adds the facts that have words of their own, and returns the other words.
fn known<'a>(words: &'a [String], facts: &mut BTreeSet<Fact>) -> Vec<&'a str> {
    let (mut rest, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let word = words[at].as_str();
        if is_colour(word) {
            if !is_beside(&words[at + 1..]) {
                let says = word.to_owned();
                facts.insert(Fact { aspect: Aspect::Colour, verb: Verb::Is, says });
            }
            at += 1;
            continue;
        }
        let fits = |known: &&crate::phrases::Known| {
            let own: Vec<&str> = known.words.split(' ').collect();
            words[at..].iter().map(String::as_str).take(own.len()).eq(own.iter().copied())
        };
        if let Some(found) = KNOWN.iter().find(fits) {
            let (aspect, verb, says) = (found.aspect, found.verb, found.says.to_owned());
            facts.insert(Fact { aspect, verb, says });
            at += found.words.split(' ').count();
        } else {
            rest.push(word);
            at += 1;
        }
    }
    rest
}

/// Whether words begin with another garment, so that what is said before them is about that.
fn is_beside(words: &[String]) -> bool {
    let Some(next) = words.first() else { return false };
    // `short` is what is left of shorts.
    let is_length =
        next == "short" && words.get(1).is_some_and(|it| it == "sleeve" || it == "dress");
    BESIDE.contains(&next.as_str()) && !is_length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(labels: &[(usize, &str)], sentence: &str) -> Vec<String> {
        let labels = labels.iter().map(|(kind, label)| (*kind, (*label).to_owned())).collect();
        let text = ItemText { labels, sentence: Some(sentence.to_owned()) };
        read(&text, "graphic").into_iter().map(|fact| fact.says).collect()
    }

    #[test]
    fn facts_are_read_from_labels_and_sentences() {
        assert_eq!(said(&[], "a woman in a black polka dot dress"), ["black", "polka dots"]);
        let labels = [(4, "long-sleeve"), (2, "cotton"), (2, "wash"), (3, "fit")];
        assert_eq!(said(&labels, ""), ["long sleeves", "made of cotton"]);
        let shirt = said(&[], "a t - shirt with a skull on it and the words \"no\"");
        assert_eq!(shirt, ["a t-shirt", "a skull graphic", "words on it"]);
    }

    #[test]
    fn what_else_a_model_wears_is_not_about_the_item() {
        assert_eq!(said(&[], "a woman wearing white jeans and a pink top"), ["pink"]);
        assert_eq!(said(&[], "a man in red shorts posing"), Vec::<String>::new());
    }
}
