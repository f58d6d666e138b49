//! What of a split is for everyone: as files in the official layout, and as two documents. Nothing
//! here has a place for a target.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::group::repeated_id;
use crate::item::check_id;
use crate::output::{Images, pretty, write_files};
use crate::{Attributes, Error, Gallery, Group, ItemId, Pictures, Query, Result, Split};

/// A query as it is published.
#[derive(Serialize, Deserialize)]
struct Row<'a> {
    query: Cow<'a, str>,
    candidate: Cow<'a, str>,
    captions: Cow<'a, [String]>,
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
    /// The split that two public documents tell of, in the form of [`queries_json`] and
    /// [`gallery_json`]: without targets, so that a run can be validated before it is uploaded.
    pub fn from_public(name: &str, queries: &[u8], gallery: &[u8]) -> Result<Self> {
        let queries: BTreeMap<String, Vec<Row<'_>>> = read("queries", queries)?;
        let mut galleries: BTreeMap<String, Vec<String>> = read("gallery", gallery)?;
        let mut groups = Vec::with_capacity(queries.len());
        for (name, rows) in queries {
            let items = galleries
                .remove(&name)
                .ok_or_else(|| Error::document("gallery", format!("there is no group `{name}`")))?;
            let rows = rows.into_iter().enumerate();
            let queries = rows.map(|(i, row)| {
                row.into_query().map_err(|e| Error::document("queries", place(&name, i, &e)))
            });
            let queries = queries.collect::<Result<_>>()?;
            let items = items.iter().enumerate().map(|(i, id)| {
                ItemId::new(id).map_err(|e| Error::document("gallery", place(&name, i, &e)))
            });
            let gallery = Gallery::new(items.collect::<Result<Vec<_>>>()?).map_err(|twice| {
                Error::document("gallery", format!("{name}: item {twice} stands there twice"))
            })?;
            groups.push(Group { name, gallery, queries, targets: None });
        }
        if let Some(name) = galleries.keys().next() {
            return Err(Error::document("queries", format!("there is no group `{name}`")));
        }
        if let Some((group, query)) = repeated_id(&groups) {
            let what = format!("{}: the id {} is another query's already", group.name, query.id);
            return Err(Error::document("queries", what));
        }
        Ok(Self { name: name.to_owned(), groups })
    }
}

fn read<T: DeserializeOwned>(document: &'static str, bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|e| Error::document(document, e.to_string()))
}

fn place(group: &str, row: usize, error: &Error) -> String {
    format!("{group}, row {row}: {error}")
}

/// What a team downloads of one split, as places in a folder of the official layout and what the
/// files there hold: `captions/cap.{group}.{split}.json` with rows
/// `{"query": …, "candidate": …, "captions": […]}`, `image_splits/split.{group}.{split}.json` and,
/// for the groups whose attributes are given, `attributes/asin2attr.{group}.{split}.json`.
///
/// Targets are never written, whether the split has them or not, and of the attributes only those
/// of the gallery's items. [`Folder`](crate::Folder) reads the files back with the same query ids.
/// The same split gives the same bytes. Pictures are not among the files; [`write_public`] writes
/// them.
pub fn public_files(
    split: &Split,
    attributes: &BTreeMap<String, Attributes>,
) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for group in &split.groups {
        let name = format!("{}.{}.json", group.name, split.name);
        let rows: Vec<Row<'_>> = group.queries.iter().map(Row::of).collect();
        files.push((format!("captions/cap.{name}"), pretty(&rows)));
        let gallery: Vec<&str> = group.gallery.iter().collect();
        files.push((format!("image_splits/split.{name}"), pretty(&gallery)));
        if let Some(attributes) = attributes.get(&group.name) {
            let words = words(&group.gallery, attributes);
            files.push((format!("attributes/asin2attr.{name}"), pretty(&words)));
        }
    }
    files
}

/// Writes the [`public_files`] of one split into a folder, which is made if need be, and beside them
/// `images/{item}.png` or `.jpg` for the items that have pictures, under the names they have in the
/// split and without anything that was embedded in them.
///
/// What a picture shows is published as it is: an item of two groups has one picture under two
/// aliases, and a picture that is elsewhere under another name can be found again.
///
/// Writing the same split again changes nothing, and finishes what was interrupted. A folder that
/// holds other files of a data set is refused before anything is written: what stands beside a
/// keyed split could undo it.
///
/// # Errors
/// Attributes or pictures that are of no item of their group (they were not keyed, or with another
/// key); a file that is no picture; a folder that holds something else, or cannot be written.
pub fn write_public(
    split: &Split,
    attributes: &BTreeMap<String, Attributes>,
    pictures: &BTreeMap<String, Pictures>,
    dir: &Path,
) -> Result<()> {
    let group = |name: &str| split.groups.iter().find(|group| group.name == name);
    for (name, attributes) in attributes.iter().filter(|(_, attributes)| !attributes.is_empty()) {
        if group(name).is_none_or(|group| words(&group.gallery, attributes).is_empty()) {
            return Err(Error::foreign_attributes(name, &split.name));
        }
    }
    // by the name of the file: what two groups have under one name is written once
    let mut shown = BTreeMap::new();
    for (name, pictures) in pictures.iter().filter(|(_, pictures)| !pictures.is_empty()) {
        let items = group(name).into_iter().flat_map(Group::named);
        let of = |item| Some((pictures.file_name(item)?, (pictures, item)));
        let files: Vec<_> = items.filter_map(of).collect();
        if files.is_empty() {
            return Err(Error::foreign_pictures(name, &split.name));
        }
        shown.extend(files);
    }
    // in the order of the names, so that the files' times tell nothing of any other order
    let (names, shown): (Vec<String>, Vec<(&Pictures, &str)>) = shown.into_iter().unzip();
    let make = |i: usize| {
        let (pictures, item): (&Pictures, &str) = shown[i];
        pictures.bytes(item)
    };
    write_files(dir, &public_files(split, attributes), &Images { names, make: Some(&make) })
}

/// The words of a gallery's items by id: in the ids' order, whatever order they had elsewhere.
fn words<'a>(
    gallery: &'a Gallery,
    attributes: &'a Attributes,
) -> BTreeMap<&'a str, &'a [Vec<String>; 6]> {
    gallery.iter().filter_map(|item| Some((item, attributes.of(item)?))).collect()
}
