//! The words of captions.

use std::collections::{BTreeMap, BTreeSet};

use dataset::statistics::{GroupStatistics, Statistics};
use web::pages::{Figure, Plot, StatisticsSection};

use super::{by_group, count, name, share};

/// Of how many words the shares in two categories are compared.
const COMPARED: usize = 12;

/// How long captions are, and how many words there are.
pub(super) fn lengths(statistics: &Statistics) -> StatisticsSection {
    let heads = ["Captions", "Words", "Words a caption", "Vocabulary", "Used once"];
    let table = by_group(statistics, "The words of captions", &heads, |of| {
        let captions = &of.captions;
        vec![
            count(captions.count),
            count(captions.words),
            format!("{:.2}", captions.mean_words()),
            count(captions.vocabulary),
            count(captions.once),
        ]
    });
    let figures = own(statistics).map(|of| Figure {
        title: format!("Words a caption: {}", of.group),
        shows: format!("How many captions of {} have how many words.", name(of)),
        plot: Plot::Histogram {
            of: "words".to_owned(),
            counted: "captions".to_owned(),
            counts: of.captions.by_words.iter().map(|count| *count as u64).collect(),
        },
    });
    let text = "A word is a run of letters and digits, in lower case: *V-neck* has two. The vocabulary \
                counts different words.";
    super::section("words", "Captions", text, vec![table], figures.collect())
}

/// The most frequent words of each category.
pub(super) fn frequent(statistics: &Statistics) -> StatisticsSection {
    let bars = own(statistics).map(|of| Figure {
        title: format!("Frequent words: {}", of.group),
        shows: format!("In how many captions of {} each word is.", name(of)),
        plot: Plot::Counts(
            of.captions.frequent.iter().map(|it| (it.word.clone(), it.captions as u64)).collect(),
        ),
    });
    let figures = bars.chain(compared(statistics)).collect();
    let text =
        "The words that are in most captions, without words such as *is*, *more* and *with*.";
    super::section("frequent", "Frequent words", text, vec![], figures)
}

/// The groups of the benchmark's own split, which comes first.
fn own(statistics: &Statistics) -> impl Iterator<Item = &GroupStatistics> {
    let split = statistics.groups.first().map(|of| of.split.as_str());
    statistics.groups.iter().filter(move |of| Some(of.split.as_str()) == split)
}

/// The shares of frequent words in two categories; none with one category. Only words that are frequent in
/// both have two known shares.
fn compared(statistics: &Statistics) -> Option<Figure> {
    let mut groups = own(statistics);
    let (one, other) = (groups.next()?, groups.next()?);
    let shares = |of: &GroupStatistics| -> BTreeMap<String, f64> {
        let frequent = of.captions.frequent.iter();
        frequent.map(|it| (it.word.clone(), share(it.captions, of.captions.count))).collect()
    };
    let (first, second) = (shares(one), shares(other));
    let known: BTreeSet<&String> = first.keys().filter(|word| second.contains_key(*word)).collect();
    let mut dots: Vec<(String, [f64; 2])> =
        known.into_iter().map(|word| (word.clone(), [first[word], second[word]])).collect();
    dots.sort_by(|(_, a), (_, b)| (b[0] + b[1]).total_cmp(&(a[0] + a[1])));
    dots.truncate(COMPARED);
    (!dots.is_empty()).then(|| Figure {
        title: format!("The same words in {} and {}", one.group, other.group),
        shows: format!(
            "The share of captions that have a word, in {} across and in {} upwards; on the diagonal \
             both are equal.",
            one.group, other.group
        ),
        plot: Plot::Scatter {
            of: "word".to_owned(),
            axes: [format!("% of captions, {}", one.group), format!("% of captions, {}", other.group)],
            dots,
        },
    })
}
