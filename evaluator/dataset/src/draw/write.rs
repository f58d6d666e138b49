//! Writes a drawn data set in the layout of the official repositories.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::{Drawn, DrawnGroup, DrawnItem, DrawnQuery};
use crate::output::{Images, Readers, pretty, write_file, write_files};
use crate::{Error, Query, Result};

/// The split whose captions are written without targets.
pub(super) const HIDDEN: &str = "test";

/// A row of a captions file, its fields in the official order.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    candidate: &'a str,
    captions: &'a [String; 2],
}

impl Drawn {
    /// Writes `captions`, `image_splits` and `attributes` into a folder, which is created if needed.
    /// The captions of split `test` are written without targets.
    ///
    /// Writing the same data set again changes nothing, and finishes what was interrupted. A folder
    /// with other contents is refused before anything is written; this data set's pictures,
    /// and files next to its folders, are left alone.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let names = self.items().map(DrawnItem::picture_name).collect();
        write_files(dir, &self.files(), &Images { names, make: None })
    }

    /// Writes as [`write`](Self::write) does, and then `images/{item}.png` for every item, on several
    /// threads; `told` is called for each picture that was drawn. No more than one picture per thread
    /// is in memory.
    #[cfg(feature = "pictures")]
    pub fn write_with_pictures(&self, dir: &Path, told: &(dyn Fn() + Sync)) -> Result<()> {
        let items: Vec<&DrawnItem> = self.items().collect();
        let names = items.iter().map(|item| item.picture_name()).collect();
        let make = |i: usize| {
            let picture = items[i].picture();
            told();
            Ok(picture)
        };
        write_files(dir, &self.files(), &Images { names, make: Some(&make) })
    }

    fn items(&self) -> impl Iterator<Item = &DrawnItem> {
        self.groups.iter().flat_map(|group| &group.items)
    }

    /// Writes the targets of one split as [`crate::Split::read_targets`] reads them:
    /// `{"dress.test.0": "B0…", …}`. On unix only the owner may read the file. A file that holds
    /// something else is refused.
    pub fn write_targets(&self, split: &str, file: &Path) -> Result<()> {
        if !self.splits.iter().any(|s| s == split) {
            return Err(Error::split_not_drawn(split, &self.splits));
        }
        let mut targets = BTreeMap::new();
        for group in self.groups.iter().filter(|g| g.split == split) {
            for (i, query) in group.queries.iter().enumerate() {
                let id = Query::id_at(group.category.name(), split, i);
                targets.insert(id, group.id(query.target));
            }
        }
        write_file(file, &pretty(&targets), Readers::Owner)
    }

    /// Writes a [sentence](super::Garment::sentence) about each item, as [`crate::ItemCaptions`] reads them:
    /// `{category}.{split}.json` in a folder, which is created if needed. A file that holds something else is
    /// refused.
    pub fn write_item_captions(&self, dir: &Path) -> Result<()> {
        for group in &self.groups {
            let name = format!("{}.{}.json", group.category.name(), group.split);
            let sentences =
                group.items.iter().map(|item| (item.id.as_str(), item.garment.sentence()));
            let sentences: BTreeMap<&str, String> = sentences.collect();
            write_file(&dir.join(name), &pretty(&sentences), Readers::All)?;
        }
        Ok(())
    }

    /// Every file of the data set, with its path and content.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for group in &self.groups {
            let name = format!("{}.{}.json", group.category.name(), group.split);
            files.push((format!("captions/cap.{name}"), pretty(&group.rows())));
            files.push((format!("image_splits/split.{name}"), pretty(&group.gallery())));
            files.push((format!("attributes/asin2attr.{name}"), pretty(&group.words())));
        }
        files
    }
}

impl DrawnItem {
    /// The name of its picture's file.
    fn picture_name(&self) -> String {
        format!("{}.png", self.id)
    }
}

impl DrawnGroup {
    fn id(&self, place: usize) -> &str {
        self.items[place].id.as_str()
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let row = |query| {
            let &DrawnQuery { reference, target, ref captions } = query;
            let target = (self.split != HIDDEN).then(|| self.id(target));
            Row { target, candidate: self.id(reference), captions }
        };
        self.queries.iter().map(row).collect()
    }

    fn gallery(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.id.as_str()).collect()
    }

    /// In the order of the ids, which reveals nothing because they are random.
    fn words(&self) -> BTreeMap<&str, &[Vec<String>; 6]> {
        let described = self.items.iter().filter_map(|item| Some((item, item.words.as_ref()?)));
        described.map(|(item, words)| (item.id.as_str(), words)).collect()
    }
}
