//! The counts that the authors of a data set published, beside ours.

use dataset::statistics::{GroupStatistics, Statistics};
use scoring::{PublishedCount, Texts};
use web::pages::{DataTable, StatisticsSection};

use super::{count, name};

/// From which share of the published items on the data isn't the official data any more.
const OTHER: f64 = 0.01;

/// The published counts beside ours; none if nothing was published of these splits.
pub(super) fn section(statistics: &Statistics, texts: &Texts) -> Option<StatisticsSection> {
    let published = |of: &GroupStatistics| {
        let is_it = |it: &&PublishedCount| it.group == of.group && it.split == of.split;
        texts.published_counts.iter().find(is_it)
    };
    let known: Vec<_> =
        statistics.groups.iter().filter_map(|of| Some((of, published(of)?))).collect();
    if known.is_empty() {
        return None;
    }
    let rows = known.iter().map(|(of, paper)| {
        vec![
            name(of),
            count(paper.gallery),
            with_difference(of.gallery, paper.gallery),
            count(paper.with_attributes),
            with_difference(of.with_attributes, paper.with_attributes),
            count(paper.captions),
            with_difference(of.captions.count, paper.captions),
        ]
    });
    let heads = [
        "",
        "Items, paper",
        "Items, here",
        "With attributes, paper",
        "With attributes, here",
        "Captions, paper",
        "Captions, here",
    ];
    let table = DataTable {
        caption: "The counts of the paper, and those here".to_owned(),
        heads: heads.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    };
    let is_other = |(of, paper): &(&GroupStatistics, &PublishedCount)| {
        (of.gallery.abs_diff(paper.gallery) as f64) > OTHER * paper.gallery as f64
    };
    let text = if known.iter().any(is_other) {
        "The paper’s Table 6 counts the official data set. This challenge uses other data of the same form, \
         so its counts differ."
    } else {
        "The paper’s Table 6 and the published files differ by single rows: the files lost a query and an \
         item after the paper was written. The data set’s page says which."
    };
    Some(super::section("paper", "Beside the paper", text, vec![table], vec![]))
}

/// A count, and how far it is from another: `5,373 (−1)`.
fn with_difference(here: usize, other: usize) -> String {
    match here.cmp(&other) {
        std::cmp::Ordering::Equal => count(here),
        std::cmp::Ordering::Less => format!("{} (−{})", count(here), count(other - here)),
        std::cmp::Ordering::Greater => format!("{} (+{})", count(here), count(here - other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_written_beside_the_count() {
        assert_eq!(with_difference(5373, 5374), "5,373 (−1)");
        assert_eq!(with_difference(5374, 5374), "5,374");
        assert_eq!(with_difference(2, 1), "2 (+1)");
    }
}
