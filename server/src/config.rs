//! The settings of a server, checked once.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::submissions::WorkerSettings;

/// The settings of a server, checked once.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the database and the uploads.
    pub data_dir: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address people use, where it is not the one listened on.
    pub public_url: Option<String>,
    /// The largest upload taken, in bytes as sent.
    pub max_upload_bytes: u64,
    /// How long an upload's answer waits for the score before it is a `202`.
    pub patience: Duration,
    /// How submissions are scored.
    pub worker: WorkerSettings,
    /// The bounds under which uploads are read.
    pub reading: scoring::Limits,
}

impl Settings {
    /// Sensible settings for a data folder.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let at_once = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            data_dir: data_dir.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            max_upload_bytes: 64 << 20,
            patience: Duration::from_secs(2),
            worker: WorkerSettings { at_once, poll: Duration::from_secs(1) },
            reading: scoring::Limits::default(),
        }
    }

    /// The address people use, without a slash at its end.
    pub fn base_address(&self) -> String {
        let own = || format!("http://{}", self.listen);
        self.public_url.as_deref().map_or_else(own, |url| url.trim_end_matches('/').to_owned())
    }

    /// Whether cookies may travel over TLS only.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The file of the key that guards forms; all servers of a data folder share it.
    pub fn csrf_key_file(&self) -> PathBuf {
        self.data_dir.join("csrf.key")
    }

    /// The database's file.
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("fashion-iq.sqlite")
    }

    /// The folder of uploads.
    pub fn upload_dir(&self) -> PathBuf {
        self.data_dir.join("uploads")
    }
}
