//! The seed of a drawn data set, and the random streams derived from it.
//!
//! Every purpose (ids, garments, pairing, wording, each order) has its own stream, keyed by
//! SHA-256 over seed, purpose, group and split. So a change to the wording changes no id, a split is
//! the same whatever else is drawn, and what is published of one stream reveals nothing about
//! another.
//!
//! The few distributions used here are written out instead of taken from `rand`, which can change them
//! with a version: the same seed must always give the same bytes.

use std::fmt;
use std::str::FromStr;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// What a data set is drawn from: 128 bits.
///
/// Whoever has the seed can draw the targets, so the seed of a hidden test is as secret as they
/// are: it has no `Display`, and its `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; 16]);

impl Seed {
    /// Takes the 128 bits.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The stream of chance for one purpose in one group of one split.
    pub(super) fn stream(&self, purpose: &str, group: &str, split: &str) -> Stream {
        let mut key = Sha256::new();
        key.update(b"drawn garments 1\0");
        key.update(self.0);
        for part in [purpose, group, split] {
            key.update(part);
            key.update([0]);
        }
        Stream(ChaCha20Rng::from_seed(key.finalize().into()))
    }
}

impl FromStr for Seed {
    type Err = Error;

    /// Reads a decimal number of at most 64 bits (for small public seeds such as `1`), or the 128
    /// bits as 32 hex digits.
    fn from_str(text: &str) -> Result<Self> {
        let mut bytes = [0; 16];
        if text.len() == 32 {
            hex::decode_to_slice(text, &mut bytes).map_err(|_| Error::not_a_seed())?;
        } else if text.bytes().all(|b| b.is_ascii_digit()) {
            let number: u64 = text.parse().map_err(|_| Error::not_a_seed())?;
            bytes[8..].copy_from_slice(&number.to_be_bytes());
        } else {
            return Err(Error::not_a_seed());
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(not shown)")
    }
}

/// One stream of chance.
pub(super) struct Stream(ChaCha20Rng);

impl Stream {
    /// The stream that a number gives, which was itself drawn from one.
    #[cfg(feature = "pictures")]
    pub(super) fn from_number(number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_le_bytes());
        Self(ChaCha20Rng::from_seed(key))
    }

    /// Any number.
    #[cfg(feature = "pictures")]
    pub(super) fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A value at most `spread` away from `middle`, in two thousand steps, all equally likely.
    #[cfg(feature = "pictures")]
    pub(super) fn about(&mut self, middle: f32, spread: f32) -> f32 {
        middle + spread * (self.below(2001) as f32 / 1000.0 - 1.0)
    }

    /// A number below `n`, which is at least 1; all are equally likely.
    ///
    /// Lemire, "Fast Random Integer Generation in an Interval", 2019.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        let uneven = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(n);
            if product as u64 >= uneven {
                return (product >> 64) as usize;
            }
        }
    }

    /// True with a probability in thousandths.
    pub(super) fn chance(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of several values, all equally likely; there is at least one.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// One of several values, more likely the earlier it comes; there is at least one.
    pub(super) fn pick_early<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len()).min(self.below(from.len()))]
    }

    /// One of several values by their weights, at least one of which is above 0.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(T, usize)]) -> T {
        let mut at = self.below(from.iter().map(|(_, weight)| weight).sum());
        let drawn = from.iter().find(|(_, weight)| match at.checked_sub(*weight) {
            Some(rest) => {
                at = rest;
                false
            }
            None => true,
        });
        drawn.expect("what was drawn lies below the sum of the weights").0
    }

    /// A uniformly random order of `0..n` (Fisher and Yates).
    pub(super) fn order(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_small_number_or_32_hex_digits() {
        let mut one = [0; 16];
        one[15] = 1;
        assert_eq!("1".parse::<Seed>().unwrap(), Seed::from_bytes(one));
        assert_eq!("00000000000000000000000000000001".parse::<Seed>().unwrap().0, one);
        let hex = "00112233445566778899aabbccddeeff".parse::<Seed>().unwrap();
        assert_eq!(hex.0[15], 0xff);
        assert!("18446744073709551615".parse::<Seed>().is_ok());
        for wrong in ["", "-1", "x", "18446744073709551616", "+1", "1 ", &"g".repeat(32)] {
            let message = wrong.parse::<Seed>().unwrap_err().to_string();
            assert_eq!(message, "a seed is a number such as 1, or 32 hex digits");
        }
    }

    #[test]
    fn a_seed_is_never_printed() {
        let seed: Seed = "00112233445566778899aabbccddeeff".parse().unwrap();
        assert_eq!(format!("{seed:?}"), "Seed(not shown)");
    }

    #[test]
    fn each_purpose_group_and_split_has_its_own_stream() {
        let seed = Seed::from_bytes([7; 16]);
        let first = |purpose, group, split| seed.stream(purpose, group, split).below(1 << 60);
        let one = first("ids", "dress", "val");
        assert_eq!(one, first("ids", "dress", "val"));
        assert_ne!(one, first("wording", "dress", "val"));
        assert_ne!(one, first("ids", "shirt", "val"));
        assert_ne!(one, first("ids", "dress", "test"));
        assert_ne!(first("ids", "a", "bc"), first("ids", "ab", "c"));
    }

    #[test]
    fn every_number_below_n_is_about_as_likely() {
        let mut stream = Seed::from_bytes([1; 16]).stream("test", "", "");
        let mut counts = [0_u32; 6];
        for _ in 0..6000 {
            counts[stream.below(6)] += 1;
        }
        // each count is binomial(6000, 1/6): mean 1000, standard deviation 29
        assert!(counts.iter().all(|&n| n.abs_diff(1000) < 150), "{counts:?}");
    }

    #[test]
    fn an_order_holds_each_index_once_and_weights_of_nothing_are_never_drawn() {
        let mut stream = Seed::from_bytes([2; 16]).stream("test", "", "");
        let mut order = stream.order(100);
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
        assert!((0..500).all(|_| stream.weighted(&[('a', 0), ('b', 3), ('c', 0)]) == 'b'));
    }
}
