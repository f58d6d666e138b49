//! Mutations of a corpus, the same ones every time.

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The longest input that is made.
const MOST_BYTES: usize = 1 << 14;

/// Bytes at which readers decide something.
const BYTES: &[u8] = b"\0\x01\x7f\x80\xff{}[]\",:\\/ \n\t#='-+.eE0129nu";

/// Makes new inputs from those of a corpus.
pub(super) struct Mutator<'a> {
    chance: ChaCha8Rng,
    corpus: &'a [Vec<u8>],
}

impl<'a> Mutator<'a> {
    pub(super) fn new(corpus: &'a [Vec<u8>]) -> Self {
        Self { chance: ChaCha8Rng::seed_from_u64(1), corpus }
    }

    /// An input of the corpus, changed in one to four ways.
    pub(super) fn next(&mut self) -> Vec<u8> {
        let mut bytes = self.input().to_vec();
        for _ in 0..self.chance.random_range(1..=4) {
            self.change(&mut bytes);
            bytes.truncate(MOST_BYTES);
        }
        bytes
    }

    fn input(&mut self) -> &'a [u8] {
        self.corpus.choose(&mut self.chance).map_or(&[], Vec::as_slice)
    }

    /// A short part of some bytes, which may be empty.
    fn part(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.chance.random_range(0..=length);
        let end = start + self.chance.random_range(0..=24);
        start..end.min(length)
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.part(bytes.len());
        match self.chance.random_range(0..8) {
            0 => drop(bytes.drain(at)),
            1 => {
                let again = bytes[at.clone()].to_vec();
                bytes.splice(at.end..at.end, again);
            }
            2 => {
                let other = self.input();
                let part = self.part(other.len());
                bytes.splice(at, other[part].iter().copied());
            }
            3 => bytes.truncate(at.start),
            4 => {
                if let Some(byte) = bytes.get_mut(at.start) {
                    *byte ^= 1 << self.chance.random_range(0..8);
                }
            }
            5 => {
                if let Some(byte) = bytes.get_mut(at.start) {
                    *byte = self.chance.random();
                }
            }
            6 => bytes[at].reverse(),
            _ => bytes.insert(at.start, BYTES[self.chance.random_range(0..BYTES.len())]),
        }
    }
}
