//! `fashion-iq submit`: uploads a run as any team's program would.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body, SendBody};

use super::{Outcome, print_line};
use crate::error::{Error, Result};

/// Upload a run to a server and print its score, or every problem.
#[derive(Args)]
pub(crate) struct Submit {
    /// The run: a zip, or one JSON keyed by category.
    file: PathBuf,
    /// The server's address, such as <http://127.0.0.1:8080>.
    #[arg(long, value_name = "URL", env = "FASHION_IQ_SERVER")]
    server: String,
    /// The challenge; may be left out where the server has only one.
    #[arg(long)]
    challenge: Option<String>,
    /// The phase.
    #[arg(long)]
    phase: String,
    /// The team's token; better in the environment than on the command line.
    #[arg(long, env = "FASHION_IQ_TOKEN", hide_env_values = true)]
    token: String,
    /// What to call the method on the board.
    #[arg(long, default_value = "")]
    method: String,
    /// Print the server's answer as JSON.
    #[arg(long)]
    json: bool,
}

/// How often a submission that waits for its score is asked for.
const POLL: Duration = Duration::from_millis(500);

/// How long a score is waited for.
const POLLS: usize = 240;

impl Submit {
    pub(super) fn run(self) -> Result<Outcome> {
        let config = Agent::config_builder().http_status_as_error(false).build();
        let agent = Agent::new_with_config(config);
        let challenge = match &self.challenge {
            Some(name) => name.clone(),
            None => self.only_challenge(&agent)?,
        };
        let mut told = self.upload(&agent, &challenge)?;
        for _ in 0..POLLS {
            if told["state"] != "received" {
                break;
            }
            std::thread::sleep(POLL);
            let link = told["link"].as_str().unwrap_or_default();
            let request = agent.get(format!("{}{link}", self.base()));
            told = answer(request.header("Authorization", self.bearer()).call())?;
        }
        Ok(self.print(&told))
    }

    fn base(&self) -> &str {
        self.server.trim_end_matches('/')
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn only_challenge(&self, agent: &Agent) -> Result<String> {
        let all = answer(agent.get(format!("{}/api/v1/challenges", self.base())).call())?;
        match all.as_array().map(Vec::as_slice) {
            Some([only]) => Ok(only["name"].as_str().unwrap_or_default().to_owned()),
            _ => {
                Err(Error::unusable("the server has several challenges: name one with --challenge"))
            }
        }
    }

    fn upload(&self, agent: &Agent, challenge: &str) -> Result<Value> {
        let unreadable = |e| Error::unusable(format!("{}: {e}", self.file.display()));
        let mut file = File::open(&self.file).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let phase = &self.phase;
        let address =
            format!("{}/api/v1/challenges/{challenge}/phases/{phase}/submissions", self.base());
        let sent = agent
            .post(address)
            .query("method", &self.method)
            .header("Authorization", self.bearer())
            .header("Content-Type", "application/octet-stream")
            .header("Content-Length", length.to_string())
            .send(SendBody::from_reader(&mut file));
        answer(sent)
    }

    fn print(&self, told: &Value) -> Outcome {
        let state = told["state"].as_str().unwrap_or_default();
        if self.json {
            print_line(told);
        } else if let Some(card) = told["scorecard"].as_object() {
            print_line(format_args!(
                "{:10} {:>8} {:>8} {:>8}",
                "category", "queries", "R@10", "R@50"
            ));
            let percent = |value: &Value| 100.0 * value.as_f64().unwrap_or_default();
            for (name, category) in card["categories"].as_object().into_iter().flatten() {
                let queries = &category["queries"];
                let (at_10, at_50) = (&category["recall@10"], &category["recall@50"]);
                print_line(format_args!(
                    "{name:10} {queries:>8} {:>8.3} {:>8.3}",
                    percent(at_10),
                    percent(at_50)
                ));
            }
            print_line(format_args!("overall    {:.3} %", percent(&card["overall"])));
        } else {
            print_line(format_args!("{state}"));
            for problem in told["problems"]["shown"].as_array().into_iter().flatten() {
                eprintln!("{}", problem["message"].as_str().unwrap_or_default());
            }
        }
        if matches!(state, "scored" | "received") { Outcome::Done } else { Outcome::Problems }
    }
}

/// The JSON of an answer; a refusal becomes its own sentence.
fn answer(sent: Result<Response<Body>, ureq::Error>) -> Result<Value> {
    let unreachable = |e: ureq::Error| Error::unusable(format!("can't reach the server: {e}"));
    let mut response = sent.map_err(unreachable)?;
    let status = response.status();
    let told: Value = response
        .body_mut()
        .read_json()
        .map_err(|_| Error::unusable(format!("the server answered {status} and no JSON")))?;
    if told.get("state").is_some() || status.is_success() {
        return Ok(told);
    }
    Err(Error::unusable(told["detail"].as_str().unwrap_or("the server refused without a reason")))
}
