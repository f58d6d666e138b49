//! A complete upload without a submission yet.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Stored, Uploads};
use crate::database;
use crate::entities::submission;
use crate::error::{Error, Result};
use crate::private;

/// A complete upload without a submission yet. If it is dropped without being claimed, it is
/// removed: its request failed, or its client left.
#[derive(Debug)]
pub struct Unclaimed {
    uploads: Uploads,
    stored: Stored,
    settled: bool,
}

impl Unclaimed {
    pub(super) fn new(uploads: Uploads, stored: Stored) -> Self {
        Self { uploads, stored, settled: false }
    }

    /// Its key and digest.
    pub fn stored(&self) -> &Stored {
        &self.stored
    }

    /// Marks it as belonging to a submission, whose row is committed.
    pub fn claim(mut self) {
        self.settled = true;
    }

    /// Removes it.
    pub async fn remove(mut self) -> Result<()> {
        self.uploads.remove_with_unfinished(&self.stored.key).await?;
        self.settled = true;
        Ok(())
    }

    pub(super) async fn make_private(&self) -> Result<()> {
        let Some(folder) = self.uploads.store.folder() else { return Ok(()) };
        let file = folder.join(&self.stored.key);
        let narrowed = tokio::task::spawn_blocking(move || private::narrow(&file)).await;
        let narrowed = narrowed.map_err(|e| Error::internal("make this upload private", e))?;
        narrowed.map_err(|e| Error::io("make this upload private", e))
    }
}

impl Drop for Unclaimed {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        // Without a runtime the program is ending, and the sweep finds the file.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (uploads, key) = (self.uploads.clone(), self.stored.key.clone());
        runtime.spawn(async move {
            // The error was already logged, and the sweep finds the file.
            let _ = uploads.remove_unless_held(&key).await;
        });
    }
}

impl Uploads {
    /// Removes an upload unless it has a submission. A request can be dropped while its row is
    /// being committed: since the write lock is held here, that commit has either finished or will
    /// never happen.
    async fn remove_unless_held(&self, key: &str) -> Result<()> {
        let transaction = database::begin(&self.db).await?;
        let held = submission::Entity::find().filter(submission::Column::UploadKey.eq(key));
        let held = held.count(&transaction).await? > 0;
        transaction.rollback().await?;
        if held {
            return Ok(());
        }
        self.remove_with_unfinished(key).await
    }

    /// Removes an upload, and the unfinished files that the store has written next to its place.
    async fn remove_with_unfinished(&self, key: &str) -> Result<()> {
        self.delete(key).await?;
        let Some(folder) = self.store.folder() else { return Ok(()) };
        let unfinished = |n: u32| folder.join(format!("{key}#{n}"));
        let mut n = 1;
        while tokio::fs::remove_file(unfinished(n)).await.is_ok() {
            n += 1;
        }
        Ok(())
    }
}
