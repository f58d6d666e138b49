//! Where uploads are kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, path::Path as Key};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use crate::ambient::Instant;
use crate::error::{Error, Result};

/// Read from the network and handed on in pieces of this size.
const PIECE: usize = 128 * 1024;

/// What is handed on in one part: the least that object stores take.
const PART: usize = 5 << 20;

/// The most memory that an upload takes while it arrives: a part that is being filled, and one that
/// is being written.
pub const ARRIVING_BYTES: u64 = 2 * PART as u64 + PIECE as u64;

/// A folder or bucket of uploads, each under the id of its submission.
#[derive(Clone, Debug)]
pub struct Uploads {
    store: Arc<dyn ObjectStore>,
    folder: PathBuf,
}

/// What a finished upload is known by.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its key in the store.
    pub key: String,
    /// SHA-256 of its bytes; hex.
    pub digest: String,
    /// Its length.
    pub bytes: u64,
}

impl Uploads {
    /// Keeps uploads in a folder. What was written there survives the power: the file and its folder
    /// are synced before a write is answered.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .map_err(|e| Error::internal("make its upload folder", e))?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: folder.to_owned() })
    }

    /// Streams an upload to the store, hashing as it goes. More than `cap` bytes are refused, and
    /// whatever breaks off leaves nothing behind.
    pub async fn put(
        &self,
        id: Uuid,
        mut body: impl AsyncRead + Unpin,
        cap: u64,
    ) -> Result<Stored> {
        let key = id.to_string();
        let store = Arc::clone(&self.store);
        let writer = BufWriter::with_capacity(store, Key::from(key.as_str()), PART);
        let mut writer = writer.with_max_concurrency(1);
        let mut sha = Sha256::new();
        let mut bytes = 0;
        let mut piece = vec![0; PIECE];
        loop {
            let read = match body.read(&mut piece).await {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) => {
                    writer.abort().await?;
                    return Err(e.into());
                }
            };
            bytes += read as u64;
            if bytes > cap {
                writer.abort().await?;
                return Err(Error::too_large(cap));
            }
            sha.update(&piece[..read]);
            if let Err(e) = writer.put(Bytes::copy_from_slice(&piece[..read])).await {
                writer.abort().await?;
                return Err(Error::internal("keep this upload", e));
            }
        }
        if bytes == 0 {
            return Err(Error::incomplete("it is empty"));
        }
        writer.shutdown().await.map_err(|e| Error::internal("keep this upload", e))?;
        Ok(Stored { key, digest: hex::encode(sha.finalize()), bytes })
    }

    /// All bytes of an upload.
    pub async fn get(&self, key: &str) -> Result<Bytes> {
        Ok(self.store.get(&Key::from(key)).await?.bytes().await?)
    }

    /// The first bytes of an upload, by which it is told what it is.
    pub async fn beginning(&self, key: &str) -> Result<Bytes> {
        Ok(self.store.get_range(&Key::from(key), 0..4).await?)
    }

    /// The bytes of an upload, piece by piece.
    pub async fn stream(
        &self,
        key: &str,
    ) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + use<>> {
        let pieces = self.store.get(&Key::from(key)).await?.into_stream();
        Ok(pieces.map_err(std::io::Error::other))
    }

    /// Removes an upload no submission holds.
    pub async fn delete(&self, key: &str) -> Result<()> {
        Ok(self.store.delete(&Key::from(key)).await?)
    }

    /// Keys of uploads last written before an instant.
    pub async fn older_than(&self, before: Instant) -> Result<Vec<String>> {
        let old = |at: i64| at < before.0;
        let files = self.store.list(None).try_filter_map(|file| async move {
            let at = file.last_modified.timestamp_micros();
            Ok(old(at).then(|| file.location.to_string()))
        });
        Ok(files.try_collect().await?)
    }

    /// Removes what was last written before an instant and never became an upload; answers how much.
    /// The store writes a file beside its place and moves it there once it is whole: what a killed
    /// process leaves has a name the store itself never lists.
    pub async fn remove_unfinished(&self, before: Instant) -> Result<usize> {
        let failed = |e: std::io::Error| Error::internal("sweep its upload folder", e);
        let before = SystemTime::UNIX_EPOCH + Duration::from_micros(before.0.max(0) as u64);
        let mut files = tokio::fs::read_dir(&self.folder).await.map_err(failed)?;
        let mut removed = 0;
        while let Some(file) = files.next_entry().await.map_err(failed)? {
            let unfinished = file.file_name().to_string_lossy().contains('#');
            // One that is moved to its place meanwhile is no longer here, and that is well.
            let Ok(about) = file.metadata().await else { continue };
            if unfinished && about.modified().is_ok_and(|at| at < before) {
                removed += usize::from(tokio::fs::remove_file(file.path()).await.is_ok());
            }
        }
        Ok(removed)
    }
}
