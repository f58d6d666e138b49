//! `fashion-iq healthcheck`

use std::time::Duration;

use clap::Args;
use domain::error::{Error, Result};
use ureq::Agent;

use super::{Outcome, print_error, print_line};
use crate::outgoing::{self, Proxies};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ask a server whether it can take requests; for supervisors and containers.
///
/// Exit code 1 means that it runs and can't, such as when its disk is full; 3 that it can't be reached.
#[derive(Args)]
pub(crate) struct Healthcheck {
    /// The server's address
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:8080")]
    server: String,
}

impl Healthcheck {
    pub(super) fn run(self) -> Result<Outcome> {
        let address = format!("{}/readyz", self.server.trim_end_matches('/'));
        let config = Agent::config_builder().timeout_global(Some(PATIENCE));
        let config = config.http_status_as_error(false);
        let agent = outgoing::agent(config, &address, &Proxies::of_environment())
            .map_err(Error::unusable)?;
        match agent.get(&address).call() {
            Ok(mut answer) if answer.status().is_success() => {
                let said = answer.body_mut().read_to_string().unwrap_or_default();
                print_line(said.trim());
                Ok(Outcome::Done)
            }
            Ok(mut answer) => {
                let said = answer.body_mut().read_to_string().unwrap_or_default();
                print_error(format_args!(
                    "{} answered {}: {}",
                    self.server,
                    answer.status(),
                    said.trim()
                ));
                Ok(Outcome::Problems)
            }
            Err(error) => {
                print_error(format_args!("{} can’t be reached: {error}", self.server));
                Ok(Outcome::OutOfReach)
            }
        }
    }
}
