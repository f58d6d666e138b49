//! HTTP requests to a provider: bounded in time and size, without following redirects.

use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::http::Response;
use ureq::typestate::WithoutBody;
use ureq::{Agent, RequestBuilder};

use crate::outgoing::{self, Proxies};

/// How long a provider may take for one response.
const PATIENCE: Duration = Duration::from_secs(15);

/// The largest response of a provider, in bytes.
const MOST: u64 = 512 << 10;

/// Sends requests to providers.
#[derive(Clone)]
pub(super) struct Asker(Proxies);

/// A provider's response.
pub(super) struct Answered {
    pub(super) status: u16,
    bytes: Vec<u8>,
}

impl Asker {
    pub(super) fn new() -> Self {
        Self(Proxies::of_environment())
    }

    /// The agent for an address: a provider's endpoints may be on hosts with different proxies.
    fn agent(&self, address: &str) -> Result<Agent, String> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE));
        outgoing::agent(config, address, &self.0)
    }

    /// Sends a GET, with an access token if there is one. If the connection breaks, as it does
    /// while a provider restarts, it is retried once, since a GET changes nothing.
    pub(super) async fn get(
        &self,
        address: &str,
        bearer: Option<&str>,
    ) -> Result<Answered, String> {
        let (first, second) = (self.question(address, bearer)?, self.question(address, bearer)?);
        match answered(move || first.call()).await {
            Err(Failed::Passing(_)) => Ok(answered(move || second.call()).await?),
            other => Ok(other?),
        }
    }

    fn question(
        &self,
        address: &str,
        bearer: Option<&str>,
    ) -> Result<RequestBuilder<WithoutBody>, String> {
        let request = self.agent(address)?.get(address).header("Accept", "application/json");
        Ok(match bearer {
            Some(token) => request.header("Authorization", format!("Bearer {token}")),
            None => request,
        })
    }

    /// Sends a form.
    pub(super) async fn post(
        &self,
        address: &str,
        authorization: Option<String>,
        form: Vec<(&'static str, String)>,
    ) -> Result<Answered, String> {
        let mut request = self.agent(address)?.post(address).header("Accept", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        Ok(answered(move || request.send_form(form)).await?)
    }
}

impl Answered {
    /// The content of a successful response.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        if self.status != 200 {
            return Err(format!("it answered {}", self.status));
        }
        serde_json::from_slice(&self.bytes).map_err(|e| format!("its answer can't be read: {e}"))
    }
}

/// Why there is no response.
enum Failed {
    /// Another try would end the same way.
    Final(String),
    /// Another try may succeed.
    Passing(String),
}

impl From<Failed> for String {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Final(why) | Failed::Passing(why) => why,
        }
    }
}

async fn answered(
    ask: impl FnOnce() -> Result<Response<ureq::Body>, ureq::Error> + Send + 'static,
) -> Result<Answered, Failed> {
    let asked = tokio::task::spawn_blocking(move || {
        let mut answer = ask().map_err(|e| match outgoing::why_final(&e) {
            Some(why) => Failed::Final(why),
            // The person in the browser has waited long enough.
            None if matches!(e, ureq::Error::Timeout(_)) => Failed::Final(e.to_string()),
            None => Failed::Passing(e.to_string()),
        })?;
        let body = answer.body_mut().with_config().limit(MOST);
        let bytes = body.read_to_vec().map_err(|e| Failed::Final(e.to_string()))?;
        Ok(Answered { status: answer.status().as_u16(), bytes })
    });
    asked.await.map_err(|e| Failed::Final(e.to_string()))?
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[tokio::test]
    async fn a_connection_that_breaks_is_made_once_more() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        let provider = thread::spawn(move || {
            let mut head = [0; 1024];
            drop(listener.accept().unwrap());
            let (mut client, _) = listener.accept().unwrap();
            let read = client.read(&mut head).unwrap();
            client.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]").unwrap();
            read
        });
        let answer = Asker(Proxies::default()).get(&address, None).await.unwrap();
        assert_eq!(answer.read::<Vec<String>>(), Ok(vec![]));
        assert!(provider.join().unwrap() > 0);
    }

    #[tokio::test]
    async fn a_provider_that_answers_nothing_twice_is_named_as_unreachable() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        let provider = thread::spawn(move || {
            for _ in 0..2 {
                drop(listener.accept().unwrap());
            }
        });
        assert!(Asker(Proxies::default()).get(&address, None).await.is_err());
        provider.join().unwrap();
    }
}
