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

/// How the name of a picture ends, the first that is there being the one that counts.
const ENDINGS: [&str; 2] = ["png", "jpg"];

/// The pictures of a group's items, by the name under which each is published; they are read when
/// they are written.
///
/// It knows the names they have in the data set too, which undoes a key, so its `Debug` prints a
/// count.
#[derive(Clone, Default)]
pub struct Pictures(BTreeMap<String, Picture>);

/// One picture.
#[derive(Clone)]
struct Picture {
    path: PathBuf,
    ending: &'static str,
}

impl Folder {
    /// The pictures of a group's gallery and references, as far as there are any. Other files of
    /// the folders are not looked at.
    pub fn pictures(&self, group: &Group) -> Result<Pictures> {
        let mut folders: BTreeMap<&'static str, HashSet<String>> = BTreeMap::new();
        let mut pictures = BTreeMap::new();
        for item in group.named() {
            for (folder, stem) in self.layout().picture_names(item) {
                if !folders.contains_key(folder) {
                    folders.insert(folder, self.file_names(folder)?);
                }
                // a name that stands in the folder's list leads nowhere else, whatever an id holds
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

    /// What is in a folder of the data set; nothing where there is none.
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
    /// Two items with one alias: take another key.
    pub fn keyed(&self, split: &str, group: &str, key: &Key) -> Result<Self> {
        let mut keyed = BTreeMap::new();
        for (item, picture) in &self.0 {
            if keyed.insert(alias(key, split, group, item), picture.clone()).is_some() {
                return Err(Error::same_alias(split));
            }
        }
        Ok(Self(keyed))
    }

    /// How many items have one.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no item has one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the item of that name has one.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The name of the file in which the item's picture is published.
    pub(crate) fn file_name(&self, item: &str) -> Option<String> {
        self.0.get(item).map(|picture| format!("{item}.{}", picture.ending))
    }

    /// How long the file of the item's picture is, and when it was last changed where that is known.
    pub(crate) fn stamp(&self, item: &str) -> Result<(u64, Option<SystemTime>)> {
        let Some(picture) = self.0.get(item) else { return Err(Error::no_picture(item)) };
        let about = fs::metadata(&picture.path).map_err(Error::io(&picture.path))?;
        Ok((about.len(), about.modified().ok()))
    }

    /// The item's picture, with nothing else in it.
    pub(crate) fn bytes(&self, item: &str) -> Result<Vec<u8>> {
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
