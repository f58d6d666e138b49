//! Counts over train: which words of targets follow from captions, and which words of references stay.

use std::collections::{BTreeMap, HashMap};

use super::worded::{READINGS, Worded};

/// Words and pairs in fewer captions than this are not counted.
const OFTEN: usize = 8;

/// Added to the seen and the expected count, so that few counts have little weight.
const SHRINK: f32 = 3.0;

/// The largest association, in nats.
const MOST: f32 = 3.0;

/// Two associations of what captions say with each word of the lexicon, as logarithms of seen over
/// expected counts, both shrunk: ln((seen + s) / (expected + s)).
///
/// *Told*: how often targets have the word. *Kept*: how often the target has the word if the reference
/// has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Counts {
    /// What captions say, in order: words, pairs, and unwanted words after a minus sign.
    pub(crate) said: Vec<String>,
    /// [said, words], row by row.
    pub(crate) told: Vec<f32>,
    /// [said, words], row by row.
    pub(crate) kept: Vec<f32>,
    pub(crate) words: usize,
}

/// The counts themselves, by which a query of train is told what the others say.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    told: Table,
    kept: Table,
    /// By group.
    chances: Vec<Chances>,
}

#[derive(Debug, Default)]
struct Table {
    seen: Vec<f32>,
    expected: Vec<f32>,
}

/// How often targets have each word, and how often they have it if the reference has it.
#[derive(Debug)]
struct Chances {
    told: Vec<f32>,
    kept: Vec<f32>,
}

/// A group with the rows that are counted and the words of their targets.
pub(crate) struct Learned<'a> {
    pub(crate) worded: &'a Worded,
    pub(crate) rows: &'a [i64],
    /// The gallery index of each query's target.
    pub(crate) targets: &'a [i64],
}

/// What the counts say about one query.
pub(crate) struct Associations {
    /// For each word of the lexicon, the sum over what the captions say.
    pub(crate) told: Vec<f32>,
    /// The same for each word of the reference, in its order; 0 for words outside of the lexicon.
    pub(crate) kept: Vec<f32>,
}

impl Learned<'_> {
    fn target(&self, row: i64) -> &[u32] {
        self.worded.items.of(self.targets[row as usize] as usize)
    }
}

fn lift(seen: f32, expected: f32) -> f32 {
    ((seen.max(0.0) + SHRINK) / (expected.max(0.0) + SHRINK)).ln().clamp(-MOST, MOST)
}

impl Counts {
    /// Counts some rows of each group, for a lexicon of this many words.
    pub(crate) fn of(groups: &[Learned<'_>], words: usize) -> (Self, Seen) {
        let said = often(groups);
        let size = said.len() * words;
        let table = || Table { seen: vec![0.0; size], expected: vec![0.0; size] };
        let chances = groups.iter().map(|group| Chances::of(group, words)).collect();
        let mut seen = Seen { told: table(), kept: table(), chances };
        let counts = Self { said, told: Vec::new(), kept: Vec::new(), words };
        let places = counts.places();
        for (group, chances) in groups.iter().zip(&seen.chances) {
            for &row in group.rows {
                let target = group.target(row);
                let reference = group.worded.references.of(row as usize);
                for said in numbers(&places, &group.worded.counted[READINGS * row as usize]) {
                    let at = said * words;
                    let expected = seen.told.expected[at..at + words].iter_mut();
                    expected.zip(&chances.told).for_each(|(sum, chance)| *sum += chance);
                    for &word in target.iter().filter(|word| (**word as usize) < words) {
                        seen.told.seen[at + word as usize] += 1.0;
                    }
                    for &word in reference.iter().filter(|word| (**word as usize) < words) {
                        let word = word as usize;
                        seen.kept.expected[at + word] += chances.kept[word];
                        let kept = target.contains(&(word as u32));
                        seen.kept.seen[at + word] += f32::from(u8::from(kept));
                    }
                }
            }
        }
        let lifts = |table: &Table| -> Vec<f32> {
            table.seen.iter().zip(&table.expected).map(|(&s, &e)| lift(s, e)).collect()
        };
        let (told, kept) = (lifts(&seen.told), lifts(&seen.kept));
        (Self { told, kept, ..counts }, seen)
    }

    /// The number of everything that is counted.
    pub(crate) fn places(&self) -> HashMap<&str, usize> {
        self.said.iter().enumerate().map(|(at, said)| (said.as_str(), at)).collect()
    }

    /// What the counts say about a query, from the numbers of what it says.
    pub(crate) fn about(&self, said: &[usize], reference: &[u32]) -> Associations {
        let mut told = vec![0.0; self.words];
        for &said in said {
            let lifts = &self.told[said * self.words..][..self.words];
            told.iter_mut().zip(lifts).for_each(|(told, lift)| *told += lift);
        }
        let kept = |&word: &u32| {
            let own = said.iter().map(|said| self.kept[said * self.words + word as usize]);
            if (word as usize) < self.words { own.sum() } else { 0.0 }
        };
        Associations { told, kept: reference.iter().map(kept).collect() }
    }

    /// The same about a counted query of a group, from the other queries.
    #[cfg(feature = "torch")]
    pub(crate) fn about_other(
        &self,
        seen: &Seen,
        group: usize,
        said: &[usize],
        reference: &[u32],
        target: &[u32],
    ) -> Associations {
        let mut all = self.about(said, reference);
        for &word in target.iter().filter(|word| (**word as usize) < self.words) {
            let lifts = said.iter().map(|said| {
                let at = said * self.words + word as usize;
                lift(seen.told.seen[at] - 1.0, seen.told.expected[at])
            });
            all.told[word as usize] = lifts.sum();
        }
        for (&word, kept) in reference.iter().zip(&mut all.kept) {
            if (word as usize) < self.words {
                let own = f32::from(u8::from(target.contains(&word)));
                let chance = seen.chances[group].kept[word as usize];
                let lifts = said.iter().map(|said| {
                    let at = said * self.words + word as usize;
                    lift(seen.kept.seen[at] - own, seen.kept.expected[at] - chance)
                });
                *kept = lifts.sum();
            }
        }
        all
    }
}

/// The numbers of what a query says, of what is counted.
pub(crate) fn numbers(places: &HashMap<&str, usize>, counted: &[String]) -> Vec<usize> {
    counted.iter().filter_map(|said| places.get(said.as_str()).copied()).collect()
}

fn often(groups: &[Learned<'_>]) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for group in groups {
        for said in
            group.rows.iter().flat_map(|&row| &group.worded.counted[READINGS * row as usize])
        {
            *counts.entry(said).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count >= OFTEN);
    counts.into_keys().cloned().collect()
}

impl Chances {
    fn of(group: &Learned<'_>, words: usize) -> Self {
        let (mut told, mut kept, mut had) = (vec![0.0; words], vec![0.0; words], vec![0.0; words]);
        for &row in group.rows {
            let target = group.target(row);
            for &word in target.iter().filter(|word| (**word as usize) < words) {
                told[word as usize] += 1.0;
            }
            let reference = group.worded.references.of(row as usize);
            for &word in reference.iter().filter(|word| (**word as usize) < words) {
                had[word as usize] += 1.0;
                kept[word as usize] += f32::from(u8::from(target.contains(&word)));
            }
        }
        let all = group.rows.len().max(1) as f32;
        for share in &mut told {
            *share /= all;
        }
        for (share, had) in kept.iter_mut().zip(&had) {
            *share /= f32::max(*had, 1.0);
        }
        Self { told, kept }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use dataset::{Gallery, Group, ItemCaptions, ItemId, Query};

    use super::*;
    use crate::lexical::{Described, Lexicon};

    /// Ten queries for a shorter item and ten for a longer one, whose captions say so; references are red.
    fn world() -> (Worded, Lexicon, Vec<i64>) {
        let items = ["red", "short red", "long blue"].map(|words| format!("{words} dress"));
        let id = |item: usize| ItemId::new(&item.to_string()).unwrap();
        let query = |at: usize| Query {
            id: at.to_string(),
            reference: id(0),
            captions: vec![
                if at.is_multiple_of(2) { "is shorter" } else { "is longer" }.to_owned(),
            ],
        };
        let gallery = Gallery::new((0..3).map(id)).unwrap();
        let queries = (0..20).map(query).collect();
        let group =
            Group { name: "dress".to_owned(), gallery, queries, targets: None, sessions: vec![] };
        let captions: BTreeMap<String, String> =
            items.iter().enumerate().map(|(at, text)| (at.to_string(), text.clone())).collect();
        let captions = ItemCaptions::new(captions);
        let described = Described { captions, ..Described::default() };
        let words = ["blue", "dress", "long", "red", "short"].map(str::to_owned);
        let lexicon = Lexicon { groups: vec!["dress".to_owned()], words: words.to_vec() };
        let targets = (0..20).map(|at| if at % 2 == 0 { 1 } else { 2 }).collect();
        (Worded::new(&group, &described, &lexicon), lexicon, targets)
    }

    #[test]
    fn words_of_targets_follow_from_captions_and_words_of_references_stay_or_go() {
        let (worded, lexicon, targets) = world();
        let rows: Vec<i64> = (0..20).collect();
        let learned = [Learned { worded: &worded, rows: &rows, targets: &targets }];
        let (counts, _) = Counts::of(&learned, lexicon.len());
        assert_eq!(counts.said, ["longer", "shorter"]);
        let shorter = counts.about(&[1], worded.references.of(0));
        let told = |word: &str| shorter.told[lexicon.number(word).unwrap() as usize];
        // Ten of ten targets have the word where five are expected.
        assert!((told("short") - (13.0_f32 / 8.0).ln()).abs() < 1e-5);
        assert!((told("long") - (3.0_f32 / 8.0).ln()).abs() < 1e-5);
        assert!(told("dress").abs() < 1e-5, "all have it");
        // The reference's words: dress stays always, red in one half.
        assert!(shorter.kept[0].abs() < 1e-5);
        assert!((shorter.kept[1] - (13.0_f32 / 8.0).ln()).abs() < 1e-5);
    }

    #[test]
    fn a_counted_query_is_told_what_the_others_say() {
        let (worded, lexicon, targets) = world();
        let rows: Vec<i64> = (0..20).collect();
        let learned = [Learned { worded: &worded, rows: &rows, targets: &targets }];
        let (counts, seen) = Counts::of(&learned, lexicon.len());
        let target = worded.items.of(1);
        let own = counts.about_other(&seen, 0, &[1], worded.references.of(0), target);
        let short = lexicon.number("short").unwrap() as usize;
        assert!((own.told[short] - (12.0_f32 / 8.0).ln()).abs() < 1e-5, "nine of the others");
        assert!((own.kept[1] - (12.0_f32 / 7.5).ln()).abs() < 1e-5);
    }
}
