//! `fashion-iq submit`: uploads a submission as any team's program would.

mod answer;
mod place;
mod progress;
mod server;
mod stop;
mod told;

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::Args;
use domain::ambient::Ambient;
use domain::error::Result;
use poem::http::StatusCode;

use self::answer::Answer;
use self::place::Place;
use self::progress::Progress;
use self::server::{Server, Upload};
use self::stop::Stop;
use self::told::{Limits, State, Submission};
use super::run_file::{RunFile, print_problems};
use super::{Outcome, print_error, print_line};

/// Upload a submission to a server and print its score, or every problem.
///
/// The file is first checked here as the server would check it, against the phase's queries and
/// gallery; a file with problems is not uploaded and uses no limit. After a lost connection the
/// upload is retried, which never makes a second submission.
///
/// The variables `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` work as in curl, but a
/// proxy is never used for this machine. `SSL_CERT_FILE` names certificates to trust instead of the
/// system's.
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 scored (with --no-wait also: received); 1 the submission has \
                  problems, or was refused: a limit, a closed phase; 2 wrong usage, or something \
                  can't be read, does not exist or is not yours; 3 the server can't be reached, or \
                  the score did not arrive in time."
)]
pub(crate) struct Submit {
    /// A zip, a folder of the three files, or one JSON keyed by category (also gzip or zstd);
    /// `-` reads it from standard input.
    file: PathBuf,
    /// The server's address, such as <http://127.0.0.1:8080>.
    #[arg(long, value_name = "URL", env = "FASHION_IQ_SERVER")]
    server: String,
    /// The challenge; optional if the server has only one.
    #[arg(long)]
    challenge: Option<String>,
    /// The phase.
    #[arg(long)]
    phase: String,
    /// The team's token; safer in the environment than on the command line.
    #[arg(long, env = "FASHION_IQ_TOKEN", hide_env_values = true)]
    token: String,
    /// The name of the method, shown on the board.
    #[arg(long, default_value = "")]
    method: String,
    /// An answer to a field of the phase, such as `zero-shot=yes`; repeat for each field.
    #[arg(long = "detail", value_name = "NAME=ANSWER")]
    details: Vec<String>,
    /// Upload without checking first; an invalid file then counts against the limit of invalid
    /// uploads.
    #[arg(long)]
    no_check: bool,
    /// How long to wait for the score.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, conflicts_with = "no_wait")]
    wait: u32,
    /// Don't wait for the score.
    #[arg(long)]
    no_wait: bool,
    /// How often to retry a request while the server can't be reached or is busy.
    #[arg(long, value_name = "N", default_value_t = 5)]
    retries: u32,
    /// A key that makes repeated uploads one submission [default: a new key each time]
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Print the submission as the server's JSON, or problems found here as `validate --json` does.
    #[arg(long)]
    json: bool,
}

/// The first pause between two looks at a waiting submission; each further pause is 1.5 times as
/// long, up to the longest.
const FIRST_LOOK: Duration = Duration::from_millis(250);
const LONGEST_LOOK: Duration = Duration::from_secs(5);

impl Submit {
    pub(super) fn run(self) -> Result<Outcome> {
        self.submit(&Ambient::system()).or_else(Stop::tell)
    }

    fn submit(&self, ambient: &Ambient) -> Result<Outcome, Stop> {
        let file = RunFile::open(&self.file)?;
        let progress = Progress::new(!self.json);
        progress.stage("checking");
        let server =
            Server::new(&self.server, &self.token, self.retries, ambient.clone(), &progress)?;
        let place = Place::find(&server, self.challenge.as_deref(), &self.phase)?;
        // A wrong token is reported before anything is downloaded or uploaded.
        limits(&server, &place)?;
        if !self.no_check
            && let Some(problems) = place.check(&server, &file)?
        {
            progress.end();
            let outcome = print_problems(&problems, self.json);
            print_error("fashion-iq: nothing was uploaded, and no limit was used");
            return Ok(outcome);
        }
        let answer = self.upload(&server, &place, file, ambient)?;
        let (answer, submission) = self.wait_for_score(&server, answer, ambient)?;
        let left = if self.json { None } else { limits(&server, &place).ok() };
        progress.end();
        if self.json {
            print_line(String::from_utf8_lossy(&answer.body));
        } else {
            submission.print();
            print_line(format_args!("page: {}", place.page(&server, &submission.id)));
            left.iter().for_each(Limits::print);
        }
        submission.outcome(!self.no_wait)
    }

    fn upload(
        &self,
        server: &Server<'_>,
        place: &Place,
        file: RunFile,
        ambient: &Ambient,
    ) -> Result<Answer, Stop> {
        let bytes = file.into_bytes()?;
        let key = self.idempotency_key.clone().unwrap_or_else(|| ambient.id().to_string());
        let details = details(&self.details)?;
        let details = details.as_deref();
        let upload = Upload { method: &self.method, details, key: &key, bytes: &bytes };
        let answer = server.upload(&place.path("submissions"), &upload)?;
        if answer.status == StatusCode::OK {
            let known = answer.parse::<Submission>(server.address())?;
            server.say(known.repeat.map_or_else(
                || format!("already uploaded at {}; no new submission was made", known.received_at),
                |repeat| repeat.detail,
            ));
        }
        Ok(answer)
    }

    /// The submission once it is finished, or as it is when the time is up.
    fn wait_for_score(
        &self,
        server: &Server<'_>,
        mut answer: Answer,
        ambient: &Ambient,
    ) -> Result<(Answer, Submission), Stop> {
        let seconds = if self.no_wait { 0 } else { self.wait };
        let end = ambient.now().plus_seconds(seconds.into());
        let mut pause = FIRST_LOOK;
        loop {
            let submission: Submission = answer.parse(server.address())?;
            if submission.state != State::Received || ambient.now() >= end {
                return Ok((answer, submission));
            }
            thread::sleep(pause);
            pause = pause.mul_f32(1.5).min(LONGEST_LOOK);
            answer = server.get_own(&submission.link)?;
        }
    }
}

/// The answers as the server reads them, if any.
fn details(given: &[String]) -> Result<Option<String>, Stop> {
    let mut answers = serde_json::Map::new();
    for detail in given {
        let (name, answer) = detail
            .split_once('=')
            .ok_or_else(|| Stop::Unusable(format!("--detail {detail}: must be NAME=ANSWER")))?;
        answers.insert(name.to_owned(), answer.into());
    }
    Ok((!answers.is_empty()).then(|| serde_json::Value::from(answers).to_string()))
}

/// What the team has left of the phase's limits.
fn limits(server: &Server<'_>, place: &Place) -> Result<Limits, Stop> {
    server.get_own(&place.path("submissions?limit=1"))?.parse(server.address())
}
