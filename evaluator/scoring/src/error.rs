//! What can go wrong that is not a team's fault.

/// The result of handling what the evaluator itself has stored.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong that is not a team's fault; what is wrong with an upload is in
/// [`Problems`](crate::Problems).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Stored ranks cannot be read back.
    #[error("stored ranks cannot be read: {0}")]
    Ranks(String),
}

impl Error {
    pub(crate) fn not_ranks() -> Self {
        Self::Ranks("the bytes do not begin like ranks".to_owned())
    }

    pub(crate) fn layout(version: u8, known: u8) -> Self {
        Self::Ranks(format!("they have layout {version}, and this program knows layout {known}"))
    }

    pub(crate) fn truncated() -> Self {
        Self::Ranks("the bytes end too early".to_owned())
    }

    pub(crate) fn impossible(what: &str) -> Self {
        Self::Ranks(what.to_owned())
    }
}
