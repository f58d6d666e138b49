//! Divides train into a part to learn from and a held-out part.

use std::collections::BTreeSet;

use dataset::{Folder, Split, Targets};
use sha2::{Digest, Sha256};

use super::settings::HELD_OUT;
use crate::error::{Error, Result};

/// The queries of each group of a split with targets: those to learn from, and those held out.
///
/// A reference's queries stay together, and only the reference's id decides whether they are held out.
/// The held-out ones are ranked against the whole gallery of their group.
pub struct Parts {
    /// By group: the rows to learn from.
    pub learn: Vec<Vec<i64>>,
    /// By group: the held-out rows.
    pub held_out: Vec<Vec<i64>>,
}

impl Parts {
    /// Divides a split, or uses all of it for training.
    pub fn of(data: &Folder, split: &Split, hold_out: bool) -> Result<Self> {
        let mut parts = Self { learn: Vec::new(), held_out: Vec::new() };
        for group in &split.groups {
            let targets = group.targets.as_ref().map_or(0, Targets::queries);
            if targets == 0 {
                return Err(Error::no_targets(data.path(), &split.name));
            }
            let held: BTreeSet<i64> = (0_i64..)
                .zip(&group.queries)
                .filter(|(_, query)| hold_out && held_out(query.reference.as_str()))
                .map(|(row, _)| row)
                .collect();
            parts.learn.push((0..targets as i64).filter(|row| !held.contains(row)).collect());
            parts.held_out.push(held.into_iter().collect());
        }
        Ok(parts)
    }
}

/// Whether an item is held out, which follows from its id.
pub(super) fn held_out(item: &str) -> bool {
    Sha256::digest(item)[0] % HELD_OUT == 0
}
