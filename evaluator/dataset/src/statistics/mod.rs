//! Statistics of a data set: counts, words, repetitions, overlaps, and what one side of the queries answers
//! alone.
//!
//! They are computed from splits in memory. Without targets in a split, nothing that depends on targets is
//! in its statistics.

mod alone;
mod captions;
mod text;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

pub use alone::{Alone, FOUND_AMONG};
pub use captions::{CaptionStatistics, MOST_FREQUENT, WordCount, words_of};

use crate::check::{Overlap, overlaps};
use crate::{Attributes, Folder, Group, KINDS, Protocol, Result, Split};

/// The statistics of some splits of a data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// By split, and in it by group.
    pub groups: Vec<GroupStatistics>,
    /// The galleries that share items, named `group.split`.
    pub overlaps: Vec<Overlap>,
}

/// The statistics of one group of one split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupStatistics {
    /// The split.
    pub split: String,
    /// The group.
    pub group: String,
    /// Queries.
    pub queries: usize,
    /// Items of the gallery.
    pub gallery: usize,
    /// Distinct references.
    pub references: usize,
    /// Queries of the reference that most queries have.
    pub most_of_one_reference: usize,
    /// Distinct targets; none without targets.
    pub targets: Option<usize>,
    /// Distinct items that are a reference or a target: the gallery of the protocol `val-union`.
    pub union: Option<usize>,
    /// Queries whose reference and captions equal those of an earlier query.
    pub repeated: usize,
    /// Items of the gallery that are neither a reference nor a target; none without targets.
    pub only_distractors: Option<usize>,
    /// The captions.
    pub captions: CaptionStatistics,
    /// Items of the gallery with attributes.
    pub with_attributes: usize,
    /// By kind, in the order of [`KINDS`].
    pub attributes: Vec<AttributeKind>,
    /// What one side of the queries answers alone; none without targets or attributes.
    pub alone: Option<Alone>,
}

/// The attributes of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeKind {
    /// The kind: `type`, `texture` and so on.
    pub kind: String,
    /// Items of the gallery with at least one attribute of it.
    pub items: usize,
    /// Distinct attributes.
    pub labels: usize,
}

/// A split with the attributes of its items, by group.
#[derive(Debug, Clone, Copy)]
pub struct DescribedSplit<'a> {
    /// The split.
    pub split: &'a Split,
    /// The attributes, by group.
    pub attributes: &'a BTreeMap<String, Attributes>,
}

impl Statistics {
    /// The statistics of these splits.
    pub fn of(splits: &[DescribedSplit<'_>]) -> Self {
        let none = Attributes::default();
        let mut groups = Vec::new();
        for DescribedSplit { split, attributes } in splits {
            groups.extend(split.groups.iter().map(|group| {
                let attributes = attributes.get(&group.name).unwrap_or(&none);
                GroupStatistics::of(&split.name, group, attributes)
            }));
        }
        let named = |split: &Split, group: &Group| format!("{}.{}", group.name, split.name);
        let mut galleries: Vec<_> = splits
            .iter()
            .flat_map(|it| it.split.groups.iter().map(move |group| (it.split, group)))
            .map(|(split, group)| (named(split, group), &group.gallery))
            .collect();
        galleries.sort_by(|a, b| a.0.cmp(&b.0));
        Self { groups, overlaps: overlaps(&galleries) }
    }

    /// The statistics of all splits of a folder, in the order train, val, test.
    pub fn of_folder(folder: &Folder) -> Result<Self> {
        let mut read = Vec::new();
        for name in folder.contents()?.into_keys() {
            let split = folder.split(&name, Protocol::Original)?;
            let attributes = split
                .groups
                .iter()
                .map(|group| Ok((group.name.clone(), folder.attributes(&group.name, &name)?)));
            let attributes: BTreeMap<String, Attributes> = attributes.collect::<Result<_>>()?;
            read.push((split, attributes));
        }
        let usual = |name: &str| ["train", "val", "test"].iter().position(|split| *split == name);
        read.sort_by_key(|(split, _)| {
            (usual(&split.name).unwrap_or(usize::MAX), split.name.clone())
        });
        let described = read.iter().map(|(split, attributes)| DescribedSplit { split, attributes });
        Ok(Self::of(&described.collect::<Vec<_>>()))
    }

    /// The splits, in their order.
    pub fn splits(&self) -> Vec<&str> {
        let mut splits: Vec<&str> = self.groups.iter().map(|group| group.split.as_str()).collect();
        splits.dedup();
        splits
    }
}

impl GroupStatistics {
    fn of(split: &str, group: &Group, attributes: &Attributes) -> Self {
        let mut by_reference: BTreeMap<&str, usize> = BTreeMap::new();
        for query in &group.queries {
            *by_reference.entry(query.reference.as_str()).or_default() += 1;
        }
        let targets: Option<BTreeSet<&str>> = group.targets.as_ref().map(|targets| {
            let indices = (0..targets.queries()).flat_map(|query| targets.of(query));
            indices.map(|&index| group.gallery.item(index)).collect()
        });
        let union: Option<BTreeSet<&str>> = targets
            .as_ref()
            .map(|targets| targets.iter().copied().chain(by_reference.keys().copied()).collect());
        let distractors = union
            .as_ref()
            .map(|union| group.gallery.iter().filter(|item| !union.contains(item)).count());
        let mut seen = HashSet::new();
        let repeated = group.queries.iter().filter(|q| !seen.insert((&q.reference, &q.captions)));
        Self {
            split: split.to_owned(),
            group: group.name.clone(),
            queries: group.queries.len(),
            gallery: group.gallery.len(),
            references: by_reference.len(),
            most_of_one_reference: by_reference.values().copied().max().unwrap_or(0),
            targets: targets.as_ref().map(BTreeSet::len),
            union: union.as_ref().map(BTreeSet::len),
            repeated: repeated.count(),
            only_distractors: distractors,
            captions: CaptionStatistics::of(group.queries.iter().flat_map(|q| &q.captions)),
            with_attributes: group.gallery.iter().filter(|id| attributes.of(id).is_some()).count(),
            attributes: kinds(group, attributes),
            alone: Alone::of(group, attributes),
        }
    }
}

fn kinds(group: &Group, attributes: &Attributes) -> Vec<AttributeKind> {
    let of_kind = |(at, kind): (usize, &&str)| {
        let lists = group.gallery.iter().filter_map(|id| Some(&attributes.of(id)?[at]));
        let (mut items, mut labels) = (0, BTreeSet::new());
        for list in lists.filter(|list| !list.is_empty()) {
            items += 1;
            labels.extend(list);
        }
        AttributeKind { kind: (*kind).to_owned(), items, labels: labels.len() }
    };
    KINDS.iter().enumerate().map(of_kind).collect()
}
