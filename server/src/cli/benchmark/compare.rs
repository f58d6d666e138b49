//! `fashion-iq benchmark compare`

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use domain::error::{Error, Result};
use scoring::statistics::Comparison;
use scoring::{Benchmark, Measure, Problems, Ranks};
use serde_json::json;

use crate::cli::run_file::{RunFile, print_problems};
use crate::cli::score::BenchmarkArgs;
use crate::cli::{Outcome, print, print_line};

/// The seed of tests that draw at random, so that the same runs give the same digits.
const SEED: u64 = 1;

/// Compare two runs query by query: differences, intervals and p-values.
///
/// It needs the targets. docs/significance.md explains the numbers.
#[derive(Args)]
pub(crate) struct Compare {
    /// A run: a zip, a folder, or one JSON, in the format of the task.
    one: PathBuf,
    /// Another run.
    other: PathBuf,
    #[command(flatten)]
    data: BenchmarkArgs,
    /// An organiser's file of targets, where the data folder has none.
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
    /// Compare by these measures instead of the challenge's, such as `recall@5,mrr`.
    #[arg(long = "measure", value_name = "NAME", value_delimiter = ',')]
    measures: Vec<Measure>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What is printed, a line for each measure.
struct Lines(Vec<(Measure, Comparison)>);

impl Compare {
    pub(super) fn run(self) -> Result<Outcome> {
        let benchmark = self.data.benchmark(self.targets.as_deref())?;
        let (one, other) = match (read(&self.one, &benchmark)?, read(&self.other, &benchmark)?) {
            (Ok(one), Ok(other)) => (one, other),
            (Err(problems), _) | (_, Err(problems)) => {
                return Ok(print_problems(&problems, self.json));
            }
        };
        let task = benchmark.task();
        let measures =
            if self.measures.is_empty() { task.all_measures() } else { self.measures.clone() };
        let compared = measures
            .into_iter()
            .filter_map(|measure| Some((measure, Comparison::of(&one, &other, measure, SEED)?)));
        let lines = Lines(compared.collect());
        if lines.0.is_empty() {
            let sentence =
                "none of these measures is a mean over queries, so no runs can be compared by it";
            return Err(Error::unusable(sentence));
        }
        if self.json {
            print_line(lines.to_json());
        } else {
            print(lines);
        }
        Ok(Outcome::Done)
    }
}

fn read(file: &std::path::Path, benchmark: &Benchmark) -> Result<Result<Ranks, Problems>> {
    Ok(match RunFile::open(file)?.read(benchmark) {
        Err(problems) => Err(problems),
        Ok(reading) => {
            let none = "the split has no targets here; name them with --targets";
            Ok(reading.ranks.ok_or_else(|| Error::unusable(none))?)
        }
    })
}

impl Lines {
    fn to_json(&self) -> serde_json::Value {
        let line = |(measure, it): &(Measure, Comparison)| {
            json!({
                "measure": measure.to_string(),
                "difference": it.difference,
                "interval": [it.interval.low, it.interval.high],
                "p": it.p,
                "test": if it.is_exact { "mcnemar" } else { "sign-flip" },
                "first_better": it.better.first,
                "second_better": it.better.second,
                "effect": it.effect,
            })
        };
        self.0.iter().map(line).collect()
    }
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:12} {:>10} {:>21} {:>10} {:>8} {:>8} {:>7}",
            "measure", "difference", "95 % interval", "p", "first", "second", "effect"
        )?;
        for (measure, it) in &self.0 {
            let interval =
                format!("{:+.2} to {:+.2}", 100.0 * it.interval.low, 100.0 * it.interval.high);
            let p = if it.p < 0.0001 { "<0.0001".to_owned() } else { format!("{:.4}", it.p) };
            writeln!(
                f,
                "{:12} {:>+10.2} {interval:>21} {p:>10} {:>8} {:>8} {:>+7.2}",
                measure.to_string(),
                100.0 * it.difference,
                it.better.first,
                it.better.second,
                it.effect
            )?;
        }
        writeln!(f, "points; `first` and `second`: on how many queries that run is the better one")
    }
}
