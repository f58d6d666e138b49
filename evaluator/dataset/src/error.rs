//! Errors of data sets, in sentences that name the file and the position.

use std::path::{Path, PathBuf};

/// The result of reading or writing a data set.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a data set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not the expected JSON.
    #[error("{path}: {source}", path = path.display())]
    Json {
        /// Which.
        path: PathBuf,
        /// Why, with line and column.
        source: serde_json::Error,
    },
    /// A file was read, but its content is invalid.
    #[error("{path}: {what}", path = path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// Place and problem.
        what: String,
    },
    /// Something was requested that this data set doesn't have.
    #[error("{0}")]
    Missing(String),
    /// An id is empty, too long or contains control characters.
    #[error("{0}")]
    Id(String),
    /// A public document of a split is invalid.
    #[error("the {document}: {what}")]
    Document {
        /// `queries` or `gallery`.
        document: &'static str,
        /// Place and problem.
        what: String,
    },
    /// Several errors, for example of several files.
    #[error("{}", lines(.0))]
    Several(Vec<Self>),
    /// A choice that is impossible, such as more queries than items.
    #[error("{0}")]
    Unusable(String),
}

fn lines(errors: &[Error]) -> String {
    errors.iter().map(Error::to_string).collect::<Vec<_>>().join("\n")
}

impl Error {
    /// One error of several; none if there are none.
    pub(crate) fn all(mut errors: Vec<Self>) -> Option<Self> {
        if errors.len() > 1 { Some(Self::Several(errors)) } else { errors.pop() }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn json(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Json { path, source }
    }

    pub(crate) fn content(path: &Path, what: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), what: what.into() }
    }

    pub(crate) fn not_a_file(path: &Path, about: &std::fs::Metadata) -> Self {
        let what = if about.is_dir() { "a folder" } else { "a pipe or a device" };
        Self::content(path, format!("is {what}; name a regular file"))
    }

    pub(crate) fn large_file(path: &Path, most: u64) -> Self {
        Self::content(path, format!("has more than {most} bytes, the most that is read"))
    }

    pub(crate) fn document(document: &'static str, what: impl Into<String>) -> Self {
        Self::Document { document, what: what.into() }
    }

    pub(crate) fn empty_id(of: &str) -> Self {
        Self::Id(format!("{of} id is empty"))
    }

    pub(crate) fn long_id(of: &str, bytes: usize, most: usize) -> Self {
        Self::Id(format!("{of} id has {bytes} bytes; the maximum is {most}"))
    }

    pub(crate) fn control_in_id(of: &str, id: &str) -> Self {
        Self::Id(format!("{of} id contains control characters: {id:?}"))
    }

    pub(crate) fn not_a_data_set(dir: &Path, task: &str, wanted: &str) -> Self {
        Self::Missing(format!("{} is not a {task} data set: it has no {wanted}", dir.display()))
    }

    pub(crate) fn no_such_split(dir: &Path, split: &str, found: &[String]) -> Self {
        let dir = dir.display();
        Self::Missing(format!("{dir} has no split `{split}` (it has {})", found.join(", ")))
    }

    pub(crate) fn no_sessions(dir: &Path, split: &str) -> Self {
        Self::Missing(format!(
            "{} has no sessions of split `{split}`: it has no multi_turn/{{category}}.{split}.json",
            dir.display()
        ))
    }

    pub(crate) fn no_such_protocol(protocol: &str, task: &str) -> Self {
        Self::Unusable(format!("a {task} data set has no protocol {protocol}; choose original"))
    }

    pub(crate) fn needs_public_targets(protocol: &str, split: &str) -> Self {
        Self::Unusable(format!(
            "protocol {protocol} needs public targets, but split `{split}` has none"
        ))
    }

    pub(crate) fn holds_something_else(path: &Path) -> Self {
        Self::content(path, "already exists with other contents; choose another location")
    }
}

/// Of the captions of items.
impl Error {
    pub(crate) fn empty_caption(path: &Path, item: &str) -> Self {
        Self::content(path, format!("the sentence of item {item} is empty"))
    }

    pub(crate) fn caption_of_other(path: &Path, item: &str, group: &str, split: &str) -> Self {
        Self::content(
            path,
            format!(
                "item {item} is not in group `{group}` of split `{split}`: the file belongs to \
                 another data set or split"
            ),
        )
    }

    pub(crate) fn foreign_captions(group: &str, split: &str) -> Self {
        Self::Unusable(format!(
            "the item captions of `{group}` match no item of split `{split}`: key them with its key"
        ))
    }
}

/// Of pictures.
impl Error {
    pub(crate) fn no_picture(item: &str) -> Self {
        Self::Missing(format!("item {item} has no picture"))
    }

    pub(crate) fn not_a_picture(path: &Path) -> Self {
        Self::content(path, "is neither a whole PNG nor a whole JPEG")
    }

    pub(crate) fn foreign_pictures(group: &str, split: &str) -> Self {
        Self::Unusable(format!(
            "the pictures of `{group}` match no item of split `{split}`: key them with its key"
        ))
    }
}

/// Of keyed publication.
impl Error {
    pub(crate) fn not_a_key(path: &Path) -> Self {
        // the file's content is not repeated, because it may be almost a key
        Self::content(path, "is not a key: expected 64 hex digits")
    }

    pub(crate) fn key_is_there(path: &Path) -> Self {
        Self::content(
            path,
            "already exists, and what it keys would be lost; choose another location",
        )
    }

    pub(crate) fn same_alias(split: &str) -> Self {
        Self::Unusable(format!(
            "two items of split `{split}` get the same alias under this key; use another key"
        ))
    }

    pub(crate) fn same_query_id(split: &str) -> Self {
        Self::Unusable(format!(
            "two queries of split `{split}` get the same id under this key; use another key"
        ))
    }

    pub(crate) fn repeated_query_id(split: &str, id: &str) -> Self {
        Self::Unusable(format!("two queries of split `{split}` have the id {id}"))
    }

    pub(crate) fn foreign_attributes(group: &str, split: &str) -> Self {
        Self::Unusable(format!(
            "the attributes of `{group}` match no item of split `{split}`: key them with its key"
        ))
    }
}

#[cfg(feature = "draw")]
impl Error {
    pub(crate) fn not_a_seed() -> Self {
        // the text is not repeated, because it may be a mistyped secret
        Self::Unusable("a seed is a number such as 1, or 32 hex digits".to_owned())
    }

    pub(crate) fn items_out_of_bounds(items: usize, least: usize, most: usize) -> Self {
        Self::Unusable(format!(
            "{items} items cannot be drawn: choose {least} to {most} for each category"
        ))
    }

    pub(crate) fn no_splits_to_draw() -> Self {
        Self::Unusable("name at least one split to draw, such as val".to_owned())
    }

    pub(crate) fn not_a_split_name(split: &str) -> Self {
        Self::Unusable(format!(
            "{split:?} cannot name a split: use 1 to 32 lower-case letters, digits and hyphens"
        ))
    }

    pub(crate) fn split_twice(split: &str) -> Self {
        Self::Unusable(format!("split `{split}` is named twice"))
    }

    pub(crate) fn split_not_drawn(split: &str, drawn: &[String]) -> Self {
        Self::Missing(format!("split `{split}` was not drawn (only {})", drawn.join(", ")))
    }
}
