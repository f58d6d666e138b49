//! A file with rankings, as commands take it.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use domain::error::{Error, Result};
use scoring::{Benchmark, Limits, Problems, Reading, Upload};
use serde_json::json;

use super::{Outcome, print_error, print_line};

/// A run in one file, or in the files of a folder.
pub(super) enum RunFile {
    /// A zip, or one JSON (also gzip or zstd), with its name.
    File(String, Vec<u8>),
    /// The files of the categories with their names, in the order of the names.
    Folder {
        files: Vec<(String, Vec<u8>)>,
        /// The names of other files, which are not read or sent.
        others: Vec<String>,
    },
}

impl RunFile {
    /// Reads a file or a folder.
    pub(super) fn open(path: &Path) -> Result<Self> {
        match path {
            _ if path == Path::new("-") => Self::read_standard_input(),
            _ if path.is_dir() => Self::open_folder(path),
            _ => Self::open_file(path),
        }
    }

    fn read_standard_input() -> Result<Self> {
        let most = most_bytes();
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(most + 1).read_to_end(&mut bytes);
        read.map_err(unreadable(Path::new("standard input")))?;
        if bytes.len() as u64 > most {
            return Err(Error::unusable(format!(
                "standard input has more than {most} bytes, the most that is read"
            )));
        }
        Ok(Self::File("standard input".to_owned(), bytes))
    }

    fn open_file(path: &Path) -> Result<Self> {
        let bytes = dataset::read_file(path, most_bytes()).map_err(Error::unusable)?;
        Ok(Self::File(name_of(path), bytes))
    }

    /// Reads the files of the categories, or the only file if it may be a run. Hidden files and all
    /// others are not read or sent.
    fn open_folder(dir: &Path) -> Result<Self> {
        let all = paths_in(dir)?;
        let (named, others): (Vec<PathBuf>, Vec<PathBuf>) =
            all.into_iter().partition(|path| scoring::is_part_of_run(&name_of(path)));
        if let ([], [only]) = (&named[..], &others[..])
            && may_be_run(&name_of(only))
        {
            return Self::open_file(only);
        }
        if named.is_empty() {
            let found: Vec<String> = others.iter().take(10).map(|path| name_of(path)).collect();
            let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
            let dir = dir.display();
            return Err(Error::unusable(format!(
                "{dir} has no submission files such as dress.predict.json (found: {found})"
            )));
        }
        let mut left = most_bytes();
        let mut files = Vec::new();
        for path in named {
            let bytes = dataset::read_file(&path, left).map_err(Error::unusable)?;
            left -= bytes.len() as u64;
            files.push((name_of(&path), bytes));
        }
        // If a folder has many other files, only some are listed: there is a cap on a run's files.
        let some = Limits::default().entries.saturating_sub(files.len());
        let others = others.iter().take(some).map(|path| name_of(path)).collect();
        Ok(Self::Folder { files, others })
    }

    /// Reads it as the server would.
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

/// The files in a folder, without hidden files, in the order of the names.
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

/// Whether a file has the name of a whole run: a zip, or one JSON, perhaps packed.
fn may_be_run(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = [".gz", ".zst"].into_iter().find_map(|ending| name.strip_suffix(ending));
    let stem = stem.unwrap_or(&name);
    [".zip", ".json"].into_iter().any(|ending| stem.ends_with(ending))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A larger run, packed or not, is never read to its end.
fn most_bytes() -> u64 {
    Limits::default().expanded_bytes
}

fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.display().to_string();
    move |e| Error::unusable(format!("{path}: {e}"))
}

/// Prints all problems of a run: for a person on standard error, for a program as JSON.
pub(super) fn print_problems(problems: &Problems, as_json: bool) -> Outcome {
    if as_json {
        print_line(json!({
            "total": problems.total(),
            "counts": problems.counts(),
            "problems": problems.shown(),
        }));
    } else {
        print_error(problems);
    }
    Outcome::Problems
}

/// Prints the first warnings about a run for a person.
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
