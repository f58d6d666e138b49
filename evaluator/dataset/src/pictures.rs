//! The pictures of a data set: `images/{item}.png` or `images/{item}.jpg`.

use std::collections::{BTreeMap, HashSet};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::SystemTime;
use std::{fmt, fs};

use crate::bare::bare;
use crate::keyed::alias;
use crate::read::{MOST_BYTES, read_file};
use crate::{Error, Folder, Group, Key, Result};

/// The extensions of pictures; the first that exists counts.
const ENDINGS: [&str; 2] = ["png", "jpg"];

/// The pictures of a group's items, by the name under which each is published. They are read when they
/// are written.
///
/// It also contains their names in the data set, which would undo a key, so its `Debug` prints a count.
#[derive(Clone, Default)]
pub struct Pictures(BTreeMap<String, Picture>);

/// One picture.
#[derive(Clone)]
struct Picture {
    path: PathBuf,
    ending: &'static str,
}

impl Folder {
    /// The pictures of a group's gallery and references, as far as they exist. Other files in the
    /// folders are ignored.
    pub fn pictures(&self, group: &Group) -> Result<Pictures> {
        let mut folders: BTreeMap<&'static str, HashSet<String>> = BTreeMap::new();
        let mut pictures = BTreeMap::new();
        for item in group.named() {
            for (folder, stem) in self.layout().picture_names(item) {
                if !folders.contains_key(folder) {
                    folders.insert(folder, self.file_names(folder)?);
                }
                // a name from the folder's list can't lead elsewhere, whatever an id contains
                let is_there = |name: &String| folders[folder].contains(name);
                let found = ENDINGS.iter().find_map(|ending| {
                    let name = Some(format!("{stem}.{ending}")).filter(is_there)?;
                    Some(Picture { path: self.path().join(folder).join(name), ending })
                });
                if let Some(picture) = found {
                    pictures.insert(item.to_owned(), picture);
                    break;
                }
            }
        }
        Ok(Pictures(pictures))
    }

    /// The entries of a folder of the data set; empty if it doesn't exist.
    fn file_names(&self, folder: &str) -> Result<HashSet<String>> {
        let dir = self.path().join(folder);
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(HashSet::new()),
            Err(e) => return Err(Error::io(&dir)(e)),
        };
        let mut names = HashSet::new();
        for entry in entries {
            let name = entry.map_err(Error::io(&dir))?.file_name();
            names.extend(name.into_string());
        }
        Ok(names)
    }
}

impl Pictures {
    /// The pictures under the aliases that [`Split::keyed`](crate::Split::keyed) gives their items.
    ///
    /// # Errors
    /// If two items get the same alias: use another key.
    pub fn keyed(&self, split: &str, group: &str, key: &Key) -> Result<Self> {
        let mut keyed = BTreeMap::new();
        for (item, picture) in &self.0 {
            if keyed.insert(alias(key, split, group, item), picture.clone()).is_some() {
                return Err(Error::same_alias(split));
            }
        }
        Ok(Self(keyed))
    }

    /// How many items have a picture.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no item has a picture.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the item of that name has a picture.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The name of the file in which the item's picture is published.
    pub(crate) fn file_name(&self, item: &str) -> Option<String> {
        self.0.get(item).map(|picture| format!("{item}.{}", picture.ending))
    }

    /// The size of the item's picture file, and when it was last changed, if known.
    pub fn stamp(&self, item: &str) -> Result<(u64, Option<SystemTime>)> {
        let Some(picture) = self.0.get(item) else { return Err(Error::no_picture(item)) };
        let about = fs::metadata(&picture.path).map_err(Error::io(&picture.path))?;
        Ok((about.len(), about.modified().ok()))
    }

    /// The item's picture, without embedded metadata.
    pub fn bytes(&self, item: &str) -> Result<Vec<u8>> {
        let Some(picture) = self.0.get(item) else { return Err(Error::no_picture(item)) };
        let bytes = read_file(&picture.path, MOST_BYTES)?;
        bare(&bytes).ok_or_else(|| Error::not_a_picture(&picture.path))
    }
}

impl fmt::Debug for Pictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pictures(of {} items)", self.len())
    }
}
