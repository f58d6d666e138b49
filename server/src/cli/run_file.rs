//! The file of a run, as commands take it.

use std::fs;
use std::path::Path;

use scoring::{Benchmark, Limits, Problems, Reading, Upload};
use serde_json::json;

use super::{Outcome, print_line};
use crate::error::{Error, Result};

/// A run that lies in one file, or in the files of a folder.
pub(super) enum RunFile {
    /// A zip, or one JSON keyed by category (also gzip or zstd), with its name.
    File(String, Vec<u8>),
    /// The files with their names, in the order of these.
    Folder(Vec<(String, Vec<u8>)>),
}

impl RunFile {
    /// Reads what is there.
    pub(super) fn open(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Folder(files_of(path)?));
        }
        let bytes = fs::read(path).map_err(unreadable(path))?;
        Ok(Self::File(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes))
    }

    /// What the server would make of it.
    pub(super) fn read(&self, benchmark: &Benchmark) -> Result<Reading, Problems> {
        let upload = match self {
            Self::File(name, bytes) => Upload::Bytes { name, bytes },
            Self::Folder(files) => Upload::Files(files.clone()),
        };
        scoring::read(&upload, benchmark, &Limits::default())
    }

    /// The bytes to upload: a folder becomes a zip, and the same folder the same zip.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>> {
        match self {
            Self::File(_, bytes) => Ok(bytes),
            Self::Folder(files) => {
                let mut bytes = Vec::new();
                let zipped = scoring::zip_files(&mut bytes, &files);
                zipped.map_err(|e| Error::unusable(format!("can't zip the folder: {e}")))?;
                Ok(bytes)
            }
        }
    }
}

fn files_of(dir: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable(dir))? {
        let path = entry.map_err(unreadable(dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() {
            files.push((name, fs::read(&path).map_err(unreadable(&path))?));
        }
    }
    files.sort();
    Ok(files)
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
        eprintln!("{problems}");
    }
    Outcome::Problems
}

/// Says to a person what is odd about a run, or the beginning of it.
pub(super) fn print_warnings(warnings: &Problems) {
    const FEW: usize = 5;
    for warning in warnings.shown().iter().take(FEW) {
        eprintln!("warning: {}", warning.message);
    }
    let more = warnings.total() - warnings.shown().len().min(FEW);
    if more > 0 {
        eprintln!("warning: ... and {more} more; --json lists them");
    }
}
