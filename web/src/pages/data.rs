//! The downloads of a phase's data.

use crate::numbers::{counted, format_bytes};

use super::Download;

/// The downloads of a phase's data.
#[derive(Debug, Clone)]
pub struct DataOffer {
    /// The zip and its files; absent while they are being prepared.
    pub ready: Option<ReadyData>,
    /// The address of the zip.
    pub href: String,
    /// The licence of the data, in words for people.
    pub licence: Option<String>,
    /// Where to find the train split, if it is not among the files.
    pub training: Option<super::Link>,
    /// The same list for programs.
    pub list: String,
}

/// The zip of a phase's data and its contents.
#[derive(Debug, Clone)]
pub struct ReadyData {
    /// The zip's size in bytes.
    pub bytes: u64,
    /// The zip's SHA-256, in hex.
    pub sha256: String,
    /// The files in it, other than pictures.
    pub files: Vec<DataFile>,
    /// The number of pictures in it, and their size in bytes.
    pub pictures: (u64, u64),
    /// Whether the targets are among the files.
    pub targets: bool,
    /// Whether the train split is among the files.
    pub training: bool,
    /// Shell commands that download, check and unpack it.
    pub get_lines: String,
    /// A shell command that scores a submission offline, if the targets are public.
    pub score_line: Option<String>,
}

/// A file of a phase's data.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// The file: its address and its size.
    pub download: Download,
    /// Its place in the folder.
    pub path: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// A piece of a licence.
pub(crate) enum Piece<'a> {
    Words(&'a str),
    Link(&'a str),
}

impl DataOffer {
    /// The licence with its links.
    pub(crate) fn licence(&self) -> Vec<Piece<'_>> {
        let words = self.licence.as_deref().unwrap_or_default().split_inclusive(' ');
        let piece = |word| {
            let bare: &str = str::trim_end(word);
            if bare.starts_with("https://") {
                Piece::Link(bare.trim_end_matches(['.', ',', ';', ')']))
            } else {
                Piece::Words(word)
            }
        };
        words.map(piece).collect()
    }
}

impl ReadyData {
    /// Its contents: `18 files, 15,415 pictures (1.2 GB)`.
    pub(crate) fn contents(&self) -> String {
        let files = counted(self.files.len() as u64, "file", "files");
        match self.pictures {
            (0, _) => files,
            (count, bytes) => {
                let pictures = counted(count, "picture", "pictures");
                format!("{files}, {pictures} ({})", format_bytes(bytes))
            }
        }
    }

    /// Its contents in a sentence.
    pub(crate) fn sentence(&self) -> String {
        let mut what = vec!["queries", "galleries"];
        if self.files.iter().any(|file| file.path.starts_with("attributes/")) {
            what.push("attributes");
        }
        if self.pictures.0 > 0 {
            what.push("pictures");
        }
        if self.training {
            what.push("the train split");
        }
        let last = if self.targets { "the targets, which are public here" } else { "a README" };
        format!("All public data in one zip: {} and {last}.", what.join(", "))
    }
}
