//! One server: its settings, its database, its uploads and its worker.

use std::sync::{Arc, OnceLock};

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};

use tokio::sync::watch;

use crate::accounts::attempts::Attempt;
use crate::accounts::{self, Passwords};
use crate::ambient::Ambient;
use crate::challenges::Benchmarks;
use crate::config::Settings;
use crate::database;
use crate::entities::{attempt, link, session, submission};
use crate::error::{Error, Result};
use crate::mail::Postman;
use crate::oidc::Providers;
use crate::pressure::Pressure;
use crate::serve::Meters;
use crate::standings::{Boards, Revisions};
use crate::storage::Uploads;
use crate::submissions::Worker;

/// An upload that no submission holds is removed after so long: it belonged to a request that died.
const ORPHAN_SECONDS: i64 = 3600;

/// One server.
pub struct App {
    /// Its settings.
    pub settings: Settings,
    /// Time and chance.
    pub ambient: Ambient,
    /// The database.
    pub db: DatabaseConnection,
    /// The uploads.
    pub uploads: Uploads,
    /// Benchmarks in memory.
    pub benchmarks: Benchmarks,
    /// Scores submissions.
    pub worker: Worker,
    /// The boards that are kept.
    pub boards: Boards,
    /// By what it is known whether a kept board is still true.
    pub revisions: Revisions,
    /// What is taken on at once.
    pub pressure: Pressure,
    /// What is counted.
    pub meters: Meters,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Sends mails.
    pub postman: Postman,
    /// Where people may have another account, to sign in with.
    pub providers: Providers,
    stopping: watch::Sender<bool>,
    listens: OnceLock<String>,
}

impl App {
    /// Opens the data folder, which is made if it is not there.
    pub async fn open(settings: Settings, ambient: Ambient) -> Result<Arc<Self>> {
        let dir = &settings.data_dir;
        std::fs::create_dir_all(dir)
            .map_err(|e| Error::unusable(format!("{}: {e}", dir.display())))?;
        let db = database::open(&settings.database_file()).await?;
        accounts::prepare_persons(&db, &ambient).await?;
        let uploads = Uploads::in_folder(&settings.upload_dir())?;
        Ok(Arc::new(Self {
            db,
            uploads,
            benchmarks: Benchmarks::default(),
            worker: Worker::new(settings.worker),
            boards: Boards::default(),
            revisions: Revisions::default(),
            pressure: Pressure::new(&settings.bounds),
            meters: Meters::new()?,
            passwords: Passwords::new(settings.hash_wait),
            postman: Postman::new(settings.mail.as_ref())?,
            providers: Providers::new(&settings.oidc),
            stopping: watch::Sender::new(false),
            listens: OnceLock::new(),
            settings,
            ambient,
        }))
    }

    /// Notes the address it listens on, which is another than the settings' where they ask for any
    /// port.
    pub fn listens_on(&self, address: &str) {
        // Bound twice, it is known by the first.
        let _ = self.listens.set(address.to_owned());
    }

    /// The address people use, without a slash at its end.
    pub fn base_address(&self) -> String {
        let bound = self.listens.get().filter(|_| self.settings.public_url.is_none());
        bound.cloned().unwrap_or_else(|| self.settings.base_address())
    }

    /// Tells everything that goes on by itself to come to an end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether it was told to stop.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Done once it is told to stop.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopping = self.stopping.subscribe();
        async move {
            // An error means that the sender is gone, and that is a stop too.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }

    /// Removes uploads that belong to no submission, and what has ended: sessions, links, counts of
    /// attempts, mails that were sent long ago. Answers how many uploads.
    pub async fn sweep(&self) -> Result<usize> {
        let now = self.ambient.now();
        let ended = session::Entity::delete_many();
        ended.filter(session::Column::ExpiresAt.lte(now)).exec(&self.db).await?;
        let expired = link::Entity::delete_many();
        expired.filter(link::Column::ExpiresAt.lte(now)).exec(&self.db).await?;
        let counted = attempt::Entity::delete_many();
        let long_ago = now.plus_seconds(-Attempt::LONGEST);
        counted.filter(attempt::Column::At.lte(long_ago)).exec(&self.db).await?;
        Postman::sweep(self).await?;
        let before = now.plus_seconds(-ORPHAN_SECONDS);
        let mut removed = self.uploads.remove_unfinished(before).await?;
        for key in self.uploads.older_than(before).await? {
            let held = submission::Entity::find().filter(submission::Column::UploadKey.eq(&key));
            if held.count(&self.db).await? == 0 {
                self.uploads.delete(&key).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}
