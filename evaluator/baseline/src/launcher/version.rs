//! The version of a libtorch, as its own files state it.

use std::fs;
use std::path::{Path, PathBuf};

/// The files that can state the version of the libtorch in a folder: `build-version` is part of a
/// libtorch archive, `version.py` of an installed PyTorch.
pub fn files(folder: &Path) -> [PathBuf; 2] {
    let root = folder.parent().unwrap_or(folder);
    [root.join("build-version"), root.join("version.py")]
}

/// The version of the libtorch in a folder, without what follows a `+`, if a file states it.
pub fn beside(folder: &Path) -> Option<String> {
    let [archive, python] = files(folder).map(|file| fs::read_to_string(file).ok());
    let stated = archive.or_else(|| {
        let python = python?;
        let line = python.lines().find_map(|line| line.strip_prefix("__version__ = "))?;
        Some(line.trim().trim_matches(['\'', '"']).to_owned())
    })?;
    let number = stated.trim().split('+').next()?;
    (!number.is_empty()).then(|| number.to_owned())
}
