//! Writes a drawn data set in the layout of the official repositories.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::{Drawn, DrawnGroup, DrawnQuery};
use crate::{Error, Result};

/// The split whose captions are written without targets.
pub(super) const HIDDEN: &str = "test";

/// The folders of a data set that are written here.
const FOLDERS: [&str; 3] = ["captions", "image_splits", "attributes"];

/// What a file is called until it is whole.
const PART: &str = ".part";

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
        let files = self.files(dir)?;
        check_place(dir, &files)?;
        for folder in FOLDERS {
            let folder = dir.join(folder);
            fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
        }
        // what is there is the same, as was just checked
        for (path, bytes) in files.iter().filter(|(path, _)| !path.exists()) {
            write_whole(path, bytes, Readers::All)?;
        }
        Ok(())
    }

    /// Writes the targets of one split as [`crate::Split::read_targets`] reads them:
    /// `{"dress.test.0": "B0…", …}`. On unix only the owner may read the file. A file that holds
    /// something else is refused.
    pub fn write_targets(&self, split: &str, file: &Path) -> Result<()> {
        if !self.splits.iter().any(|s| s == split) {
            return Err(Error::split_not_drawn(split, &self.splits));
        }
        let mut targets = Vec::new();
        for group in self.groups.iter().filter(|g| g.split == split) {
            for (i, query) in group.queries.iter().enumerate() {
                let id = format!("{}.{split}.{i}", group.category.name());
                targets.push((id, group.id(query.target)));
            }
        }
        let targets: BTreeMap<String, &str> = targets.into_iter().collect();
        let bytes = pretty(file, &targets)?;
        if !absent_or_same(file, &bytes)? {
            return Err(Error::holds_something_else(file));
        }
        write_whole(file, &bytes, Readers::Owner)
    }

    /// Every file of the data set, with what it holds.
    fn files(&self, dir: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        let mut files = Vec::new();
        for group in &self.groups {
            let name = format!("{}.{}.json", group.category.name(), group.split);
            let path = dir.join(format!("captions/cap.{name}"));
            let bytes = pretty(&path, &group.rows())?;
            files.push((path, bytes));
            let path = dir.join(format!("image_splits/split.{name}"));
            let bytes = pretty(&path, &group.gallery())?;
            files.push((path, bytes));
            let path = dir.join(format!("attributes/asin2attr.{name}"));
            let bytes = pretty(&path, &group.words())?;
            files.push((path, bytes));
        }
        Ok(files)
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

/// JSON with the official files' four spaces.
fn pretty(path: &Path, value: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut json = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    value.serialize(&mut json).map_err(Error::json(path))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Refuses a folder that holds something else: another file where one of ours goes, a file in our
/// folders that is not ours, or files but none of ours.
fn check_place(dir: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<()> {
    for (path, bytes) in files {
        if !absent_or_same(path, bytes)? {
            return Err(Error::holds_something_else(path));
        }
    }
    let mut ours = false;
    for folder in FOLDERS.map(|folder| dir.join(folder)) {
        for path in entries(&folder)? {
            if !files.iter().any(|(file, _)| *file == path || part(file) == path) {
                return Err(Error::holds_something_else(&path));
            }
            ours = true;
        }
    }
    let is_folder = |path: &PathBuf| FOLDERS.iter().any(|folder| dir.join(folder) == *path);
    if !ours && entries(dir)?.iter().any(|path| !is_folder(path)) {
        return Err(Error::holds_something_else(dir));
    }
    Ok(())
}

/// What is in a folder; nothing if it is not there.
fn entries(dir: &Path) -> Result<Vec<PathBuf>> {
    match fs::read_dir(dir) {
        Ok(entries) => entries.map(|e| e.map(|e| e.path()).map_err(Error::io(dir))).collect(),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(Error::io(dir)(e)),
    }
}

fn absent_or_same(path: &Path, bytes: &[u8]) -> Result<bool> {
    match fs::read(path) {
        Ok(found) => Ok(found == bytes),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(true),
        Err(e) => Err(Error::io(path)(e)),
    }
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(PART);
    PathBuf::from(name)
}

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    All,
    Owner,
}

/// Writes beside, then renames: the file is never there in part.
fn write_whole(path: &Path, bytes: &[u8], readers: Readers) -> Result<()> {
    let part = part(path);
    // what an interrupted write left may be readable by others
    match fs::remove_file(&part) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::io(&part)(e)),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let write = |mut file: File| file.write_all(bytes).and_then(|()| file.sync_all());
    options.open(&part).and_then(write).map_err(Error::io(&part))?;
    fs::rename(&part, path).map_err(Error::io(path))
}
