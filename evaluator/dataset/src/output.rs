//! Writes files whole or not at all, and never over something else.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::{Error, Result};

/// The folders of a data set that are written here.
const FOLDERS: [&str; 3] = ["captions", "image_splits", "attributes"];

/// What a file is called until it is whole.
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

/// Writes files of a data set, each named by its place in the folder, which is made if need be.
///
/// Writing the same files again changes nothing, and finishes what was interrupted. A folder that
/// holds something else is refused before anything is written: another file where one of these
/// goes, a file in the data set's folders that is not of these, or files but none of these.
pub(crate) fn write_files(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let files: Vec<(PathBuf, &[u8])> =
        files.iter().map(|(name, bytes)| (dir.join(name), bytes.as_slice())).collect();
    check_place(dir, &files)?;
    // what is there is the same, as was just checked
    for (path, bytes) in files.iter().filter(|(path, _)| !path.exists()) {
        let folder = path.parent().unwrap_or(dir);
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
        write_whole(path, bytes, Readers::All)?;
    }
    Ok(())
}

/// Writes one file, and makes its folder if it is not there. A file that holds something else is
/// refused.
pub(crate) fn write_file(path: &Path, bytes: &[u8], readers: Readers) -> Result<()> {
    if !absent_or_same(path, bytes)? {
        return Err(Error::holds_something_else(path));
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    write_whole(path, bytes, readers)
}

/// Makes a file that must not be there yet; if it cannot be written, it is not there afterwards.
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

fn check_place(dir: &Path, files: &[(PathBuf, &[u8])]) -> Result<()> {
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

/// Writes beside, then renames: the file is never there in part.
fn write_whole(path: &Path, bytes: &[u8], readers: Readers) -> Result<()> {
    let part = part(path);
    // what an interrupted write left may be readable by others
    match fs::remove_file(&part) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::io(&part)(e)),
        _ => {}
    }
    create(&part, bytes, readers).map_err(Error::io(&part))?;
    fs::rename(&part, path).map_err(Error::io(path))
}
