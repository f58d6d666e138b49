//! A captioner that plays the user of dialogs: another program, which is asked over HTTP.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::program::Program;

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many captions are asked for in one request.
const MOST: usize = 500;

/// The longest caption, in characters.
const LONGEST: usize = 300;

/// How many digits a version has.
const DIGITS: usize = 8;

/// What is asked about: the items of a group.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Question {
    /// The hidden item.
    pub(crate) target: String,
    /// The item that is shown.
    pub(crate) shown: String,
    /// The turn.
    pub(crate) turn: u32,
    /// A number from which the words follow.
    pub(crate) seed: u64,
}

#[derive(Serialize)]
struct Request<'a> {
    group: &'a str,
    pairs: &'a [Question],
}

#[derive(Deserialize)]
struct Response {
    simulator: String,
    captions: Vec<String>,
}

/// The captioner that the settings name.
#[derive(Debug, Clone)]
pub struct Captioner(Program);

/// Whether this is the version of a captioner: `captioner` and 8 digits of its file's SHA-256.
pub(crate) fn is_version(simulator: &str) -> bool {
    simulator.strip_prefix("captioner ").is_some_and(|digits| {
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        digits.len() == DIGITS && digits.chars().all(is_digit)
    })
}

impl Captioner {
    /// The captioner at an address, `http://captioner:SECRET@HOST:PORT`.
    pub fn new(address: &str) -> Self {
        Self(Program::new(address, PATIENCE))
    }

    /// The version that it says it has.
    ///
    /// # Errors
    /// It can't be reached, or its response can't be read.
    pub async fn version(&self) -> Result<String> {
        Ok(self.ask("", &[]).await?.simulator)
    }

    /// The captions that answer questions about the items of a group.
    ///
    /// # Errors
    /// It can't be reached, has another version, or its response can't be read.
    pub(crate) async fn captions(
        &self,
        version: &str,
        group: &str,
        questions: &[Question],
    ) -> Result<Vec<String>> {
        let mut captions = Vec::with_capacity(questions.len());
        for some in questions.chunks(MOST) {
            let Response { simulator, captions: said } = self.ask(group, some).await?;
            if simulator != version {
                return Err(Error::captioner(format!("it is `{simulator}`, not `{version}`")));
            }
            let is_caption = |it: &String| !it.trim().is_empty() && it.chars().count() <= LONGEST;
            if said.len() != some.len() || !said.iter().all(is_caption) {
                return Err(Error::captioner("it returned no caption for each question"));
            }
            captions.extend(said);
        }
        Ok(captions)
    }

    async fn ask(&self, group: &str, pairs: &[Question]) -> Result<Response> {
        self.0.ask("captions", &Request { group, pairs }).await.map_err(Error::captioner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_a_word_and_digits() {
        assert!(is_version("captioner 1a2b3c4d"));
        for other in ["captioner", "captioner 1a2b3c4", "captioner 1A2B3C4D", "template 1", ""] {
            assert!(!is_version(other), "{other}");
        }
    }
}
