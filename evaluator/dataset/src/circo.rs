//! The layout of the official CIRCO repository: `annotations/{split}.json` and, for the gallery of all
//! splits, COCO's `image_info_unlabeled2017.json`. Ids of items and queries are integers.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::folder::Layout;
use crate::group::repeated_id;
use crate::json::{Faults, read_json, read_rows};
use crate::output::IMAGES;
use crate::{
    Elsewhere, Error, Gallery, Group, ItemId, Protocol, PublishedSplit, Query, Result, Split,
    Targets, TargetsIn,
};

/// The layout of the official CIRCO repository. A split has one group, [`GROUP`](Self::GROUP).
#[derive(Debug)]
pub struct Circo;

/// Where the annotations of each split are.
const ANNOTATIONS: &str = "annotations";

/// The list of all pictures, which are the gallery of every split.
const GALLERY: &str = "image_info_unlabeled2017";

/// Where COCO's files are in the official repository.
const COCO: &str = "COCO2017_unlabeled";

/// How many digits the names of COCO's pictures have.
const DIGITS: usize = 12;

/// A row of `annotations/{split}.json`; other keys are not read.
#[derive(Serialize, Deserialize)]
struct Row {
    reference_img_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_img_id: Option<u64>,
    relative_caption: String,
    /// What reference and target have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_concept: Option<String>,
    /// All targets, the one above first.
    #[serde(skip_serializing_if = "Option::is_none")]
    gt_img_ids: Option<Vec<u64>>,
    id: u64,
}

/// COCO's list of pictures; other keys are not read.
#[derive(Serialize, Deserialize)]
struct Pictures {
    images: Vec<Picture>,
}

#[derive(Serialize, Deserialize)]
struct Picture {
    id: u64,
    #[serde(default)]
    file_name: String,
}

impl Circo {
    /// The name of the only group.
    pub const GROUP: &str = "circo";
}

impl Layout for Circo {
    fn contents(&self, folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let dir = folder.join(ANNOTATIONS);
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound && folder.is_dir() => {
                return Err(not_a_data_set(folder));
            }
            Err(e) => return Err(Error::io(&dir)(e)),
        };
        let mut splits = BTreeMap::new();
        for entry in entries {
            let name = entry.map_err(Error::io(&dir))?.file_name();
            let split = name.to_str().and_then(|name| name.strip_suffix(".json"));
            if let Some(split) = split.filter(|split| !split.starts_with("image_info")) {
                splits.insert(split.to_owned(), BTreeSet::from([Self::GROUP.to_owned()]));
            }
        }
        Ok(splits)
    }

    fn split(&self, folder: &Path, split: &str, protocol: Protocol) -> Result<Split> {
        let found: Vec<String> = self.contents(folder)?.into_keys().collect();
        if found.is_empty() {
            return Err(not_a_data_set(folder));
        }
        if !found.iter().any(|name| name == split) {
            return Err(Error::no_such_split(folder, split, &found));
        }
        if protocol != Protocol::Original {
            return Err(Error::no_such_protocol(protocol.name(), "CIRCO"));
        }
        let path = annotations(folder, split);
        let (gallery, rows) = match (read_gallery(folder), read_rows::<Row>(&path)) {
            (Ok(gallery), Ok(rows)) => (gallery, rows),
            (gallery, rows) => {
                let errors = gallery.err().into_iter().chain(rows.err()).collect();
                let unreadable = || Error::content(&path, "unreadable");
                return Err(Error::all(errors).unwrap_or_else(unreadable));
            }
        };
        let group = to_group(&path, gallery, rows)?;
        Ok(Split { name: split.to_owned(), groups: vec![group] })
    }

    /// All splits share one gallery, so only their queries differ.
    fn elsewhere(&self, folder: &Path, split: &str) -> Result<Elsewhere> {
        let mut lists = Vec::new();
        for other in self.contents(folder)?.into_keys().filter(|other| other != split) {
            let rows: Vec<Row> = read_rows(&annotations(folder, &other))?;
            lists.push((other, rows.into_iter().map(|row| row.id.to_string()).collect()));
        }
        Ok(Elsewhere::of_queries(lists))
    }

    fn picture_names(&self, item: &str) -> Vec<(&'static str, String)> {
        let padded = format!("{item:0>DIGITS$}");
        vec![
            (IMAGES, item.to_owned()),
            (IMAGES, padded.clone()),
            ("COCO2017_unlabeled/unlabeled2017", padded),
        ]
    }

    fn files(&self, published: &PublishedSplit<'_>) -> Vec<(String, Vec<u8>)> {
        let split = published.split;
        let mut files = Vec::new();
        for group in &split.groups {
            let open = published.targets == TargetsIn::Queries;
            let rows: Vec<Row> = (0..group.queries.len()).map(|i| to_row(group, i, open)).collect();
            files.push((format!("{ANNOTATIONS}/{}.json", split.name), to_json(&rows)));
            let picture = |id: &str| Picture { id: number(id), file_name: format!("{id}.jpg") };
            let gallery = Pictures { images: group.gallery.iter().map(picture).collect() };
            files.push((format!("{ANNOTATIONS}/{GALLERY}.json"), to_json(&gallery)));
        }
        files
    }
}

fn not_a_data_set(folder: &Path) -> Error {
    Error::not_a_data_set(folder, "CIRCO", "annotations/{split}.json")
}

fn annotations(folder: &Path, split: &str) -> PathBuf {
    folder.join(ANNOTATIONS).join(format!("{split}.json"))
}

/// The gallery: from COCO's list in the official repository's place, or next to the annotations.
fn read_gallery(folder: &Path) -> Result<Gallery> {
    let file = format!("{ANNOTATIONS}/{GALLERY}.json");
    let official = folder.join(COCO).join(&file);
    let path = if official.exists() { official } else { folder.join(&file) };
    let pictures: Pictures = read_json(&path)?;
    let mut faults = Faults::new(&path);
    let mut seen = HashSet::with_capacity(pictures.images.len());
    for (i, picture) in pictures.images.iter().enumerate() {
        if !seen.insert(picture.id) {
            faults.add(i, format!("duplicate item {}", picture.id));
        }
    }
    faults.check()?;
    let items = pictures.images.iter().map(|picture| item(picture.id));
    Gallery::new(items.collect::<Result<Vec<_>>>()?)
        .map_err(|twice| Error::content(&path, format!("duplicate item {twice}")))
}

fn to_group(path: &Path, gallery: Gallery, rows: Vec<Row>) -> Result<Group> {
    let mut faults = Faults::new(path);
    let mut queries = Vec::with_capacity(rows.len());
    let mut targets = Vec::with_capacity(rows.len());
    for (i, row) in rows.into_iter().enumerate() {
        let own = faults.take(i, row.targets(&gallery));
        targets.extend(own.flatten());
        let captions = std::iter::once(row.relative_caption).chain(row.shared_concept);
        queries.push(Query {
            id: row.id.to_string(),
            reference: item(row.reference_img_id)?,
            captions: captions.collect(),
        });
    }
    faults.check()?;
    if !targets.is_empty() && targets.len() != queries.len() {
        let (some, all) = (targets.len(), queries.len());
        let what = format!("{some} of {all} rows have targets; all or none must");
        return Err(Error::content(path, what));
    }
    let targets = (!targets.is_empty()).then(|| Targets::new(targets));
    let groups =
        [Group { name: Circo::GROUP.to_owned(), gallery, queries, targets, sessions: vec![] }];
    if let Some((_, query)) = repeated_id(&groups) {
        return Err(Error::content(path, format!("two queries have the id {}", query.id)));
    }
    let [group] = groups;
    Ok(group)
}

impl Row {
    /// The gallery indices of all targets, the first one first; none if the row has no targets.
    fn targets(&self, gallery: &Gallery) -> Result<Option<Vec<u32>>, String> {
        let ids: Vec<u64> = match (self.target_img_id, self.gt_img_ids.as_deref()) {
            (None, None) => return Ok(None),
            (Some(first), None) => vec![first],
            (first, Some(all)) => {
                if all.is_empty() {
                    return Err("`gt_img_ids` is empty".to_owned());
                }
                if first.is_some_and(|first| !all.contains(&first)) {
                    return Err("`target_img_id` is not one of `gt_img_ids`".to_owned());
                }
                let others = all.iter().copied().filter(|id| Some(*id) != first);
                first.into_iter().chain(others).collect()
            }
        };
        let mut seen = HashSet::new();
        if !ids.iter().all(|id| seen.insert(id)) {
            return Err("a target is named twice".to_owned());
        }
        // Without the item's id, because this error may be logged.
        let outside = || "a target is not in the gallery".to_owned();
        let index = |id: &u64| gallery.index_of(id.to_string().as_bytes()).ok_or_else(outside);
        ids.iter().map(index).collect::<Result<_, _>>().map(Some)
    }
}

fn to_row(group: &Group, position: usize, open: bool) -> Row {
    let query = &group.queries[position];
    let targets = group.targets.as_ref().filter(|_| open).map(|targets| targets.of(position));
    let id = |index: &u32| number(group.gallery.item(*index));
    let mut captions = query.captions.iter().cloned();
    Row {
        reference_img_id: number(query.reference.as_str()),
        target_img_id: targets.and_then(|targets| targets.first()).map(id),
        relative_caption: captions.next().unwrap_or_default(),
        shared_concept: captions.next(),
        gt_img_ids: targets.map(|targets| targets.iter().map(id).collect()),
        id: number(&query.id),
    }
}

fn item(id: u64) -> Result<ItemId> {
    ItemId::new(&id.to_string())
}

/// An id that was read from a number, as that number.
fn number(id: &str) -> u64 {
    id.parse().unwrap_or_default()
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("lists of numbers and strings can always be written")
}
