//! Writes a drawn data set in the layout of the official repositories.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::{Drawn, DrawnGroup, DrawnQuery};
use crate::output::{Readers, pretty, write_file, write_files};
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
    /// Writes `captions`, `image_splits` and `attributes` into a folder, which is made if need be.
    /// The captions of split `test` are written without targets.
    ///
    /// Writing the same data set again changes nothing, and finishes what was interrupted. A folder
    /// that holds something else is refused before anything is written; what was put beside this
    /// data set's files (pictures, say) is left alone.
    pub fn write(&self, dir: &Path) -> Result<()> {
        write_files(dir, &self.files())
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

    /// Every file of the data set by its place, with what it holds.
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

    /// In the order of the ids, which tells nothing: they are random.
    fn words(&self) -> BTreeMap<&str, &[Vec<String>; 6]> {
        let described = self.items.iter().filter_map(|item| Some((item, item.words.as_ref()?)));
        described.map(|(item, words)| (item.id.as_str(), words)).collect()
    }
}
