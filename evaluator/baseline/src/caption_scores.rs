//! How like people's captions machine captions are, and how varied.

use std::collections::{HashMap, HashSet};

/// The longest phrases that BLEU compares, in words.
const LONGEST: usize = 4;

/// The weight of recall in ROUGE-L, as the tools of COCO have it.
const BETA: f64 = 1.2;

/// The words of a caption: lower case, split at everything except letters, digits and apostrophes.
pub fn caption_words(caption: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '\'';
    let words = caption.split(|c: char| !is_part(c)).map(|word| word.trim_matches('\''));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// BLEU-1 to BLEU-4 of captions, each with its references, all as words (Papineni et al. 2002): the geometric
/// mean of the precisions of phrases of 1 to n words, each phrase counted at most as often as the reference
/// with the most of it, times exp(1 - r / c) if the captions' length c is less than that of the closest
/// references, r. Counts are added up over all captions.
pub fn bleu(captions: &[(Vec<String>, Vec<Vec<String>>)]) -> [f64; LONGEST] {
    let (mut matched, mut all) = ([0_usize; LONGEST], [0_usize; LONGEST]);
    let (mut length, mut closest) = (0, 0);
    for (caption, references) in captions {
        length += caption.len();
        let lengths = references.iter().map(Vec::len);
        closest += lengths.min_by_key(|&own| (own.abs_diff(caption.len()), own)).unwrap_or(0);
        for n in 1..=LONGEST {
            let most = most_of(references, n);
            for (phrase, count) in phrases(caption, n) {
                all[n - 1] += count;
                matched[n - 1] += count.min(most.get(phrase).copied().unwrap_or(0));
            }
        }
    }
    let brevity = (1.0 - closest as f64 / length.max(1) as f64).min(0.0).exp();
    let mut logs = 0.0;
    std::array::from_fn(|n| {
        logs += (matched[n] as f64 / all[n].max(1) as f64).ln();
        brevity * (logs / (n + 1) as f64).exp()
    })
}

/// The phrases of n words, with how often each is there.
fn phrases(words: &[String], n: usize) -> HashMap<&[String], usize> {
    let mut counts = HashMap::new();
    words.windows(n).for_each(|phrase| *counts.entry(phrase).or_default() += 1);
    counts
}

fn most_of(references: &[Vec<String>], n: usize) -> HashMap<&[String], usize> {
    let mut most = HashMap::new();
    for (phrase, count) in references.iter().flat_map(|reference| phrases(reference, n)) {
        let own: &mut usize = most.entry(phrase).or_default();
        *own = count.max(*own);
    }
    most
}

/// ROUGE-L, the mean over captions (Lin 2004): with the longest common subsequence as matches, the best
/// precision P and the best recall R over the references give (1 + β²) P R / (R + β² P), β = 1.2.
pub fn rouge_l(captions: &[(Vec<String>, Vec<Vec<String>>)]) -> f64 {
    let of = |(caption, references): &(Vec<String>, Vec<Vec<String>>)| {
        let (mut precision, mut recall) = (0.0_f64, 0.0_f64);
        for reference in references {
            let common = common_subsequence(caption, reference) as f64;
            precision = precision.max(common / caption.len().max(1) as f64);
            recall = recall.max(common / reference.len().max(1) as f64);
        }
        if precision == 0.0 || recall == 0.0 {
            return 0.0;
        }
        (1.0 + BETA * BETA) * precision * recall / (recall + BETA * BETA * precision)
    };
    captions.iter().map(of).sum::<f64>() / captions.len().max(1) as f64
}

/// The length of the longest common subsequence.
fn common_subsequence(one: &[String], other: &[String]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for word in one {
        let mut before = 0;
        for (at, own) in other.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if own == word { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row[other.len()]
}

/// distinct-n (Li et al. 2016): the number of different phrases of n words over the number of phrases.
pub fn distinct(captions: &[Vec<String>], n: usize) -> f64 {
    let different: HashSet<&[String]> =
        captions.iter().flat_map(|words| words.windows(n)).collect();
    let all: usize = captions.iter().map(|words| words.windows(n).len()).sum();
    different.len() as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn pair(caption: &str, references: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
        (words(caption), references.iter().map(|text| words(text)).collect())
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9, "{value} {expected}");
    }

    fn guide() -> (Vec<String>, Vec<Vec<String>>) {
        let caption = "It is a guide to action which ensures that the military always obeys the commands \
                       of the party";
        let references = [
            "It is a guide to action that ensures that the military will forever heed Party commands",
            "It is the guiding principle which guarantees the military forces always being under the \
             command of the Party",
            "It is the practical guide for the army always to heed the directions of the party",
        ];
        pair(caption, &references)
    }

    #[test]
    fn captions_are_lower_case_words_without_punctuation() {
        assert_eq!(
            caption_words(" Isn't RED, t-shirt; 3/4 "),
            ["isn't", "red", "t", "shirt", "3", "4"]
        );
    }

    // The sentences of Papineni et al., with the values that the documentation of NLTK gives for them.
    #[test]
    fn bleu_is_that_of_public_tools() {
        close(bleu(&[guide()])[3], 0.504_566_684_005_848_5);
        let history = pair(
            "he read the book because he was interested in world history",
            &["he was interested in world history because he read the book"],
        );
        close(bleu(&[guide(), history])[3], 0.592_077_886_880_104_2);
        close(
            bleu(&[pair("the the the the the the the", &["the cat is on the mat"])])[0],
            2.0 / 7.0,
        );
        close(bleu(&[pair("is red", &["is red and long"])])[0], (1.0_f64 - 4.0 / 2.0).exp());
        close(bleu(&[pair("is red", &["has sleeves"])])[0], 0.0);
        for value in bleu(&[]) {
            close(value, 0.0);
        }
    }

    // Lin's example: both share as many words, one of them in another order.
    #[test]
    fn rouge_l_is_the_longest_common_subsequence() {
        let reference = ["police killed the gunman"];
        close(rouge_l(&[pair("police kill the gunman", &reference)]), 0.75);
        close(rouge_l(&[pair("the gunman kill police", &reference)]), 0.5);
        // P = 1, R = 2/4: 2.44 · 0.5 / (0.5 + 1.44) = 0.628865979…
        close(rouge_l(&[pair("the gunman", &reference)]), 2.44 * 0.5 / 1.94);
        close(rouge_l(&[pair("a dress", &reference)]), 0.0);
    }

    #[test]
    fn distinct_is_a_share_of_phrases() {
        let captions = [words("is red"), words("is blue and red")];
        close(distinct(&captions, 1), 4.0 / 6.0);
        close(distinct(&captions, 2), 1.0);
        close(distinct(&[words("red"), words("red")], 2), 0.0);
    }
}
