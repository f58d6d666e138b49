//! The layout of the official Fashion IQ repositories: `captions/cap.{category}.{split}.json`,
//! `image_splits/split.{category}.{split}.json`, `attributes/asin2attr.{category}.{split}.json`, and the sessions of
//! `multi_turn/{category}.{split}.json`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::folder::Layout;
use crate::group::repeated_id;
use crate::item::{check_id, item};
use crate::json::{Faults, read_json, read_rows};
use crate::pool::pooled;
use crate::public;
use crate::sessions;
use crate::targets::{OneOrMany, indices};
use crate::{
    Attributes, Elsewhere, Error, Gallery, Group, ItemId, Protocol, PublishedSplit, Query, Result,
    Split, Targets,
};

/// The layout of the official Fashion IQ repositories.
#[derive(Debug)]
pub struct FashionIq;

/// A row of a captions file.
#[derive(Deserialize)]
struct Row {
    /// The official files have none: there a query is known by its position.
    query: Option<String>,
    candidate: String,
    captions: Vec<String>,
    target: Option<OneOrMany>,
}

impl Layout for FashionIq {
    fn contents(&self, folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let dir = folder.join("captions");
        let mut splits: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && folder.is_dir() => {
                if !sessions::contents(folder)?.is_empty() {
                    return Ok(splits);
                }
                let wanted = "captions/cap.{category}.{split}.json";
                return Err(Error::not_a_data_set(folder, "Fashion IQ", wanted));
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

    fn sessions(&self, folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
        sessions::contents(folder)
    }

    /// The split has targets if the captions file gives one for each query. A query's id is the row's
    /// `query`, or [its position](Query::id_at).
    fn split(&self, folder: &Path, split: &str, protocol: Protocol) -> Result<Split> {
        if protocol == Protocol::MultiTurn {
            let gallery = |group: &str| read_gallery(folder, group, split);
            let groups = sessions::read_groups(folder, split, gallery)?;
            return Ok(Split { name: split.to_owned(), groups });
        }
        let contents = self.contents(folder)?;
        let Some(names) = contents.get(split) else {
            let found: Vec<String> = contents.into_keys().collect();
            if found.is_empty() {
                let wanted = "captions/cap.{category}.{split}.json";
                return Err(Error::not_a_data_set(folder, "Fashion IQ", wanted));
            }
            return Err(Error::no_such_split(folder, split, &found));
        };
        let (mut groups, mut errors) = (Vec::new(), Vec::new());
        for name in names {
            match read_group(folder, name, split) {
                Ok(group) => groups.push(group),
                Err(error) => errors.push(error),
            }
        }
        if let Some(error) = Error::all(errors) {
            return Err(error);
        }
        if let Some((group, query)) = repeated_id(&groups) {
            let what = format!("the id {} is already used by another query", query.id);
            return Err(Error::content(&captions(folder, &group.name, split), what));
        }
        let no_targets = || Error::needs_public_targets(protocol.name(), split);
        match protocol {
            Protocol::Original | Protocol::MultiTurn => {}
            Protocol::ValUnion => {
                for group in &mut groups {
                    *group = union_only(group).ok_or_else(no_targets)?;
                }
            }
            Protocol::Mbeir => {
                let galleries = read_galleries(folder, contents)?;
                groups = vec![pooled(&groups, &galleries).ok_or_else(no_targets)?];
            }
        }
        Ok(Split { name: split.to_owned(), groups })
    }

    fn attributes(&self, folder: &Path, group: &str, split: &str) -> Result<Attributes> {
        let path = folder.join(format!("attributes/asin2attr.{group}.{split}.json"));
        if path.exists() { Ok(Attributes(read_json(&path)?)) } else { Ok(Attributes::default()) }
    }

    fn elsewhere(&self, folder: &Path, split: &str) -> Result<Elsewhere> {
        let mut galleries = Vec::new();
        for (other, groups) in self.contents(folder)?.into_iter().filter(|(name, _)| name != split)
        {
            for group in groups {
                let gallery = read_gallery(folder, &group, &other)?;
                galleries.push((other.clone(), group, gallery));
            }
        }
        Ok(Elsewhere::new(galleries))
    }

    fn files(&self, published: &PublishedSplit<'_>) -> Vec<(String, Vec<u8>)> {
        public::files_of(published.split, published.targets, published.attributes)
    }
}

/// The gallery of a group and split, from its `image_splits` file.
fn read_gallery(folder: &Path, group: &str, split: &str) -> Result<Gallery> {
    let path = folder.join(format!("image_splits/split.{group}.{split}.json"));
    let ids: Vec<String> = read_rows(&path)?;
    let mut faults = Faults::new(&path);
    let mut seen = HashSet::new();
    let mut items = Vec::with_capacity(ids.len());
    for (i, id) in ids.iter().enumerate() {
        if !seen.insert(id) {
            faults.add(i, format!("duplicate item {id}"));
        }
        items.extend(faults.take(i, item(id)));
    }
    faults.check()?;
    Gallery::new(items).map_err(|twice| Error::content(&path, format!("duplicate item {twice}")))
}

/// The galleries of all groups and splits.
fn read_galleries(
    folder: &Path,
    contents: BTreeMap<String, BTreeSet<String>>,
) -> Result<Vec<Gallery>> {
    let all = contents.into_iter().flat_map(|(split, groups)| {
        groups.into_iter().map(move |group| read_gallery(folder, &group, &split))
    });
    all.collect()
}

fn captions(folder: &Path, group: &str, split: &str) -> PathBuf {
    folder.join(format!("captions/cap.{group}.{split}.json"))
}

fn read_group(folder: &Path, group: &str, split: &str) -> Result<Group> {
    let path = captions(folder, group, split);
    let (gallery, rows) = match (read_gallery(folder, group, split), read_rows::<Row>(&path)) {
        (Ok(gallery), Ok(rows)) => (gallery, rows),
        (gallery, rows) => {
            let errors = gallery.err().into_iter().chain(rows.err()).collect();
            return Err(Error::all(errors).unwrap_or_else(|| Error::content(&path, "unreadable")));
        }
    };
    let mut faults = Faults::new(&path);
    let mut queries = Vec::with_capacity(rows.len());
    let mut targets = Vec::with_capacity(rows.len());
    for (i, row) in rows.into_iter().enumerate() {
        if let Some(row_targets) = &row.target {
            let row_targets = faults.take(i, indices(&gallery, row_targets.as_slice()));
            targets.push(row_targets.unwrap_or_default());
        }
        if let Some(id) = &row.query {
            faults.take(i, check_id("a query", id).map_err(|e| e.to_string()));
        }
        let Some(reference) = faults.take(i, item(&row.candidate)) else { continue };
        let id = row.query.unwrap_or_else(|| Query::id_at(group, split, i));
        queries.push(Query { id, reference, captions: row.captions });
    }
    faults.check()?;
    if !targets.is_empty() && targets.len() != queries.len() {
        let what =
            format!("{} of {} rows have a target; all or none must", targets.len(), queries.len());
        return Err(Error::content(&path, what));
    }
    let targets = (!targets.is_empty()).then(|| Targets::new(targets));
    Ok(Group { name: group.to_owned(), gallery, queries, targets, sessions: vec![] })
}

/// The group with a gallery of only its references and targets, in the order of the gallery.
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
