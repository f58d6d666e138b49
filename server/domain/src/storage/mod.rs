//! Storage of uploads.
//!
//! An upload is an object under the id of its submission. An upload without a submission is moved
//! aside and kept for a while ([`aside`]); only uploads that never became a submission are removed
//! at once ([`Unclaimed`]). The database and the store share an identity ([`pairing`]), so that a
//! different database never decides which uploads belong here.

pub mod aside;
mod bucket;
pub mod examination;
pub mod pairing;
pub mod permissions;
pub mod room;
mod unclaimed;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, path::Path as Key};
use sea_orm::DatabaseConnection;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

pub use bucket::Bucket;
pub use pairing::OnUnknown;
pub use unclaimed::Unclaimed;

use crate::ambient::Instant;
use crate::database::Place;
use crate::error::{Error, Result};
use crate::private;

/// The size of pieces that are read from the network and passed on.
const PIECE: usize = 128 * 1024;

/// The size of a part: the smallest that object stores accept.
const PART: usize = 5 << 20;

/// The size of a part of a file. It is small, so that many uploads that arrive at once take little memory.
const PART_OF_FILE: usize = 256 * 1024;

/// The maximum memory of an arriving upload: one part that is being filled, and one that is being
/// written.
pub const ARRIVING_BYTES: u64 = 2 * PART as u64 + PIECE as u64;

/// The folder of uploads in the data folder.
pub const UPLOADS: &str = "uploads";

/// The folder of prepared downloads in the data folder.
pub const DOWNLOADS: &str = "downloads";

/// A data folder and its rules.
#[derive(Clone, Debug)]
pub struct DataFolder {
    /// Its path.
    pub dir: PathBuf,
    /// Where its database is.
    pub database: Place,
    /// The bucket of its uploads, if they aren't in the folder itself.
    pub bucket: Option<Bucket>,
    /// If its disk has fewer free bytes, uploads are refused.
    pub min_free_bytes: u64,
    /// How many days to keep uploads without a submission, after they were moved aside.
    pub keep_unknown_days: u32,
    /// An upload that was last written before this instant is no longer arriving.
    pub arriving_since: Instant,
}

/// The uploads of a data folder: files in it, or objects of a bucket.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    data_dir: PathBuf,
    bucket: Option<Bucket>,
}

/// Uploads, each under the id of its submission, and the database that holds the submissions.
#[derive(Clone, Debug)]
pub struct Uploads {
    store: Store,
    db: DatabaseConnection,
}

/// The key and digest of a finished upload.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its key in the store.
    pub key: String,
    /// The SHA-256 of its bytes, hex.
    pub digest: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// An upload found in the store.
#[derive(Debug, Clone, Copy)]
struct Found {
    id: Uuid,
    modified: Instant,
}

impl Store {
    /// Opens the store in a data folder. Its data survives a power failure: the file and its folder
    /// are synced before a write completes.
    pub fn in_folder(data_dir: &Path) -> Result<Self> {
        let uploads = data_dir.join(UPLOADS);
        private::create_folder(&uploads).map_err(|e| Error::io("make its upload folder", e))?;
        let objects = LocalFileSystem::new_with_prefix(data_dir)?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects), data_dir: data_dir.to_owned(), bucket: None })
    }

    /// Opens the store of a data folder, in a bucket if one is set.
    pub async fn open(data_dir: &Path, bucket: Option<&Bucket>) -> Result<Self> {
        let Some(bucket) = bucket else { return Self::in_folder(data_dir) };
        let objects = bucket.open().await?;
        Ok(Self { objects, data_dir: data_dir.to_owned(), bucket: Some(bucket.clone()) })
    }

    /// The folder of uploads, if they are files.
    fn folder(&self) -> Option<PathBuf> {
        self.bucket.is_none().then(|| self.data_dir.join(UPLOADS))
    }

    /// Where the uploads are, as in a sentence.
    fn shown(&self) -> String {
        match &self.bucket {
            Some(bucket) => format!("{bucket}/{UPLOADS}"),
            None => self.data_dir.join(UPLOADS).display().to_string(),
        }
    }

    /// All uploads in their regular place.
    fn uploads(&self) -> impl Stream<Item = Result<Found>> + Send + use<> {
        let files = self.objects.list(Some(&Key::from(UPLOADS))).map_err(Error::from);
        files.try_filter_map(|file| async move {
            let id = file.location.filename().and_then(|name| Uuid::try_parse(name).ok());
            let id = id.filter(|id| file.location == key(&id.to_string()));
            let modified = Instant(file.last_modified.timestamp_micros());
            Ok(id.map(|id| Found { id, modified }))
        })
    }
}

/// The key of an upload in the store.
fn key(id: &str) -> Key {
    Key::from_iter([UPLOADS, id])
}

impl Uploads {
    /// The uploads of a store, with the database of their submissions.
    pub fn new(store: Store, db: DatabaseConnection) -> Self {
        Self { store, db }
    }

    /// Streams an upload to the store, hashing as it goes. More than `cap` bytes are refused. An
    /// interrupted upload leaves nothing behind, and neither does an upload that nobody
    /// [claims](Unclaimed::claim).
    pub async fn put(
        &self,
        id: Uuid,
        mut body: impl AsyncRead + Unpin,
        cap: u64,
    ) -> Result<Unclaimed> {
        let objects = Arc::clone(&self.store.objects);
        let part = if self.store.bucket.is_some() { PART } else { PART_OF_FILE };
        let writer = BufWriter::with_capacity(objects, key(&id.to_string()), part);
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
                return Err(Error::io("save this upload", e));
            }
        }
        if bytes == 0 {
            return Err(Error::incomplete("it is empty"));
        }
        let stored = Stored { key: id.to_string(), digest: hex::encode(sha.finalize()), bytes };
        self.finish(writer, stored).await
    }

    /// Puts a complete upload in its place. If the caller stops waiting, the task continues, and
    /// its unclaimed result is removed.
    async fn finish(&self, mut writer: BufWriter, stored: Stored) -> Result<Unclaimed> {
        let upload = Unclaimed::new(self.clone(), stored);
        let finished = tokio::spawn(async move {
            match writer.shutdown().await {
                Ok(()) => {
                    upload.make_private().await?;
                    Ok(upload)
                }
                Err(e) => {
                    let error = Error::io("save this upload", e);
                    upload.remove().await?;
                    Err(error)
                }
            }
        });
        finished.await.map_err(|e| Error::internal("save this upload", e))?
    }

    /// All bytes of an upload; none if it does not exist.
    pub async fn get(&self, id: &str) -> Result<Option<Bytes>> {
        // Submissions that are played, and those whose upload was deleted, name none.
        if id.is_empty() {
            return Ok(None);
        }
        match self.store.objects.get(&key(id)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The first bytes of an upload, which show its format.
    pub async fn beginning(&self, id: &str) -> Result<Bytes> {
        Ok(self.store.objects.get_range(&key(id), 0..4).await?)
    }

    /// The bytes of an upload, piece by piece.
    pub async fn stream(
        &self,
        id: &str,
    ) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + use<>> {
        let pieces = self.store.objects.get(&key(id)).await?.into_stream();
        Ok(pieces.map_err(std::io::Error::other))
    }

    /// Removes an upload without a submission.
    async fn delete(&self, id: &str) -> Result<()> {
        match self.store.objects.delete(&key(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the upload of a submission that was removed.
    pub(crate) async fn remove_forever(&self, id: &str) -> Result<()> {
        self.delete(id).await
    }

    /// Removes unfinished uploads that were last written before an instant; returns how many. The
    /// store writes a file next to its place and moves it there once it is complete: the leftovers
    /// of a killed process have names that the store never lists. A bucket has a rule for them
    /// instead (`AbortIncompleteMultipartUpload`), which its owner sets.
    pub async fn remove_unfinished(&self, before: Instant) -> Result<usize> {
        let mut removed = 0;
        for path in self.store.unfinished(before).await? {
            // A file that is moved to its place in the meantime is no longer here, which is fine.
            removed += usize::from(tokio::fs::remove_file(path).await.is_ok());
        }
        Ok(removed)
    }
}

impl Store {
    /// Files of unfinished uploads that were last written before an instant.
    async fn unfinished(&self, before: Instant) -> Result<Vec<PathBuf>> {
        let failed = |e: std::io::Error| Error::io("list its upload folder", e);
        let before = SystemTime::UNIX_EPOCH + Duration::from_micros(before.0.max(0) as u64);
        let Some(folder) = self.folder() else { return Ok(vec![]) };
        let mut files = tokio::fs::read_dir(folder).await.map_err(failed)?;
        let mut found = Vec::new();
        while let Some(file) = files.next_entry().await.map_err(failed)? {
            if !file.file_name().to_string_lossy().contains('#') {
                continue;
            }
            let Ok(about) = file.metadata().await else { continue };
            if about.modified().is_ok_and(|at| at < before) {
                found.push(file.path());
            }
        }
        Ok(found)
    }
}
