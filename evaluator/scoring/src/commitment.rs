//! A commitment to the targets of a benchmark: a digest that fixes them now and can be checked once
//! they and its salt are public.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Benchmark;

/// What is hashed first, so that the digest is of nothing else.
const BEFORE: &[u8] = b"fashion-iq targets v1";

/// How many random bytes are hashed between that and the targets. Without them, the digest would
/// confirm a guess of all targets.
pub const SALT_BYTES: usize = 32;

impl Benchmark {
    /// SHA-256 of `fashion-iq targets v1`, the salt and the targets, in hex; none without targets.
    ///
    /// The targets are hashed as compact JSON in UTF-8: an object with the query ids as its keys, in
    /// the order of their bytes, and each query's targets as a sorted list of ids without repetitions. If
    /// queries are the turns of sessions, the keys are the ids of the sessions.
    pub fn commitment(&self, salt: &[u8; SALT_BYTES]) -> Option<String> {
        let mut queries = Vec::new();
        for group in self.groups() {
            let targets = group.targets.as_ref()?;
            queries.extend(group.asking().into_iter().map(|(id, at)| {
                let items = targets.of(at).iter().map(|index| group.gallery.item(*index));
                let mut items: Vec<&str> = items.collect();
                items.sort_unstable();
                items.dedup();
                (id, items)
            }));
        }
        if queries.is_empty() {
            return None;
        }
        queries.sort_unstable();
        let mut sha = Sha256::new();
        sha.update(BEFORE);
        sha.update(salt);
        for (at, (id, items)) in queries.into_iter().enumerate() {
            sha.update(if at == 0 { "{" } else { "," });
            sha.update(Value::from(id).to_string());
            sha.update(":");
            sha.update(Value::from(items).to_string());
        }
        sha.update("}");
        Some(hex::encode(sha.finalize()))
    }
}

#[cfg(test)]
mod tests {
    use dataset::{Elsewhere, Gallery, Group, ItemId, Protocol, Query, Split, Targets};

    use super::*;
    use crate::FASHION_IQ;

    /// A benchmark whose queries, ids and targets aren't in the order in which they are hashed.
    fn benchmark(targets_of_dress: [&[u32]; 2]) -> Benchmark {
        let id = |id: &str| ItemId::new(id).unwrap();
        let gallery = || Gallery::new(["é\"1", "B0", "B2"].map(id)).unwrap();
        let query = |of: &str| Query { id: of.to_owned(), reference: id("B0"), captions: vec![] };
        let group = |name: &str, queries: &[&str], targets: &[&[u32]]| Group {
            name: name.to_owned(),
            gallery: gallery(),
            queries: queries.iter().copied().map(query).collect(),
            targets: Some(Targets::new(targets)),
            sessions: vec![],
        };
        let groups = vec![
            group("dress", &["dress.test.9", "dress.test.10"], &targets_of_dress),
            group("toptee", &["toptee.test.0"], &[&[2]]),
        ];
        let split = Split { name: "test".to_owned(), groups };
        Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default())
    }

    #[test]
    fn anyone_can_compute_it_from_the_targets_and_the_salt() {
        let digest = benchmark([&[2], &[0, 1, 0]]).commitment(&[7; SALT_BYTES]);
        // computed apart from this program, as docs/commitment.md says
        let expected = "dac4f49fffe58f1c5ff06999479c003540557e6b9f307c5aea6310c9b84d4905";
        assert_eq!(digest.as_deref(), Some(expected));
        assert_eq!(benchmark([&[2], &[1, 0]]).commitment(&[7; SALT_BYTES]), digest);
    }

    #[test]
    fn other_targets_or_another_salt_give_another_digest_and_without_targets_there_is_none() {
        let digest = benchmark([&[2], &[0, 1]]).commitment(&[7; SALT_BYTES]);
        for (targets, salt) in [([&[2][..], &[0]], 7), ([&[0, 1], &[2]], 7), ([&[2], &[0, 1]], 8)] {
            let other = benchmark(targets).commitment(&[salt; SALT_BYTES]);
            assert!(other.is_some() && other != digest);
        }
        // a query without a target
        assert_eq!(benchmark([&[2], &[]]).commitment(&[7; SALT_BYTES]), None);
    }
}
