//! What can go wrong when a model ranks.

use std::path::{Path, PathBuf};

/// The result of ranking.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong when a model ranks.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data set.
    #[error(transparent)]
    Dataset(#[from] dataset::Error),
    /// A run could not be written.
    #[error("{path}: {source}", path = path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A model of that name does not exist.
    #[error("there is no model `{0}`; see fashion-iq-baseline list")]
    NoModel(String),
}

impl Error {
    pub(crate) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }
}
