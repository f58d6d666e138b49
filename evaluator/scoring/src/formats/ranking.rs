//! One query's ranking, resolved against the gallery while it is read.

use dataset::Gallery;

use crate::benchmark::GroupList;
use crate::faults::{Duplicate, Faults};
use crate::json::{Kind, Strings};
use crate::problem::Spot;
use crate::ranks::GroupRanks;
use crate::report::Report;
use crate::sentences as say;

use crate::{Benchmark, ProblemKind};

/// How many answers beyond the list's queries, and items beyond the gallery, are read before reading
/// stops: enough to say what is wrong, with work bounded by the benchmark's size.
pub(crate) const EXTRA: usize = 100;

/// One query's ranking as gallery indices. Each index stores the object that named it last and at which
/// rank, so one lookup finds a duplicate, and later the rank of any item. The query, and so its targets,
/// only have to be known at the end of the object.
pub(crate) struct Ranking<'b> {
    gallery: &'b Gallery,
    ids_stand_as_they_are: bool,
    /// By gallery index: stamp of the object in the upper half, 1-based rank in the lower.
    seen: Vec<u64>,
    stamp: u64,
    length: u32,
    /// The item at rank 1, if it is one of the gallery.
    first: Option<u32>,
    /// The first items, as many as are kept.
    top: Vec<u32>,
    keep: usize,
    faults: Faults,
}

impl<'b> Ranking<'b> {
    pub(crate) fn new(
        gallery: &'b Gallery,
        ids_stand_as_they_are: bool,
        faults: usize,
        keep: usize,
    ) -> Self {
        Self {
            gallery,
            ids_stand_as_they_are,
            seen: vec![0; gallery.len()],
            stamp: 0,
            length: 0,
            first: None,
            top: Vec::with_capacity(keep),
            keep,
            faults: Faults { cap: faults, ..Faults::default() },
        }
    }

    /// Forgets the last object's ranking.
    pub(crate) fn clear(&mut self) {
        // An object has at least two bytes, so 2^32 of them need an upload of 8 GiB. If one is ever
        // allowed, the stamps start again from a cleared table.
        if self.stamp == u64::from(u32::MAX) {
            self.seen.fill(0);
            self.stamp = 0;
        }
        self.stamp += 1;
        self.length = 0;
        self.first = None;
        self.top.clear();
        let cap = self.faults.cap;
        self.faults = Faults { cap, ..Faults::default() };
    }

    /// How many items it has, known or not.
    pub(crate) fn length(&self) -> u32 {
        self.length
    }

    /// The minimum number of items that are read before reading stops.
    pub(crate) fn most(&self) -> usize {
        self.gallery.len() + EXTRA
    }

    /// The number of items in the gallery.
    pub(crate) fn gallery_len(&self) -> usize {
        self.gallery.len()
    }

    /// The rank of an item; none if it is not in the ranking.
    pub(crate) fn rank_of(&self, index: u32) -> Option<u32> {
        let seen = self.seen[index as usize];
        (seen >> 32 == self.stamp).then_some(seen as u32)
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Takes the ranks of a query's targets, in their order.
    pub(crate) fn write_ranks(&self, ranks: &mut GroupRanks, query: usize, targets: &[u32]) {
        let places = targets.iter().map(|&target| self.rank_of(target).unwrap_or(0));
        ranks.set(query, self.length, places);
        ranks.set_first(query, self.first);
        if self.keep > 0 {
            ranks.set_top(query, self.keep, &self.top);
        }
    }

    /// Reports its problems and warnings.
    pub(crate) fn report(
        &self,
        report: &mut Report,
        benchmark: &Benchmark,
        list: GroupList<'_>,
        spot: &Spot<'_>,
    ) {
        let (number, group) = (spot.file.number, list.group);
        let (items, gallery) = (self.length as usize, group.gallery.len());
        let need = benchmark.need(group);
        if items < need {
            report.problem(number, ProblemKind::WrongLength, || say::too_few(spot, items, need));
        } else if items > gallery {
            report
                .problem(number, ProblemKind::WrongLength, || say::too_many(spot, items, gallery));
        }
        for unknown in &self.faults.unknown {
            report.problem(number, ProblemKind::UnknownItem, || {
                let home = benchmark.whereabouts(group, unknown.id.as_bytes());
                let gallery = benchmark.gallery_name(group);
                say::unknown_item(spot, unknown.rank, &unknown.id, &gallery, &home)
            });
        }
        for twice in &self.faults.duplicates {
            report.problem(number, ProblemKind::DuplicateItem, || {
                say::duplicate(spot, group.gallery.item(twice.index), twice.first, twice.again)
            });
        }
        let expected = benchmark.task().format.item_type();
        for &(rank, found) in &self.faults.others {
            report.problem(number, ProblemKind::WrongType, || {
                say::no_item(spot, rank, expected, found)
            });
        }
        report.problems.count(ProblemKind::UnknownItem, self.faults.more_unknown);
        report.problems.count(ProblemKind::DuplicateItem, self.faults.more_duplicates);
        report.problems.count(ProblemKind::WrongType, self.faults.more_others);
        let Some((position, _)) = spot.query else { return };
        let own = list.reference_index(position);
        // If the whole gallery has to be ranked, the reference at the end is fine.
        let harmless = |rank: u32| need == gallery && rank as usize == gallery;
        if let Some(rank) = own.and_then(|index| self.rank_of(index))
            && !harmless(rank)
        {
            let warning = || say::reference_ranked(spot, rank);
            report.warning(number, ProblemKind::ReferenceRanked, warning);
        }
    }

    #[inline]
    fn put(&mut self, index: u32) {
        self.length = self.length.saturating_add(1);
        if self.length == 1 {
            self.first = Some(index);
        }
        if self.top.len() < self.keep {
            self.top.push(index);
        }
        let seen = &mut self.seen[index as usize];
        if *seen >> 32 == self.stamp {
            let first = *seen as u32;
            self.faults.duplicate(Duplicate { index, first, again: self.length });
        } else {
            *seen = self.stamp << 32 | u64::from(self.length);
        }
    }
}

impl Strings for Ranking<'_> {
    #[inline]
    fn guess(&mut self, raw: &[u8]) -> bool {
        // Bytes that equal an id without quotes, escapes and control characters are the whole string.
        match self.gallery.index_of(raw) {
            Some(index) if self.ids_stand_as_they_are => {
                self.put(index);
                true
            }
            _ => false,
        }
    }

    fn string(&mut self, id: &[u8]) {
        if let Some(index) = self.gallery.index_of(id) {
            self.put(index);
        } else {
            self.length = self.length.saturating_add(1);
            self.faults.unknown(self.length, id);
        }
    }

    fn other(&mut self, kind: Kind) {
        self.length = self.length.saturating_add(1);
        if self.faults.others.len() < self.faults.cap {
            self.faults.others.push((self.length, kind));
        } else {
            self.faults.more_others += 1;
        }
    }

    fn is_full(&self) -> bool {
        self.length as usize >= self.most()
    }
}
