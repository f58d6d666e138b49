//! Packages: the public data of benchmarks, as files in the data folder.
//!
//! A package is built when it is first requested, and then kept under a name that depends on its
//! content. It is a cache: if removed, it is built again.

mod build;
pub(super) mod published;
mod readme;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex as AsyncMutex;

pub use published::Published;

use super::{Ready, Source};
use crate::entities::benchmark;
use crate::error::{Error, Result};
use crate::storage::DOWNLOADS;

/// The zip of a package.
const ARCHIVE: &str = "data.zip";

/// The list of a package's files.
const LIST: &str = "list.json";

/// The public data of a benchmark.
#[derive(Debug)]
pub struct Package {
    dir: PathBuf,
    list: List,
}

/// The content of a package.
#[derive(Debug, Serialize, Deserialize)]
pub struct List {
    /// The zip of everything.
    pub archive: DataFile,
    /// The files in it, other than pictures and the list of checksums.
    pub files: Vec<DataFile>,
    /// The pictures in it.
    pub pictures: PictureCount,
}

/// A file of a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DataFile {
    /// Its path in the folder.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, hex.
    pub sha256: String,
}

/// The number and size of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureCount {
    /// The number.
    pub count: u64,
    /// Their total size in bytes.
    pub bytes: u64,
}

impl Package {
    /// The package in a folder, if it is complete.
    fn open(dir: &Path) -> Option<Self> {
        let list = std::fs::read(dir.join(LIST)).ok()?;
        let list: List = serde_json::from_slice(&list).ok()?;
        let package = Self { dir: dir.to_owned(), list };
        package.is_there().then_some(package)
    }

    fn is_there(&self) -> bool {
        let long = |file: &DataFile| {
            std::fs::metadata(self.dir.join(&file.path)).is_ok_and(|it| it.len() == file.bytes)
        };
        long(&self.list.archive) && self.list.files.iter().all(long)
    }

    /// The list of its content.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// The zip of everything, with its path.
    pub fn archive(&self) -> (PathBuf, &DataFile) {
        (self.dir.join(ARCHIVE), &self.list.archive)
    }

    /// One of its files, with its path. Only listed files are found.
    pub fn file(&self, path: &str) -> Option<(PathBuf, &DataFile)> {
        let file = self.list.files.iter().find(|file| file.path == path)?;
        Some((self.dir.join(&file.path), file))
    }
}

/// The packages of a server.
pub struct Packages {
    home: PathBuf,
    /// How many bytes must stay free on the disk.
    spare_bytes: u64,
    known: Mutex<HashMap<String, Slot>>,
}

/// A package, once it exists; locked while it is built.
type Slot = Arc<AsyncMutex<Option<Arc<Package>>>>;

impl Packages {
    /// The packages of a data folder.
    pub fn new(data_dir: &Path, spare_bytes: u64) -> Self {
        let known = Mutex::new(HashMap::new());
        Self { home: data_dir.join(DOWNLOADS), spare_bytes, known }
    }

    /// The package of a benchmark, if it is ready in time. If not, building it continues.
    pub async fn get(
        &self,
        row: &benchmark::Model,
        ready: &Arc<Ready>,
        patience: Duration,
    ) -> Result<Option<Arc<Package>>> {
        let slot = self.slot(row);
        let finding = async {
            let mut held = slot.lock_owned().await;
            if let Some(package) = held.as_ref() {
                let package = Arc::clone(package);
                let there =
                    tokio::task::spawn_blocking(move || package.is_there().then_some(package));
                if let Some(package) = there.await.map_err(broken)? {
                    return Ok(package);
                }
            }
            let (row, ready) = (row.clone(), Arc::clone(ready));
            let (home, spare_bytes) = (self.home.clone(), self.spare_bytes);
            // A separate task, which continues if the client leaves.
            let making = tokio::task::spawn_blocking(move || {
                let package = Arc::new(find_or_make(&home, &row, &ready, spare_bytes)?);
                *held = Some(Arc::clone(&package));
                Ok(package)
            });
            making.await.map_err(broken)?
        };
        tokio::time::timeout(patience, finding).await.ok().transpose()
    }

    /// One slot for each set of values on which a package's content depends.
    fn slot(&self, row: &benchmark::Model) -> Slot {
        let (targets, publication) = (row.targets.name(), row.publication.name());
        let (folder, licence) = (&row.folder, row.licence.as_deref().unwrap_or_default());
        let key =
            format!("{}\n{targets}\n{publication}\n{folder}\n{}\n{licence}", row.version, row.id);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_default())
    }
}

fn broken(error: tokio::task::JoinError) -> Error {
    Error::internal("prepare a download", error)
}

fn find_or_make(
    home: &Path,
    row: &benchmark::Model,
    ready: &Ready,
    spare_bytes: u64,
) -> Result<Package> {
    // The reason is only for the organisers' log, since it names paths.
    let hidden = |e: Error| {
        if e.code.is_of_server() { e } else { Error::internal("prepare a download", e) }
    };
    let source = Source::of(row)?;
    let published = Published::read(&source, ready, row.licence.as_deref()).map_err(hidden)?;
    let files = published.files().map_err(hidden)?;
    build::find_or_make(home, row.id, &files, spare_bytes).map_err(hidden)
}
