//! `fashion-iq benchmark resolution`

use std::path::PathBuf;

use clap::Args;
use dataset::{Folder, Protocol};
use domain::error::{Error, Result};
use scoring::Task;
use scoring::statistics::{Design, resolution};
use serde_json::json;

use crate::cli::{Outcome, print_line};

/// More queries than any benchmark has; the time grows with them.
const MOST_QUERIES: u64 = 1_000_000;

/// Print the smallest difference of two scores that a benchmark can show.
///
/// Two runs are told apart by an exact paired test at the 5 % level. The resolution is the difference that
/// this test finds in four cases of five, given on which share of the queries exactly one of the runs is
/// right. docs/significance.md explains it.
#[derive(Args)]
pub(crate) struct Resolution {
    /// The number of queries; without it they are counted in a data set.
    #[arg(long, value_name = "N")]
    queries: Option<u64>,
    /// The task of the benchmark: `fashion-iq` or `circo`.
    #[arg(long, value_name = "TASK", default_value = "fashion-iq", value_parser = Task::named)]
    task: &'static Task,
    /// The data set whose queries are counted, in the layout of the official repository.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: Option<PathBuf>,
    /// The split whose queries are counted.
    #[arg(long)]
    split: Option<String>,
    /// The percentage of queries on which exactly one of two runs is expected to be right.
    #[arg(long, value_name = "PERCENT", default_value_t = 13.0)]
    disagreement: f64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Resolution {
    pub(super) fn run(self) -> Result<Outcome> {
        if !(self.disagreement > 0.0 && self.disagreement <= 100.0) {
            let sentence = "--disagreement: enter a percentage above 0 and up to 100";
            return Err(Error::unusable(sentence));
        }
        let queries = self.queries()?;
        if queries > MOST_QUERIES {
            return Err(Error::unusable(format!("--queries: the most is {MOST_QUERIES}")));
        }
        let found = resolution(Design::usual(queries, self.disagreement / 100.0));
        if self.json {
            print_line(json!({
                "queries": queries,
                "disagreement": self.disagreement / 100.0,
                "resolution": found,
            }));
            return Ok(Outcome::Done);
        }
        match found {
            Some(difference) => print_line(format_args!(
                "{queries} queries can tell two submissions apart from about {:.2} points on, if exactly \
                 one of them is right on {} % of the queries",
                100.0 * difference,
                self.disagreement
            )),
            None => print_line(format_args!(
                "{queries} queries are too few to tell two submissions apart that disagree on {} % of them",
                self.disagreement
            )),
        }
        Ok(Outcome::Done)
    }
}

impl Resolution {
    fn queries(&self) -> Result<u64> {
        let (data, split) = match (self.queries, &self.data, &self.split) {
            (Some(queries), ..) => return Ok(queries),
            (None, Some(data), Some(split)) => (data, split),
            _ => {
                let sentence = "name the benchmark with --data and --split, or give --queries";
                return Err(Error::unusable(sentence));
            }
        };
        let folder = Folder::with_layout(data, self.task.layout);
        let split = folder.split(split, Protocol::Original).map_err(Error::unusable)?;
        Ok(split.groups.iter().map(|group| group.queries.len() as u64).sum())
    }
}
