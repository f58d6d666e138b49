//! A server as a team's program sees it: requests are retried while it can't be reached.

use std::cell::Cell;
use std::fmt::Display;
use std::thread;
use std::time::Duration;

use domain::ambient::Ambient;
use ureq::http::{Response, StatusCode, Uri};
use ureq::{Agent, Body, SendBody};

use super::answer::Answer;
use super::progress::Progress;
use super::stop::Stop;
use crate::outgoing::{self, Proxies};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(15);

/// How long a response may take to begin once everything is sent; a server responds sooner, with a
/// score or without.
const ANSWER: Duration = Duration::from_mins(2);

/// The pause before the first retry; each further pause is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A server, with the team's token.
pub(super) struct Server<'a> {
    agent: Agent,
    address: String,
    bearer: String,
    /// Whether to ask the server first if it accepts a body; not every server can say.
    expects: Cell<bool>,
    retries: u32,
    ambient: Ambient,
    progress: &'a Progress,
}

/// A file to upload, and its description.
pub(super) struct Upload<'a> {
    pub(super) method: &'a str,
    /// The answers to the phase's fields, as JSON.
    pub(super) details: Option<&'a str>,
    /// The same for each try, so that a request whose response was lost makes no second upload.
    pub(super) key: &'a str,
    pub(super) bytes: &'a [u8],
}

impl<'a> Server<'a> {
    pub(super) fn new(
        address: &str,
        token: &str,
        retries: u32,
        ambient: Ambient,
        progress: &'a Progress,
    ) -> Result<Self, Stop> {
        // A redirection is reported and not followed: the token's owner decides who gets the token.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("fashion-iq/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER));
        let address = checked_address(address)?;
        let agent = outgoing::agent(config, &address, &Proxies::of_environment());
        Ok(Self {
            agent: agent.map_err(Stop::Unusable)?,
            address,
            expects: Cell::new(true),
            bearer: bearer(token)?,
            retries,
            ambient,
            progress,
        })
    }

    /// Its address, without a slash at the end.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Reads something public.
    pub(super) fn get(&self, path: &str) -> Result<Answer, Stop> {
        self.insist(|| self.agent.get(self.at(path)).call())
    }

    /// Reads something that the team may read.
    pub(super) fn get_own(&self, path: &str) -> Result<Answer, Stop> {
        self.insist(|| self.agent.get(self.at(path)).header("Authorization", &self.bearer).call())
    }

    /// Uploads a file.
    pub(super) fn upload(&self, path: &str, upload: &Upload<'_>) -> Result<Answer, Stop> {
        self.insist(|| {
            let mut body = self.progress.upload(upload.bytes);
            let mut request = self.agent.post(self.at(path)).query("method", upload.method);
            if let Some(details) = upload.details {
                request = request.query("details", details);
            }
            // The server can refuse before the body is sent, so that the refusal isn't lost when
            // the connection closes.
            if self.expects.get() {
                request = request.header("Expect", "100-continue");
            }
            request
                .header("Authorization", &self.bearer)
                .header("Idempotency-Key", upload.key)
                .header("Content-Type", "application/octet-stream")
                .header("Content-Length", upload.bytes.len().to_string())
                .send(SendBody::from_reader(&mut body))
        })
    }

    /// Prints a line next to the progress.
    pub(super) fn say(&self, sentence: impl Display) {
        self.progress.say(sentence);
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Retries until a response is final, or there are no tries left.
    fn insist(
        &self,
        once: impl Fn() -> Result<Response<Body>, ureq::Error>,
    ) -> Result<Answer, Stop> {
        let mut tries = 0;
        loop {
            let (why, pause) = match once().and_then(Answer::read) {
                Ok(answer)
                    if answer.status == StatusCode::EXPECTATION_FAILED && self.expects.get() =>
                {
                    self.expects.set(false);
                    continue;
                }
                Ok(answer) if answer.is_worth_another_try() => {
                    let why = answer.detail().unwrap_or_else(|| self.answered(answer.status));
                    (why, answer.retry_after(self.ambient.now()))
                }
                Ok(answer) => return answer.accepted(&self.address),
                Err(error) => match outgoing::why_final(&error) {
                    Some(why) => return Err(Stop::Unusable(format!("{}: {why}", self.address))),
                    None => (self.silent(error), None),
                },
            };
            if tries == self.retries {
                return Err(Stop::OutOfReach(format!(
                    "{why}; gave up after {}: try again later; the same file never makes a second \
                     submission",
                    count(tries + 1, "try", "tries")
                )));
            }
            let pause = pause.unwrap_or_else(|| self.back_off(tries));
            tries += 1;
            let (in_seconds, retries) = (pause.as_secs_f32(), self.retries);
            self.say(format_args!(
                "{why}; trying again in {in_seconds:.1} s ({tries} of {retries})"
            ));
            thread::sleep(pause);
        }
    }

    /// A part of the pause is random, so that clients of the same server don't all come back at
    /// once.
    fn back_off(&self, tries: u32) -> Duration {
        let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tries)).min(LONGEST_PAUSE);
        let [chance] = self.ambient.bytes();
        pause.mul_f32(0.75 + f32::from(chance) / 1024.0)
    }

    fn answered(&self, status: StatusCode) -> String {
        format!("{} answered {status}", self.address)
    }

    fn silent(&self, error: impl Display) -> String {
        format!("no answer from {} ({error})", self.address)
    }
}

fn checked_address(given: &str) -> Result<String, Stop> {
    let address = given.trim_end_matches('/');
    let uri = address.parse::<Uri>().ok();
    let is_web = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https"));
    let whole =
        |uri: &Uri| uri.host().is_some_and(|host| !host.is_empty()) && uri.query().is_none();
    match uri.filter(is_web).filter(whole) {
        Some(_) => Ok(address.to_owned()),
        None => Err(Stop::Unusable(format!(
            "--server {given}: must be an address such as https://challenge.example or \
             http://127.0.0.1:8080"
        ))),
    }
}

/// The header with the token. The token is never in a message, not even in this error.
fn bearer(token: &str) -> Result<String, Stop> {
    let token = token.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Stop::Unusable(
            "--token, or the variable FASHION_IQ_TOKEN, is not a token; a token is `fiq_` and 32 \
             letters and digits"
                .to_owned(),
        ));
    }
    Ok(format!("Bearer {token}"))
}

fn count(n: u32, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        for good in ["http://127.0.0.1:8080", "https://challenge.example/", "https://a.example/b"] {
            assert_eq!(checked_address(good).unwrap(), good.trim_end_matches('/'));
        }
        for bad in
            ["", "challenge.example", "127.0.0.1:8080", "ftp://a.example", "http://", "http://a?b"]
        {
            assert!(matches!(checked_address(bad), Err(Stop::Unusable(_))), "{bad}");
        }
    }

    #[test]
    fn a_token_that_can_t_be_one_is_refused_without_being_said() {
        assert_eq!(bearer(" fiq_12\n").unwrap(), "Bearer fiq_12");
        for bad in ["", "  ", "fiq_1 2", "fiq_1\n2", "fiq_é"] {
            let Err(Stop::Unusable(sentence)) = bearer(bad) else { panic!("{bad:?} was taken") };
            assert!(!sentence.contains("fiq_1") && !sentence.contains("fiq_é"), "{sentence}");
        }
    }

    #[test]
    fn pauses_grow_and_stay_below_the_longest() {
        let progress = Progress::new(false);
        let server =
            Server::new("http://a.example", "fiq_", 5, Ambient::system(), &progress).unwrap();
        for (tries, longest) in [(0, 0.5), (1, 1.0), (3, 4.0), (40, 30.0)] {
            let pause = server.back_off(tries).as_secs_f32();
            assert!(pause > 0.7 * longest && pause <= longest, "{tries}: {pause}");
        }
    }
}
