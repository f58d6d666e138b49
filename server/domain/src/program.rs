//! Another program, which is asked over HTTP with JSON.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use ureq::Agent;

/// How many requests are made at the same time.
const AT_ONCE: usize = 4;

/// The longest response that is read, in bytes.
const MOST_BYTES: u64 = 8 << 20;

/// Another program, at an address with a secret: `http://NAME:SECRET@HOST:PORT`.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    address: String,
    agent: Agent,
    places: Arc<Semaphore>,
}

impl Program {
    /// The program at an address; a request may take so long.
    pub(crate) fn new(address: &str, patience: Duration) -> Self {
        let config = Agent::config_builder().timeout_global(Some(patience));
        let config = config.http_status_as_error(false).build();
        Self {
            address: address.trim_end_matches('/').to_owned(),
            agent: Agent::new_with_config(config),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// What it answers to a request.
    ///
    /// # Errors
    /// Why there is no answer that can be read, for the log.
    pub(crate) async fn ask<Q: Serialize + Sync, A: DeserializeOwned + Send + 'static>(
        &self,
        path: &str,
        question: &Q,
    ) -> Result<A, String> {
        let _place = self.places.acquire().await.map_err(said)?;
        let request = serde_json::to_vec(question).map_err(said)?;
        let (agent, address) = (self.agent.clone(), format!("{}/{path}", self.address));
        let sent = tokio::task::spawn_blocking(move || {
            let post = agent.post(&address).header("content-type", "application/json");
            let mut answer = post.send(&request[..]).map_err(said)?;
            let status = answer.status();
            if !status.is_success() {
                return Err(format!("it returned {status}"));
            }
            let read = answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
            serde_json::from_slice(&read.map_err(said)?).map_err(said)
        });
        sent.await.map_err(said)?
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn said(error: impl ToString) -> String {
    error.to_string()
}
