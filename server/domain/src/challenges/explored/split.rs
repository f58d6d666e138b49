//! One published split, to browse and to search.

use std::collections::{BTreeMap, HashMap};

use dataset::statistics::DescribedSplit;
use dataset::{Attributes, Group, ItemCaptions, Pictures, Query, Split};

use super::super::package::published::Part;
use super::index::QueryIndex;

/// A published split.
pub struct ExploredSplit {
    /// Its name.
    pub name: String,
    split: Split,
    attributes: BTreeMap<String, Attributes>,
    item_captions: BTreeMap<String, ItemCaptions>,
    pictures: BTreeMap<String, Pictures>,
    /// The number of the first query of each group, in the order of the split; one more than there are
    /// groups.
    starts: Vec<u32>,
    index: QueryIndex,
    by_id: HashMap<String, u32>,
}

/// A group of it, with its number of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExploredGroup<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its queries.
    pub queries: usize,
}

/// Where a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryPlace {
    /// The index of its group.
    pub group: usize,
    /// Its index in the group.
    pub query: usize,
}

impl ExploredSplit {
    pub(super) fn of(part: Part) -> Self {
        let Part { split, attributes, item_captions, pictures, .. } = part;
        let mut starts = vec![0];
        let mut by_id = HashMap::new();
        let mut index = QueryIndex::default();
        for group in &split.groups {
            let first = starts.last().copied().unwrap_or(0);
            for (number, query) in (first..).zip(&group.queries) {
                index.add(number, query);
                by_id.insert(query.id.clone(), number);
            }
            starts.push(first + group.queries.len() as u32);
        }
        let name = split.name.clone();
        Self { name, split, attributes, item_captions, pictures, starts, index, by_id }
    }

    /// Its groups.
    pub fn groups(&self) -> impl Iterator<Item = ExploredGroup<'_>> {
        let groups = self.split.groups.iter();
        groups.map(|it| ExploredGroup { name: &it.name, queries: it.queries.len() })
    }

    /// How many queries it has.
    pub fn queries(&self) -> usize {
        self.starts.last().copied().unwrap_or(0) as usize
    }

    /// Whether its targets are public.
    pub fn is_open(&self) -> bool {
        self.split.groups.iter().all(|group| group.targets.is_some())
    }

    /// The query at a place, with its group.
    pub fn query(&self, place: QueryPlace) -> (&Group, &Query) {
        let group = &self.split.groups[place.group];
        (group, &group.queries[place.query])
    }

    /// The ids of a query's targets; empty unless they are public.
    pub fn targets(&self, place: QueryPlace) -> Vec<&str> {
        let group = &self.split.groups[place.group];
        let of = |targets: &dataset::Targets| {
            targets.of(place.query).iter().map(|&index| group.gallery.item(index)).collect()
        };
        group.targets.as_ref().map(of).unwrap_or_default()
    }

    /// The queries whose captions have all these words, in the split's order: of one group, if it is
    /// named. A word may be the beginning of a longer one, or the id of a query or its reference. None if
    /// there is no such group.
    pub fn search(&self, group: Option<&str>, words: &str) -> Option<Vec<QueryPlace>> {
        let within = match group {
            None => 0..self.queries() as u32,
            Some(name) => {
                let at = self.split.groups.iter().position(|group| group.name == name)?;
                self.starts[at]..self.starts[at + 1]
            }
        };
        Some(match self.index.find(words) {
            None => within.map(|number| self.place(number)).collect(),
            Some(found) => {
                let inside = found.into_iter().filter(|number| within.contains(number));
                inside.map(|number| self.place(number)).collect()
            }
        })
    }

    /// Its splits and attributes, for statistics.
    pub(in super::super) fn described(&self) -> DescribedSplit<'_> {
        DescribedSplit { split: &self.split, attributes: &self.attributes }
    }

    /// The attributes of an item.
    pub fn attributes(&self, group: &str, item: &str) -> Vec<&str> {
        let words = self.attributes.get(group).into_iter();
        words.flat_map(|attributes| attributes.words(item)).map(|(_, word)| word).collect()
    }

    /// The caption of an item, if it has one.
    pub fn item_caption(&self, group: &str, item: &str) -> Option<&str> {
        self.item_captions.get(group)?.of(item)
    }

    pub(super) fn has_picture(&self, group: &str, item: &str) -> bool {
        self.pictures.get(group).is_some_and(|pictures| pictures.has(item))
    }

    /// The pictures of a group.
    pub(in super::super) fn pictures(&self, group: &str) -> Option<&Pictures> {
        self.pictures.get(group)
    }

    /// The place of the query with that id.
    pub fn place_of(&self, id: &str) -> Option<QueryPlace> {
        self.by_id.get(id).map(|number| self.place(*number))
    }

    fn place(&self, number: u32) -> QueryPlace {
        let group = self.starts.partition_point(|start| *start <= number) - 1;
        QueryPlace { group, query: (number - self.starts[group]) as usize }
    }
}
