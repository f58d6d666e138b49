//! `fashion-iq score` and `fashion-iq validate`: the server's own reading, offline.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use dataset::{Folder, Protocol};
use scoring::{Benchmark, Problems, Reading, Scorecard};
use serde_json::json;

use super::run_file::{RunFile, print_problems, print_warnings};
use super::table::Table;
use super::{Outcome, print, print_line};
use crate::error::{Error, Result};

/// What both commands take.
#[derive(Args)]
struct Run {
    /// A zip, a folder of the three files, or one JSON keyed by category (also gzip or zstd).
    file: PathBuf,
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split the run is for.
    #[arg(long)]
    split: String,
    /// Which gallery counts: `original` or `val-union`.
    #[arg(long, default_value = "original")]
    protocol: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Score a run offline, with targets that are in the data folder.
#[derive(Args)]
pub(crate) struct Score {
    #[command(flatten)]
    run: Run,
    /// An organiser's file of targets, where the data folder has none.
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
}

/// Say everything that is wrong with a run, offline; needs no targets.
#[derive(Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    run: Run,
}

impl Score {
    pub(super) fn run(self) -> Result<Outcome> {
        let run = &self.run;
        let benchmark = run.benchmark(self.targets.as_deref())?;
        if !benchmark.has_targets() {
            return Err(Error::unusable(format!(
                "split `{}` has no targets here; check the file with `fashion-iq validate`, \
                 or name the targets with --targets",
                run.split
            )));
        }
        match run.read(&benchmark)? {
            Err(problems) => Ok(print_problems(&problems, run.json)),
            Ok(reading) => {
                let ranks = reading.ranks.ok_or_else(|| Error::unusable("there are no targets"))?;
                run.print_score(&Scorecard::of(&ranks, &benchmark), &reading.warnings);
                Ok(Outcome::Done)
            }
        }
    }
}

impl Validate {
    pub(super) fn run(self) -> Result<Outcome> {
        let run = &self.run;
        let benchmark = run.benchmark(None)?;
        match run.read(&benchmark)? {
            Err(problems) => Ok(print_problems(&problems, run.json)),
            Ok(reading) => {
                if run.json {
                    print_line(json!({ "problems": [], "warnings": reading.warnings.shown() }));
                } else {
                    print_warnings(&reading.warnings);
                    let queries: usize = benchmark.groups().iter().map(|g| g.queries.len()).sum();
                    print_line(format_args!(
                        "valid: {queries} queries of split {} are answered",
                        run.split
                    ));
                }
                Ok(Outcome::Done)
            }
        }
    }
}

impl Run {
    fn benchmark(&self, targets: Option<&Path>) -> Result<Benchmark> {
        let protocol = Protocol::from_name(&self.protocol).ok_or_else(|| {
            Error::unusable(format!(
                "--protocol {}: it is `original` or `val-union`",
                self.protocol
            ))
        })?;
        let folder = Folder::new(&self.data);
        let mut split = folder.split(&self.split, protocol).map_err(Error::unusable)?;
        if let Some(file) = targets {
            split.read_targets(file).map_err(Error::unusable)?;
        }
        let elsewhere = folder.elsewhere(&self.split).map_err(Error::unusable)?;
        Ok(Benchmark::new(split, protocol, elsewhere))
    }

    fn read(&self, benchmark: &Benchmark) -> Result<Result<Reading, Problems>> {
        Ok(RunFile::open(&self.file)?.read(benchmark))
    }

    fn print_score(&self, card: &Scorecard, warnings: &Problems) {
        if self.json {
            let category = |group: &scoring::GroupScore| {
                let metrics = json!({
                    "queries": group.queries,
                    "recall@10": group.recall_at_10,
                    "recall@50": group.recall_at_50,
                    "mrr@50": group.mrr_at_50,
                    "ndcg@10": group.ndcg_at_10,
                    "median_rank": group.median_rank,
                });
                (group.group.clone(), metrics)
            };
            let categories: BTreeMap<_, _> = card.groups.iter().map(category).collect();
            let told = json!({
                "overall": card.overall,
                "categories": categories,
                "problems": [],
                "warnings": warnings.shown(),
            });
            return print_line(told);
        }
        print_warnings(warnings);
        print(Table::of(card));
    }
}
