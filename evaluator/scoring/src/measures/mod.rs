//! Measures: the meaning of the numbers on a board.
//!
//! A [`Family`] is one file of this folder and one line of [`FAMILIES`]. A [`Measure`] is a family,
//! with a cut-off if it has one, and is written `recall@10`. Code that shows scores iterates over
//! measures and names none of them. [`FAMILIES`] explains how to add a family.

mod aggregate;
mod average_precision;
mod average_precision_at;
mod bri;
#[cfg(test)]
pub(crate) mod dialogs;
#[cfg(test)]
mod equality;
mod family;
mod first_recall;
mod hits;
mod judged;
mod mean_rank;
mod mean_recall;
mod measure;
mod median_rank;
mod mrr;
mod ndcg;
mod percentile;
mod recall;
mod subset_recall;
mod table;
#[cfg(test)]
pub(crate) mod textbook;
mod turn_recall;
mod turns_to_success;

pub(crate) use aggregate::{Number, Values};
pub use average_precision_at::AVERAGE_PRECISION_AT;
pub use bri::BRI;
pub use family::{Aggregate, CutOff, Direction, Family, Range, Value};
pub use first_recall::FIRST_RECALL;
pub use hits::HITS;
pub use judged::Judged;
pub(crate) use judged::Judgements;
pub use mean_rank::MEAN_RANK;
pub use mean_recall::MEAN_RECALL;
pub use measure::Measure;
pub use median_rank::MEDIAN_RANK;
pub use mrr::MRR;
pub use ndcg::NDCG;
pub use percentile::PERCENTILE;
pub use recall::RECALL;
pub use table::as_markdown;
pub use turn_recall::TURN_RECALL;
pub use turns_to_success::TURNS_TO_SUCCESS;

/// All families.
///
/// To add one: write its file in this folder with its test, add its `mod` and its line here, and
/// regenerate the table in `docs/metrics.md` (`UPDATE_DOCS=1 cargo test -p scoring --test docs`). It
/// can then be computed with `fashion-iq score --measure NAME`; a task that names it in its list of
/// measures has it on its boards.
pub static FAMILIES: &[&Family] = &[
    &recall::RECALL,
    &first_recall::FIRST_RECALL,
    &mean_recall::MEAN_RECALL,
    &mrr::MRR,
    &ndcg::NDCG,
    &average_precision_at::AVERAGE_PRECISION_AT,
    &average_precision::AVERAGE_PRECISION,
    &median_rank::MEDIAN_RANK,
    &subset_recall::SUBSET_RECALL,
    &hits::HITS,
    &turn_recall::TURN_RECALL,
    &percentile::PERCENTILE,
    &mean_rank::MEAN_RANK,
    &bri::BRI,
    &turns_to_success::TURNS_TO_SUCCESS,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_a_name_of_its_own_and_says_what_it_means() {
        for (i, family) in FAMILIES.iter().enumerate() {
            assert!(FAMILIES[..i].iter().all(|other| other.name != family.name));
            assert!(!family.meaning.is_empty() && !family.title.is_empty());
            let plain = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(family.name.chars().all(plain), "{}", family.name);
            assert_eq!(family.meaning.contains('K'), family.cut_off != CutOff::Never);
        }
    }

    #[test]
    fn every_value_of_every_family_is_in_its_range() {
        for family in FAMILIES {
            for ranks in [&[1][..], &[0], &[3, 0, 20], &[1, 2, 3], &[50, 7, 0, 0]] {
                for k in [1, 2, 10, 50, usize::MAX] {
                    let found = textbook::found(ranks);
                    let judged = Judged::new(ranks, &found).with_subset(Some(2));
                    let least = if family.range == Range::Rank { 1.0 } else { 0.0 };
                    let judged = judged.until(None, 100);
                    if let Some(value) = (family.of_query)(&judged, k).to_float() {
                        let most = if family.range == Range::Share { 1.0 } else { f64::MAX };
                        assert!((least..=most).contains(&value), "{}: {value}", family.name);
                    }
                }
            }
        }
    }
}
