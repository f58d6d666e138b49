//! The codes of errors.

/// The code of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The server is busy.
    Busy,
    /// A plan is out of date.
    ChangedMeanwhile,
    /// It conflicts with the present state.
    Conflict,
    /// Something with this name already exists.
    Exists,
    /// This person, team or token has no permission.
    Forbidden,
    /// A board is being frozen.
    Freezing,
    /// An idempotency key was used with another file.
    IdempotencyKeyReused,
    /// An upload was incomplete or empty.
    IncompleteUpload,
    /// An error in the server.
    Internal,
    /// A field is invalid.
    InvalidField,
    /// A limit is used up.
    LimitReached,
    /// An address already has an account, which must be linked to the provider first.
    LinkFirst,
    /// It needs a team, and the person has none.
    NoTeam,
    /// Something named does not exist.
    NotFound,
    /// A phase has closed.
    PhaseClosed,
    /// A phase has not opened.
    PhaseNotOpen,
    /// It needs a signed-in person.
    SignIn,
    /// A one-time link is no longer valid.
    SpentLink,
    /// The disk is full.
    StorageFull,
    /// An upload is too large.
    TooLarge,
    /// There were too many attempts.
    TooOften,
    /// An upload was too slow.
    TooSlow,
    /// The token is missing or invalid.
    Unauthorized,
    /// A setting, a file or a stored value can't be used.
    Unusable,
    /// A provider has not verified an address.
    Unverified,
    /// E-mail or password is wrong.
    WrongPassword,
}

impl Code {
    /// Whether the problem is on the server's side, and not in the request.
    pub const fn is_of_server(self) -> bool {
        matches!(self, Self::Busy | Self::Internal | Self::StorageFull)
    }

    /// A stable name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::ChangedMeanwhile => "changed-meanwhile",
            Self::Conflict => "conflict",
            Self::Exists => "exists",
            Self::Forbidden => "forbidden",
            Self::Freezing => "freezing",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
            Self::IncompleteUpload => "incomplete-upload",
            Self::Internal => "internal",
            Self::InvalidField => "invalid-field",
            Self::LimitReached => "limit-reached",
            Self::LinkFirst => "link-first",
            Self::NoTeam => "no-team",
            Self::NotFound => "not-found",
            Self::PhaseClosed => "phase-closed",
            Self::PhaseNotOpen => "phase-not-open",
            Self::SignIn => "sign-in",
            Self::SpentLink => "spent-link",
            Self::StorageFull => "storage-full",
            Self::TooLarge => "too-large",
            Self::TooOften => "too-often",
            Self::TooSlow => "too-slow",
            Self::Unauthorized => "unauthorized",
            Self::Unusable => "unusable",
            Self::Unverified => "unverified",
            Self::WrongPassword => "wrong-password",
        }
    }
}
