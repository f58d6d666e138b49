//! What can go wrong while a page is written.

/// The result of rendering a page.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong while a page is written: a value that would not be formatted. It is ours, never
/// the visitor's.
#[derive(Debug, thiserror::Error)]
#[error("the page could not be written: {0}")]
pub struct Error(#[from] askama::Error);
