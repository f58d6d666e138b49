//! Errors of training and ranking, in sentences that name the file and the position.

use std::path::{Path, PathBuf};

/// The result of ranking.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of training or ranking.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data set.
    #[error(transparent)]
    Dataset(#[from] dataset::Error),
    /// The scores.
    #[error(transparent)]
    Scoring(#[from] scoring::Error),
    /// A file could not be written.
    #[error("{path}: {source}", path = path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is needed could not be read.
    #[error("{path}: {source} ({what})", path = path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What it should be, and how to get it.
        what: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file was read, but its content is invalid.
    #[error("{path}: {what}", path = path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// Place and problem.
        what: String,
    },
    /// Something was requested that is impossible.
    #[error("{0}")]
    Unusable(String),
    /// Training was stopped and saved.
    #[error("stopped after step {step} and saved; continue with --resume")]
    Stopped {
        /// How many steps were made.
        step: usize,
    },
    /// No model has that name.
    #[error("unknown model `{0}`; see fashion-iq-baseline list")]
    NoModel(String),
}

impl Error {
    pub(crate) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }

    pub(crate) fn read(path: &Path, what: &str) -> impl FnOnce(std::io::Error) -> Self {
        let (path, what) = (path.to_owned(), what.to_owned());
        move |source| Self::Read { path, what, source }
    }

    pub(crate) fn unusable(what: impl Into<String>) -> Self {
        Self::Unusable(what.into())
    }

    pub(crate) fn content(path: &Path, what: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), what: what.into() }
    }

    pub(crate) fn no_captions_folder(path: &Path) -> Self {
        Self::content(path, "is no folder of item captions ({category}.{split}.json)")
    }
}

#[cfg(feature = "torch")]
impl Error {
    pub(crate) fn no_gpu(asked: impl std::fmt::Display, why: impl std::fmt::Display) -> Self {
        Self::unusable(format!("--device {asked}: {why}"))
    }

    pub(crate) fn tokens(text: &str, why: impl std::fmt::Display) -> Self {
        Self::unusable(format!("the caption {text:?} has no tokens: {why}"))
    }

    pub(crate) fn no_pictures(folder: &Path) -> Self {
        let what = "has no picture of any item of these splits; name them {item}.png, \
                    {item}.jpg or {item}.jpeg";
        Self::content(folder, what)
    }

    pub(crate) fn pictures_shape(shape: &[i64], side: i64) -> Self {
        let n = shape.first().copied().unwrap_or_default();
        let what = format!("pictures have shape {shape:?}; expected {:?}", [n, 3, side, side]);
        Self::unusable(what)
    }

    pub(crate) fn no_item_vectors(path: &Path) -> Self {
        let what = "has no item vectors; create them with fashion-iq-baseline features \
                    --images or --item-features";
        Self::content(path, what)
    }

    pub(crate) fn no_item_captions(path: &Path) -> Self {
        let what = "has no item captions; create them with fashion-iq-baseline features \
                    --item-captions";
        Self::content(path, what)
    }

    pub(crate) fn needs_vectors(what: &str) -> Self {
        Self::Unusable(format!(
            "the {what} was trained with vectors of items; name the same features with --features"
        ))
    }

    pub(crate) fn no_captions_of_split(path: &Path, split: &str) -> Self {
        let what = format!(
            "has no caption of any item of split `{split}`, so there is nothing to learn; add \
             {{category}}.{split}.json to the folder of --item-captions and create the features again"
        );
        Self::content(path, what)
    }

    pub(crate) fn reads_no_captions(model: &str) -> Self {
        Self::unusable(format!("`{model}` doesn't read captions of items; only `composed` does"))
    }

    pub(crate) fn items_of_others(path: &Path, group: &str, split: &str, items: usize) -> Self {
        let what = format!(
            "has no vector for any of the {items} items of group `{group}` of split `{split}`: it \
             belongs to another data set"
        );
        Self::content(path, what)
    }

    pub(crate) fn other_item_encoder(path: &Path) -> Self {
        let what = "has item vectors of another encoder than the model was trained with; \
                    create them with the same encoder";
        Self::content(path, what)
    }

    pub(crate) fn no_attributes(folder: &Path, split: &str) -> Self {
        let what =
            format!("no item of split `{split}` has attributes, so there is nothing to learn");
        Self::content(folder, what)
    }

    pub(crate) fn no_targets(folder: &Path, split: &str) -> Self {
        let what = format!("split `{split}` has no targets, which training and scoring need");
        Self::content(folder, what)
    }

    pub(crate) fn untrained_group(group: &str, trained: &[String]) -> Self {
        let trained = trained.join(", ");
        Self::unusable(format!("the model was trained on {trained}, not on group `{group}`"))
    }

    pub(crate) fn other_words(own: &str, other: &str) -> Self {
        Self::unusable(format!(
            "`{own}` and `{other}` were trained on different words, so they can't rank together"
        ))
    }

    pub(crate) fn other_lens(own: &str, other: &str) -> Self {
        Self::unusable(format!(
            "`{own}` and `{other}` see pictures differently, so they can't rank together"
        ))
    }

    pub(crate) fn other_captions(own: &str, other: &str) -> Self {
        Self::unusable(format!(
            "`{own}` and `{other}` were trained on different captions, so they can't rank together"
        ))
    }

    pub(crate) fn no_features(path: &Path, group: &str, split: &str) -> Self {
        let what = format!(
            "has no features of group `{group}` of split `{split}`; create them with \
                            fashion-iq-baseline features"
        );
        Self::content(path, what)
    }

    pub(crate) fn other_features(path: &Path, group: &str, split: &str) -> Self {
        let what = format!(
            "the features of group `{group}` of split `{split}` were made from other \
                            captions: it belongs to another data set"
        );
        Self::content(path, what)
    }
}
