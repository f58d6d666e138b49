//! `fashion-iq serve`

use std::net::SocketAddr;

use clap::Args;

use super::{DataDir, Outcome, print_line};
use crate::ambient::Ambient;
use crate::error::Result;
use crate::{App, serve};

/// Serve the challenges of a data folder: API, pages and scoring.
#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    data_dir: DataDir,
    /// Where to listen; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        env = "FASHION_IQ_LISTEN"
    )]
    listen: SocketAddr,
    /// How many submissions are scored at the same time; default: one a core.
    #[arg(long, value_name = "N", env = "FASHION_IQ_WORKERS", value_parser = clap::value_parser!(u16).range(1..))]
    workers: Option<u16>,
    /// The largest upload taken, in bytes as sent.
    #[arg(long, value_name = "BYTES", default_value_t = 64 << 20, env = "FASHION_IQ_MAX_UPLOAD_BYTES")]
    max_upload_bytes: u64,
}

impl Serve {
    pub(super) async fn run(self) -> Result<Outcome> {
        let mut settings = self.data_dir.settings();
        settings.listen = self.listen;
        settings.max_upload_bytes = self.max_upload_bytes;
        if let Some(workers) = self.workers {
            settings.worker.at_once = workers.into();
        }
        let app = App::open(settings, Ambient::system()).await?;
        let bound = serve::bind(app).await?;
        // One line on standard output: a script waits for it and reads the address.
        print_line(format_args!("listening on {}", bound.address));
        bound.run(stop_asked()).await?;
        Ok(Outcome::Done)
    }
}

/// Until Ctrl-C or, on Unix, SIGTERM.
async fn stop_asked() {
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
    tracing::info!("stopping: finishing what has begun");
}
