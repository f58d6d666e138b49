//! Free space on the disk of the data folder.

use std::path::Path;

use super::Uploads;
use crate::error::{Error, Result};

/// The database can't be opened with less.
const LEAST_TO_START: u64 = 1 << 20;

const MIB: u64 = 1 << 20;

/// How many bytes are free for this user on the disk of a folder, if the system reports it.
pub fn free_bytes(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let about = rustix::fs::statvfs(folder).ok()?;
        Some(about.f_bavail.saturating_mul(about.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// Refuses to start on a full disk, on which the database would fail with a less helpful error.
pub fn ensure_room_to_start(folder: &Path) -> Result<()> {
    let Some(free) = free_bytes(folder).filter(|free| *free < LEAST_TO_START) else {
        return Ok(());
    };
    Err(Error::unusable(format!(
        "the disk of {} is full: {} KiB are free; free some space and start again",
        folder.display(),
        free / 1024
    )))
}

impl Uploads {
    /// How many MiB are free, if that is less than required.
    pub async fn too_little_room(&self, least_bytes: u64) -> Result<Option<u64>> {
        // With a bucket, the folder still holds the downloads, and maybe the database.
        let folder = self.store.data_dir.clone();
        let free = tokio::task::spawn_blocking(move || free_bytes(&folder)).await;
        let free = free.map_err(|e| Error::internal("ask for free disk space", e))?;
        Ok(free.filter(|free| *free < least_bytes).map(|free| free / MIB))
    }

    /// Refuses an upload if the disk has too little space.
    pub async fn ensure_room(&self, least_bytes: u64) -> Result<()> {
        match self.too_little_room(least_bytes).await? {
            Some(_) => Err(Error::storage_full()),
            None => Ok(()),
        }
    }
}
