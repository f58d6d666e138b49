//! The feedback share: the queries that scores are computed on before the reveal.

use std::fmt;

use dataset::Targets;
use sha2::{Digest, Sha256};

use crate::{Benchmark, Error, GroupRanks, Ranks, Result};

/// The purposes of digests; no digest has two purposes.
const ORDER: &str = "fashion-iq feedback share order v1";
const COMMITMENT: &str = "fashion-iq feedback share commitment v1";

/// The 256 secret bits that decide which queries are in a feedback share.
///
/// Who has the key knows which queries don't count in the final standings. It has no `Display`, and its
/// `Debug` doesn't show it.
#[derive(Clone)]
pub struct ShareKey([u8; 32]);

/// A share of the queries of a benchmark, and the rest.
///
/// Until the reveal every published score is computed on the share, and the final standings on the rest.
/// So what scores tell about single targets is worth nothing in the final standings, however many
/// submissions were made. Each group has the same share of its queries in it.
///
/// Which queries are in it depends only on the key, the percentage, and the names and sizes of the groups.
/// It is as secret as the key: its `Debug` prints counts.
#[derive(Clone, PartialEq, Eq)]
pub struct FeedbackShare {
    groups: Vec<GroupShare>,
}

/// Which queries of a group are in the share.
#[derive(Clone, PartialEq, Eq)]
struct GroupShare {
    name: String,
    selected: Vec<bool>,
}

impl ShareKey {
    /// Creates a key from 256 random bits.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A digest of the key, in hex, to publish before the first submission: organisers who publish the
    /// key after the reveal show with it that they chose the share before they saw any score.
    ///
    /// It has no salt, because the key itself is random: nobody can try all keys.
    pub fn commitment(&self) -> String {
        hex::encode(self.digest(COMMITMENT, &[]))
    }

    /// Whether a commitment, in hex, is that of this key.
    pub fn opens(&self, commitment: &str) -> bool {
        self.commitment().eq_ignore_ascii_case(commitment.trim())
    }

    /// SHA-256(purpose, 0, key, then each part after its length in 8 bytes, big-endian).
    ///
    /// HMAC isn't needed: the key has a fixed length, and of these digests only their order and the one
    /// without parts are ever used, so nobody can extend a message.
    fn digest(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut sha = Sha256::new();
        sha.update(purpose);
        sha.update([0]);
        sha.update(self.0);
        for part in parts {
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        sha.finalize().into()
    }
}

impl FeedbackShare {
    /// Selects so many percent of the queries of each group, given as its name and its number of queries:
    /// exactly the rounded percentage, but at least one, and of several at most all but one.
    ///
    /// # Errors
    /// The percentage isn't from 1 to 99.
    pub fn select<'a>(
        key: &ShareKey,
        percent: u8,
        groups: impl IntoIterator<Item = (&'a str, usize)>,
    ) -> Result<Self> {
        if !(1..=99).contains(&percent) {
            return Err(Error::share_percent(percent));
        }
        let of_group = |(name, queries)| GroupShare::select(key, percent, name, queries);
        Ok(Self { groups: groups.into_iter().map(of_group).collect() })
    }

    /// The same for the groups of a benchmark. If its queries are the turns of dialogs, whole dialogs are
    /// selected.
    ///
    /// # Errors
    /// As [`select`](Self::select).
    pub fn of_benchmark(key: &ShareKey, percent: u8, benchmark: &Benchmark) -> Result<Self> {
        let groups = benchmark.groups().iter();
        let size = |group| benchmark.scored_in(group);
        Self::select(key, percent, groups.map(|group| (group.name.as_str(), size(group))))
    }

    /// The ranks of the queries in the share: for the scores that are published before the reveal. They
    /// fit no whole benchmark, so check the whole ranks with [`Ranks::fit`].
    ///
    /// # Errors
    /// The ranks are of other queries than those that were selected from.
    pub fn of(&self, ranks: &Ranks) -> Result<Ranks> {
        self.part(ranks, true)
    }

    /// The ranks of the queries outside the share: for the final standings.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn rest_of(&self, ranks: &Ranks) -> Result<Ranks> {
        self.part(ranks, false)
    }

    /// How many queries are in the share.
    pub fn queries(&self) -> usize {
        self.groups.iter().map(GroupShare::queries).sum()
    }

    /// How many queries are outside it.
    pub fn rest_queries(&self) -> usize {
        self.groups.iter().map(|group| group.selected.len() - group.queries()).sum()
    }

    /// How many queries of each group are in the share, and how many outside it.
    pub fn sizes(&self) -> impl Iterator<Item = (usize, usize)> {
        self.groups.iter().map(|group| {
            let inside = group.queries();
            (inside, group.selected.len() - inside)
        })
    }

    /// Whether a query of a group is in the share, both by position.
    pub(crate) fn holds(&self, group: usize, query: usize) -> bool {
        self.groups[group].selected[query]
    }

    /// All groups of the share, so that one that the ranks don't have is scored as nothing found.
    fn part(&self, ranks: &Ranks, in_share: bool) -> Result<Ranks> {
        let of_group = |group: &GroupShare| {
            let selected = |query: usize| group.selected[query] == in_share;
            let expected = group.selected.len();
            match ranks.group(&group.name) {
                Some(own) if own.queries() == expected => Ok(own.part(selected)),
                Some(own) => Err(Error::share_of_others(&group.name, own.queries(), expected)),
                None => {
                    let nothing = Targets::new((0..expected).map(|_| [0]));
                    Ok(GroupRanks::absent(&group.name, &nothing).part(selected))
                }
            }
        };
        Ok(Ranks::new(self.groups.iter().map(of_group).collect::<Result<_>>()?))
    }
}

impl GroupShare {
    /// Takes the first queries in the order of their digests.
    fn select(key: &ShareKey, percent: u8, name: &str, queries: usize) -> Self {
        let digest =
            |query: usize| key.digest(ORDER, &[name.as_bytes(), &(query as u64).to_be_bytes()]);
        let mut order: Vec<([u8; 32], usize)> =
            (0..queries).map(|query| (digest(query), query)).collect();
        order.sort_unstable();
        let mut selected = vec![false; queries];
        for (_, query) in &order[..size(percent, queries)] {
            selected[*query] = true;
        }
        Self { name: name.to_owned(), selected }
    }

    fn queries(&self) -> usize {
        self.selected.iter().filter(|selected| **selected).count()
    }
}

/// How many queries of a group are in the share.
fn size(percent: u8, queries: usize) -> usize {
    let rounded = (queries * usize::from(percent) + 50) / 100;
    let most = queries.saturating_sub(1).max(1);
    rounded.clamp(1, most).min(queries)
}

impl fmt::Debug for ShareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShareKey(not shown)")
    }
}

impl fmt::Debug for FeedbackShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.queries() + self.rest_queries();
        write!(f, "FeedbackShare({} of {all} queries)", self.queries())
    }
}
