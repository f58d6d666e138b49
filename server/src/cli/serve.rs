//! `fashion-iq serve`

use std::io::Write;
use std::sync::Arc;

use clap::Args;
#[cfg(unix)]
use tokio::signal::unix::SignalKind;

use super::{ConfigFile, Outcome};
use crate::App;
use crate::config::{RawSettings, Sources, check_variables};
use crate::serve;
use domain::accounts;
use domain::ambient::Ambient;
use domain::error::Result;
use domain::storage::OnUnknown;
use domain::submissions;

/// Serve the challenges of a data folder: API, pages and scoring.
///
/// Each setting can be a flag, a variable or a line of a file; a flag wins over a variable, and both
/// win over the file. Several servers may share a data folder.
#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    settings: Box<RawSettings>,
    #[command(flatten)]
    config: ConfigFile,
    /// Start even if most uploads are unknown to the database or belong to another one: they are
    /// moved to unknown-uploads/ in the data folder, and nothing is deleted
    #[arg(long)]
    move_unknown_uploads: bool,
}

impl Serve {
    pub(super) async fn run(self) -> Result<Outcome> {
        let sources = Sources::new(&self.settings, self.config.config.as_deref())?;
        check_variables(std::env::vars_os().map(|(name, _)| name), &sources)?;
        let settings = sources.settings()?;
        survive_file_limits();
        let on_unknown =
            if self.move_unknown_uploads { OnUnknown::MoveAside } else { OnUnknown::Refuse };
        let app = App::open_with(settings, Ambient::system(), on_unknown).await?;
        if let Some(advice) = submissions::advice_on_cards(&app.db).await? {
            tracing::warn!("{advice}");
        }
        let bound = serve::bind(Arc::clone(&app)).await?;
        let stop = stop_asked();
        // One line on standard output: a script waits for it and reads the address. If nobody reads
        // it, the server still serves.
        let _ = writeln!(std::io::stdout(), "listening on {}", bound.address);
        if let Some(link) = accounts::set_up_link(&app).await? {
            tracing::warn!("this server has no owner yet; open {link} within a day");
        }
        if let Some(address) = &bound.metrics_address {
            tracing::info!("metrics on {address}/metrics");
        }
        bound.run(stop).await?;
        Ok(Outcome::Done)
    }
}

/// Keeps the program running when a file reaches the limit of file sizes (`ulimit -f`): only the
/// write fails.
pub(super) fn survive_file_limits() {
    #[cfg(unix)]
    {
        let exceeded = rustix::process::Signal::XFSZ.as_raw();
        // The handler stays when this is dropped, and its existence is all that is needed.
        let handled = tokio::signal::unix::signal(SignalKind::from_raw(exceeded));
        if let Err(error) = handled {
            tracing::warn!(%error, "this program will stop if a file reaches `ulimit -f`");
        }
    }
}

/// Waits for Ctrl-C or, on Unix, SIGTERM. Signals are handled from the call on, since a script may
/// stop the server as soon as it has read the address.
pub(super) fn stop_asked() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    let terminate = tokio::signal::unix::signal(SignalKind::terminate());
    async move {
        let interrupt = async { drop(tokio::signal::ctrl_c().await) };
        #[cfg(unix)]
        match terminate {
            Ok(mut terminate) => tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => interrupt.await,
        }
        #[cfg(not(unix))]
        interrupt.await;
        tracing::info!("stopping: finishing what has begun");
    }
}
