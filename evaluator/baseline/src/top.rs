//! The best of a gallery, with equal items ordered at random.

use std::cmp::Reverse;

use rand::Rng;

/// The indices of the `count` items with the highest scores, best first, without those excluded.
///
/// Equal items are ordered by a random key, never by their index: file order can give targets away.
pub(crate) fn top(
    scores: &[f32],
    excluded: Option<u32>,
    count: usize,
    chance: &mut impl Rng,
) -> Vec<u32> {
    let mut keyed: Vec<(Reverse<u32>, u32, u32)> = (0_u32..)
        .zip(scores)
        .map(|(index, score)| (Reverse(order(*score)), chance.next_u32(), index))
        .filter(|(_, _, index)| Some(*index) != excluded)
        .collect();
    if count < keyed.len() {
        keyed.select_nth_unstable(count);
        keyed.truncate(count);
    }
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, _, index)| index).collect()
}

/// A number with the order of finite scores, in which 0 and -0 are equal.
fn order(score: f32) -> u32 {
    let bits = (score + 0.0).to_bits();
    if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn the_best_come_first_and_the_excluded_not_at_all() {
        let mut chance = ChaCha8Rng::seed_from_u64(1);
        let scores = [0.5, -0.25, 1.0, 0.75, -0.5];
        assert_eq!(top(&scores, Some(2), 3, &mut chance), [3, 0, 1]);
        assert_eq!(top(&scores, None, 9, &mut chance), [2, 3, 0, 1, 4]);
    }

    #[test]
    fn equal_items_come_in_every_order() {
        let mut chance = ChaCha8Rng::seed_from_u64(1);
        let mut firsts = [0; 4];
        for _ in 0..4000 {
            firsts[top(&[0.0; 4], None, 2, &mut chance)[0] as usize] += 1;
        }
        assert!(firsts.iter().all(|n| (850..1150).contains(n)), "{firsts:?}");
    }
}
