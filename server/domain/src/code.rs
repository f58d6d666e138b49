//! What kinds of errors there are.

/// What kinds of refusals there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Too much is going on at once.
    Busy,
    /// A plan no longer holds.
    ChangedMeanwhile,
    /// It can't be while something else is so.
    Conflict,
    /// Something of that name is there.
    Exists,
    /// This person, team or token may not do it.
    Forbidden,
    /// A board is being frozen.
    Freezing,
    /// An idempotency key came with another file before.
    IdempotencyKeyReused,
    /// An upload broke off or was empty.
    IncompleteUpload,
    /// The server's own fault.
    Internal,
    /// A field breaks its rule.
    InvalidField,
    /// A limit is used up.
    LimitReached,
    /// An address has an account, which a provider doesn't open by itself.
    LinkFirst,
    /// It takes a team, and the person is in none.
    NoTeam,
    /// Something named is not there.
    NotFound,
    /// A phase has closed.
    PhaseClosed,
    /// A phase has not opened.
    PhaseNotOpen,
    /// It takes somebody who has signed in.
    SignIn,
    /// A one-time link opens nothing any more.
    SpentLink,
    /// The disk is full.
    StorageFull,
    /// An upload is over the cap.
    TooLarge,
    /// It was tried too often.
    TooOften,
    /// An upload came too slowly.
    TooSlow,
    /// There is no token, or one that opens nothing.
    Unauthorized,
    /// A setting, a file or a stored value can't be used.
    Unusable,
    /// A provider has not made sure of an address.
    Unverified,
    /// E-mail and password don't belong together.
    WrongPassword,
}

impl Code {
    /// Whether it is for the server to be able to do it, and not for whoever asks to ask otherwise.
    pub const fn is_of_server(self) -> bool {
        matches!(self, Self::Busy | Self::Internal | Self::StorageFull)
    }

    /// A stable word for programs.
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
