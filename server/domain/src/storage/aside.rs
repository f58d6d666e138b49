//! Uploads without a submission: moved aside, kept for a while, and moved back if a submission for
//! them appears.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::{ObjectStoreExt, path::Path as Key};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{Date, Duration};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::{Found, OnUnknown, PART, Uploads, key};
use crate::ambient::Instant;
use crate::entities::submission;
use crate::error::{Error, Result};
use crate::private;

/// The folder, in the data folder, of uploads that were moved aside; each day has its own
/// subfolder.
pub const ASIDE: &str = "unknown-uploads";

/// How many uploads are looked up in the database at a time.
const BATCH: usize = 500;

/// Up to this many unknown uploads are normal: a server that was killed leaves some.
const FEW: usize = 3;

const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// How many uploads are known to the database, and how many are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// Uploads with a submission.
    pub known: usize,
    /// Uploads without a submission.
    pub unknown: usize,
}

impl Census {
    /// Whether it is more likely that the database is the wrong one than that the uploads are left
    /// over.
    pub fn is_mostly_unknown(self) -> bool {
        self.unknown > FEW && self.unknown > self.known
    }
}

/// An upload that was moved aside.
struct Aside {
    id: String,
    day: Date,
    place: Key,
}

impl Uploads {
    /// Counts uploads, optionally only those last written before an instant; also returns the
    /// unknown ones.
    pub(super) async fn census(&self, before: Option<Instant>) -> Result<(Census, Vec<Uuid>)> {
        let old = |found: &Found| before.is_none_or(|before| found.modified < before);
        let uploads = self.store.uploads().try_filter(move |found| std::future::ready(old(found)));
        let mut batches = std::pin::pin!(uploads.chunks(BATCH));
        let (mut known, mut unknown) = (0, Vec::new());
        while let Some(batch) = batches.next().await {
            let ids: Vec<Uuid> =
                batch.into_iter().map(|found| Ok(found?.id)).collect::<Result<_>>()?;
            let held = held_among(&self.db, ids.iter().map(Uuid::to_string)).await?;
            known += held.len();
            unknown.extend(ids.into_iter().filter(|id| !held.contains(&id.to_string())));
        }
        Ok((Census { known, unknown: unknown.len() }, unknown))
    }

    /// Moves aside uploads without a submission that were last written before an instant; returns
    /// how many. If most are unknown, `on_unknown` decides whether to do it.
    pub async fn move_unknown_aside(
        &self,
        now: Instant,
        before: Instant,
        on_unknown: OnUnknown,
    ) -> Result<usize> {
        let (census, unknown) = self.census(Some(before)).await?;
        if census.is_mostly_unknown() && on_unknown == OnUnknown::Refuse {
            return Err(self.store.mostly_unknown(census));
        }
        if unknown.is_empty() {
            return Ok(0);
        }
        let day = day_of(now)?;
        let aside = self.store.data_dir.join(ASIDE);
        let folders = [aside.clone(), aside.join(&day)];
        for folder in folders.into_iter().filter(|_| self.store.bucket.is_none()) {
            private::create_folder(&folder).map_err(|e| Error::io("move uploads aside", e))?;
        }
        let mut moved = 0;
        for id in unknown {
            let id = id.to_string();
            let to = Key::from_iter([ASIDE, &day, &id]);
            moved += usize::from(self.rename(&key(&id), &to).await?);
        }
        Ok(moved)
    }

    /// Moves uploads back that have a submission after all, for example after the right database
    /// was restored; returns how many.
    pub async fn move_back(&self) -> Result<usize> {
        let mut moved = 0;
        for batch in self.moved_aside().await?.chunks(BATCH) {
            let held = held_among(&self.db, batch.iter().map(|aside| aside.id.clone())).await?;
            for aside in batch.iter().filter(|aside| held.contains(&aside.id)) {
                let place = key(&aside.id);
                if self.store.objects.head(&place).await.is_err() {
                    moved += usize::from(self.rename(&aside.place, &place).await?);
                }
            }
        }
        self.remove_empty_days().await;
        Ok(moved)
    }

    /// Removes uploads that were moved aside more than a number of days ago; returns how many.
    pub async fn remove_expired(&self, now: Instant, keep_days: u32) -> Result<usize> {
        let first_kept = now.utc().date().saturating_sub(Duration::days(i64::from(keep_days)));
        let mut removed = 0;
        for aside in self.moved_aside().await?.iter().filter(|aside| aside.day < first_kept) {
            match self.store.objects.delete(&aside.place).await {
                Ok(()) => removed += 1,
                // Another server was first.
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.remove_empty_days().await;
        Ok(removed)
    }

    /// The number of uploads moved aside, by day.
    pub async fn aside_by_day(&self) -> Result<BTreeMap<Date, usize>> {
        let mut days = BTreeMap::new();
        for aside in self.moved_aside().await? {
            *days.entry(aside.day).or_default() += 1;
        }
        Ok(days)
    }

    async fn moved_aside(&self) -> Result<Vec<Aside>> {
        let files = self.store.objects.list(Some(&Key::from(ASIDE))).map_err(Error::from);
        let aside = files.try_filter_map(|file| async move {
            let parts: Vec<_> = file.location.parts().collect();
            let [_, day, id] = &parts[..] else { return Ok(None) };
            let day = Date::parse(day.as_ref(), DAY).ok();
            let id = Uuid::try_parse(id.as_ref()).ok().map(|id| id.to_string());
            let place = file.location.clone();
            Ok(day.zip(id).map(|(day, id)| Aside { id, day, place }))
        });
        aside.try_collect().await
    }

    /// Moves an object; false if it no longer exists. On another disk it is copied first.
    async fn rename(&self, from: &Key, to: &Key) -> Result<bool> {
        let objects = &self.store.objects;
        match objects.rename(from, to).await {
            Ok(()) => return Ok(true),
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(error) => tracing::debug!(%error, "copying what can't be renamed"),
        }
        let mut pieces = objects.get(from).await?.into_stream();
        let mut writer = BufWriter::with_capacity(objects.clone(), to.clone(), PART);
        while let Some(piece) = pieces.try_next().await? {
            writer.put(piece).await?;
        }
        writer.shutdown().await.map_err(|e| Error::io("move an upload", e))?;
        objects.delete(from).await?;
        Ok(true)
    }

    /// Removes empty folders of days. A folder that isn't empty can't be removed, which is not an
    /// error.
    async fn remove_empty_days(&self) {
        if self.store.bucket.is_some() {
            return;
        }
        let aside = self.store.data_dir.join(ASIDE);
        let Ok(mut days) = tokio::fs::read_dir(&aside).await else { return };
        while let Ok(Some(day)) = days.next_entry().await {
            let _ = tokio::fs::remove_dir(day.path()).await;
        }
        let _ = tokio::fs::remove_dir(aside).await;
    }
}

/// Which of these uploads have a submission.
async fn held_among(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = String>,
) -> Result<BTreeSet<String>> {
    let held = submission::Entity::find()
        .select_only()
        .column(submission::Column::UploadKey)
        .filter(submission::Column::UploadKey.is_in(ids));
    Ok(held.into_tuple().all(db).await?.into_iter().collect())
}

/// The name of the folder for an instant's day, in UTC.
fn day_of(now: Instant) -> Result<String> {
    now.utc().date().format(DAY).map_err(|e| Error::internal("write a date", e))
}
