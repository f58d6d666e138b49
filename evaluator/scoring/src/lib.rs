//! Turns an upload into scores: from bytes and a [`Benchmark`] to [`Ranks`] or [`Problems`], and from
//! ranks to [`measures`] and a [`Scorecard`]. No web, no database, no async, no clock; this crate opens
//! no files.
//!
//! An upload is read once, through a window of fixed size. Targets are known, so each ranking is
//! reduced to the ranks of its targets while it is read, and a file of 200 MB needs no more memory than
//! one of 10 MB. All problems are collected, each with its position and a sentence. The size of the
//! benchmark bounds the work: reading stops if an upload contains more than a valid one could.
//!
//! Everything specific to one kind of benchmark is in its [`Task`]: how data sets and uploads are read
//! and written, how long a ranking must be, and texts for people.
//!
//! Runs are also written here, in the format of their task: [`Task::write_run`] writes rankings,
//! [`zip_files`] packs existing files, and [`write_template`] writes a random run to start from.
//!
//! The ranks of the targets are all that any measure needs, so [`Ranks`] are stored and everything
//! else is computed from them. They are as secret as the targets: both print as counts and have no
//! `Serialize`, and nothing in a [`Problem`] depends on them.
//!
//! ```no_run
//! use scoring::{Benchmark, FASHION_IQ, Limits, Scorecard, Upload, read};
//!
//! let folder = dataset::Folder::new("fashion-iq");
//! let protocol = dataset::Protocol::Original;
//! let (split, elsewhere) = (folder.split("val", protocol)?, folder.elsewhere("val")?);
//! let val = Benchmark::new(&FASHION_IQ, split, protocol, elsewhere);
//! let bytes = std::fs::read("submission.zip")?;
//! let upload = Upload::Bytes { name: "submission.zip", bytes: &bytes };
//! match read(&upload, &val, &Limits::default()) {
//!     Ok(reading) => {
//!         let scores = reading.ranks.map(|ranks| Scorecard::of(&ranks, &val).overall());
//!         println!("{scores:?}\n{}", reading.warnings);
//!     }
//!     Err(problems) => println!("{problems}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
pub mod attack;
pub mod audit;
mod benchmark;
mod commitment;
mod diagnosis;
mod dialogs;
mod error;
mod faults;
mod formats;
mod json;
mod limits;
mod listing;
pub mod measures;
mod opening;
mod problem;
mod problems;
mod ranks;
mod ratio;
mod report;
mod scorecard;
mod sentences;
mod share;
pub mod statistics;
mod tasks;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod top_items;
mod transcript;
mod upload;
mod window;

pub use benchmark::Benchmark;
pub use commitment::SALT_BYTES;
pub use dialogs::Dialogs;
pub use error::{Error, Result};
pub use formats::run::GroupRun;
pub use formats::zip::{ZipWriter, zip_files};
pub use limits::Limits;
pub use listing::is_part_of_run;
pub use measures::Measure;
pub use problem::{Problem, ProblemKind};
pub use problems::Problems;
pub use ranks::{GroupRanks, Ranks};
pub use scorecard::{Score, Scorecard, ScoredGroup};
pub use share::{FeedbackShare, ShareKey};
pub use tasks::{CIRCO, FASHION_IQ, Noun, PublishedCount, Task, Texts, write_zip};
pub use template::write_template;
pub use top_items::TopItems;
pub use transcript::{PlayedDialog, PlayedTurn, Transcript, expected_rank};
pub use upload::{Reading, Upload, read, read_while};

/// Changes whenever the same upload and benchmark could get a different scorecard, to the last bit.
/// `fashion-iq scorecards rebuild` computes the stored scorecards again.
pub const SCORER_VERSION: u32 = 3;
