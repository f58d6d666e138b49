//! The pool of protocol `mbeir`: one gallery of everything, and every query once.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use crate::{Gallery, Group, ItemId, Query, Targets};

/// The name of the group that all queries are in.
const GROUP: &str = "all";

/// One group of all queries, ranked on one gallery of all the items of `galleries`, which contain those
/// of the groups. None if a group has no targets.
///
/// Items are in the order of their ids. Queries with the same reference and the same captions in the
/// same order, in whatever group, are one query: the first of them, with the targets of all.
pub(crate) fn pooled(groups: &[Group], galleries: &[Gallery]) -> Option<Group> {
    let ids: BTreeSet<&str> = galleries.iter().flat_map(Gallery::iter).collect();
    let gallery = Gallery::new(ids.into_iter().filter_map(|id| ItemId::new(id).ok())).ok()?;
    let mut queries: Vec<Query> = Vec::new();
    let mut targets: Vec<Vec<u32>> = Vec::new();
    let mut places = HashMap::new();
    for group in groups {
        let of_group = group.targets.as_ref()?;
        for (i, query) in group.queries.iter().enumerate() {
            let place = match places.entry((&query.reference, &query.captions)) {
                Entry::Occupied(place) => *place.get(),
                Entry::Vacant(place) => {
                    queries.push(query.clone());
                    targets.push(Vec::new());
                    *place.insert(queries.len() - 1)
                }
            };
            for &index in of_group.of(i) {
                let index = gallery.index_of(group.gallery.item(index).as_bytes())?;
                if !targets[place].contains(&index) {
                    targets[place].push(index);
                }
            }
        }
    }
    Some(Group {
        name: GROUP.to_owned(),
        gallery,
        queries,
        targets: Some(Targets::new(targets)),
        sessions: vec![],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gallery(ids: &[&str]) -> Gallery {
        Gallery::new(ids.iter().map(|id| ItemId::new(id).unwrap())).unwrap()
    }

    /// A group whose queries have a reference, a caption and a target each.
    fn group(name: &str, items: &[&str], queries: &[(&str, &str, &str)]) -> Group {
        let gallery = gallery(items);
        let targets =
            queries.iter().map(|(.., target)| [gallery.index_of(target.as_bytes()).unwrap()]);
        let targets = Some(Targets::new(targets));
        let query = |(i, (reference, caption, _)): (usize, &(&str, &str, &str))| Query {
            id: Query::id_at(name, "val", i),
            reference: ItemId::new(reference).unwrap(),
            captions: vec![(*caption).to_owned()],
        };
        let queries = queries.iter().enumerate().map(query).collect();
        Group { name: name.to_owned(), gallery, queries, targets, sessions: vec![] }
    }

    #[test]
    fn equal_queries_become_one_with_all_their_targets_and_each_item_is_there_once() {
        let dress = group(
            "dress",
            &["d", "b", "a"],
            &[("a", "is red", "b"), ("a", "is blue", "b"), ("a", "is red", "d")],
        );
        let shirt = group("shirt", &["e", "b", "a"], &[("a", "is red", "b"), ("b", "is red", "e")]);
        let train = gallery(&["c", "a"]);
        let galleries = [dress.gallery.clone(), shirt.gallery.clone(), train];
        let pool = pooled(&[dress.clone(), shirt], &galleries).unwrap();
        assert_eq!(pool.gallery.iter().collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
        let ids: Vec<&str> = pool.queries.iter().map(|query| query.id.as_str()).collect();
        assert_eq!(ids, ["dress.val.0", "dress.val.1", "shirt.val.1"]);
        let targets = pool.targets.unwrap();
        assert_eq!((0..3).map(|q| targets.of(q)).collect::<Vec<_>>(), [&[1, 3][..], &[1], &[4]]);
        assert!(pooled(&[Group { targets: None, ..dress }], &galleries).is_none());
    }
}
