//! Draws the dialogs of a submission.

use crate::chance::Chance;

/// The start of a dialog, by places in the gallery. They are always different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The item that is shown first.
    pub start: u32,
    /// The hidden item.
    pub target: u32,
}

/// Draws dialogs from a secret key: without it, nobody can tell them in advance.
#[derive(Clone)]
pub struct Draw {
    key: Vec<u8>,
}

impl Draw {
    /// Draws from this key.
    pub fn new(key: &[u8]) -> Self {
        Self { key: key.to_vec() }
    }

    /// The dialogs of a player's submission with this number, from 1; fewer than `count` in a gallery with
    /// fewer items, and none in a gallery with less than two.
    ///
    /// Each player goes through the gallery in an order of their own, so no submission repeats a target
    /// until each item was one. The first items are drawn independently.
    pub fn dialogs(&self, player: &str, number: u32, gallery: usize, count: usize) -> Vec<Opening> {
        if gallery < 2 {
            return vec![];
        }
        let count = count.min(gallery);
        let items = gallery as u64;
        let player = player.as_bytes();
        let before = u64::from(number.saturating_sub(1)) * count as u64;
        let target = |place: u64| {
            // After the last item, the gallery is gone through in another order.
            let (round, place) = (place / items, place % items);
            (round, place as usize)
        };
        let mut order = (u64::MAX, Vec::new());
        let mut starts = Chance::new(&self.key, &[b"start", player, &number.to_le_bytes()]);
        let opening = |nth: u64| {
            let (round, place) = target(before + nth);
            if order.0 != round {
                order = (round, self.order(player, round, gallery));
            }
            let target = order.1[place];
            let other = starts.below(items - 1) as u32;
            Opening { start: other + u32::from(other >= target), target }
        };
        (0..count as u64).map(opening).collect()
    }

    /// A number from which the words of a submission's captions follow.
    pub fn seed(&self, player: &str, number: u32) -> u64 {
        Chance::new(&self.key, &[b"seed", player.as_bytes(), &number.to_le_bytes()]).next()
    }

    /// The order in which a player goes through a gallery.
    fn order(&self, player: &[u8], round: u64, gallery: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..gallery as u32).collect();
        Chance::new(&self.key, &[b"order", player, &round.to_le_bytes()]).shuffle(&mut order);
        order
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_drawn_never_changes() {
        let drawn = Draw::new(&[1; 32]).dialogs("dialog/dress/7", 2, 1000, 3);
        let drawn: Vec<(u32, u32)> = drawn.iter().map(|it| (it.start, it.target)).collect();
        assert_eq!(drawn, [(682, 854), (153, 520), (544, 408)]);
    }

    #[test]
    fn no_submission_repeats_a_target_until_each_item_was_one() {
        let draw = Draw::new(b"key");
        let mut seen = BTreeSet::new();
        for number in 1..=10 {
            let drawn = draw.dialogs("team", number, 1000, 100);
            assert!(drawn.iter().all(|it| seen.insert(it.target)), "submission {number}");
        }
        assert_eq!(seen.len(), 1000);
        let again = draw.dialogs("team", 11, 1000, 100);
        assert_ne!(again, draw.dialogs("team", 1, 1000, 100));
    }

    #[test]
    fn targets_and_first_items_are_spread_over_the_gallery() {
        let (mut targets, mut starts) = ([0_u32; 20], [0_u32; 20]);
        for player in 0..4000 {
            let drawn = Draw::new(b"key").dialogs(&player.to_string(), 1, 20, 1);
            targets[drawn[0].target as usize] += 1;
            starts[drawn[0].start as usize] += 1;
        }
        // 200 each; five standard deviations are 69.
        for count in targets.iter().chain(&starts) {
            assert!((131..=269).contains(count), "{targets:?} {starts:?}");
        }
    }

    proptest! {
        #[test]
        fn openings_are_two_items_of_the_gallery(
            gallery in 0_usize..50, count in 0_usize..60, number in 0_u32..9, key in any::<[u8; 8]>()
        ) {
            let drawn = Draw::new(&key).dialogs("team", number, gallery, count);
            prop_assert_eq!(drawn.len(), if gallery < 2 { 0 } else { count.min(gallery) });
            for Opening { start, target } in drawn {
                prop_assert!(start != target);
                prop_assert!((start as usize) < gallery && (target as usize) < gallery);
            }
        }
    }
}
