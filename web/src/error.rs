//! Errors of rendering a page.

/// The result of rendering a page.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of rendering a page: a value could not be formatted. It is our fault, never the visitor's.
#[derive(Debug, thiserror::Error)]
#[error("could not render the page: {0}")]
pub struct Error(#[from] askama::Error);
