//! Numbers that follow from a key and a text, the same on every machine and in every version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

/// A stream of numbers that only the key reveals.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of a key and some parts of a text. Other parts give an independent stream.
    pub(crate) fn new(key: &[u8], parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for part in std::iter::once(&key).chain(parts) {
            sha.update((part.len() as u64).to_le_bytes());
            sha.update(part);
        }
        Self(ChaCha8Rng::from_seed(sha.finalize().into()))
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number below `end`, which must not be 0; each equally likely.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The largest multiple of `end`: numbers from there on would favour small results.
        let fair = u64::MAX - u64::MAX % end;
        loop {
            let number = self.next();
            if number < fair {
                return number % end;
            }
        }
    }

    /// A number from 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts values into an order of which each is equally likely.
    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for end in (1..values.len()).rev() {
            values.swap(end, self.below(end as u64 + 1) as usize);
        }
    }
}
