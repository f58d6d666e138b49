//! `fashion-iq serve`

use std::sync::Arc;

use clap::Args;

use super::{ConfigFile, Outcome, print_line};
use crate::ambient::Ambient;
use crate::config::{RawSettings, Sources, check_variables};
use crate::error::Result;
use crate::storage::OnUnknown;
use crate::{App, accounts, serve};

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
    /// Start even if most uploads are unknown to the database, or belong to another one: they are
    /// moved to unknown-uploads/ in the data folder, and nothing is deleted
    #[arg(long)]
    move_unknown_uploads: bool,
}

impl Serve {
    pub(super) async fn run(self) -> Result<Outcome> {
        let sources = Sources::new(&self.settings, self.config.config.as_deref())?;
        check_variables(std::env::vars_os().map(|(name, _)| name), &sources)?;
        let settings = sources.settings()?;
        let on_unknown =
            if self.move_unknown_uploads { OnUnknown::MoveAside } else { OnUnknown::Refuse };
        let app = App::open_with(settings, Ambient::system(), on_unknown).await?;
        let bound = serve::bind(Arc::clone(&app)).await?;
        let stop = stop_asked();
        // One line on standard output: a script waits for it and reads the address.
        print_line(format_args!("listening on {}", bound.address));
        if let Some(link) = accounts::set_up_link(&app).await? {
            tracing::warn!("nobody organises anything here yet; open {link} within a day");
        }
        if let Some(address) = &bound.metrics_address {
            tracing::info!("metrics on {address}/metrics");
        }
        bound.run(stop).await?;
        Ok(Outcome::Done)
    }
}

/// Until Ctrl-C or, on Unix, SIGTERM, which is heard from the call on: whoever has read where the
/// server listens may stop it.
fn stop_asked() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
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
