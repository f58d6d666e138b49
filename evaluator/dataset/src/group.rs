//! Splits, groups and queries.

use std::collections::HashSet;

use crate::sessions::session_of;
use crate::{Gallery, ItemId, Targets};

/// One part of a data set: `train`, `val` or `test`, with one group per category.
#[derive(Debug, Clone)]
pub struct Split {
    /// `train`, `val` or `test`.
    pub name: String,
    /// The groups, in the order of their names.
    pub groups: Vec<Group>,
}

/// A named part of a split that is scored separately; Fashion IQ's groups are its categories.
#[derive(Debug, Clone)]
pub struct Group {
    /// `dress`, `shirt`, `toptee`.
    pub name: String,
    /// The items that can be ranked.
    pub gallery: Gallery,
    /// The queries in their published order.
    pub queries: Vec<Query>,
    /// The targets of the queries, if known.
    pub targets: Option<Targets>,
    /// If the queries are the turns of recorded sessions, how many turns each session has, in the order of
    /// the queries; else empty. All turns of a session have its targets.
    pub sessions: Vec<u32>,
}

/// One reference item and its captions, which say how the wanted item differs from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Stable and unique in the split: [by position](Query::id_at) in the official files, opaque if
    /// published [keyed](Split::keyed). The id of a session's turn is that of the session, a colon and the
    /// number of the turn, from 1: `dress.val.17:2`.
    pub id: String,
    /// The query's own item.
    pub reference: ItemId,
    /// Two in Fashion IQ; a few are empty.
    pub captions: Vec<String>,
}

impl Query {
    /// The id of a query without one in the files: `dress.val.17`, by group, split and position.
    pub fn id_at(group: &str, split: &str, position: usize) -> String {
        format!("{group}.{split}.{position}")
    }
}

impl Group {
    /// The items that the group names: those of its gallery, and its references, which can be outside
    /// it. Some appear twice.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let references = self.queries.iter().map(|query| query.reference.as_str());
        self.gallery.iter().chain(references)
    }

    /// The sessions whose turns its queries are: for each the position of its first turn, and its turns.
    /// None if its queries aren't turns.
    pub fn sessions(&self) -> impl Iterator<Item = (usize, &[Query])> {
        let mut end = 0;
        self.sessions.iter().map(move |turns| {
            let first = end;
            end += *turns as usize;
            (first, &self.queries[first..end])
        })
    }

    /// The ids of what has targets, with the position of a query that has them: its sessions, or else its
    /// queries.
    pub fn asking(&self) -> Vec<(&str, usize)> {
        if self.sessions.is_empty() {
            let ids = self.queries.iter().map(|query| query.id.as_str());
            return ids.zip(0..).collect();
        }
        self.sessions().map(|(first, turns)| (session_of(&turns[0].id), first)).collect()
    }

    /// The same group with the first turn of each session alone; the group itself if its queries aren't
    /// turns. Its queries are independent of each other, as a test of all of them needs.
    #[must_use]
    pub fn first_turns(&self) -> Self {
        if self.sessions.is_empty() {
            return self.clone();
        }
        let firsts: Vec<usize> = self.sessions().map(|(first, _)| first).collect();
        let targets = |all: &Targets| Targets::new(firsts.iter().map(|&first| all.of(first)));
        Self {
            name: self.name.clone(),
            gallery: self.gallery.clone(),
            queries: firsts.iter().map(|&first| self.queries[first].clone()).collect(),
            targets: self.targets.as_ref().map(targets),
            sessions: vec![],
        }
    }

    /// The share of queries whose first target is later in the gallery than that of the query before,
    /// among all queries but the first. About 0.5 if gallery and queries are shuffled; 1 in val's
    /// official files, whose order gives nearly every target away. Absent without targets and with
    /// fewer than two queries.
    ///
    /// It reveals something about targets, so it is for organisers only.
    pub fn rising_share(&self) -> Option<f64> {
        let targets = self.targets.as_ref()?;
        let steps = targets.queries().checked_sub(1).filter(|steps| *steps > 0)?;
        let rises = |&step: &usize| targets.of(step).first() < targets.of(step + 1).first();
        Some((0..steps).filter(rises).count() as f64 / steps as f64)
    }
}

/// The first query that has an earlier one's id, with its group: an id names one query of a split.
pub(crate) fn repeated_id(groups: &[Group]) -> Option<(&Group, &Query)> {
    let mut ids = HashSet::new();
    let mut queries = groups.iter().flat_map(|group| group.queries.iter().map(move |q| (group, q)));
    queries.find(|(_, query)| !ids.insert(query.id.as_str()))
}

/// The galleries of other splits, by split and group. They turn "not in the gallery" into "this is an
/// item of val's". Galleries and lists of queries are public, so this reveals nothing hidden.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    /// Split, group and gallery.
    galleries: Vec<(String, String, Gallery)>,
    /// Split and the ids of its queries, if splits share their galleries.
    lists: Vec<(String, HashSet<String>)>,
}

impl Elsewhere {
    /// Creates it from galleries with their split and group.
    pub fn new(galleries: impl IntoIterator<Item = (String, String, Gallery)>) -> Self {
        Self { galleries: galleries.into_iter().collect(), lists: Vec::new() }
    }

    /// Creates it from the ids of the queries of each split, if all splits share one gallery.
    pub fn of_queries(lists: impl IntoIterator<Item = (String, HashSet<String>)>) -> Self {
        Self { galleries: Vec::new(), lists: lists.into_iter().collect() }
    }

    /// The same with the queries and galleries of a split.
    #[must_use]
    pub fn and(mut self, split: &str, groups: impl IntoIterator<Item = Group>) -> Self {
        let mut list = HashSet::new();
        for group in groups {
            list.extend(group.queries.into_iter().map(|query| query.id));
            self.galleries.push((split.to_owned(), group.name, group.gallery));
        }
        self.lists.push((split.to_owned(), list));
        self
    }

    /// The split that has exactly these query ids.
    pub fn split_of_queries(&self, ids: &[&str]) -> Option<&str> {
        let is_same = |list: &HashSet<String>| {
            list.len() == ids.len() && ids.iter().all(|id| list.contains(*id))
        };
        self.lists.iter().find(|(_, list)| is_same(list)).map(|(split, _)| split.as_str())
    }

    /// The split and group whose gallery has this item, of the same group if there is one.
    pub fn find(&self, group: &str, id: &[u8]) -> Option<(&str, &str)> {
        let holds = |(_, _, gallery): &&(String, String, Gallery)| gallery.index_of(id).is_some();
        let own = self.galleries.iter().filter(|(_, g, _)| g == group).find(holds);
        own.or_else(|| self.galleries.iter().find(holds)).map(|(s, g, _)| (s.as_str(), g.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(targets: Option<&[u32]>) -> Group {
        let targets = targets.map(|targets| Targets::new(targets.iter().map(|&t| [t, 0])));
        let gallery = Gallery::new((0..8).map(|i| ItemId::new(&i.to_string()).unwrap())).unwrap();
        Group { name: "dress".to_owned(), gallery, queries: Vec::new(), targets, sessions: vec![] }
    }

    #[test]
    fn the_rising_share_tells_a_sorted_list_from_a_shuffled_one() {
        let share = |targets: &[u32]| group(Some(targets)).rising_share();
        assert_eq!(share(&[1, 3, 4, 7]), Some(1.0));
        assert_eq!(share(&[7, 4, 3, 1]), Some(0.0));
        assert_eq!(share(&[3, 5, 1, 6, 2]), Some(0.5));
        assert_eq!(share(&[3, 3, 5]), Some(0.5), "the same place is not a later one");
        assert_eq!(share(&[3]), None);
        assert_eq!(share(&[]), None);
        assert_eq!(group(None).rising_share(), None);
    }
}
