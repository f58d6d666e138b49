//! The words of captions.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::words::STOP;

/// How many frequent words are kept.
pub const MOST_FREQUENT: usize = 20;

/// What is counted of captions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaptionStatistics {
    /// Captions.
    pub count: usize,
    /// Captions without a word.
    pub empty: usize,
    /// Words of all captions together.
    pub words: usize,
    /// How many captions have 0, 1, 2, … words.
    pub by_words: Vec<usize>,
    /// Distinct words.
    pub vocabulary: usize,
    /// Distinct words that occur once.
    pub once: usize,
    /// The [`MOST_FREQUENT`] words with the most captions, without [`STOP`] words; equal ones in the order of
    /// the alphabet.
    pub frequent: Vec<WordCount>,
}

/// A word, and how many captions contain it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordCount {
    /// The word.
    pub word: String,
    /// The captions.
    pub captions: usize,
}

/// The words of a caption: runs of letters and digits, in lower case. `V-neck` has two.
pub fn words_of(caption: &str) -> impl Iterator<Item = String> + '_ {
    caption
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

impl CaptionStatistics {
    pub(super) fn of<'a>(captions: impl Iterator<Item = &'a String>) -> Self {
        let (mut count, mut total) = (0, 0);
        let mut by_words: Vec<usize> = Vec::new();
        // how often each word occurs, and in how many captions
        let mut known: HashMap<String, (usize, usize)> = HashMap::new();
        for caption in captions {
            let words: Vec<String> = words_of(caption).collect();
            count += 1;
            total += words.len();
            if by_words.len() <= words.len() {
                by_words.resize(words.len() + 1, 0);
            }
            by_words[words.len()] += 1;
            for (at, word) in words.iter().enumerate() {
                let (times, within) = known.entry(word.clone()).or_default();
                *times += 1;
                *within += usize::from(!words[..at].contains(word));
            }
        }
        let once = known.values().filter(|(times, _)| *times == 1).count();
        let vocabulary = known.len();
        let mut frequent: Vec<WordCount> = known
            .into_iter()
            .filter(|(word, _)| word.chars().count() > 1 && !STOP.contains(&word.as_str()))
            .map(|(word, (_, captions))| WordCount { word, captions })
            .collect();
        frequent
            .sort_by(|a, b| (Reverse(a.captions), &a.word).cmp(&(Reverse(b.captions), &b.word)));
        frequent.truncate(MOST_FREQUENT);
        let empty = by_words.first().copied().unwrap_or(0);
        Self { count, empty, words: total, by_words, vocabulary, once, frequent }
    }

    /// Words a caption, on average; 0 without captions.
    pub fn mean_words(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.words as f64 / self.count as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_once_a_caption_and_stop_words_are_not_frequent() {
        let captions = ["Is a V-neck, a neck", "has the red NECK", "", "red"].map(str::to_owned);
        let counted = CaptionStatistics::of(captions.iter());
        assert_eq!((counted.count, counted.empty, counted.words), (4, 1, 11));
        assert_eq!(counted.by_words, [1, 1, 0, 0, 1, 0, 1]);
        // is a v neck has the red
        assert_eq!((counted.vocabulary, counted.once), (7, 4));
        let frequent: Vec<(&str, usize)> =
            counted.frequent.iter().map(|it| (it.word.as_str(), it.captions)).collect();
        assert_eq!(frequent, [("neck", 2), ("red", 2)]);
        assert!((counted.mean_words() - 2.75).abs() < 1e-12);
    }
}
