//! What is wrong with one ranking.

use crate::json::Kind;
use crate::text::visible;

/// How many unknown ids of one ranking are kept as samples.
const SAMPLES: usize = 4;

/// What is wrong with a ranking, kept until its query is known: all faults are counted, the first kept.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// How many of each kind are kept.
    pub(crate) cap: usize,
    pub(crate) unknown: Vec<Unknown>,
    pub(crate) duplicates: Vec<Duplicate>,
    pub(crate) others: Vec<(u32, Kind)>,
    pub(crate) more_unknown: usize,
    pub(crate) more_duplicates: usize,
    pub(crate) more_others: usize,
    /// The first unknown ids as they are, to find out what they have in common.
    pub(crate) samples: Vec<Vec<u8>>,
}

/// An item outside the gallery.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) rank: u32,
    /// Its id, escaped for display.
    pub(crate) id: String,
}

/// An item at two ranks.
#[derive(Debug)]
pub(crate) struct Duplicate {
    pub(crate) index: u32,
    pub(crate) first: u32,
    pub(crate) again: u32,
}

impl Faults {
    #[cold]
    pub(crate) fn duplicate(&mut self, duplicate: Duplicate) {
        if self.duplicates.len() < self.cap {
            self.duplicates.push(duplicate);
        } else {
            self.more_duplicates += 1;
        }
    }

    #[cold]
    pub(crate) fn unknown(&mut self, rank: u32, id: &[u8]) {
        if self.samples.len() < SAMPLES {
            self.samples.push(id.to_vec());
        }
        if self.unknown.len() < self.cap {
            self.unknown.push(Unknown { rank, id: visible(id) });
        } else {
            self.more_unknown += 1;
        }
    }
}
