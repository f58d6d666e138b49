//! Why a request is refused: an error of the domain, or an error of HTTP itself.

use std::fmt::Display;
use std::time::Duration;

use domain::error::{Code, Error, Retry, rfc3339};
use poem::http::StatusCode;

/// A refused request.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable code for programs, such as `phase-closed`.
    pub code: &'static str,
    /// The sentence.
    pub detail: String,
    /// When the same request can succeed, if that is known.
    pub retry: Option<Retry>,
    /// The invalid field.
    pub field: Option<String>,
}

/// The result of answering a request.
pub type Result<T, E = Refusal> = std::result::Result<T, E>;

impl Refusal {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), retry: None, field: None }
    }

    /// Whether it is a domain error with this code.
    pub fn is(&self, code: Code) -> bool {
        self.code == code.name()
    }

    /// The same, shown next to the file field if it is about an upload.
    #[must_use]
    pub fn beside_file(self, field: &str) -> Self {
        let about_upload = self.is(Code::TooLarge) || self.is(Code::IncompleteUpload);
        if about_upload { Self { field: Some(field.to_owned()), ..self } } else { self }
    }

    /// An error that the framework found before a handler was called.
    pub fn http(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::new(status, "http", detail)
    }

    /// A part of a file that it doesn't have.
    pub fn outside(bytes: u64) -> Self {
        let sentence = format!("the file has {bytes} bytes; the requested range is outside it");
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "outside", sentence)
    }

    /// A form that was sent from another site.
    pub fn other_site() -> Self {
        let sentence = "this form was sent from another site; open the page here and send it again";
        Self::new(StatusCode::FORBIDDEN, "other-site", sentence)
    }

    /// A form that is too large.
    pub fn large_form(cap: usize) -> Self {
        let sentence = format!("this request is larger than {} KiB, the maximum", cap / 1024);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge.name(), sentence)
    }

    /// A form that arrived too slowly.
    pub fn slow_form(patience: Duration) -> Self {
        let seconds = patience.as_secs_f64();
        let sentence = format!(
            "this request took longer than {seconds} s to arrive; nothing was saved, send it again"
        );
        Self::new(StatusCode::REQUEST_TIMEOUT, Code::TooSlow.name(), sentence)
    }

    /// An incomplete form.
    pub fn incomplete_form(why: impl Display) -> Self {
        let sentence = format!("this request is incomplete ({why}); send it again");
        Self::new(StatusCode::BAD_REQUEST, "incomplete-form", sentence)
    }

    /// A provider that can't be reached or whose response is invalid; the log says why.
    pub fn provider(title: &str) -> Self {
        let sentence =
            format!("{title} could not sign you in; try again in a moment, or sign in another way");
        Self::new(StatusCode::BAD_GATEWAY, "provider", sentence)
    }

    /// A response of a provider that does not belong to a flow of this browser.
    pub fn stale_sign_in(title: &str) -> Self {
        let sentence = format!(
            "this sign-in with {title} was started in another browser, has expired or was \
             cancelled; try again"
        );
        Self::new(StatusCode::BAD_REQUEST, "stale-sign-in", sentence)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = status_of(error.code);
        let Error { code, mut detail, retry, field, .. } = error;
        match (code, retry) {
            (Code::Unauthorized, _) => {
                detail.push_str("; send it as `Authorization: Bearer fiq_…`");
            }
            // Pages say it in the reader's own time.
            (Code::LimitReached, Some(Retry::At(at))) => {
                detail.push_str("; the next can be made at ");
                detail.push_str(&rfc3339(at));
            }
            _ => {}
        }
        Self { status, code: code.name(), detail, retry, field }
    }
}

impl From<web::Error> for Refusal {
    fn from(error: web::Error) -> Self {
        Error::internal("render this page", error).into()
    }
}

/// The HTTP status of a kind of error.
const fn status_of(code: Code) -> StatusCode {
    match code {
        Code::IncompleteUpload | Code::InvalidField => StatusCode::BAD_REQUEST,
        Code::SignIn | Code::Unauthorized | Code::WrongPassword => StatusCode::UNAUTHORIZED,
        Code::Forbidden | Code::NoTeam | Code::Unverified => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Code::ChangedMeanwhile
        | Code::Conflict
        | Code::Exists
        | Code::Freezing
        | Code::IdempotencyKeyReused
        | Code::LinkFirst
        | Code::PhaseClosed
        | Code::PhaseNotOpen => StatusCode::CONFLICT,
        Code::SpentLink => StatusCode::GONE,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::Unusable => StatusCode::UNPROCESSABLE_ENTITY,
        Code::LimitReached | Code::TooOften => StatusCode::TOO_MANY_REQUESTS,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Code::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
    }
}
