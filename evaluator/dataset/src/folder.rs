//! Reads a data set from a folder in the layout of the official repositories:
//! `captions/cap.{category}.{split}.json`, `image_splits/split.{category}.{split}.json`,
//! `attributes/asin2attr.{category}.{split}.json`, `image_url/asin2url.{category}.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, de::DeserializeOwned};

use crate::group::repeated_id;
use crate::item::check_id;
use crate::read::{MOST_BYTES, read_file, read_text};
use crate::{Attributes, Elsewhere, Error, Gallery, Group, ItemId, Query, Result, Split, Targets};

/// Which gallery counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Protocol {
    /// The official split file, as in the challenge.
    #[default]
    Original,
    /// References and targets only: the "VAL" protocol of later papers. For public targets only,
    /// since gallery minus references would give targets away.
    ValUnion,
}

impl Protocol {
    /// `original` or `val-union`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::ValUnion => "val-union",
        }
    }

    /// The protocol of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Original, Self::ValUnion].into_iter().find(|p| p.name() == name)
    }
}

/// A data set in a folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// A row of a captions file.
#[derive(Deserialize)]
struct Row {
    /// The official files have none: there a query is known by its position.
    query: Option<String>,
    candidate: String,
    captions: Vec<String>,
    target: Option<OneOrMany>,
}

/// A query's target, or its targets.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(id) => std::slice::from_ref(id),
            Self::Many(ids) => ids,
        }
    }
}

impl Folder {
    /// Names the folder; nothing is read yet.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self(dir.into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The groups of each split, by split, from the names of the captions files.
    pub fn contents(&self) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let dir = self.0.join("captions");
        let mut splits: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && self.0.is_dir() => {
                return Err(Error::no_such_split(&self.0, "", &[]));
            }
            Err(e) => return Err(Error::io(&dir)(e)),
        };
        for entry in entries {
            let name = entry.map_err(Error::io(&dir))?.file_name();
            let Some(name) = name.to_str() else { continue };
            let middle = name.strip_prefix("cap.").and_then(|n| n.strip_suffix(".json"));
            if let Some((group, split)) = middle.and_then(|m| m.split_once('.')) {
                splits.entry(split.to_owned()).or_default().insert(group.to_owned());
            }
        }
        Ok(splits)
    }

    /// One split with all its groups, under a protocol. Targets are there where the captions file
    /// gives each query one; a query's id is the row's `query`, or [its position](Query::id_at).
    pub fn split(&self, split: &str, protocol: Protocol) -> Result<Split> {
        let contents = self.contents()?;
        let Some(names) = contents.get(split) else {
            let found: Vec<String> = contents.into_keys().collect();
            return Err(Error::no_such_split(&self.0, split, &found));
        };
        let mut groups =
            names.iter().map(|g| self.group(g, split)).collect::<Result<Vec<Group>>>()?;
        if let Some((group, query)) = repeated_id(&groups) {
            let what = format!("the id {} is another query's already", query.id);
            return Err(Error::content(&self.captions(&group.name, split), what));
        }
        if protocol == Protocol::ValUnion {
            for group in &mut groups {
                *group = union_only(group).ok_or_else(|| Error::union_needs_targets(split))?;
            }
        }
        Ok(Split { name: split.to_owned(), groups })
    }

    /// The gallery of a group and split, from its `image_splits` file.
    pub fn gallery(&self, group: &str, split: &str) -> Result<Gallery> {
        let path = self.0.join(format!("image_splits/split.{group}.{split}.json"));
        let ids: Vec<String> = read_json(&path)?;
        let items: Vec<ItemId> =
            ids.iter().enumerate().map(|(i, id)| item(&path, i, id)).collect::<Result<_>>()?;
        Gallery::new(items)
            .map_err(|twice| Error::content(&path, format!("item {twice} stands there twice")))
    }

    /// The attributes of the items of a group and split; none where there is no such file.
    pub fn attributes(&self, group: &str, split: &str) -> Result<Attributes> {
        let path = self.0.join(format!("attributes/asin2attr.{group}.{split}.json"));
        if path.exists() { Ok(Attributes(read_json(&path)?)) } else { Ok(Attributes::default()) }
    }

    /// The addresses of the photos of a group's items, by item id; none where there is no such file.
    pub fn photos(&self, group: &str) -> Result<BTreeMap<String, String>> {
        let path = self.0.join(format!("image_url/asin2url.{group}.txt"));
        if !path.exists() {
            return Ok(BTreeMap::new());
        }
        let text = read_text(&path, MOST_BYTES)?;
        let line = |(i, line): (usize, &str)| {
            let mut words = line.split_ascii_whitespace();
            if let (Some(id), Some(url), None) = (words.next(), words.next(), words.next()) {
                return Ok((id.to_owned(), url.to_owned()));
            }
            let what = format!("line {}: expected an item and an address", i + 1);
            Err(Error::content(&path, what))
        };
        text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(line).collect()
    }

    /// The galleries of all other splits.
    pub fn elsewhere(&self, split: &str) -> Result<Elsewhere> {
        let mut galleries = Vec::new();
        for (other, groups) in self.contents()?.into_iter().filter(|(name, _)| name != split) {
            for group in groups {
                let gallery = self.gallery(&group, &other)?;
                galleries.push((other.clone(), group, gallery));
            }
        }
        Ok(Elsewhere(galleries))
    }

    fn captions(&self, group: &str, split: &str) -> PathBuf {
        self.0.join(format!("captions/cap.{group}.{split}.json"))
    }

    fn group(&self, group: &str, split: &str) -> Result<Group> {
        let gallery = self.gallery(group, split)?;
        let path = self.captions(group, split);
        let rows: Vec<Row> = read_json(&path)?;
        let mut queries = Vec::with_capacity(rows.len());
        let mut targets = Vec::with_capacity(rows.len());
        for (i, row) in rows.into_iter().enumerate() {
            if let Some(row_targets) = &row.target {
                targets.push(indices(&path, &gallery, i, row_targets.as_slice())?);
            }
            if let Some(id) = &row.query {
                check_id("a query", id).map_err(|e| in_row(&path, i, &e))?;
            }
            queries.push(Query {
                id: row.query.unwrap_or_else(|| Query::id_at(group, split, i)),
                reference: item(&path, i, &row.candidate)?,
                captions: row.captions,
            });
        }
        if !targets.is_empty() && targets.len() != queries.len() {
            let what = format!(
                "{} of {} rows have a target; all or none must",
                targets.len(),
                queries.len()
            );
            return Err(Error::content(&path, what));
        }
        let targets = (!targets.is_empty()).then(|| Targets::new(targets));
        Ok(Group { name: group.to_owned(), gallery, queries, targets })
    }
}

impl Split {
    /// Takes the targets from an organiser-only file: a JSON object that gives, for each query id,
    /// an item or a list of items. Every query must be there, and no other; else nothing changes.
    ///
    /// The ids are those of the organisers' files, so targets are read before a split is
    /// [keyed](Self::keyed), and move along.
    pub fn read_targets(&mut self, path: &Path) -> Result<()> {
        let mut by_id: BTreeMap<String, OneOrMany> = read_json(path)?;
        let mut all = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let mut targets = Vec::with_capacity(group.queries.len());
            for (i, query) in group.queries.iter().enumerate() {
                let Some(items) = by_id.remove(&query.id) else {
                    return Err(Error::content(path, format!("query {} has no target", query.id)));
                };
                targets.push(indices(path, &group.gallery, i, items.as_slice())?);
            }
            all.push(Targets::new(targets));
        }
        if let Some(id) = by_id.keys().next() {
            return Err(Error::content(
                path,
                format!("{id} is not a query of split {}", self.name),
            ));
        }
        for (group, targets) in self.groups.iter_mut().zip(all) {
            group.targets = Some(targets);
        }
        Ok(())
    }
}

/// The group with a gallery of its references and targets alone, in the order of the gallery.
fn union_only(group: &Group) -> Option<Group> {
    let targets = group.targets.as_ref()?;
    let mut kept = vec![false; group.gallery.len()];
    for (i, query) in group.queries.iter().enumerate() {
        let reference = group.gallery.index_of(query.reference.as_str().as_bytes());
        for &index in targets.of(i).iter().chain(reference.as_ref()) {
            kept[index as usize] = true;
        }
    }
    let ids = group.gallery.iter().zip(&kept).filter(|(_, kept)| **kept);
    let gallery = Gallery::new(ids.filter_map(|(id, _)| ItemId::new(id).ok())).ok()?;
    let moved = |&index: &u32| gallery.index_of(group.gallery.item(index).as_bytes());
    let targets = (0..targets.queries())
        .map(|q| targets.of(q).iter().map(moved).collect::<Option<Vec<u32>>>())
        .collect::<Option<Vec<_>>>()?;
    Some(Group { gallery, targets: Some(Targets::new(targets)), ..group.clone() })
}

fn indices(path: &Path, gallery: &Gallery, row: usize, ids: &[String]) -> Result<Vec<u32>> {
    if ids.is_empty() {
        return Err(Error::content(path, format!("row {row}: the list of targets is empty")));
    }
    // A target outside the gallery is the organisers' mistake, told without the item's id: this
    // error may reach a log.
    let outside = || Error::content(path, format!("row {row}: a target is not in the gallery"));
    ids.iter().map(|id| gallery.index_of(id.as_bytes()).ok_or_else(outside)).collect()
}

fn item(path: &Path, row: usize, id: &str) -> Result<ItemId> {
    ItemId::new(id).map_err(|e| in_row(path, row, &e))
}

fn in_row(path: &Path, row: usize, error: &Error) -> Error {
    Error::content(path, format!("row {row}: {error}"))
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = read_file(path, MOST_BYTES)?;
    serde_json::from_slice(&bytes).map_err(Error::json(path))
}
