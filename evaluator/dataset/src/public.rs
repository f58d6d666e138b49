//! The public part of a split: as files in the official layout, and as two documents. Targets are
//! written in one place, and only if the caller says that they are public.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::encoding::without_mark;
use crate::group::repeated_id;
use crate::item::check_id;
use crate::output::pretty;
use crate::sessions;
use crate::{Attributes, Elsewhere, Error, Gallery, Group, ItemId, Query, Result, Split};

/// Whether the targets of a split are published with its queries.
///
/// The caller states it for each split; it never follows from the split's contents, because a split in
/// memory has its targets whether they are public or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetsIn {
    /// Nobody can see them: they are not written.
    Nothing,
    /// Everyone can see them: the files contain them with their queries, like the official train and val
    /// files.
    Queries,
}

/// A query as it is published.
#[derive(Serialize, Deserialize)]
struct Row<'a> {
    query: Cow<'a, str>,
    candidate: Cow<'a, str>,
    captions: Cow<'a, [String]>,
}

/// A query of a split whose targets are public.
#[derive(Serialize)]
struct OpenRow<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    target: OneOrMany<'a>,
}

/// One target as the official files write it, or several.
#[derive(Serialize)]
#[serde(untagged)]
enum OneOrMany<'a> {
    One(&'a str),
    Many(Vec<&'a str>),
}

impl<'a> OneOrMany<'a> {
    fn of(items: Vec<&'a str>) -> Self {
        match items[..] {
            [only] => Self::One(only),
            _ => Self::Many(items),
        }
    }
}

impl<'a> Row<'a> {
    fn of(query: &'a Query) -> Self {
        Self {
            query: Cow::from(&query.id),
            candidate: Cow::from(query.reference.as_str()),
            captions: Cow::from(&query.captions),
        }
    }

    fn into_query(self) -> Result<Query> {
        check_id("a query", &self.query)?;
        Ok(Query {
            id: self.query.into_owned(),
            reference: ItemId::new(&self.candidate)?,
            captions: self.captions.into_owned(),
        })
    }
}

/// The queries of each group, in their published order, as JSON:
/// `{"dress": [{"query": …, "candidate": …, "captions": […]}, …], …}`. The same groups give the same
/// bytes, whether or not they have targets.
pub fn queries_json(groups: &[Group]) -> Vec<u8> {
    document(groups, |group| group.queries.iter().map(Row::of).collect::<Vec<_>>())
}

/// The items of each group's gallery, in their published order, as JSON: `{"dress": ["…", …], …}`.
/// The same groups give the same bytes.
pub fn gallery_json(groups: &[Group]) -> Vec<u8> {
    document(groups, |group| group.gallery.iter().collect::<Vec<_>>())
}

fn document<'a, T: Serialize>(groups: &'a [Group], of: impl Fn(&'a Group) -> T) -> Vec<u8> {
    let document: BTreeMap<&str, T> =
        groups.iter().map(|group| (group.name.as_str(), of(group))).collect();
    serde_json::to_vec(&document).expect("lists and maps of strings can always be written")
}

impl Split {
    /// The split in two public documents, in the form of [`queries_json`] and [`gallery_json`], without
    /// targets, to validate a run before it is uploaded.
    pub fn from_public(name: &str, queries: &[u8], gallery: &[u8]) -> Result<Self> {
        let queries: BTreeMap<String, Vec<Row<'_>>> = read("queries", queries)?;
        let mut galleries: BTreeMap<String, Vec<String>> = read("gallery", gallery)?;
        let mut groups = Vec::with_capacity(queries.len());
        for (name, rows) in queries {
            let items = galleries
                .remove(&name)
                .ok_or_else(|| Error::document("gallery", format!("group `{name}` is missing")))?;
            let rows = rows.into_iter().enumerate();
            let queries = rows.map(|(i, row)| {
                row.into_query().map_err(|e| Error::document("queries", place(&name, i, &e)))
            });
            let queries = queries.collect::<Result<_>>()?;
            let items = items.iter().enumerate().map(|(i, id)| {
                ItemId::new(id).map_err(|e| Error::document("gallery", place(&name, i, &e)))
            });
            let gallery = Gallery::new(items.collect::<Result<Vec<_>>>()?).map_err(|twice| {
                Error::document("gallery", format!("{name}: duplicate item {twice}"))
            })?;
            groups.push(Group { name, gallery, queries, targets: None, sessions: vec![] });
        }
        if let Some(name) = galleries.keys().next() {
            return Err(Error::document("queries", format!("group `{name}` is missing")));
        }
        if let Some((group, query)) = repeated_id(&groups) {
            let what =
                format!("{}: the id {} is already used by another query", group.name, query.id);
            return Err(Error::document("queries", what));
        }
        Ok(Self { name: name.to_owned(), groups })
    }
}

impl Elsewhere {
    /// The parts of other splits that show where a stray item or answer comes from, from their names and
    /// their public documents, the queries and the gallery.
    pub fn from_public<'a>(
        splits: impl IntoIterator<Item = (&'a str, &'a [u8], &'a [u8])>,
    ) -> Result<Self> {
        splits.into_iter().try_fold(Self::default(), |elsewhere, (name, queries, gallery)| {
            Ok(elsewhere.and(name, Split::from_public(name, queries, gallery)?.groups))
        })
    }
}

fn read<T: DeserializeOwned>(document: &'static str, bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(without_mark(bytes))
        .map_err(|e| Error::document(document, e.to_string()))
}

fn place(group: &str, row: usize, error: &Error) -> String {
    format!("{group}, row {row}: {error}")
}

/// What a team downloads of one split, as paths in a folder of the official layout and the files'
/// contents: `captions/cap.{group}.{split}.json` with rows
/// `{"query": …, "candidate": …, "captions": […]}`, or `multi_turn/{group}.{split}.json` with rows
/// `{"session": …, "reference": [["", […], …], …]}` if queries are turns of sessions, `image_splits/split.{group}.{split}.json` and,
/// for the groups whose attributes are given, `attributes/asin2attr.{group}.{split}.json`.
///
/// Targets are never written, whether the split has them or not, and of the attributes only those
/// of the gallery's items. [`Folder`](crate::Folder) reads the files back with the same query ids.
/// The same split gives the same bytes. Pictures are not among the files;
/// [`write_public`](crate::write_public) writes them.
pub fn public_files(
    split: &Split,
    attributes: &BTreeMap<String, Attributes>,
) -> Vec<(String, Vec<u8>)> {
    files_of(split, TargetsIn::Nothing, attributes)
}

/// The files of a split, with its targets only if the caller says that they are public.
pub(crate) fn files_of(
    split: &Split,
    targets: TargetsIn,
    attributes: &BTreeMap<String, Attributes>,
) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for group in &split.groups {
        let name = format!("{}.{}.json", group.name, split.name);
        files.push(if group.sessions.is_empty() {
            (format!("captions/cap.{name}"), captions(group, targets))
        } else {
            sessions::file(group, &split.name, targets)
        });
        let gallery: Vec<&str> = group.gallery.iter().collect();
        files.push((format!("image_splits/split.{name}"), pretty(&gallery)));
        if let Some(attributes) = attributes.get(&group.name) {
            let words = words(&group.gallery, attributes);
            files.push((format!("attributes/asin2attr.{name}"), pretty(&words)));
        }
    }
    files
}

fn captions(group: &Group, targets: TargetsIn) -> Vec<u8> {
    let rows = group.queries.iter().map(Row::of);
    match (targets, &group.targets) {
        (TargetsIn::Queries, Some(targets)) => {
            let items = |q| {
                targets.of(q).iter().map(|&index| group.gallery.item(index)).collect::<Vec<_>>()
            };
            let open = |(q, row)| OpenRow { row, target: OneOrMany::of(items(q)) };
            pretty(&rows.enumerate().map(open).collect::<Vec<_>>())
        }
        _ => pretty(&rows.collect::<Vec<_>>()),
    }
}

/// The words of a gallery's items by id, in the ids' order, so that no other order shows.
pub(crate) fn words<'a>(
    gallery: &'a Gallery,
    attributes: &'a Attributes,
) -> BTreeMap<&'a str, &'a [Vec<String>; 6]> {
    gallery.iter().filter_map(|item| Some((item, attributes.of(item)?))).collect()
}
