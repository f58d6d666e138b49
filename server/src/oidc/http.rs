//! What is asked of a provider over HTTP: bounded in time and size, and no redirect is followed.

use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::Response;

use crate::outgoing::{self, Proxies};

/// How long a provider may take for one answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// The most that a provider may answer, in bytes.
const MOST: u64 = 512 << 10;

/// Asks providers.
#[derive(Clone)]
pub(super) struct Asker(Proxies);

/// What a provider answered.
pub(super) struct Told {
    pub(super) status: u16,
    bytes: Vec<u8>,
}

impl Asker {
    pub(super) fn new() -> Self {
        Self(Proxies::of_environment())
    }

    /// Who asks an address: a provider's parts may be on hosts with different proxies.
    fn agent(&self, address: &str) -> Result<Agent, String> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE));
        outgoing::agent(config, address, &self.0)
    }

    /// Asks for an address, on behalf of an access token if there is one.
    pub(super) async fn get(&self, address: &str, bearer: Option<&str>) -> Result<Told, String> {
        let mut request = self.agent(address)?.get(address).header("Accept", "application/json");
        if let Some(token) = bearer {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        told(move || request.call()).await
    }

    /// Sends a form.
    pub(super) async fn post(
        &self,
        address: &str,
        authorization: Option<String>,
        form: Vec<(&'static str, String)>,
    ) -> Result<Told, String> {
        let mut request = self.agent(address)?.post(address).header("Accept", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        told(move || request.send_form(form)).await
    }
}

impl Told {
    /// What a good answer holds.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        if self.status != 200 {
            return Err(format!("it answered {}", self.status));
        }
        serde_json::from_slice(&self.bytes).map_err(|e| format!("its answer can't be read: {e}"))
    }
}

async fn told(
    ask: impl FnOnce() -> Result<Response<ureq::Body>, ureq::Error> + Send + 'static,
) -> Result<Told, String> {
    let asked = tokio::task::spawn_blocking(move || {
        let mut answer =
            ask().map_err(|e| outgoing::why_final(&e).unwrap_or_else(|| e.to_string()))?;
        let body = answer.body_mut().with_config().limit(MOST);
        let bytes = body.read_to_vec().map_err(|e| e.to_string())?;
        Ok(Told { status: answer.status().as_u16(), bytes })
    });
    asked.await.map_err(|e| e.to_string())?
}
