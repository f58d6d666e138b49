//! The state of a server: its settings, database, uploads and worker.

use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use domain::accounts::attempts::Attempt;
use domain::accounts::{self, AccountsSite, Passwords};
use domain::ambient::{Ambient, Instant};
use domain::captioner::Captioner;
use domain::challenges::{Benchmarks, ChallengesSite, Explorer, Packages, THUMBNAILS, Thumbnails};
use domain::database;
use domain::entities::{attempt, link, session};
use domain::error::{Error, Result};
use domain::manager::Manager;
use domain::memory::Memory;
use domain::moderation;
use domain::private;
use domain::receipts;
use domain::site::{Address, Site};
use domain::standings::{Boards, Difficulties, Reports, TopItemsCache};
use domain::storage::aside::ASIDE;
use domain::storage::{DOWNLOADS, OnUnknown, Store, UPLOADS, Uploads, room};
use domain::submissions::{ArrivingUploads, SubmissionsSite, Worker};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::config::{DATABASE, Settings};
use crate::oidc::Providers;
use crate::postman::Postman;
use crate::pressure::Pressure;
use crate::serve::Meters;

/// The state of a server.
pub struct App {
    /// Its settings.
    pub settings: Settings,
    /// What the domain needs of it: the database, the uploads, the worker.
    pub site: Arc<SubmissionsSite>,
    /// The downloads of benchmarks' data.
    pub packages: Packages,
    /// The public data of benchmarks, to browse.
    pub explorer: Explorer,
    /// Small pictures of items.
    pub thumbnails: Thumbnails,
    /// What submissions answered that were viewed.
    pub top_items: TopItemsCache,
    /// How hard queries are.
    pub difficulties: Difficulties,
    /// The cached boards.
    pub boards: Boards,
    /// The cached reports.
    pub reports: Reports,
    /// Bounds on concurrent work.
    pub pressure: Pressure,
    /// The metrics.
    pub meters: Meters,
    /// Sends mails.
    pub postman: Postman,
    /// The providers that people can sign in with.
    pub providers: Providers,
    /// What to do if most uploads are unknown to the database.
    on_unknown: OnUnknown,
}

impl Deref for App {
    type Target = Arc<SubmissionsSite>;

    fn deref(&self) -> &Arc<SubmissionsSite> {
        &self.site
    }
}

/// What a sweep has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads without a submission that were moved aside.
    pub moved_aside: usize,
    /// Uploads of submissions that were moved back.
    pub moved_back: usize,
    /// Unfinished uploads that were removed.
    pub unfinished: usize,
    /// Uploads that their phases no longer keep and were deleted.
    pub deleted: usize,
    /// Challenges that were deleted long ago and were removed.
    pub challenges: usize,
    /// Expired uploads that had been moved aside and were removed.
    pub expired: usize,
}

impl App {
    /// Opens the data folder, and creates it if it does not exist.
    pub async fn open(settings: Settings, ambient: Ambient) -> Result<Arc<Self>> {
        Self::open_with(settings, ambient, OnUnknown::Refuse).await
    }

    /// Opens the data folder; `on_unknown` says what to do if most of its uploads are unknown.
    pub async fn open_with(
        settings: Settings,
        ambient: Ambient,
        on_unknown: OnUnknown,
    ) -> Result<Arc<Self>> {
        let (dir, database) = (&settings.data_dir, settings.database());
        make_private(dir).map_err(|e| Error::unusable(format!("{}: {e}", dir.display())))?;
        room::ensure_room_to_start(dir)?;
        let store = Store::open(dir, settings.bucket.as_ref()).await?;
        if on_unknown == OnUnknown::Refuse && !database::exists(&database).await? {
            store.ensure_no_uploads(&database).await?;
        }
        let db = database::open(&database, ambient.now()).await?;
        let uploads = Uploads::new(store, db.clone());
        uploads.pair(&ambient, on_unknown).await?;
        let meters = Meters::new()?;
        let benchmarks = Benchmarks::new(db.clone());
        let site = SubmissionsSite {
            challenges: ChallengesSite {
                accounts: AccountsSite {
                    site: Site::new(db, ambient, address(&settings)),
                    passwords: Passwords::new(settings.hash_wait),
                    attempts: settings.attempts,
                },
                benchmarks,
                datasets_dir: settings.datasets_dir.clone(),
                captioner: settings.captioner.as_deref().map(Captioner::new),
                manager: settings.manager.as_deref().map(Manager::new),
                reading: settings.reading.clone(),
            },
            uploads,
            memory: Memory::new(settings.bounds.memory_bytes),
            arriving: ArrivingUploads::default(),
            intake: settings.intake(),
            worker: Worker::new(settings.worker),
            meter: Box::new(meters.clone()),
        };
        accounts::prepare_persons(&site).await?;
        receipts::prepare_key(&site).await?;
        Ok(Arc::new(Self {
            site: Arc::new(site),
            packages: Packages::new(dir, settings.min_free_bytes),
            explorer: Explorer::default(),
            thumbnails: Thumbnails::new(dir),
            top_items: TopItemsCache::default(),
            difficulties: Difficulties::default(),
            boards: Boards::default(),
            reports: Reports::default(),
            pressure: Pressure::new(&settings.bounds),
            meters,
            postman: Postman::new(settings.mail.as_ref())?,
            providers: Providers::new(&settings.oidc),
            on_unknown,
            settings,
        }))
    }

    /// Prepares the data folder for a server. Nothing is removed: uploads without a submission are
    /// moved aside. Fails if most are unknown, unless that was allowed.
    pub async fn prepare(&self) -> Result<Swept> {
        let now = self.ambient.now();
        let settings = self.settings.clone();
        let narrowed = tokio::task::spawn_blocking(move || narrow_uploads(&settings)).await;
        let narrowed = narrowed.map_err(|e| Error::internal("make its uploads private", e))?;
        narrowed.map_err(|e| Error::io("make its uploads private", e))?;
        self.remove_ended().await?;
        self.set_uploads_right(now).await
    }

    /// The regular clean-up: moves uploads without a submission aside, and removes expired
    /// sessions, links, counts of attempts, old mails, unfinished uploads and uploads that were
    /// moved aside long ago.
    pub async fn sweep(&self) -> Result<Swept> {
        let now = self.ambient.now();
        self.remove_ended().await?;
        database::scrub(&self.db).await?;
        if !self.uploads.is_paired().await? {
            return Err(Error::internal("sweep its uploads", "they belong to another database"));
        }
        let challenges = moderation::remove_deleted(&self.site).await?;
        let deleted = moderation::delete_due_uploads(&self.site).await?;
        let unfinished = self.uploads.remove_unfinished(self.settings.arriving_since(now)).await?;
        let swept = self.set_uploads_right(now).await?;
        let expired = self.uploads.remove_expired(now, self.settings.keep_unknown_days).await?;
        Ok(Swept { unfinished, deleted, challenges, expired, ..swept })
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

/// The address people use.
fn address(settings: &Settings) -> Address {
    let address = settings.base_address();
    match settings.public_url {
        Some(_) => Address::Set(address),
        None => Address::Bound(OnceLock::new(), address),
    }
}

/// Creates the data folder for its owner only. An existing one is made private too, unless it also
/// holds files that aren't ours: it may be public on purpose.
fn make_private(data_dir: &Path) -> std::io::Result<()> {
    private::create_folder(data_dir)?;
    for file in std::fs::read_dir(data_dir)? {
        let name = file?.file_name();
        let name = name.to_string_lossy();
        if !(name.starts_with(DATABASE)
            || name == UPLOADS
            || name == ASIDE
            || name == DOWNLOADS
            || name == THUMBNAILS)
        {
            return Ok(());
        }
    }
    private::narrow(data_dir)
}

/// Makes uploads private, also those that were moved aside, in case their folders were open to
/// others.
fn narrow_uploads(settings: &Settings) -> std::io::Result<()> {
    if settings.bucket.is_none() {
        private::narrow_with_files(&settings.upload_dir())?;
    }
    let aside = settings.data_dir.join(ASIDE);
    if !aside.exists() {
        return Ok(());
    }
    for day in std::fs::read_dir(&aside)? {
        private::narrow_with_files(&day?.path())?;
    }
    private::narrow(&aside)
}
