//! Reads the words of items and of captions.

use std::collections::BTreeSet;

use dataset::{Attributes, ItemCaptions};

use dataset::words::words;

/// Words in the sentences of machine captions that say nothing about the garment.
const PICTURE: [&str; 14] = [
    "image",
    "man",
    "mannequin",
    "men",
    "model",
    "person",
    "photo",
    "picture",
    "pose",
    "posing",
    "standing",
    "wearing",
    "woman",
    "women",
];

/// Words after which the words of the same clause are not wanted.
const NEGATIONS: [&str; 9] =
    ["doesn", "don", "isn", "lack", "less", "never", "no", "not", "without"];

/// Words that end a clause.
const CLAUSE_ENDS: [&str; 7] = ["and", "but", "instead", "is", "more", "or", "with"];

/// The most words that one negation covers.
const NEGATED: usize = 4;

/// Names of colours.
const COLOURS: [&str; 53] = [
    "aqua",
    "beige",
    "black",
    "blue",
    "bronze",
    "brown",
    "burgundy",
    "charcoal",
    "copper",
    "coral",
    "cream",
    "fuchsia",
    "gold",
    "golden",
    "gray",
    "green",
    "grey",
    "indigo",
    "ivory",
    "khaki",
    "lavender",
    "lilac",
    "magenta",
    "maroon",
    "mauve",
    "mint",
    "mustard",
    "navy",
    "nude",
    "olive",
    "orange",
    "peach",
    "pink",
    "plum",
    "purple",
    "red",
    "rose",
    "royal",
    "rust",
    "salmon",
    "scarlet",
    "silver",
    "tan",
    "taupe",
    "teal",
    "turquoise",
    "violet",
    "white",
    "wine",
    "yellow",
    "bluish",
    "greenish",
    "reddish",
];

/// Whether a word names a colour.
pub fn is_colour(word: &str) -> bool {
    COLOURS.contains(&word)
}

/// The distinct words of an item's attributes and sentence.
pub fn words_of_item(
    attributes: &Attributes,
    captions: &ItemCaptions,
    item: &str,
) -> BTreeSet<String> {
    words_of(attributes.words(item).map(|(_, label)| label).chain(captions.of(item)))
}

/// The distinct words of texts about an item, without those about its photo.
pub(crate) fn words_of<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    texts.flat_map(words).filter(|word| !PICTURE.contains(&word.as_str())).collect()
}

/// What a query's captions ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The words that are wanted.
    pub said: BTreeSet<String>,
    /// The words that are not wanted.
    pub negated: BTreeSet<String>,
    /// Pairs of adjacent wanted words, joined by a space.
    pub pairs: BTreeSet<String>,
}

impl Asked {
    /// Reads captions.
    pub fn of(captions: &[String]) -> Self {
        let mut asked = Self::default();
        for caption in captions {
            asked.read(caption);
        }
        asked
    }

    fn read(&mut self, caption: &str) {
        for clause in caption.split([',', '.', ';', '/', '(', ')']) {
            // How many words the negation still covers, and the wanted word just before.
            let (mut negated, mut before) = (0, None::<String>);
            for token in clause.split(|c: char| !c.is_alphabetic()).filter(|t| !t.is_empty()) {
                let token = token.to_lowercase();
                if NEGATIONS.contains(&token.as_str()) {
                    negated = NEGATED;
                    before = None;
                } else if CLAUSE_ENDS.contains(&token.as_str()) {
                    negated = 0;
                    before = None;
                } else if let Some(word) = words(&token).next() {
                    if negated > 0 {
                        negated -= 1;
                        self.negated.insert(word);
                    } else {
                        if let Some(before) = before.replace(word.clone()) {
                            self.pairs.insert(format!("{before} {word}"));
                        }
                        self.said.insert(word);
                    }
                }
            }
        }
    }

    /// Whether a colour is wanted.
    pub fn names_colour(&self) -> bool {
        self.said.iter().any(|word| is_colour(word))
    }

    /// What is counted: the wanted words and pairs, and the unwanted words after a minus sign.
    pub fn counted(&self) -> impl Iterator<Item = String> + '_ {
        let negated = self.negated.iter().map(|word| format!("-{word}"));
        self.said.iter().chain(&self.pairs).cloned().chain(negated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_follows_a_negation_in_its_clause_is_not_wanted() {
        let asked = Asked::of(&["has no sleeves and is blue".to_owned()]);
        assert_eq!((asked.said, asked.negated), (set(&["blue"]), set(&["sleeve"])));
        let asked = Asked::of(&["less floral, longer".to_owned(), "isn't red but pink".to_owned()]);
        assert_eq!(asked.said, set(&["longer", "pink"]));
        assert_eq!(asked.negated, set(&["floral", "red"]));
    }

    #[test]
    fn pairs_are_adjacent_wanted_words_of_one_clause() {
        let asked = Asked::of(&["a short sleeve shirt, blue and dark green".to_owned()]);
        assert_eq!(asked.pairs, set(&["dark green", "short sleeve", "sleeve shirt"]));
        assert!(asked.names_colour());
        assert!(!Asked::of(&["has no red in it".to_owned()]).names_colour());
        let counted: Vec<String> = Asked::of(&["red, not long".to_owned()]).counted().collect();
        assert_eq!(counted, ["red", "-long"]);
    }

    #[test]
    fn an_items_words_are_those_of_both_texts_without_words_about_the_photo() {
        let mut lists: [Vec<String>; 6] = Default::default();
        lists[4] = vec!["long sleeves".to_owned()];
        let attributes = Attributes::new([("x".to_owned(), lists)].into());
        let sentence = "a woman in a red t - shirt posing".to_owned();
        let captions = ItemCaptions::new([("x".to_owned(), sentence)].into());
        let words = words_of_item(&attributes, &captions, "x");
        assert_eq!(words, set(&["long", "red", "shirt", "sleeve"]));
        assert!(words_of_item(&attributes, &captions, "y").is_empty());
    }
}
