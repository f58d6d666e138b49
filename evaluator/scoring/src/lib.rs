//! Everything that turns an upload into a number: bytes and a benchmark in, [`Ranks`] or
//! [`Problems`] out, then [`measures`] and a [`Scorecard`]. No web, no database, no async, no clock; no
//! file is opened here.
//!
//! An upload is read once, through a window of fixed size: targets are known, so each ranking
//! becomes the places of its targets as it goes by, and memory is the same for a file of 10 MB and
//! one of 200 MB. Everything that is wrong is collected, each with its place and its sentence. The
//! work is bounded by the size of the benchmark: reading stops where an upload holds more than an
//! honest one could.
//!
//! What belongs to one kind of benchmark alone is its [`Task`]: how data sets and uploads are read and
//! written, how long a ranking must be, and texts for people.
//!
//! Runs are written here too, in their task's own format: [`Task::write_run`] takes rankings,
//! [`zip_files`] files that hold them already, and [`write_template`] draws a run to start from.
//!
//! The places of the targets are all that any measure needs, so [`Ranks`] are kept and everything
//! else is computed from them. They are as secret as the targets themselves: both print as counts
//! and have no `Serialize`, and nothing in a [`Problem`] depends on them.
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
mod benchmark;
mod diagnosis;
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
pub mod statistics;
mod tasks;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod upload;
mod window;

pub use benchmark::Benchmark;
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
pub use tasks::{CIRCO, FASHION_IQ, Noun, Task, Texts, write_zip};
pub use template::write_template;
pub use upload::{Reading, Upload, read, read_while};

/// Changes whenever the same upload and benchmark could be given another scorecard, to the last bit.
/// `fashion-iq scorecards rebuild` computes the stored ones again.
pub const SCORER_VERSION: u32 = 3;
