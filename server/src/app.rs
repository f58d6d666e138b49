//! One server: its settings, its database, its uploads and its worker.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};

use tokio::sync::watch;

use crate::accounts::attempts::Attempt;
use crate::accounts::{self, Passwords};
use crate::ambient::{Ambient, Instant};
use crate::challenges::{Benchmarks, DOWNLOADS, Packages};
use crate::config::{DATABASE, Settings};
use crate::database::{self, Change, Workplace};
use crate::entities::{attempt, link, session};
use crate::error::{Error, Result};
use crate::mail::Postman;
use crate::oidc::Providers;
use crate::pressure::Pressure;
use crate::private;
use crate::serve::Meters;
use crate::standings::{Boards, Revisions};
use crate::storage::aside::ASIDE;
use crate::storage::{OnUnknown, Store, UPLOADS, Uploads, room};
use crate::submissions::Worker;

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
    /// What is downloaded of their data.
    pub packages: Packages,
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
    /// What happens where most uploads are unknown to the database.
    on_unknown: OnUnknown,
    stopping: watch::Sender<bool>,
    listens: OnceLock<String>,
}

/// What a sweep has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that no submission holds, which were moved aside.
    pub moved_aside: usize,
    /// Uploads that were aside and that a submission holds, which were moved back.
    pub moved_back: usize,
    /// Parts of uploads that never became whole, which were removed.
    pub unfinished: usize,
    /// Uploads that had been aside for long enough, which were removed.
    pub expired: usize,
}

impl App {
    /// Opens the data folder, which is made if it is not there.
    pub async fn open(settings: Settings, ambient: Ambient) -> Result<Arc<Self>> {
        Self::open_with(settings, ambient, OnUnknown::Refuse).await
    }

    /// Opens the data folder, and says what happens where most of its uploads are unknown.
    pub async fn open_with(
        settings: Settings,
        ambient: Ambient,
        on_unknown: OnUnknown,
    ) -> Result<Arc<Self>> {
        let (dir, database) = (&settings.data_dir, settings.database_file());
        make_private(dir).map_err(|e| Error::unusable(format!("{}: {e}", dir.display())))?;
        room::ensure_room_to_start(dir)?;
        let store = Store::in_folder(dir)?;
        if on_unknown == OnUnknown::Refuse && !database.exists() {
            store.ensure_no_uploads(&database).await?;
        }
        let db = database::open(&database).await?;
        let uploads = Uploads::new(store, db.clone());
        uploads.pair(&ambient, on_unknown).await?;
        let app = Self {
            db,
            uploads,
            benchmarks: Benchmarks::default(),
            packages: Packages::new(dir, settings.min_free_bytes),
            worker: Worker::new(settings.worker),
            boards: Boards::default(),
            revisions: Revisions::default(),
            pressure: Pressure::new(&settings.bounds),
            meters: Meters::new()?,
            passwords: Passwords::new(settings.hash_wait),
            postman: Postman::new(settings.mail.as_ref())?,
            providers: Providers::new(&settings.oidc),
            on_unknown,
            stopping: watch::Sender::new(false),
            listens: OnceLock::new(),
            settings,
            ambient,
        };
        accounts::prepare_persons(&app).await?;
        Ok(Arc::new(app))
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

    /// Makes the data folder ready for a server. Nothing is removed: uploads that no submission
    /// holds are moved aside. An error where most are unknown, unless that was allowed.
    pub async fn prepare(&self) -> Result<Swept> {
        let now = self.ambient.now();
        let settings = self.settings.clone();
        let narrowed = tokio::task::spawn_blocking(move || narrow_uploads(&settings)).await;
        let narrowed = narrowed.map_err(|e| Error::internal("make its uploads private", e))?;
        narrowed.map_err(|e| Error::io("make its uploads private", &e))?;
        self.remove_ended().await?;
        self.set_uploads_right(now).await
    }

    /// What a server does once in a while: moves uploads aside that no submission holds, and removes
    /// what has ended: sessions, links, counts of attempts, old mails, unfinished uploads, and
    /// uploads that were aside for long enough.
    pub async fn sweep(&self) -> Result<Swept> {
        let now = self.ambient.now();
        self.remove_ended().await?;
        database::scrub(&self.db).await?;
        if !self.uploads.is_paired().await? {
            return Err(Error::internal("sweep its uploads", "they belong to another database"));
        }
        let unfinished = self.uploads.remove_unfinished(self.settings.arriving_since(now)).await?;
        let swept = self.set_uploads_right(now).await?;
        let expired = self.uploads.remove_expired(now, self.settings.keep_unknown_days).await?;
        Ok(Swept { unfinished, expired, ..swept })
    }

    /// Sweeps until the server stops.
    pub async fn sweep_regularly(&self) {
        loop {
            let stopped = self.stopped();
            tokio::select! {
                () = tokio::time::sleep(self.settings.sweep_every) => {}
                () = stopped => return,
            }
            match self.sweep().await {
                Ok(swept) if swept != Swept::default() => tracing::info!(?swept, "swept uploads"),
                Ok(_) => {}
                // The next round tries again.
                Err(error) => tracing::error!(%error, "could not sweep"),
            }
        }
    }

    async fn set_uploads_right(&self, now: Instant) -> Result<Swept> {
        let moved_back = self.uploads.move_back().await?;
        let before = self.settings.arriving_since(now);
        let moved_aside = self.uploads.move_unknown_aside(now, before, self.on_unknown).await?;
        Ok(Swept { moved_aside, moved_back, ..Swept::default() })
    }

    async fn remove_ended(&self) -> Result<()> {
        let now = self.ambient.now();
        let ended = session::Entity::delete_many();
        ended.filter(session::Column::ExpiresAt.lte(now)).exec(&self.db).await?;
        let expired = link::Entity::delete_many();
        expired.filter(link::Column::ExpiresAt.lte(now)).exec(&self.db).await?;
        let counted = attempt::Entity::delete_many();
        let long_ago = now.plus_seconds(-Attempt::LONGEST);
        counted.filter(attempt::Column::At.lte(long_ago)).exec(&self.db).await?;
        Postman::sweep(self).await
    }
}

impl Workplace for App {
    fn database(&self) -> &DatabaseConnection {
        &self.db
    }

    fn now(&self) -> Instant {
        self.ambient.now()
    }

    fn base_address(&self) -> String {
        self.base_address()
    }

    fn note(&self, changes: Vec<Change>) {
        self.revisions.note(changes);
    }
}

/// Makes the data folder for its owner only. One that exists is narrowed, unless it also holds
/// something that isn't ours: it may be public on purpose.
fn make_private(data_dir: &Path) -> std::io::Result<()> {
    private::create_folder(data_dir)?;
    for file in std::fs::read_dir(data_dir)? {
        let name = file?.file_name();
        let name = name.to_string_lossy();
        if !(name.starts_with(DATABASE) || name == UPLOADS || name == ASIDE || name == DOWNLOADS) {
            return Ok(());
        }
    }
    private::narrow(data_dir)
}

/// Narrows uploads, and those that were moved aside, from when their folders were open to others.
fn narrow_uploads(settings: &Settings) -> std::io::Result<()> {
    private::narrow_with_files(&settings.upload_dir())?;
    let aside = settings.data_dir.join(ASIDE);
    if !aside.exists() {
        return Ok(());
    }
    for day in std::fs::read_dir(&aside)? {
        private::narrow_with_files(&day?.path())?;
    }
    private::narrow(&aside)
}
