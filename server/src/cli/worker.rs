//! `fashion-iq worker`

use std::io::Write;
use std::sync::Arc;

use clap::Args;

use super::serve::{stop_asked, survive_file_limits};
use super::{ConfigFile, Outcome};
use crate::App;
use crate::config::{RawSettings, Sources, check_variables};
use crate::serve;
use domain::ambient::Ambient;
use domain::error::{Error, Result};

/// Score submissions of a data folder or a database, without serving anything.
///
/// As many as wanted can work beside servers; a submission is scored once. Servers that leave all
/// scoring to workers are started with --workers 0. All of them get the same settings. When it is
/// asked to stop (SIGTERM), it finishes what it has begun, and takes no more.
#[derive(Args)]
pub(crate) struct Worker {
    #[command(flatten)]
    settings: Box<RawSettings>,
    #[command(flatten)]
    config: ConfigFile,
}

impl Worker {
    pub(super) async fn run(self) -> Result<Outcome> {
        let sources = Sources::new(&self.settings, self.config.config.as_deref())?;
        check_variables(std::env::vars_os().map(|(name, _)| name), &sources)?;
        let settings = sources.settings()?;
        if settings.worker.at_once == 0 {
            let rule = "setting `workers`: a worker must score at least 1 at the same time";
            return Err(Error::unusable(rule));
        }
        survive_file_limits();
        let app = App::open(settings, Ambient::system()).await?;
        let stop = stop_asked();
        // A script waits for this line. If nobody reads it, the worker still works.
        let _ = writeln!(std::io::stdout(), "scoring {} at a time", app.settings.worker.at_once);
        serve::work(Arc::clone(&app), stop).await?;
        Ok(Outcome::Done)
    }
}
