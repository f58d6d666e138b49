//! The errors of the server.
//!
//! An [`Error`] has a code for programs and a sentence that says what to do. Named constructors
//! make the sentences, so the same error always has the same sentence. Errors in the server itself
//! are logged in full and returned without detail.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use sea_orm::{DbErr, RuntimeErr};

use crate::ambient::Instant;
pub use crate::code::Code;

/// When to retry if the server is busy.
const BUSY_SECONDS: u32 = 2;

/// A download with many pictures takes a while to prepare.
const PREPARE_SECONDS: u32 = 10;

/// When to retry if the disk is full.
const FULL_SECONDS: u32 = 300;

/// The result of an operation of the server.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The errors of the server.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    /// The code for programs.
    pub code: Code,
    /// The sentence for people.
    pub detail: String,
    /// When the same request can succeed, if known.
    pub retry: Option<Retry>,
    /// The invalid field.
    pub field: Option<String>,
    /// The underlying error, for the log.
    #[source]
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// When the same request can succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// From this instant on.
    At(Instant),
    /// Probably after this many seconds.
    AfterSeconds(u32),
}

impl Error {
    fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry: None, field: None, source: None }
    }

    fn retry_at(self, at: Instant) -> Self {
        Self { retry: Some(Retry::At(at)), ..self }
    }

    /// The instant from which the same request can succeed, if known.
    pub fn retry_from(&self) -> Option<Instant> {
        match self.retry {
            Some(Retry::At(at)) => Some(at),
            _ => None,
        }
    }

    /// The server is busy.
    pub fn busy() -> Self {
        let sentence = "the server is busy; nothing was saved, try again in a moment";
        let error = Self::new(Code::Busy, sentence);
        Self { retry: Some(Retry::AfterSeconds(BUSY_SECONDS)), ..error }
    }

    /// The captioner that plays the user can't be asked; `why` is for the log alone.
    pub fn captioner(why: impl Display) -> Self {
        tracing::warn!(%why, "the captioner can't be asked");
        let sentence = "the program that plays the user can’t be asked at the moment; nothing was saved, \
                        send the same request again in a moment";
        let error = Self::new(Code::Busy, sentence);
        Self { retry: Some(Retry::AfterSeconds(BUSY_SECONDS)), ..error }
    }

    /// The trained manager can't be asked; `why` is for the log alone.
    pub fn manager(why: impl Display) -> Self {
        tracing::warn!(%why, "the dialog manager can't be asked");
        Self {
            retry: Some(Retry::AfterSeconds(BUSY_SECONDS)),
            ..Self::new(Code::Busy, "the dialog manager can’t be asked at the moment")
        }
    }

    /// An upload that the rule of its phase has deleted.
    pub fn upload_deleted(at: Instant) -> Self {
        let sentence = format!(
            "the upload was deleted on {}, as the phase’s settings say",
            &rfc3339(at)[..10]
        );
        Self::new(Code::NotFound, sentence)
    }

    /// A download that is being prepared for the first time.
    pub fn being_prepared() -> Self {
        let sentence = "this download is being prepared; try again in a moment";
        let error = Self::new(Code::Busy, sentence);
        Self { retry: Some(Retry::AfterSeconds(PREPARE_SECONDS)), ..error }
    }

    /// A challenge, phase, submission or page that does not exist.
    pub fn not_found(what: &str, name: impl Display) -> Self {
        Self::new(Code::NotFound, format!("{what} `{name}` not found"))
    }

    /// A picture that can't be decoded, or that is too large to decode.
    pub fn no_picture(item: &str) -> Self {
        let sentence = format!(
            "the picture of `{item}` can’t be shown: it is damaged or too large; the organisers can \
             replace it"
        );
        Self::new(Code::NotFound, sentence)
    }

    /// A missing or invalid token.
    pub fn unauthorized() -> Self {
        let sentence = "this needs a team's token, but it is missing, unknown or revoked";
        Self::new(Code::Unauthorized, sentence)
    }

    /// A token of a team of another challenge.
    pub fn other_challenge(challenge: &str) -> Self {
        let sentence = format!("this token is not for a team of challenge `{challenge}`");
        Self::new(Code::Forbidden, sentence)
    }

    /// A page for signed-in people only.
    pub fn sign_in_first() -> Self {
        let sentence = "sign in first";
        Self::new(Code::SignIn, sentence)
    }

    /// A wrong password, or an unknown account: the same sentence for both.
    pub fn wrong_password() -> Self {
        let sentence = "wrong e-mail or password";
        let error = Self::new(Code::WrongPassword, sentence);
        Self { field: Some("password".to_owned()), ..error }
    }

    /// A new password that is too common.
    pub fn common_password() -> Self {
        let rule = "is too common; use several unrelated words";
        Self::field("password", rule)
    }

    /// A person whose provider has not verified their address.
    pub fn unverified(title: &str) -> Self {
        let sentence = format!(
            "{title} has not verified your e-mail address; sign up with your address first, then \
             add {title} in your account"
        );
        Self::new(Code::Unverified, sentence)
    }

    /// A person whose address already has an account, which must be linked to the provider first.
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

    /// The report of a phase whose targets could still be attacked.
    pub fn no_report_yet() -> Self {
        let sentence =
            "the report becomes public when the phase has closed and its scores are revealed";
        Self::new(Code::Forbidden, sentence)
    }

    /// Too many attempts.
    pub fn too_often(again: Instant) -> Self {
        let sentence = format!("too many attempts; try again at {}", rfc3339(again));
        Self::new(Code::TooOften, sentence).retry_at(again)
    }

    /// A one-time link that is not valid.
    pub fn spent_link() -> Self {
        let sentence = "this link is invalid, expired or already used; request a new one";
        Self::new(Code::SpentLink, sentence)
    }

    /// A conflict with the present state.
    pub fn conflict(why: impl Into<String>) -> Self {
        Self::new(Code::Conflict, why)
    }

    /// Something that teams do, in an archived challenge.
    pub fn archived(challenge: &str) -> Self {
        Self::conflict(format!(
            "challenge `{challenge}` is archived: everything can be read, and nothing can be submitted or \
             changed"
        ))
    }

    /// A preview that has expired, or is someone else's.
    pub fn no_draft() -> Self {
        let sentence = "this preview is no longer available; make the change again to preview it";
        Self::conflict(sentence)
    }

    /// A change that changes nothing.
    pub fn no_change() -> Self {
        Self::conflict("this changes nothing")
    }

    /// A change that can't be undone, since the same thing was changed again.
    pub fn changed_since(what: &str) -> Self {
        Self::conflict(format!(
            "{what} was changed again later; undo that first, or make the change yourself"
        ))
    }

    /// A plan that is out of date.
    pub fn changed_meanwhile() -> Self {
        let sentence = "something changed in the meantime; preview the changes again";
        Self::new(Code::ChangedMeanwhile, sentence)
    }

    /// An action that must wait while a board is being frozen.
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

    /// A token without the needed scope.
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

    /// A daily limit is used up; the instant is when it resets.
    pub fn day_limit(what: &str, limit: u32, resets: Instant) -> Self {
        let sentence = format!("your team has used all {limit} {what} for today");
        Self::new(Code::LimitReached, sentence).retry_at(resets)
    }

    /// The limit of the whole phase is used up.
    pub fn total_limit(limit: u32) -> Self {
        let sentence = format!("your team has used all {limit} submissions for this phase");
        Self::new(Code::LimitReached, sentence)
    }

    /// A phase whose submissions are files.
    pub fn no_dialogs(phase: &str) -> Self {
        let sentence = format!("phase `{phase}` is not played as dialogs; upload a file");
        Self::conflict(sentence)
    }

    /// An upload to a phase that is played as dialogs.
    pub fn played_over_api(phase: &str) -> Self {
        Self::conflict(format!(
            "phase `{phase}` is played as dialogs and takes no files; its page says how to start"
        ))
    }

    /// A turn of a dialog that has another answer already.
    pub fn answered(dialog: &str, turn: u32) -> Self {
        Self::conflict(format!(
            "turn {turn} of dialog `{dialog}` was answered with another ranking; an answer can’t change"
        ))
    }

    /// An answer for another turn than the dialog is at.
    pub fn other_turn(dialog: &str, turn: u32, present: usize) -> Self {
        Self::conflict(format!(
            "dialog `{dialog}` is at turn {present}, not {turn}; no answer was saved"
        ))
    }

    /// An answer to a submission whose time is over.
    pub fn playing_ended(submission: &str) -> Self {
        Self::conflict(format!(
            "the time of submission `{submission}` is over; it is scored as it was played"
        ))
    }

    /// An answer to a finished submission.
    pub fn playing_finished(dialog: &str) -> Self {
        Self::conflict(format!(
            "the submission is finished, so dialog `{dialog}` takes no more answers"
        ))
    }

    /// A transcript of a submission that is being played.
    pub fn still_playing(submission: &str) -> Self {
        let rule = "its transcript is there once all its dialogs are finished";
        Self::conflict(format!("submission `{submission}` is being played; {rule}"))
    }

    /// A submission that made too many requests.
    pub fn no_requests_left(most: u32) -> Self {
        let sentence = format!(
            "this submission has made all its {most} requests; answer several dialogs in one request. It is \
             scored as it was played when its time is over"
        );
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

    /// An upload that is too large.
    pub fn too_large(cap: u64) -> Self {
        let sentence = format!(
            "the upload is larger than {cap} bytes, the maximum on this server; zip it, or rank 50 \
             items per query"
        );
        Self::new(Code::TooLarge, sentence)
    }

    /// An upload that was incomplete or empty.
    pub fn incomplete(why: impl Display) -> Self {
        let sentence =
            format!("the upload is incomplete ({why}); nothing was saved, send it again");
        Self::new(Code::IncompleteUpload, sentence)
    }

    /// An upload that was too slow.
    pub fn too_slow(why: impl Display) -> Self {
        let sentence = format!("the upload was too slow ({why}); nothing was saved, send it again");
        Self::new(Code::TooSlow, sentence)
    }

    /// More concurrent uploads of one team than fit into its share of the memory.
    pub fn share_taken() -> Self {
        let sentence = "other uploads of your team are still arriving and use its share of the \
                        server; send this one when they are done";
        let error = Self::new(Code::Busy, sentence);
        Self { retry: Some(Retry::AfterSeconds(BUSY_SECONDS)), ..error }
    }

    /// An invalid field.
    pub fn field(name: &str, rule: impl Display) -> Self {
        let error = Self::new(Code::InvalidField, format!("`{name}` {rule}"));
        Self { field: Some(name.to_owned()), ..error }
    }

    /// An idempotency key that was used with another file.
    pub fn key_reused() -> Self {
        let sentence =
            "this idempotency key was used with another file; make a new key for a new upload";
        Self::new(Code::IdempotencyKeyReused, sentence)
    }

    /// A receipt of a submission without scores that its viewer may see.
    pub fn no_receipt() -> Self {
        Self::conflict(
            "there is no receipt: the submission is not scored, or its phase shows no scores yet",
        )
    }

    /// Something with this name already exists.
    pub fn exists(what: &str, name: &str) -> Self {
        Self::new(Code::Exists, format!("{what} `{name}` already exists"))
    }

    /// An invalid setting or challenge file.
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

    /// The database was changed by a newer release, if it is recorded which; else by its unknown step.
    pub fn newer_schema(place: impl Display, release: Option<&str>, step: &str) -> Self {
        let own = env!("CARGO_PKG_VERSION");
        let newer = match release {
            Some(release) if release != own => format!("release {release}"),
            _ => format!("a newer release (its step `{step}` is unknown here)"),
        };
        Self::unusable(format!(
            "the database {place} was upgraded by {newer}, and this is release {own}; use the newer \
             release, or restore the snapshot or backup from before the upgrade (nothing was changed)"
        ))
    }

    /// A database that can't be copied before it is upgraded. The cause was logged where it was found.
    pub fn no_snapshot(to: &Path) -> Self {
        Self::unusable(format!(
            "the database must be upgraded, and can't be copied to {} before that; make the folder \
             writable and free as much space as the database has, then start again (nothing was changed)",
            to.display()
        ))
    }

    /// The disk of the data folder is full.
    pub fn storage_full() -> Self {
        tracing::error!("the disk of the data folder is full");
        let sentence = "the server’s disk is full; nothing was saved, try again later";
        let error = Self::new(Code::StorageFull, sentence);
        Self { retry: Some(Retry::AfterSeconds(FULL_SECONDS)), ..error }
    }

    /// A file or store that can't be used: a full disk has its own sentence, other errors are
    /// internal.
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

    /// An internal error: logged here in full, returned without detail.
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

/// Reading a body failed: it was incomplete or too slow.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::TimedOut => Self::too_slow(error),
            _ => Self::incomplete(error),
        }
    }
}

/// The code that a database gave an error, as the SQL standard has them.
fn sql_state(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(cause) | DbErr::Query(cause)) = error else { return None };
    let RuntimeErr::SqlxError(cause) = cause else { return None };
    let sqlx::Error::Database(cause) = cause.as_ref() else { return None };
    cause.code().map(Cow::into_owned)
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        // This is SQLITE_FULL; its code is not available here.
        if error.to_string().contains("database or disk is full") {
            return Self::storage_full();
        }
        // PostgreSQL's codes: disk_full; lock_not_available, query_canceled, deadlock_detected.
        let state = sql_state(&error);
        if state.as_deref() == Some("53100") {
            return Self::storage_full();
        }
        let waited = matches!(error, DbErr::ConnectionAcquire(_));
        if waited || matches!(state.as_deref(), Some("55P03" | "57014" | "40P01")) {
            tracing::warn!(%error, "the database is busy");
            return Self::busy();
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
