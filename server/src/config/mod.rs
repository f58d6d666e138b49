//! The settings of a server, checked once.

mod network;
mod raw;
mod sources;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

pub use raw::{RawProvider, RawSettings};
pub use sources::{Origin, Sources, check_variables, holds_secrets};

use crate::oidc::ProviderSettings;
use crate::postman::MailSettings;
use domain::accounts::AttemptLimits;
use domain::ambient::Instant;
use domain::database::{Place, Postgres};
use domain::storage::{Bucket, DataFolder, UPLOADS};
use domain::submissions::{IntakeSettings, WorkerSettings};

/// The database's file in the data folder; SQLite keeps more files next to it, with the same
/// beginning.
pub const DATABASE: &str = "fashion-iq.sqlite";

/// An upload without a submission may still get one for at least this long.
const ARRIVING_SECONDS: i64 = 3600;

/// The settings of a server, checked once.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the database and the uploads.
    pub data_dir: PathBuf,
    /// The database on a PostgreSQL server; a file in the data folder if unset.
    pub postgres: Option<Postgres>,
    /// The bucket of the uploads; they are in the data folder if unset.
    pub bucket: Option<Bucket>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to serve `/metrics`, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The address people use, if it is not `listen`.
    pub public_url: Option<String>,
    /// How long browsers are told to use TLS only, in seconds (HSTS); not sent if unset.
    pub hsts_seconds: Option<u64>,
    /// The proxies that are trusted to give the address of a request.
    pub trusted_proxies: Vec<IpNet>,
    /// The mail server; without one, mails are logged.
    pub mail: Option<MailSettings>,
    /// How often to look for mails to send.
    pub mail_every: Duration,
    /// The providers that people can sign in with.
    pub oidc: Vec<ProviderSettings>,
    /// The folder with the data sets that organisers can name for a benchmark.
    pub datasets_dir: PathBuf,
    /// The largest upload that is accepted, in bytes as sent.
    pub max_upload_bytes: u64,
    /// If the disk of the data folder has fewer free bytes, uploads are refused.
    pub min_free_bytes: u64,
    /// How many days to keep uploads without a submission, after they were moved aside.
    pub keep_unknown_days: u32,
    /// How often to look for uploads without a submission.
    pub sweep_every: Duration,
    /// How long the response to an upload waits for the score before it is a `202`.
    pub patience: Duration,
    /// How submissions are scored.
    pub worker: WorkerSettings,
    /// The bounds under which uploads are read.
    pub reading: scoring::Limits,
    /// Limits on attempts that could be guesses.
    pub attempts: AttemptLimits,
    /// The captioner that plays the user of dialogs, with its secret: `http://captioner:SECRET@HOST:PORT`.
    pub captioner: Option<String>,
    /// The trained dialog manager that visitors talk to, with its secret: `http://manager:SECRET@HOST:PORT`.
    pub manager: Option<String>,
    /// How long a password waits to be hashed before the client is asked to retry.
    pub hash_wait: Duration,
    /// How long a request waits for a place among those being processed before it is refused.
    pub request_wait: Duration,
    /// Bounds on concurrent work.
    pub bounds: Bounds,
    /// How long a client may take.
    pub timeouts: Timeouts,
}

/// Bounds on concurrent work; clients beyond them are asked to retry.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Open connections; beyond that, the address with the most loses some.
    pub connections: usize,
    /// Open connections from one address; a further connection replaces one that waits for its
    /// client.
    pub connections_per_address: usize,
    /// Requests in progress.
    pub requests: usize,
    /// Event streams.
    pub event_streams: usize,
    /// Bytes of uploads in memory, arriving and being scored.
    pub memory_bytes: u64,
}

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For the head of a request, and between two requests of a connection.
    pub head: Duration,
    /// Between two pieces of a body.
    pub piece: Duration,
    /// For a whole body, however steadily it arrives.
    pub body: Duration,
    /// The minimum speed of a body in bytes per second, averaged over a window.
    pub least_speed: u64,
    /// The window over which the speed of a body is measured.
    pub speed_window: Duration,
    /// For a whole form.
    pub form: Duration,
    /// To read something of a response.
    pub write: Duration,
    /// To finish open requests when the server is stopped.
    pub grace: Duration,
}

impl Settings {
    /// Default settings for a data folder.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let at_once = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            data_dir: data_dir.into(),
            postgres: None,
            bucket: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: None,
            public_url: None,
            hsts_seconds: None,
            trusted_proxies: Vec::new(),
            mail: None,
            captioner: None,
            manager: None,
            mail_every: Duration::from_secs(1),
            oidc: Vec::new(),
            datasets_dir: PathBuf::from("datasets"),
            max_upload_bytes: 64 << 20,
            min_free_bytes: 256 << 20,
            keep_unknown_days: 30,
            sweep_every: Duration::from_hours(1),
            patience: Duration::from_secs(2),
            worker: WorkerSettings {
                at_once,
                poll: Duration::from_secs(1),
                cpu_time: Duration::from_secs(20),
            },
            reading: scoring::Limits::default(),
            attempts: AttemptLimits::default(),
            hash_wait: Duration::from_secs(15),
            request_wait: Duration::from_secs(2),
            bounds: Bounds {
                connections: 1024,
                connections_per_address: 512,
                requests: 256,
                event_streams: 128,
                memory_bytes: 512 << 20,
            },
            timeouts: Timeouts {
                head: Duration::from_secs(15),
                piece: Duration::from_secs(30),
                body: Duration::from_hours(24),
                least_speed: 1024,
                speed_window: Duration::from_mins(1),
                form: Duration::from_secs(10),
                write: Duration::from_secs(20),
                grace: Duration::from_secs(10),
            },
        }
    }

    /// The address people use, without a slash at its end.
    pub fn base_address(&self) -> String {
        let own = || format!("http://{}", self.listen);
        self.public_url.as_deref().map_or_else(own, |url| url.trim_end_matches('/').to_owned())
    }

    /// Whether cookies are sent over TLS only.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// An upload that was last written before this instant is no longer arriving.
    pub fn arriving_since(&self, now: Instant) -> Instant {
        let longest = self.timeouts.body.as_secs() as i64;
        now.plus_seconds(-ARRIVING_SECONDS.max(longest.saturating_mul(2)))
    }

    /// The settings for receiving uploads.
    pub fn intake(&self) -> IntakeSettings {
        IntakeSettings {
            max_upload_bytes: self.max_upload_bytes,
            min_free_bytes: self.min_free_bytes,
            patience: self.patience,
        }
    }

    /// The data folder.
    pub fn data_folder(&self, now: Instant) -> DataFolder {
        DataFolder {
            dir: self.data_dir.clone(),
            database: self.database(),
            bucket: self.bucket.clone(),
            min_free_bytes: self.min_free_bytes,
            keep_unknown_days: self.keep_unknown_days,
            arriving_since: self.arriving_since(now),
        }
    }

    /// Where the database is.
    pub fn database(&self) -> Place {
        match &self.postgres {
            Some(server) => Place::Server(server.clone()),
            None => Place::File(self.database_file()),
        }
    }

    /// The database's file, if it is in one.
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join(DATABASE)
    }

    /// The folder of uploads.
    pub fn upload_dir(&self) -> PathBuf {
        self.data_dir.join(UPLOADS)
    }
}
