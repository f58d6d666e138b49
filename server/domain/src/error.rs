//! What the server says when it can't do what was asked.
//!
//! An [`Error`] is a code for programs and a sentence a person can act on. Named
//! constructors make the sentences, so the same thing is always said the same way. What is the
//! server's own fault is logged in full and answered without any detail.

use std::fmt::Display;
use std::io::ErrorKind;
use std::sync::Arc;

use crate::ambient::Instant;
pub use crate::code::Code;

/// Whoever finds the server busy should come again after so long.
const BUSY_SECONDS: u32 = 2;

/// A download with many pictures takes a while to prepare.
const PREPARE_SECONDS: u32 = 10;

/// A full disk is not emptied in a moment.
const FULL_SECONDS: u32 = 300;

/// The result of anything the server does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the server says when it can't do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    /// What kind of refusal it is.
    pub code: Code,
    /// The sentence.
    pub detail: String,
    /// When the same request can succeed, if that is known.
    pub retry: Option<Retry>,
    /// The field that breaks its rule.
    pub field: Option<String>,
    /// What lies behind it, for the log.
    #[source]
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// When the same request can succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// From an instant on.
    At(Instant),
    /// After some seconds, probably.
    AfterSeconds(u32),
}

impl Error {
    fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry: None, field: None, source: None }
    }

    fn retry_at(self, at: Instant) -> Self {
        Self { retry: Some(Retry::At(at)), ..self }
    }

    /// From which instant on the same request can succeed, if that is known.
    pub fn retry_from(&self) -> Option<Instant> {
        match self.retry {
            Some(Retry::At(at)) => Some(at),
            _ => None,
        }
    }

    /// Too much is going on at once.
    pub fn busy() -> Self {
        let sentence = "the server is busy; nothing was saved, try again in a moment";
        let error = Self::new(Code::Busy, sentence);
        Self { retry: Some(Retry::AfterSeconds(BUSY_SECONDS)), ..error }
    }

    /// A download that is being made for the first time.
    pub fn being_prepared() -> Self {
        let sentence = "this download is being prepared; try again in a moment";
        let error = Self::new(Code::Busy, sentence);
        Self { retry: Some(Retry::AfterSeconds(PREPARE_SECONDS)), ..error }
    }

    /// A challenge, phase, submission or page that is not there.
    pub fn not_found(what: &str, name: impl Display) -> Self {
        Self::new(Code::NotFound, format!("{what} `{name}` not found"))
    }

    /// No token, or one that opens nothing.
    pub fn unauthorized() -> Self {
        let sentence = "this needs a team's token, but it is missing, unknown or revoked";
        Self::new(Code::Unauthorized, sentence)
    }

    /// A token of a team of another challenge.
    pub fn other_challenge(challenge: &str) -> Self {
        let sentence = format!("this token is not for a team of challenge `{challenge}`");
        Self::new(Code::Forbidden, sentence)
    }

    /// A page that only a person who has signed in may see.
    pub fn sign_in_first() -> Self {
        let sentence = "sign in first";
        Self::new(Code::SignIn, sentence)
    }

    /// E-mail and password that don't belong together, or an account that is not there: one sentence
    /// for both.
    pub fn wrong_password() -> Self {
        let sentence = "wrong e-mail or password";
        let error = Self::new(Code::WrongPassword, sentence);
        Self { field: Some("password".to_owned()), ..error }
    }

    /// A new password that guessers try first.
    pub fn common_password() -> Self {
        let rule = "is too common; use several unrelated words";
        Self::field("password", rule)
    }

    /// Somebody whose provider has not made sure of their address.
    pub fn unverified(title: &str) -> Self {
        let sentence = format!(
            "{title} has not verified your e-mail address; sign up with your address first, then \
             add {title} in your account"
        );
        Self::new(Code::Unverified, sentence)
    }

    /// Somebody whose address has an account already, which a provider does not open by itself.
    pub fn link_first(title: &str) -> Self {
        let sentence = format!(
            "your address already has an account here; sign in to it, then add {title} in your \
             account"
        );
        Self::new(Code::LinkFirst, sentence)
    }

    /// Something that this person, team or token may not do.
    pub fn forbidden(why: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, why)
    }

    /// Something was tried too often.
    pub fn too_often(again: Instant) -> Self {
        let sentence = format!("too many attempts; try again at {}", rfc3339(again));
        Self::new(Code::TooOften, sentence).retry_at(again)
    }

    /// A one-time link that opens nothing.
    pub fn spent_link() -> Self {
        let sentence = "this link is invalid, expired or already used; request a new one";
        Self::new(Code::SpentLink, sentence)
    }

    /// Something that can't be while something else is so.
    pub fn conflict(why: impl Into<String>) -> Self {
        Self::new(Code::Conflict, why)
    }

    /// A plan that was looked at too long ago, or by somebody else.
    pub fn no_draft() -> Self {
        let sentence = "this preview is no longer available; make the change again to preview it";
        Self::conflict(sentence)
    }

    /// A change after which everything would be as it is.
    pub fn no_change() -> Self {
        Self::conflict("this changes nothing")
    }

    /// A change that can't be undone, since the same was changed again.
    pub fn changed_since(what: &str) -> Self {
        Self::conflict(format!(
            "{what} was changed again later; undo that first, or make the change yourself"
        ))
    }

    /// A plan that no longer holds.
    pub fn changed_meanwhile() -> Self {
        let sentence = "something changed in the meantime; preview the changes again";
        Self::new(Code::ChangedMeanwhile, sentence)
    }

    /// Something that can't be undone while a board is being frozen.
    pub fn freezing() -> Self {
        let sentence = "the board of this phase is being frozen, and an earlier submission is \
                        still being scored; try again in a moment";
        let error = Self::new(Code::Freezing, sentence);
        Self { retry: Some(Retry::AfterSeconds(BUSY_SECONDS)), ..error }
    }

    /// A person without a team where a team is needed.
    pub fn no_team(challenge: &str) -> Self {
        let sentence =
            format!("you have no team in challenge `{challenge}`; create or join one first");
        Self::new(Code::NoTeam, sentence)
    }

    /// A token that may not do this.
    pub fn scope(wanted: &str) -> Self {
        let sentence = format!("this token lacks the scope `{wanted}`; create one that has it");
        Self::new(Code::Forbidden, sentence)
    }

    /// A phase that is not open yet.
    pub fn not_yet_open(phase: &str, opens: Instant) -> Self {
        let sentence = format!("phase `{phase}` opens at {}", rfc3339(opens));
        Self::new(Code::PhaseNotOpen, sentence).retry_at(opens)
    }

    /// A phase that has closed.
    pub fn closed(phase: &str, closed: Instant) -> Self {
        let sentence = format!("phase `{phase}` closed at {}", rfc3339(closed));
        Self::new(Code::PhaseClosed, sentence)
    }

    /// A limit a day is used up; the instant is when it resets.
    pub fn day_limit(what: &str, limit: u32, resets: Instant) -> Self {
        let sentence = format!(
            "your team has used all {limit} {what} for today; the next can be made at {}",
            rfc3339(resets)
        );
        Self::new(Code::LimitReached, sentence).retry_at(resets)
    }

    /// The limit of the whole phase is used up.
    pub fn total_limit(limit: u32) -> Self {
        let sentence = format!("your team has used all {limit} submissions for this phase");
        Self::new(Code::LimitReached, sentence)
    }

    /// Too many submissions of the team are being scored.
    pub fn at_once_limit(limit: u32) -> Self {
        let sentence = format!(
            "{limit} submissions of your team are being scored, the maximum at the same time; try \
             again when one is done"
        );
        Self::new(Code::LimitReached, sentence)
    }

    /// An upload over the cap.
    pub fn too_large(cap: u64) -> Self {
        let sentence = format!(
            "the upload is larger than {cap} bytes, the maximum on this server; zip it, or rank 50 \
             items per query"
        );
        Self::new(Code::TooLarge, sentence)
    }

    /// An upload that broke off or held nothing.
    pub fn incomplete(why: impl Display) -> Self {
        let sentence =
            format!("the upload is incomplete ({why}); nothing was saved, send it again");
        Self::new(Code::IncompleteUpload, sentence)
    }

    /// An upload that came too slowly.
    pub fn too_slow(why: impl Display) -> Self {
        let sentence = format!("the upload was too slow ({why}); nothing was saved, send it again");
        Self::new(Code::TooSlow, sentence)
    }

    /// More uploads of one team at once than its share of the memory takes.
    pub fn share_taken() -> Self {
        let sentence = "other uploads of your team are still arriving and use its share of the \
                        server; send this one when they are done";
        let error = Self::new(Code::Busy, sentence);
        Self { retry: Some(Retry::AfterSeconds(BUSY_SECONDS)), ..error }
    }

    /// A field that breaks its rule.
    pub fn field(name: &str, rule: impl Display) -> Self {
        let error = Self::new(Code::InvalidField, format!("`{name}` {rule}"));
        Self { field: Some(name.to_owned()), ..error }
    }

    /// An idempotency key that came with another file before.
    pub fn key_reused() -> Self {
        let sentence =
            "this idempotency key was used with another file; make a new key for a new upload";
        Self::new(Code::IdempotencyKeyReused, sentence)
    }

    /// Something of that name exists.
    pub fn exists(what: &str, name: &str) -> Self {
        Self::new(Code::Exists, format!("{what} `{name}` already exists"))
    }

    /// A setting or a challenge file that cannot be.
    pub fn unusable(detail: impl Display) -> Self {
        Self::new(Code::Unusable, detail.to_string())
    }

    /// The data folder has scorecards that a newer release computed.
    pub fn newer_scorer(found: i32, known: i32) -> Self {
        Self::unusable(format!(
            "the data folder has scorecards of scorer {found}, but this program knows scorers only \
             up to {known}; use the newer release (nothing was changed)"
        ))
    }

    /// The disk of the data folder has no room.
    pub fn storage_full() -> Self {
        tracing::error!("the disk of the data folder is full");
        let sentence = "the server’s disk is full; nothing was saved, try again later";
        let error = Self::new(Code::StorageFull, sentence);
        Self { retry: Some(Retry::AfterSeconds(FULL_SECONDS)), ..error }
    }

    /// A file or a store that can't be used: a full disk has its own sentence, the rest is our own
    /// fault.
    pub fn io(doing: &str, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        let first: &(dyn std::error::Error + 'static) = &error;
        let causes = std::iter::successors(Some(first), |error| error.source());
        let full = |cause: &(dyn std::error::Error + 'static)| {
            let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
            matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
        };
        if causes.into_iter().any(full) {
            Self::storage_full()
        } else {
            Self::internal(doing, error)
        }
    }

    /// Our own fault: logged here in full, answered without detail.
    pub fn internal(
        doing: &str,
        error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let source: Arc<dyn std::error::Error + Send + Sync> = error.into().into();
        tracing::error!(error = %source, "could not {doing}");
        let sentence = format!(
            "the server could not {doing}; this is not your fault, and the error was logged"
        );
        Self { source: Some(source), ..Self::new(Code::Internal, sentence) }
    }
}

/// Reading a body failed: it broke off, or came too slowly.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::TimedOut => Self::too_slow(error),
            _ => Self::incomplete(error),
        }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        // SQLITE_FULL, whose code is lost on the way here.
        if error.to_string().contains("database or disk is full") {
            return Self::storage_full();
        }
        Self::internal("use its database", error)
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        Self::io("use its upload store", error)
    }
}

/// An instant as `2026-11-24T00:00:00Z`.
pub fn rfc3339(at: Instant) -> String {
    use time::format_description::well_known::Rfc3339;
    at.utc().format(&Rfc3339).unwrap_or_else(|_| at.0.to_string())
}
