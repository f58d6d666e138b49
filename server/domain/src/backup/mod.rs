//! A backup: one file with everything that a server needs to go on elsewhere.
//!
//! It is a tar file, which any program can read:
//!
//! | entry | what |
//! |---|---|
//! | `README.txt` | what this is, that it is secret, and how to restore it |
//! | `about.json` | [`About`]: when and by which release it was made, and where the data sets were |
//! | `fashion-iq.sqlite` | the database, as it was at one instant |
//! | `uploads/…` | the upload of each submission, and the identity that the database shares |
//! | `data/0/…`, `targets/0.json` | the data sets and the hidden targets that its benchmarks name |
//! | `checksums.txt` | the SHA-256 of each entry before it, as `sha256sum` writes and checks them |
//!
//! `checksums.txt` is the last entry, so a file that was cut has none.

mod make;
mod restore;
mod write;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use make::make;
pub use restore::{restore, verify};

/// The version of the form of backups.
const FORMAT: u32 = 1;

/// The names of entries.
const README: &str = "README.txt";
const ABOUT: &str = "about.json";
const DATABASE: &str = "fashion-iq.sqlite";
const CHECKSUMS: &str = "checksums.txt";

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of its form.
    pub format: u32,
    /// The release that made it.
    pub release: String,
    /// When it was made, in RFC 3339.
    pub made_at: String,
    /// The last step of the database's schema.
    pub schema: String,
    /// How many submissions the database has.
    pub submissions: u64,
    /// The folders of data sets, by their entry.
    pub folders: BTreeMap<String, PathBuf>,
    /// The files of hidden targets, by their entry.
    pub targets: BTreeMap<String, PathBuf>,
}

/// The result of making or reading a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What the backup says about itself.
    pub about: About,
    /// How many uploads are in it.
    pub uploads: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// The submissions whose upload is missing or damaged, by id.
    pub missing: Vec<String>,
}
