//! Writes files completely or not at all, and never over other files.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::each::each;
use crate::item_captions::ITEM_CAPTIONS;
use crate::{Error, Result};

/// The folder of the pictures.
pub(crate) const IMAGES: &str = "images";

/// The folders of data sets that are written here, of all layouts.
const FOLDERS: [&str; 6] =
    ["captions", "image_splits", "attributes", "annotations", ITEM_CAPTIONS, IMAGES];

/// The suffix of a file until it is complete.
const PART: &str = ".part";

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    All,
    Owner,
}

/// JSON with the official files' four spaces.
pub(crate) fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut json = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    value.serialize(&mut json).expect("lists and maps of strings can always be written");
    bytes.push(b'\n');
    bytes
}

/// The pictures of a data set. They are made one after another on several threads, so that not all of
/// them have to fit into memory.
pub(crate) struct Images<'a> {
    /// The names of their files.
    pub(crate) names: Vec<String>,
    /// Makes the picture with that index. If absent, pictures in the folder are left alone.
    pub(crate) make: Option<&'a Make<'a>>,
}

/// Makes a picture.
pub(crate) type Make<'a> = dyn Fn(usize) -> Result<Vec<u8>> + Sync + 'a;

/// Writes the files of a data set, each with its path in the folder, and then its pictures. Creates the
/// folder if it doesn't exist.
///
/// Writing the same again changes nothing, and finishes what was interrupted. A folder with anything
/// else is refused before anything is written: a different file at one of these paths, another file in
/// the data set's folders, or files but none of these.
pub(crate) fn write_files(dir: &Path, files: &[(String, Vec<u8>)], images: &Images) -> Result<()> {
    let files: Vec<(PathBuf, &[u8])> =
        files.iter().map(|(name, bytes)| (dir.join(name), bytes.as_slice())).collect();
    let folder = dir.join(IMAGES);
    let paths: Vec<PathBuf> = images.names.iter().map(|name| folder.join(name)).collect();
    check_place(dir, &files, &paths)?;
    // each picture is made once, to be compared if it exists, otherwise to be written
    let (there, missing): (Vec<usize>, Vec<usize>) =
        (0..paths.len()).partition(|&i| paths[i].exists());
    if let Some(make) = images.make {
        each(&there, |i| {
            let same = absent_or_same(&paths[i], &make(i)?)?;
            if same { Ok(()) } else { Err(Error::holds_something_else(&paths[i])) }
        })?;
    }
    // existing ones are the same, as was just checked
    for (path, bytes) in files.iter().filter(|(path, _)| !path.exists()) {
        let folder = path.parent().unwrap_or(dir);
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
        write_whole(path, bytes, Readers::All)?;
    }
    let Some(make) = images.make.filter(|_| !missing.is_empty()) else { return Ok(()) };
    fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
    each(&missing, |i| write_whole(&paths[i], &make(i)?, Readers::All))
}

/// Writes one file, and creates its folder if needed. An existing file with other contents is an error.
pub(crate) fn write_file(path: &Path, bytes: &[u8], readers: Readers) -> Result<()> {
    if !absent_or_same(path, bytes)? {
        return Err(Error::holds_something_else(path));
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    write_whole(path, bytes, readers)
}

/// Creates a file that must not exist yet. If it cannot be written, it is removed.
pub(crate) fn create(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // What matters is why writing failed, not whether the rest of it could be removed.
        let _ = fs::remove_file(path);
    }
    written
}

fn check_place(dir: &Path, files: &[(PathBuf, &[u8])], images: &[PathBuf]) -> Result<()> {
    for (path, bytes) in files {
        if !absent_or_same(path, bytes)? {
            return Err(Error::holds_something_else(path));
        }
    }
    let known: HashSet<PathBuf> = files
        .iter()
        .map(|(path, _)| path)
        .chain(images)
        .flat_map(|path| [path.clone(), part(path)])
        .collect();
    let mut ours = false;
    for folder in FOLDERS.map(|folder| dir.join(folder)) {
        for path in entries(&folder)? {
            if !known.contains(&path) {
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

/// The entries of a folder; empty if it doesn't exist.
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

/// Writes to another name, then renames: the file is never incomplete.
fn write_whole(path: &Path, bytes: &[u8], readers: Readers) -> Result<()> {
    let part = part(path);
    // the rest of an interrupted write may be readable by others
    match fs::remove_file(&part) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::io(&part)(e)),
        _ => {}
    }
    create(&part, bytes, readers).map_err(Error::io(&part))?;
    fs::rename(&part, path).map_err(Error::io(path))
}
