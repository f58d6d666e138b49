//! Reads JSON files of a data set, and reports all errors of their rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::encoding::{encoding_fault, is_git_lfs_pointer, without_mark};
use crate::read::{MOST_BYTES, read_file};
use crate::{Error, Result};

/// How many rows with the same fault are named.
const ROWS: usize = 5;

/// Reads a file of JSON.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    parse(path, &read_bytes(path)?)
}

/// Reads an array, or returns all errors of its rows.
pub(crate) fn read_rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    read_rows_of(path, "row")
}

/// The same of a file whose rows have another name in sentences.
pub(crate) fn read_rows_of<T: DeserializeOwned>(path: &Path, row: &'static str) -> Result<Vec<T>> {
    let bytes = read_bytes(path)?;
    let error = match parse::<Vec<T>>(path, &bytes) {
        Err(Error::Json { source, .. }) if source.is_data() => source,
        rows => return rows,
    };
    let Ok(rows) = parse::<Vec<serde_json::Value>>(path, &bytes) else {
        return Err(Error::json(path)(error));
    };
    let mut faults = Faults::of(path, row);
    for (i, row) in rows.into_iter().enumerate() {
        if let Err(error) = serde_json::from_value::<T>(row) {
            faults.add(i, error.to_string());
        }
    }
    faults.finish(|| Error::json(path)(error)).map(|()| Vec::new())
}

/// Reads the content of a file of JSON.
pub(crate) fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(without_mark(bytes)).map_err(Error::json(path))
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let bytes = read_file(path, MOST_BYTES)?;
    if let Some(what) = encoding_fault(&bytes) {
        return Err(Error::content(path, what));
    }
    if is_git_lfs_pointer(&bytes) {
        return Err(Error::content(path, "is a git-lfs pointer, not the file: run `git lfs pull`"));
    }
    Ok(bytes)
}

/// The errors of a file's rows: each error once, with its count and the first rows.
pub(crate) struct Faults {
    path: PathBuf,
    /// What a row is called.
    row: &'static str,
    rows: BTreeMap<String, (usize, Vec<usize>)>,
}

impl Faults {
    pub(crate) fn new(path: &Path) -> Self {
        Self::of(path, "row")
    }

    pub(crate) fn of(path: &Path, row: &'static str) -> Self {
        Self { path: path.to_owned(), row, rows: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, row: usize, what: impl Into<String>) {
        let (count, rows) = self.rows.entry(what.into()).or_default();
        *count += 1;
        if rows.len() < ROWS && rows.last() != Some(&row) {
            rows.push(row);
        }
    }

    /// The value of a row; none if it is invalid, which is recorded.
    pub(crate) fn take<T>(&mut self, row: usize, value: Result<T, String>) -> Option<T> {
        value.map_err(|what| self.add(row, what)).ok()
    }

    /// The valid values of a row; the others are recorded.
    pub(crate) fn take_all<T>(&mut self, row: usize, values: Vec<Result<T, String>>) -> Vec<T> {
        values.into_iter().filter_map(|value| self.take(row, value)).collect()
    }

    /// Fails if there are any.
    pub(crate) fn check(self) -> Result<()> {
        if self.rows.is_empty() { Ok(()) } else { self.finish(|| unreachable!("there are faults")) }
    }

    fn finish(self, none: impl FnOnce() -> Error) -> Result<()> {
        let mut rows: Vec<_> = self.rows.into_iter().collect();
        rows.sort_by_key(|(_, (_, rows))| rows.first().copied());
        let faults: Vec<Error> = rows
            .into_iter()
            .map(|(what, (count, rows))| {
                let named = rows.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
                let word = format!("{}{}", self.row, if count == 1 { "" } else { "s" });
                let more = count - rows.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                Error::content(&self.path, format!("{word} {named}{more}: {what}"))
            })
            .collect();
        Err(Error::all(faults).unwrap_or_else(none))
    }
}
