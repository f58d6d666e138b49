//! The feedback share: who is in it, and what the scores of its parts are.

use dataset::Targets;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::kit::large;
use crate::{FASHION_IQ, FeedbackShare, GroupRanks, Measure, Ranks, Scorecard, ShareKey};

const KEY: ShareKey = ShareKey::from_bytes([0xa7; 32]);

/// A run of groups whose queries have one target each, at these ranks.
fn run(groups: &[(&str, Vec<u32>)]) -> Ranks {
    let of_group = |(name, ranks): &(&str, Vec<u32>)| {
        let targets = Targets::new(ranks.iter().map(|_| [0]));
        let mut group = GroupRanks::absent(name, &targets);
        for (query, &rank) in ranks.iter().enumerate() {
            group.set(query, u32::MAX, std::iter::once(rank));
        }
        group
    };
    Ranks::new(groups.iter().map(of_group).collect())
}

/// A run in which each query has a rank of its own, from 1, so that a part shows which queries it has.
fn numbered(groups: &[(&'static str, usize)]) -> Ranks {
    let ranks = |n: usize| (1..=n as u32).collect();
    run(&groups.iter().map(|&(name, n)| (name, ranks(n))).collect::<Vec<_>>())
}

/// The only rank of each query.
fn ranks_of(group: &GroupRanks) -> Vec<u32> {
    (0..group.queries()).map(|query| group.of(query)[0]).collect()
}

/// Which queries of a group are in its share, numbered from 1.
fn selected(key: u8, percent: u8, group: &'static str, queries: usize) -> Vec<u32> {
    let key = ShareKey::from_bytes([key; 32]);
    let share = FeedbackShare::select(&key, percent, [(group, queries)]).unwrap();
    ranks_of(&share.of(&numbered(&[(group, queries)])).unwrap().groups()[0])
}

proptest! {
    #[test]
    fn every_group_gives_its_percentage_and_what_it_gives_is_not_in_the_rest(
        (dress, shirt) in (2..200_usize, 2..200_usize),
        percent in 1..=99_u8,
        key: [u8; 32],
    ) {
        let groups = [("dress", dress), ("shirt", shirt)];
        let share = FeedbackShare::select(&ShareKey::from_bytes(key), percent, groups).unwrap();
        let whole = numbered(&groups);
        let (feedback, rest) = (share.of(&whole).unwrap(), share.rest_of(&whole).unwrap());
        for (g, (name, n)) in groups.into_iter().enumerate() {
            let inside = ranks_of(&feedback.groups()[g]);
            let outside = ranks_of(&rest.groups()[g]);
            // half of one rounds up, and percentages as floats are a little off
            let exact = (f64::from(percent) / 100.0 * n as f64 + 1e-9).round() as usize;
            prop_assert_eq!(inside.len(), exact.clamp(1, n - 1));
            prop_assert!(inside.is_sorted() && outside.is_sorted(), "{} in published order", name);
            let mut together = [inside, outside].concat();
            together.sort_unstable();
            prop_assert_eq!(together, (1..=n as u32).collect::<Vec<_>>());
        }
        prop_assert_eq!(share.queries() + share.rest_queries(), dress + shirt);
    }

    #[test]
    fn the_scores_of_share_and_rest_are_the_whole_score_by_their_sizes(
        dress in prop::collection::vec(0..=60_u32, 2..120),
        shirt in prop::collection::vec(0..=60_u32, 2..120),
        percent in 1..=99_u8,
    ) {
        let sizes = [("dress", dress.len()), ("shirt", shirt.len())];
        let whole = run(&[("dress", dress), ("shirt", shirt)]);
        let share = FeedbackShare::select(&KEY, percent, sizes).unwrap();
        let parts = [share.of(&whole).unwrap(), share.rest_of(&whole).unwrap()];
        for name in ["recall@10", "recall@50", "mrr@50", "mean_recall"] {
            let measure: Measure = name.parse().unwrap();
            let sum = |of: &GroupRanks| measure.of_group(of).unwrap() * of.queries() as f64;
            for (g, all) in whole.groups().iter().enumerate() {
                let together: f64 = parts.iter().map(|part| sum(&part.groups()[g])).sum();
                prop_assert!((together - sum(all)).abs() < 1e-9, "{}: {}", name, together);
            }
        }
    }
}

#[test]
fn what_a_key_selects_stays_what_stored_scores_were_computed_on() {
    // computed apart from this program
    assert_eq!(selected(0xa7, 40, "dress", 10), [1, 3, 6, 9]);
}

#[test]
fn another_key_or_group_selects_something_else() {
    let one = selected(1, 40, "dress", 2_000);
    let in_both = |other: &[u32]| one.iter().filter(|query| other.contains(query)).count();
    for other in [selected(2, 40, "dress", 2_000), selected(1, 40, "shirt", 2_000)] {
        // two independent shares of 40 % have 16 % in common
        assert!((280..360).contains(&in_both(&other)), "{}", in_both(&other));
    }
    assert_eq!(
        in_both(&selected(1, 30, "dress", 2_000)),
        600,
        "a smaller share is in a larger one"
    );
}

#[test]
fn no_group_is_left_without_a_query_in_the_share_and_one_outside() {
    let counts = |percent, queries| {
        let share = FeedbackShare::select(&KEY, percent, [("dress", queries)]).unwrap();
        (share.queries(), share.rest_queries())
    };
    assert_eq!(counts(1, 2), (1, 1));
    assert_eq!(counts(99, 2), (1, 1));
    assert_eq!(counts(99, 3), (2, 1));
    assert_eq!(counts(50, 1), (1, 0), "one query cannot be divided");
    assert_eq!(counts(50, 0), (0, 0));
    assert_eq!(counts(40, 2_017), (807, 1_210));
}

#[test]
fn a_scorecard_of_a_part_counts_the_queries_of_the_part() {
    let benchmark = large(10, 60);
    let whole = run(&[("dress", vec![1, 0, 1, 0, 1, 0, 1, 0, 1, 0])]);
    let share = FeedbackShare::of_benchmark(&KEY, 40, &benchmark).unwrap();
    let part = Scorecard::of(&share.of(&whole).unwrap(), &benchmark);
    let all = Scorecard::of(&whole, &benchmark);
    assert_eq!((part.groups[0].queries, all.groups[0].queries), (4, 10));
    let width = |card: &Scorecard| {
        let interval = card.score(FASHION_IQ.primary).unwrap().interval.unwrap();
        interval.high - interval.low
    };
    assert!(width(&part) > width(&all), "fewer queries say less");
}

#[test]
fn a_group_that_the_ranks_lack_counts_as_nothing_found() {
    let benchmark = large(10, 60);
    let share = FeedbackShare::of_benchmark(&KEY, 40, &benchmark).unwrap();
    let card = Scorecard::of(&share.rest_of(&run(&[])).unwrap(), &benchmark);
    let overall = card.score(FASHION_IQ.primary).unwrap().overall;
    assert_eq!((card.groups[0].queries, overall), (6, Some(0.0)));
}

#[test]
fn what_cannot_be_divided_is_refused_with_a_sentence() {
    for percent in [0, 100, 255] {
        let refused = FeedbackShare::select(&KEY, percent, [("dress", 10)]).unwrap_err();
        let sentence = format!(
            "a feedback share of {percent} % is not possible: enter a whole number from 1 to 99"
        );
        assert_eq!(refused.to_string(), sentence);
    }
    let share = FeedbackShare::select(&KEY, 40, [("dress", 10)]).unwrap();
    let refused = share.of(&run(&[("dress", vec![1; 9])])).unwrap_err().to_string();
    let sentence = "the feedback share is of another benchmark: group `dress` has 9 queries, the share \
                    expects 10";
    assert_eq!(refused, sentence);
}

#[test]
fn neither_key_nor_selection_is_ever_printed() {
    assert_eq!(format!("{KEY:?}"), "ShareKey(not shown)");
    let share = FeedbackShare::select(&KEY, 40, [("dress", 10), ("shirt", 20)]).unwrap();
    assert_eq!(format!("{share:#?}"), "FeedbackShare(12 of 30 queries)");
}

#[test]
fn a_commitment_is_opened_by_its_key_alone() {
    let commitment = KEY.commitment();
    let mut text = b"fashion-iq feedback share commitment v1\0".to_vec();
    text.extend([0xa7; 32]);
    assert_eq!(commitment, hex::encode(Sha256::digest(text)), "as docs/feedback-share.md says");
    assert!(KEY.opens(&commitment) && KEY.opens(&format!(" {}\n", commitment.to_uppercase())));
    assert!(!ShareKey::from_bytes([0xa8; 32]).opens(&commitment));
    assert!(!KEY.opens(&commitment[..62]) && !KEY.opens(""));
}
