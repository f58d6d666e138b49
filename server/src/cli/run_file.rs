//! The file of a run, as commands take it.

use std::fs;
use std::path::{Path, PathBuf};

use scoring::{Benchmark, Limits, Problems, Reading, Upload};
use serde_json::json;

use super::{Outcome, print_error, print_line};
use crate::error::{Error, Result};

/// A run that lies in one file, or in the files of a folder.
pub(super) enum RunFile {
    /// A zip, or one JSON keyed by category (also gzip or zstd), with its name.
    File(String, Vec<u8>),
    /// The files of the categories with their names, in the order of these.
    Folder {
        files: Vec<(String, Vec<u8>)>,
        /// The names of other files, which are neither read nor sent.
        others: Vec<String>,
    },
}

impl RunFile {
    /// Reads what is there.
    pub(super) fn open(path: &Path) -> Result<Self> {
        if path.is_dir() { Self::open_folder(path) } else { Self::open_file(path) }
    }

    fn open_file(path: &Path) -> Result<Self> {
        let bytes = dataset::read_file(path, most_bytes()).map_err(Error::unusable)?;
        Ok(Self::File(name_of(path), bytes))
    }

    /// Reads the files of the categories, or the only file there is. Hidden files are passed over.
    fn open_folder(dir: &Path) -> Result<Self> {
        let all = paths_in(dir)?;
        let (named, others): (Vec<PathBuf>, Vec<PathBuf>) =
            all.into_iter().partition(|path| scoring::is_group_file(&name_of(path)));
        if let ([], [only]) = (&named[..], &others[..]) {
            return Self::open_file(only);
        }
        let mut left = most_bytes();
        let mut files = Vec::new();
        for path in named {
            let bytes = dataset::read_file(&path, left).map_err(Error::unusable)?;
            left -= bytes.len() as u64;
            files.push((name_of(&path), bytes));
        }
        // Of a folder with many other files only some are listed: there is a cap on a run's files.
        let some = Limits::default().entries.saturating_sub(files.len());
        let others = others.iter().take(some).map(|path| name_of(path)).collect();
        Ok(Self::Folder { files, others })
    }

    /// What the server would make of it.
    pub(super) fn read(&self, benchmark: &Benchmark) -> Result<Reading, Problems> {
        let upload = match self {
            Self::File(name, bytes) => Upload::Bytes { name, bytes },
            Self::Folder { files, others } => {
                let others = others.iter().map(|name| (name.clone(), Vec::new()));
                Upload::Files(files.iter().cloned().chain(others).collect())
            }
        };
        scoring::read(&upload, benchmark, &Limits::default())
    }

    /// The bytes to upload: a folder becomes a zip, and the same folder the same zip.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>> {
        match self {
            Self::File(_, bytes) => Ok(bytes),
            Self::Folder { files, .. } => {
                let mut bytes = Vec::new();
                let zipped = scoring::zip_files(&mut bytes, &files);
                zipped.map_err(|e| Error::unusable(format!("can't zip the folder: {e}")))?;
                Ok(bytes)
            }
        }
    }
}

/// What is in a folder besides folders and hidden files, in the order of the names.
fn paths_in(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable(dir))? {
        let path = entry.map_err(unreadable(dir))?.path();
        if !path.is_dir() && !name_of(&path).starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A run of more bytes, packed or not, is never read to its end.
fn most_bytes() -> u64 {
    Limits::default().expanded_bytes
}

fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.display().to_string();
    move |e| Error::unusable(format!("{path}: {e}"))
}

/// Says all that is wrong with a run: to a person on standard error, to a program as JSON.
pub(super) fn print_problems(problems: &Problems, as_json: bool) -> Outcome {
    if as_json {
        print_line(json!({ "total": problems.total(), "problems": problems.shown() }));
    } else {
        print_error(problems);
    }
    Outcome::Problems
}

/// Says to a person what is odd about a run, or the beginning of it.
pub(super) fn print_warnings(warnings: &Problems) {
    const FEW: usize = 5;
    for warning in warnings.shown().iter().take(FEW) {
        print_error(format_args!("warning: {}", warning.message));
    }
    let more = warnings.total() - warnings.shown().len().min(FEW);
    if more > 0 {
        print_error(format_args!("warning: ... and {more} more; --json lists them"));
    }
}
