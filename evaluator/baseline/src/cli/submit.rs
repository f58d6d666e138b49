//! `fashion-iq-baseline submit`: submits a run like any team's program.

use std::fs::File;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use ureq::{Agent, SendBody};

use crate::error::{Error, Result};

/// Submit a run over the public API.
#[derive(Args)]
pub(super) struct Submit {
    /// The run: a zip, as `rank` writes it.
    file: PathBuf,
    /// The server's address, such as <http://127.0.0.1:8080>.
    #[arg(long, value_name = "URL", env = "FASHION_IQ_SERVER")]
    server: String,
    /// The challenge.
    #[arg(long, default_value = "fashion-iq")]
    challenge: String,
    /// The phase.
    #[arg(long)]
    phase: String,
    /// The baseline's token; better in the environment than on the command line.
    #[arg(long, env = "FASHION_IQ_TOKEN", hide_env_values = true)]
    token: String,
    /// The method's name on the board.
    #[arg(long, default_value = "")]
    method: String,
}

impl Submit {
    pub(super) fn run(&self) -> Result<()> {
        let mut file = File::open(&self.file).map_err(Error::read(&self.file, "a run"))?;
        let length = file.metadata().map_err(Error::read(&self.file, "a run"))?.len();
        let config = Agent::config_builder().http_status_as_error(false).build();
        let address = format!(
            "{}/api/v1/challenges/{}/phases/{}/submissions",
            self.server.trim_end_matches('/'),
            self.challenge,
            self.phase
        );
        let sent = Agent::new_with_config(config)
            .post(address)
            .query("method", &self.method)
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Content-Type", "application/octet-stream")
            .header("Content-Length", length.to_string())
            .send(SendBody::from_reader(&mut file));
        let mut answer =
            sent.map_err(|e| Error::unusable(format!("can't reach the server: {e}")))?;
        let status = answer.status();
        let told: Value = answer
            .body_mut()
            .read_json()
            .map_err(|_| Error::unusable(format!("the server returned {status} without JSON")))?;
        tell(&told)
    }
}

fn tell(told: &Value) -> Result<()> {
    match told["state"].as_str() {
        Some("scored") => {
            let overall = told["scorecard"]["overall"].as_f64();
            super::say!("scored: {:.3} %", 100.0 * overall.unwrap_or_default());
            Ok(())
        }
        Some("received") => {
            super::say!("received: {}", told["link"].as_str().unwrap_or_default());
            Ok(())
        }
        Some(state) => {
            let shown = told["problems"]["shown"].as_array();
            let sentences = shown.into_iter().flatten().filter_map(|p| p["message"].as_str());
            Err(Error::unusable(sentences.fold(state.to_owned(), |all, one| all + "\n" + one)))
        }
        None => {
            let detail = told["detail"].as_str();
            Err(Error::unusable(
                detail.unwrap_or("the server refused the submission and gave no reason"),
            ))
        }
    }
}
