//! Finds the words that describe items in a query's captions.

use std::collections::{BTreeSet, HashMap};

use dataset::words::singular;

/// The words of a vocabulary, to be found in texts; the words of a longer label must be adjacent.
pub(super) struct Phrases(HashMap<String, Vec<Phrase>>);

/// A label's words after the first, and its number.
struct Phrase {
    rest: Vec<String>,
    number: i64,
}

fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(|word| singular(word.to_lowercase())).collect()
}

impl Phrases {
    /// Those of a vocabulary, by their numbers.
    pub(super) fn of(words: &[String]) -> Self {
        let mut phrases: HashMap<String, Vec<Phrase>> = HashMap::new();
        for (number, word) in (0_i64..).zip(words) {
            let mut tokens = tokens(word).into_iter();
            if let Some(first) = tokens.next() {
                let phrase = Phrase { rest: tokens.collect(), number };
                phrases.entry(first).or_default().push(phrase);
            }
        }
        Self(phrases)
    }

    /// The numbers of the words in texts, in order.
    pub(super) fn said(&self, texts: &[String]) -> Vec<i64> {
        let mut said = BTreeSet::new();
        for text in texts {
            let tokens = tokens(text);
            for (at, token) in tokens.iter().enumerate() {
                let phrases = self.0.get(token).map(Vec::as_slice).unwrap_or_default();
                let follows = |phrase: &&Phrase| tokens[at + 1..].starts_with(&phrase.rest);
                said.extend(phrases.iter().filter(follows).map(|phrase| phrase.number));
            }
        }
        said.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_in_any_number_and_whole() {
        let words = ["long sleeve", "sleeve", "v-neck", "stripes", "long dress"].map(str::to_owned);
        let phrases = Phrases::of(&words);
        let said = |text: &str| phrases.said(&[text.to_owned()]);
        assert_eq!(said("has Long sleeves"), [0, 1]);
        assert_eq!(said("a v neck with a stripe, long"), [2, 3]);
        assert!(said("").is_empty());
        assert_eq!(phrases.said(&["sleeves".to_owned(), "v-neck".to_owned()]), [1, 2]);
    }
}
