//! The server that commands talk to.

use clap::Args;
use dialog::Draw;
use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body, SendBody};

use crate::error::{Error, Result};

/// A server, and a team's place on it.
#[derive(Args)]
pub(super) struct Server {
    /// The server's address, such as <http://127.0.0.1:8080>.
    #[arg(long = "server", value_name = "URL", env = "FASHION_IQ_SERVER")]
    address: String,
    /// The challenge.
    #[arg(long, default_value = "fashion-iq")]
    challenge: String,
    /// The phase.
    #[arg(long)]
    phase: String,
    /// The baseline's token; better in the environment than on the command line.
    #[arg(long, env = "FASHION_IQ_TOKEN", hide_env_values = true)]
    token: String,
}

impl Server {
    /// Uploads a file of this length to the phase.
    pub(super) fn upload(&self, method: &str, length: u64, file: SendBody<'_>) -> Result<Value> {
        let request = agent()
            .post(self.of_phase("submissions"))
            .query("method", method)
            .header("Authorization", self.token())
            .header("Content-Type", "application/octet-stream")
            .header("Content-Length", length.to_string());
        answer_of(request.send(file))
    }

    /// Starts a submission that is played as dialogs, or goes on with that of the same method.
    pub(super) fn start_dialogs(&self, method: &str) -> Result<Value> {
        let request = agent()
            .post(self.of_phase("dialogs"))
            .query("method", method)
            .header("Authorization", self.token())
            // A header is ASCII, and a method is any text.
            .header("Idempotency-Key", format!("{:x}", Draw::new(b"method").seed(method, 0)));
        accepted(answer_of(request.send_empty())?)
    }

    /// Posts JSON to an address of the server.
    pub(super) fn post(&self, path: &str, json: &Value) -> Result<Value> {
        let request = agent().post(self.at(path)).header("Authorization", self.token());
        accepted(answer_of(request.send(json.to_string()))?)
    }

    /// Asks for JSON at an address of the server.
    pub(super) fn get(&self, path: &str) -> Result<Value> {
        let request = agent().get(self.at(path)).header("Authorization", self.token());
        accepted(answer_of(request.call())?)
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address.trim_end_matches('/'))
    }

    fn of_phase(&self, what: &str) -> String {
        let (challenge, phase) = (&self.challenge, &self.phase);
        self.at(&format!("/api/v1/challenges/{challenge}/phases/{phase}/{what}"))
    }

    fn token(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

fn agent() -> Agent {
    Agent::new_with_config(Agent::config_builder().http_status_as_error(false).build())
}

/// The JSON of a response.
fn answer_of(sent: Result<Response<Body>, ureq::Error>) -> Result<Value> {
    let mut answer = sent.map_err(|e| Error::unusable(format!("can't reach the server: {e}")))?;
    let status = answer.status();
    let read = answer.body_mut().with_config().limit(MOST_BYTES).read_json();
    read.map_err(|_| Error::unusable(format!("the server returned {status} without JSON")))
}

/// The JSON of a response that is no error.
fn accepted(answer: Value) -> Result<Value> {
    match answer["detail"].as_str() {
        Some(detail) if answer["code"].is_string() => Err(Error::unusable(detail)),
        _ => Ok(answer),
    }
}

/// The longest response that is read: thousands of dialogs.
const MOST_BYTES: u64 = 64 << 20;
