//! Everything that turns an upload into a number: bytes and a benchmark in, [`Ranks`] or
//! [`Problems`] out, then metrics and a [`Scorecard`]. No web, no database, no async, no clock; no
//! file is opened here.
//!
//! An upload is read once, through a window of fixed size: targets are known, so each ranking
//! becomes the places of its targets as it goes by, and memory is the same for a file of 10 MB and
//! one of 200 MB. Everything that is wrong is collected, each with its place and its sentence. The
//! work is bounded by the size of the benchmark: reading stops where an upload holds more than an
//! honest one could.
//!
//! Runs are written here too, in the challenge's own format: [`write_zip`] takes rankings,
//! [`zip_files`] files that hold them already, and [`write_template`] draws a run to start from.
//!
//! The places of the targets are all that any metric needs, so [`Ranks`] are kept and everything
//! else is computed from them. They are as secret as the targets themselves: both print as counts
//! and have no `Serialize`, and nothing in a [`Problem`] depends on them.
//!
//! ```no_run
//! use scoring::{Benchmark, Limits, Scorecard, Upload, read};
//!
//! let folder = dataset::Folder::new("fashion-iq");
//! let protocol = dataset::Protocol::Original;
//! let val = Benchmark::new(folder.split("val", protocol)?, protocol, folder.elsewhere("val")?);
//! let bytes = std::fs::read("submission.zip")?;
//! let upload = Upload::Bytes { name: "submission.zip", bytes: &bytes };
//! match read(&upload, &val, &Limits::default()) {
//!     Ok(reading) => {
//!         let scores = reading.ranks.map(|ranks| Scorecard::of(&ranks, &val).overall);
//!         println!("{scores:?}\n{}", reading.warnings);
//!     }
//!     Err(problems) => println!("{problems}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod benchmark;
mod error;
mod formats;
mod json;
mod limits;
mod listing;
mod matching;
mod metrics;
mod opening;
mod problem;
mod problems;
mod ranks;
mod report;
mod scorecard;
mod sentences;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod upload;
mod window;

pub use benchmark::Benchmark;
pub use error::{Error, Result};
pub use formats::fashion_iq::NEEDED;
pub use formats::run::{GroupRun, write_zip};
pub use formats::zip::zip_files;
pub use limits::Limits;
pub use listing::is_group_file;
pub use problem::{Problem, ProblemKind};
pub use problems::Problems;
pub use ranks::{GroupRanks, Ranks};
pub use scorecard::{GroupScore, Scorecard};
pub use template::write_template;
pub use upload::{Reading, Upload, read, read_while};

/// Changes whenever the same upload and benchmark could be given another score.
pub const SCORER_VERSION: u32 = 1;
