//! Why a submission stops, with its exit code.

use domain::error::{Error, Result};
use poem::http::StatusCode;

use super::super::{Outcome, print_error};

/// Why a submission stops. Each variant holds its sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Refused by a rule: exit code 1.
    Refused(String),
    /// Wrong usage, or something that can't be read: exit code 2.
    Unusable(String),
    /// The server can't be reached, or has not finished: exit code 3.
    OutOfReach(String),
}

impl Stop {
    /// A refusal with a status below 500.
    pub(super) fn refusal(status: StatusCode, detail: String) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unusable(
                "this token is unknown or revoked: give your team's with --token, or in the \
                 variable FASHION_IQ_TOKEN"
                    .to_owned(),
            ),
            StatusCode::FORBIDDEN => Self::Unusable(format!(
                "{detail}: give one with --token, or name the token's challenge with --challenge"
            )),
            StatusCode::CONFLICT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::TOO_MANY_REQUESTS => Self::Refused(detail),
            _ => Self::Unusable(detail),
        }
    }

    /// Something that responds, but is not a challenge server.
    pub(super) fn no_server(address: &str, status: StatusCode) -> Self {
        Self::Unusable(format!(
            "{address} answered {status}, but not like a challenge server: is --server the address \
             of its front page?"
        ))
    }

    /// A redirection: the token is not sent to another address.
    pub(super) fn moved(to: &str) -> Self {
        Self::Unusable(format!("the server has moved to {to}: use its new address with --server"))
    }

    /// Prints it to standard error.
    pub(super) fn tell(self) -> Result<Outcome> {
        let (sentence, outcome) = match self {
            Self::Unusable(sentence) => return Err(Error::unusable(sentence)),
            Self::Refused(sentence) => (sentence, Outcome::Problems),
            Self::OutOfReach(sentence) => (sentence, Outcome::OutOfReach),
        };
        print_error(format_args!("fashion-iq: {sentence}"));
        Ok(outcome)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Unusable(error.detail)
    }
}
