//! What one side of the queries answers alone: the captions without the reference, and the reference without
//! the captions.

use serde::{Deserialize, Serialize};

use crate::words::{Index, words};
use crate::{Attributes, Group};

/// Among how many first items a target must be.
pub const FOUND_AMONG: usize = 10;

/// Up to how many items lists are compared for; a larger gallery has no such statistic.
const MOST_SCORES: usize = 2_000_000_000;

/// For how many queries each side alone has a target among the first [`FOUND_AMONG`] items.
///
/// Both sides are simple on purpose: the cosine of idf-weighted words, between the captions and an item's
/// attributes, or between the reference's attributes and an item's. A better model of one side answers more.
/// The reference is no answer, and items with the same score as a target come before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alone {
    /// By the captions.
    pub captions: usize,
    /// By the reference.
    pub reference: usize,
    /// By neither.
    pub neither: usize,
}

impl Alone {
    pub(super) fn of(group: &Group, attributes: &Attributes) -> Option<Self> {
        let targets = group.targets.as_ref().filter(|_| !attributes.is_empty())?;
        if group.queries.len().saturating_mul(group.gallery.len()) > MOST_SCORES {
            return None;
        }
        let by_captions = Index::by_words(&group.gallery, attributes);
        let by_reference = Index::by_labels(&group.gallery, attributes);
        let mut alone = Self { captions: 0, reference: 0, neither: 0 };
        let mut scores = vec![0.0_f32; group.gallery.len()];
        for (at, query) in group.queries.iter().enumerate() {
            let reference = group.gallery.index_of(query.reference.as_str().as_bytes());
            let finds = |scores: &[f32]| {
                targets.of(at).iter().any(|&target| rank(scores, target, reference) <= FOUND_AMONG)
            };
            scores.fill(0.0);
            by_captions.add(query.captions.iter().flat_map(|caption| words(caption)), &mut scores);
            let captions = finds(&scores);
            scores.fill(0.0);
            by_reference.add_like(query.reference.as_str(), &mut scores);
            let reference = finds(&scores);
            alone.captions += usize::from(captions);
            alone.reference += usize::from(reference);
            alone.neither += usize::from(!captions && !reference);
        }
        Some(alone)
    }
}

/// The rank of an item, behind all others with the same score; beyond all if it has no score or is
/// the reference.
fn rank(scores: &[f32], item: u32, reference: Option<u32>) -> usize {
    let own = scores[item as usize];
    if own <= 0.0 || Some(item) == reference {
        return usize::MAX;
    }
    let before = (0_u32..)
        .zip(scores)
        .filter(|(other, score)| **score >= own && *other != item && Some(*other) != reference);
    1 + before.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_come_first_the_reference_is_left_out_and_no_score_is_no_answer() {
        let scores = [0.9, 0.5, 0.5, 0.7, 0.0];
        assert_eq!(rank(&scores, 1, None), 4);
        assert_eq!(rank(&scores, 1, Some(0)), 3);
        assert_eq!(rank(&scores, 0, None), 1);
        assert_eq!(rank(&scores, 4, None), usize::MAX);
        assert_eq!(rank(&scores, 0, Some(0)), usize::MAX);
    }
}
