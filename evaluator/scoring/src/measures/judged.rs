//! One query as a measure sees it.

use crate::GroupRanks;

/// One query as a measure sees it: at which ranks its targets are in the ranking, and nothing of the
/// ranking itself.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    targets: &'a [u32],
    found: &'a [u32],
    subset: Option<u32>,
    items: u32,
    turn: Option<u32>,
}

impl<'a> Judged<'a> {
    /// The ranks of a query's targets, from 1, in the data set's order, 0 for those that are not in
    /// the ranking; and those that are in it, best first.
    pub(crate) fn new(targets: &'a [u32], found: &'a [u32]) -> Self {
        Self { targets, found, subset: None, items: u32::MAX, turn: None }
    }

    /// With the rank of the first target among the query's own subset.
    #[must_use]
    pub fn with_subset(self, rank: Option<u32>) -> Self {
        Self { subset: rank, ..self }
    }

    /// As a dialog up to a turn, from 1, or to its last one; its gallery has so many items.
    #[must_use]
    pub(crate) fn until(self, turn: Option<u32>, items: u32) -> Self {
        Self { items, turn, ..self }
    }

    /// Of a dialog: the ranks of its target at its turns, up to the measure's turn. A dialog that ended
    /// before it keeps its last ranking.
    pub fn turns(&self) -> &'a [u32] {
        let all = self.targets.len();
        &self.targets[..self.turn.map_or(all, |turn| all.min(turn as usize))]
    }

    /// Of a dialog: how many turns it has.
    pub fn all_turns(&self) -> usize {
        self.targets.len()
    }

    /// Of a dialog: the rank of its target at the measure's turn.
    pub fn rank(&self) -> u32 {
        self.turns().last().copied().unwrap_or(self.items)
    }

    /// Of a dialog: how many items its gallery has.
    pub fn items(&self) -> u32 {
        self.items
    }

    /// How many targets the query has: R in formulas, at least 1.
    pub fn targets(&self) -> usize {
        self.targets.len()
    }

    /// The ranks of the targets that are in the ranking, best first.
    pub fn found(&self) -> &'a [u32] {
        self.found
    }

    /// The ranks of the targets among the first k, best first.
    pub fn within(&self, k: usize) -> &'a [u32] {
        &self.found[..self.found.partition_point(|&rank| rank as usize <= k)]
    }

    /// The rank of the target that the data set names first, if it is in the ranking.
    pub fn first(&self) -> Option<u32> {
        self.targets.first().copied().filter(|&rank| rank > 0)
    }

    /// The rank of the first target among the items of the query's own subset, if the query has one;
    /// 0 where the target is not ranked.
    pub fn subset(&self) -> Option<u32> {
        self.subset
    }
}

/// The queries of a group as measures see them.
pub(crate) struct Judgements<'a> {
    ranks: &'a GroupRanks,
    /// The ranks of the targets that were found, best first, query after query.
    found: Vec<u32>,
    /// Where in `found` each query ends.
    ends: Vec<u32>,
}

impl<'a> Judgements<'a> {
    pub(crate) fn of(ranks: &'a GroupRanks) -> Self {
        let mut found = Vec::with_capacity(ranks.queries());
        let mut ends = Vec::with_capacity(ranks.queries());
        for query in 0..ranks.queries() {
            let start = found.len();
            found.extend(ranks.of(query).iter().filter(|&&rank| rank > 0));
            found[start..].sort_unstable();
            ends.push(found.len() as u32);
        }
        Self { ranks, found, ends }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Judged<'_>> {
        let mut start = 0;
        self.ends.iter().enumerate().map(move |(query, &end)| {
            let found = &self.found[start..end as usize];
            start = end as usize;
            Judged::new(self.ranks.of(query), found).until(None, self.ranks.lengths()[query])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_targets_come_best_first_and_the_first_named_one_is_known() {
        let judged = Judged::new(&[20, 0, 3], &[3, 20]);
        assert_eq!((judged.targets(), judged.found(), judged.first()), (3, &[3, 20][..], Some(20)));
        assert_eq!((judged.within(19), judged.within(2)), (&[3][..], &[][..]));
        assert_eq!(Judged::new(&[0, 4], &[4]).first(), None);
    }
}
