//! The ranks of the targets in a run's rankings: all that measures need of an upload.

use std::borrow::Cow;
use std::fmt;

use dataset::{Group, Targets};
use ndarray::Array1;

use crate::{Benchmark, Error, TopItems, error::Result};

/// The first bytes of stored ranks, and the version of their layout.
const MAGIC: &[u8; 4] = b"FIQR";
const LAYOUT: u8 = 1;

/// For each group and query the 1-based ranks of its targets in its ranking, or absent, and the
/// ranking's length.
///
/// Ranks are as secret as targets, because an upload and its ranks together reveal the targets. They
/// have no `Serialize`, and their `Debug` prints counts. [`to_bytes`](Self::to_bytes) is for the
/// server's own database.
#[derive(Clone, PartialEq, Eq)]
pub struct Ranks {
    groups: Vec<GroupRanks>,
}

/// The ranks of one group, ragged because a query can have several targets.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupRanks {
    name: String,
    /// `offsets[q]..offsets[q + 1]` is query q's part of `ranks`; one more than there are queries.
    offsets: Array1<u32>,
    /// From 1; 0 where the target is absent.
    ranks: Array1<u32>,
    /// Of each query's ranking.
    lengths: Array1<u32>,
    /// The first item of each query's ranking while an upload is read; later empty, and never stored.
    first: Vec<Option<u32>>,
    /// The first items of each, if they were asked for; never stored.
    top: TopItems,
}

impl Ranks {
    pub(crate) fn new(groups: Vec<GroupRanks>) -> Self {
        Self { groups }
    }

    /// The ranks of dialogs: of each group its name, how many items its gallery has, and for each dialog the
    /// ranks of its target, from 1, turn by turn.
    pub fn of_dialogs(groups: impl IntoIterator<Item = (String, usize, Vec<Vec<u32>>)>) -> Self {
        let groups = groups.into_iter();
        Self::new(
            groups
                .map(|(name, items, ranks)| GroupRanks::of_dialogs(&name, items, ranks))
                .collect(),
        )
    }

    /// The groups, in the benchmark's order.
    pub fn groups(&self) -> &[GroupRanks] {
        &self.groups
    }

    /// The group of that name.
    pub fn group(&self, name: &str) -> Option<&GroupRanks> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// The same run on the queries of one group, by its index.
    pub fn only(&self, group: usize) -> Option<Self> {
        Some(Self { groups: vec![self.groups.get(group)?.clone()] })
    }

    /// The ranks of a benchmark's group; if it is missing, those of a run that found nothing in it.
    pub(crate) fn group_or_nothing(&self, group: &Group, of: &Benchmark) -> Cow<'_, GroupRanks> {
        let absent = || {
            let targets = Targets::new(group.queries.iter().map(|_| [0]));
            GroupRanks::absent(&group.name, &targets)
        };
        let nothing = || of.dialogs().map_or_else(absent, |dialogs| dialogs.nothing(&group.name));
        self.group(&group.name).map_or_else(|| Cow::Owned(nothing()), Cow::Borrowed)
    }

    /// Whether they can belong to this benchmark: the same groups, queries and numbers of targets, or the
    /// same dialogs and numbers of turns. Of a benchmark whose queries are drawn, only the groups are known.
    pub fn fit(&self, benchmark: &Benchmark) -> bool {
        let fits = |group: &Group| {
            let Some(own) = self.group(&group.name) else { return false };
            let shape: Vec<usize> = match (benchmark.dialogs(), &group.targets) {
                (Some(dialogs), _) => {
                    dialogs.turns_of(&group.name).iter().map(|&turns| turns as usize).collect()
                }
                (None, Some(targets)) => {
                    (0..targets.queries()).map(|query| targets.of(query).len()).collect()
                }
                (None, None) => return benchmark.simulator().is_some(),
            };
            (0..own.queries()).map(|query| own.of(query).len()).eq(shape)
        };
        self.groups.len() == benchmark.groups().len() && benchmark.groups().iter().all(fits)
    }

    /// A compact form for storage: four letters, the version of the layout, then LEB128 numbers. A
    /// group is its name, its number of queries, one target per query or the number of each,
    /// the ranks, one length for all or the length of each; about one byte per query for rankings of 50.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(LAYOUT);
        push(&mut out, self.groups.len() as u32);
        for group in &self.groups {
            push(&mut out, group.name.len() as u32);
            out.extend_from_slice(group.name.as_bytes());
            push(&mut out, group.queries() as u32);
            let counts = (0..group.queries()).map(|q| group.of(q).len() as u32);
            push_run(&mut out, counts);
            group.ranks.iter().for_each(|&rank| push(&mut out, rank));
            push_run(&mut out, group.lengths.iter().copied());
        }
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; an error if the bytes can't be ranks.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(Error::not_ranks)?;
        let (&layout, rest) = rest.split_first().ok_or_else(Error::truncated)?;
        if layout != LAYOUT {
            return Err(Error::layout(layout, LAYOUT));
        }
        let mut stored = Stored(rest);
        let groups = stored.number()?;
        let groups = (0..groups).map(|_| stored.group()).collect::<Result<_>>()?;
        if stored.0.is_empty() {
            Ok(Self { groups })
        } else {
            Err(Error::impossible("bytes follow their end"))
        }
    }
}

impl GroupRanks {
    /// The ranks of a group's dialogs in a gallery of so many items, for each dialog turn by turn.
    pub(crate) fn of_dialogs(name: &str, items: usize, dialogs: Vec<Vec<u32>>) -> Self {
        let turns = dialogs.iter().map(|ranks| vec![0; ranks.len()]);
        let mut group = Self::absent(name, &Targets::new(turns));
        for (number, ranks) in dialogs.into_iter().enumerate() {
            group.set(number, items as u32, ranks.into_iter());
        }
        group
    }

    /// Ranks of a group with these targets: all absent, all rankings empty.
    pub(crate) fn absent(name: &str, targets: &Targets) -> Self {
        let mut offsets = vec![0];
        let mut total = 0;
        for query in 0..targets.queries() {
            total += targets.of(query).len() as u32;
            offsets.push(total);
        }
        Self {
            name: name.to_owned(),
            offsets: offsets.into(),
            ranks: Array1::zeros(total as usize),
            lengths: Array1::zeros(targets.queries()),
            first: Vec::new(),
            top: TopItems::default(),
        }
    }

    /// Takes one query's ranks, in the order of its targets, and its ranking's length.
    pub(crate) fn set(&mut self, query: usize, length: u32, ranks: impl Iterator<Item = u32>) {
        let start = self.offsets[query] as usize;
        for (i, rank) in ranks.enumerate() {
            self.ranks[start + i] = rank;
        }
        self.lengths[query] = length;
    }

    /// Takes the gallery index of the first item of one query's ranking.
    pub(crate) fn set_first(&mut self, query: usize, item: Option<u32>) {
        self.first.resize(self.queries(), None);
        self.first[query] = item;
    }

    /// Removes the first items and returns them: none for a query whose ranking is empty.
    pub(crate) fn take_first(&mut self) -> Vec<Option<u32>> {
        let mut first = std::mem::take(&mut self.first);
        first.resize(self.queries(), None);
        first
    }

    /// Takes the first items of one query's ranking.
    pub(crate) fn set_top(&mut self, query: usize, each: usize, top: &[u32]) {
        self.top.set(query, each, top);
    }

    /// Removes the first items that were asked for, and returns them.
    pub(crate) fn take_top(&mut self) -> TopItems {
        std::mem::take(&mut self.top)
    }

    /// The ranks of the queries for which `keep` is true, in their order.
    pub(crate) fn part(&self, keep: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.queries()).filter(|query| keep(*query)).collect();
        let mut offsets = vec![0];
        let mut ranks = Vec::new();
        for &query in &kept {
            ranks.extend_from_slice(self.of(query));
            offsets.push(ranks.len() as u32);
        }
        let lengths = kept.iter().map(|&query| self.lengths[query]).collect();
        Self {
            name: self.name.clone(),
            offsets: offsets.into(),
            ranks: ranks.into(),
            lengths,
            first: vec![],
            top: TopItems::default(),
        }
    }

    /// `dress`, `shirt`, `toptee`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many queries there are.
    pub fn queries(&self) -> usize {
        self.lengths.len()
    }

    /// The 1-based ranks of one query's targets, 0 for absent ones.
    pub fn of(&self, query: usize) -> &[u32] {
        let (start, end) = (self.offsets[query] as usize, self.offsets[query + 1] as usize);
        // An array that owns its numbers and was never sliced is contiguous.
        &self.ranks.as_slice().expect("ranks are contiguous")[start..end]
    }

    /// The lengths of the rankings, by query.
    pub fn lengths(&self) -> &Array1<u32> {
        &self.lengths
    }

    /// The length of the shortest ranking: measures at larger cut-offs are unknown. 0 if there are no
    /// queries.
    pub fn shortest(&self) -> usize {
        self.lengths.iter().min().map_or(0, |&length| length as usize)
    }
}

impl fmt::Debug for Ranks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ranks").field(&self.groups).finish()
    }
}

impl fmt::Debug for GroupRanks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} queries", self.name, self.queries())
    }
}

/// Appends a number, seven bits per byte, lowest first.
fn push(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends numbers whose count is known: 1 and the number if all are the same, else 0 and each.
fn push_run(out: &mut Vec<u8>, mut numbers: impl Iterator<Item = u32> + Clone) {
    let mut rest = numbers.clone();
    match rest.next() {
        Some(first) if rest.all(|number| number == first) => {
            push(out, 1);
            push(out, first);
        }
        _ => {
            push(out, 0);
            numbers.by_ref().for_each(|number| push(out, number));
        }
    }
}

/// The stored bytes that are still to be read.
struct Stored<'a>(&'a [u8]);

impl Stored<'_> {
    fn number(&mut self) -> Result<u32> {
        let mut number = 0_u64;
        for shift in [0, 7, 14, 21, 28] {
            let (&byte, rest) = self.0.split_first().ok_or_else(Error::truncated)?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return u32::try_from(number)
                    .map_err(|_| Error::impossible("a number is too large"));
            }
        }
        Err(Error::impossible("a number is too long"))
    }

    /// Reads that many numbers. Allocates no more numbers than there are bytes, except for a run, whose
    /// count the caller has checked against the bytes.
    fn numbers(&mut self, count: usize) -> Result<Vec<u32>> {
        if count > self.0.len() {
            return Err(Error::truncated());
        }
        (0..count).map(|_| self.number()).collect()
    }

    fn run(&mut self, count: usize) -> Result<Vec<u32>> {
        match self.number()? {
            0 => self.numbers(count),
            1 => Ok(vec![self.number()?; count]),
            _ => Err(Error::impossible("a run is of no known sort")),
        }
    }

    fn group(&mut self) -> Result<GroupRanks> {
        let name = self.number()? as usize;
        let (name, rest) = self.0.split_at_checked(name).ok_or_else(Error::truncated)?;
        self.0 = rest;
        let name =
            std::str::from_utf8(name).map_err(|_| Error::impossible("a name is not text"))?;
        let queries = self.number()? as usize;
        // Every query has at least one rank, and every rank at least one byte.
        if queries > self.0.len() {
            return Err(Error::truncated());
        }
        let mut offsets = vec![0];
        let mut total = 0_u32;
        for count in self.run(queries)? {
            if count == 0 {
                return Err(Error::impossible("a query has no target"));
            }
            total = total.checked_add(count).ok_or_else(Error::truncated)?;
            offsets.push(total);
        }
        let ranks = self.numbers(total as usize)?;
        let lengths = self.run(queries)?;
        for (query, &length) in lengths.iter().enumerate() {
            let own = &ranks[offsets[query] as usize..offsets[query + 1] as usize];
            if own.iter().any(|&rank| rank > length) {
                return Err(Error::impossible("a rank is beyond its ranking"));
            }
        }
        Ok(GroupRanks {
            name: name.to_owned(),
            offsets: offsets.into(),
            ranks: ranks.into(),
            lengths: lengths.into(),
            first: Vec::new(),
            top: TopItems::default(),
        })
    }
}
