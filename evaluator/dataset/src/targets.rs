//! The items that the queries of a group ask for: the secret of a benchmark.

use std::fmt;

use serde::Deserialize;

use crate::{Gallery, Result};

/// For each query of a group, the gallery indices of the items it asks for (at least one).
///
/// Targets can be neither serialised nor displayed, and their `Debug` prints a count, so they can't leak
/// into a log, a message or a response.
#[derive(Clone)]
pub struct Targets {
    /// `starts[q]..starts[q + 1]` are query q's targets in `indices`.
    starts: Vec<u32>,
    indices: Vec<u32>,
}

impl Targets {
    /// Creates it from the gallery indices of each query's targets, in the order of the queries.
    pub fn new<T: AsRef<[u32]>>(queries: impl IntoIterator<Item = T>) -> Self {
        let mut targets = Self { starts: vec![0], indices: Vec::new() };
        for query in queries {
            targets.indices.extend_from_slice(query.as_ref());
            targets.starts.push(targets.indices.len() as u32);
        }
        targets
    }

    /// How many queries there are.
    pub fn queries(&self) -> usize {
        self.starts.len() - 1
    }

    /// The gallery indices of one query's targets.
    pub fn of(&self, query: usize) -> &[u32] {
        &self.indices[self.starts[query] as usize..self.starts[query + 1] as usize]
    }
}

impl fmt::Debug for Targets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Targets(of {} queries)", self.queries())
    }
}

/// A query's target, or its targets.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(Id),
    Many(Vec<Id>),
}

/// The id of an item, as text or as an integer.
#[derive(Deserialize)]
#[serde(from = "TextOrNumber")]
pub(crate) struct Id(String);

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(u64),
}

impl From<TextOrNumber> for Id {
    fn from(id: TextOrNumber) -> Self {
        Self(match id {
            TextOrNumber::Text(id) => id,
            TextOrNumber::Number(id) => id.to_string(),
        })
    }
}

impl OneOrMany {
    pub(crate) fn as_slice(&self) -> &[Id] {
        match self {
            Self::One(id) => std::slice::from_ref(id),
            Self::Many(ids) => ids,
        }
    }
}

/// The gallery indices of a query's targets, or what is wrong with them.
pub(crate) fn indices(gallery: &Gallery, ids: &[Id]) -> Result<Vec<u32>, String> {
    indices_of(gallery, ids.iter().map(|id| id.0.as_str()))
}

/// The gallery indices of targets, or what is wrong with them.
pub(crate) fn indices_of<'a>(
    gallery: &Gallery,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<u32>, String> {
    // A target outside the gallery is the organisers' mistake. The error doesn't repeat the item's id,
    // because it may be logged.
    let outside = || "a target is not in the gallery".to_owned();
    let found = ids.into_iter().map(|id| gallery.index_of(id.as_bytes()).ok_or_else(outside));
    let found: Vec<u32> = found.collect::<Result<_, _>>()?;
    if found.is_empty() { Err("the list of targets is empty".to_owned()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_a_count_and_no_target() {
        let targets = Targets::new([vec![41_217], vec![41_218, 41_219]]);
        assert_eq!(format!("{targets:?}"), "Targets(of 2 queries)");
        assert_eq!(targets.of(1), [41_218, 41_219]);
    }
}
