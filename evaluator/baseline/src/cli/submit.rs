//! `fashion-iq-baseline submit`: submits a run like any team's program.

use std::fs::File;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use ureq::SendBody;

use super::server::Server;
use crate::error::{Error, Result};

/// Submit a run over the public API.
#[derive(Args)]
pub(super) struct Submit {
    /// The run: a zip, as `rank` writes it.
    file: PathBuf,
    #[command(flatten)]
    server: Server,
    /// The method's name on the board.
    #[arg(long, default_value = "")]
    method: String,
}

impl Submit {
    pub(super) fn run(&self) -> Result<()> {
        let mut file = File::open(&self.file).map_err(Error::read(&self.file, "a run"))?;
        let length = file.metadata().map_err(Error::read(&self.file, "a run"))?.len();
        let body = SendBody::from_reader(&mut file);
        tell(&self.server.upload(&self.method, length, body)?)
    }
}

/// Says what became of a submission.
pub(super) fn tell(answer: &Value) -> Result<()> {
    match answer["state"].as_str() {
        Some("scored") => {
            let overall = answer["scorecard"]["overall"].as_f64();
            super::say!("scored: {:.3} %", 100.0 * overall.unwrap_or_default());
            Ok(())
        }
        Some("received") => {
            super::say!("received: {}", answer["link"].as_str().unwrap_or_default());
            Ok(())
        }
        Some(state) => {
            let shown = answer["problems"]["shown"].as_array();
            let sentences = shown.into_iter().flatten().filter_map(|p| p["message"].as_str());
            Err(Error::unusable(sentences.fold(state.to_owned(), |all, one| all + "\n" + one)))
        }
        None => {
            let detail = answer["detail"].as_str();
            Err(Error::unusable(
                detail.unwrap_or("the server refused the submission and gave no reason"),
            ))
        }
    }
}
