//! The identity that a database shares with its uploads.
//!
//! Otherwise a database that was restored, replaced or combined with another folder would decide
//! about uploads that it doesn't know.

use futures_util::TryStreamExt;
use object_store::{ObjectStoreExt, PutMode, PutPayload, path::Path as Key};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

use super::aside::{ASIDE, Census};
use super::{Store, UPLOADS, Uploads};
use crate::ambient::Ambient;
use crate::database::{self, Place};
use crate::entities::upload_store;
use crate::error::{Error, Result};
use crate::private;

/// The object with the store's identity.
const IDENTITY: &str = ".identity";

/// The only row of its table.
const ROW: i32 = 1;

/// What to do if most uploads are unknown to the database, or belong to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnUnknown {
    /// Refuse to start.
    #[default]
    Refuse,
    /// Move them aside; from then on the folder belongs to this database.
    MoveAside,
}

impl Store {
    /// The identity of the store, if it has one.
    pub async fn identity(&self) -> Result<Option<String>> {
        match self.objects.get(&Key::from_iter([UPLOADS, IDENTITY])).await {
            Ok(found) => Ok(Some(String::from_utf8_lossy(&found.bytes().await?).trim().to_owned())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn set_identity(&self, identity: &str, mode: PutMode) -> Result<()> {
        let text = PutPayload::from(format!("{identity}\n"));
        let place = Key::from_iter([UPLOADS, IDENTITY]);
        match self.objects.put_opts(&place, text, mode.into()).await {
            // Another server was first; which one is checked next.
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let Some(folder) = self.folder() else { return Ok(()) };
        private::narrow(&folder.join(IDENTITY))
            .map_err(|e| Error::io("make its upload folder private", e))
    }

    /// Refuses to create a new database if there are uploads, which must belong to another one. It
    /// is called before the database is created, so that a restored one doesn't meet the files of
    /// an empty one.
    pub async fn ensure_no_uploads(&self, database: &Place) -> Result<()> {
        let uploads: usize = self.uploads().try_fold(0, |n, _| async move { Ok(n + 1) }).await?;
        let census = Census { known: 0, unknown: uploads };
        let belongs_elsewhere = uploads > 0 && self.identity().await?.is_some();
        if !belongs_elsewhere && !census.is_mostly_unknown() {
            return Ok(());
        }
        Err(Error::unusable(format!(
            "database {} does not exist, but there are {uploads} uploads in {}\nrestore the \
             database, or set data_dir to the right folder\n{}",
            database,
            self.shown(),
            self.way_on()
        )))
    }

    /// How to continue without the right database.
    fn way_on(&self) -> String {
        format!(
            "to continue without it, start with `fashion-iq serve --move-unknown-uploads`, which \
             moves the unknown uploads to {} and deletes nothing",
            match &self.bucket {
                Some(bucket) => format!("{bucket}/{ASIDE}"),
                None => self.data_dir.join(ASIDE).display().to_string(),
            }
        )
    }

    fn belongs_elsewhere(&self) -> Error {
        let (data, uploads) = (self.data_dir.display(), self.shown());
        Error::unusable(format!(
            "the uploads in {uploads} belong to another database than the one in {data}\nrestore both \
             from the same backup, or set data_dir to the right folder\n{}",
            self.way_on()
        ))
    }

    pub(super) fn mostly_unknown(&self, census: Census) -> Error {
        let Census { known, unknown } = census;
        let (data, uploads) = (self.data_dir.display(), self.shown());
        Error::unusable(format!(
            "{unknown} of the {} uploads in {uploads} are unknown to the database in {data}: it is probably \
             another database or an older copy\nrestore the right database, or set data_dir to the \
             right folder\n{}",
            known + unknown,
            self.way_on()
        ))
    }
}

/// The identity of a database, if it has one.
pub async fn identity_of(db: &impl ConnectionTrait) -> Result<Option<String>> {
    let row = upload_store::Entity::find_by_id(ROW).one(db).await?;
    Ok(row.map(|row| row.identity))
}

impl Uploads {
    /// The file by which the store knows its database, with its name; none if it has no identity yet.
    pub async fn identity_file(&self) -> Result<Option<(&'static str, String)>> {
        Ok(self.store.identity().await?.map(|identity| (IDENTITY, format!("{identity}\n"))))
    }

    /// Whether the database and the store have the same identity.
    pub async fn is_paired(&self) -> Result<bool> {
        let ours = identity_of(&self.db).await?;
        Ok(ours.is_some() && ours == self.store.identity().await?)
    }

    /// Ensures that the database and the store belong together. If one of them has no identity yet,
    /// it gets that of the other if the uploads match the database.
    pub async fn pair(&self, ambient: &Ambient, on_unknown: OnUnknown) -> Result<()> {
        if self.is_paired().await? {
            return Ok(());
        }
        // If several servers start at once, one of them pairs.
        let transaction = database::begin(&self.db).await?;
        let ours = identity_of(&transaction).await?;
        let theirs = self.store.identity().await?;
        let go_on = on_unknown == OnUnknown::MoveAside;
        let identity = match (&ours, &theirs) {
            (Some(ours), Some(theirs)) if ours == theirs => return Ok(()),
            (Some(_), Some(_)) if !go_on => return Err(self.store.belongs_elsewhere()),
            (Some(ours), _) => ours.clone(),
            (None, Some(theirs)) if !go_on => theirs.clone(),
            (None, _) => hex::encode(ambient.bytes::<16>()),
        };
        if !go_on {
            let census = self.census(None).await?.0;
            if ours.is_none() && theirs.is_some() && census.known == 0 && census.unknown > 0 {
                return Err(self.store.belongs_elsewhere());
            }
            if census.is_mostly_unknown() {
                return Err(self.store.mostly_unknown(census));
            }
        }
        if ours.is_none() {
            let row = upload_store::Model { id: ROW, identity: identity.clone() };
            row.into_active_model().reset_all().insert(&transaction).await?;
        }
        let mode = if go_on { PutMode::Overwrite } else { PutMode::Create };
        self.store.set_identity(&identity, mode).await?;
        if self.store.identity().await?.as_ref() != Some(&identity) {
            return Err(self.store.belongs_elsewhere());
        }
        Ok(transaction.commit().await?)
    }
}
