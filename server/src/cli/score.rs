//! `fashion-iq score` and `fashion-iq validate`: the server's own reading, offline.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use dataset::{Folder, Protocol};
use scoring::{Benchmark, Problems, Scorecard, Upload};
use serde_json::json;

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
            Err(problems) => Ok(run.print_problems(&problems)),
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
            Err(problems) => Ok(run.print_problems(&problems)),
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

    fn read(&self, benchmark: &Benchmark) -> Result<Result<scoring::Reading, Problems>> {
        let limits = scoring::Limits::default();
        if self.file.is_dir() {
            let upload = Upload::Files(files_of(&self.file)?);
            return Ok(scoring::read(&upload, benchmark, &limits));
        }
        let bytes = fs::read(&self.file).map_err(unreadable(&self.file))?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let upload = Upload::Bytes { name: &name, bytes: &bytes };
        Ok(scoring::read(&upload, benchmark, &limits))
    }

    fn print_problems(&self, problems: &Problems) -> Outcome {
        if self.json {
            let total = problems.total();
            print_line(json!({ "total": total, "problems": problems.shown() }));
        } else {
            eprintln!("{problems}");
        }
        Outcome::Problems
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
        print(table(card));
    }
}

/// The scorecard as a person reads it: percent, the overall score last.
pub(super) fn table(card: &Scorecard) -> String {
    use std::fmt::Write;
    let mut out = format!(
        "{:10} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}\n",
        "category", "queries", "R@10", "R@50", "MRR@50", "nDCG@10", "median"
    );
    for g in &card.groups {
        let median = g.median_rank.map_or_else(|| ">50".to_owned(), |rank| rank.to_string());
        let percent = |fraction: f64| format!("{:.3}", 100.0 * fraction);
        // Writing to a string can't fail.
        let _ = writeln!(
            out,
            "{:10} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
            g.group,
            g.queries,
            percent(g.recall_at_10),
            percent(g.recall_at_50),
            percent(g.mrr_at_50),
            percent(g.ndcg_at_10),
            median
        );
    }
    let _ = writeln!(out, "overall    {:.3} %", 100.0 * card.overall);
    out
}

fn print_warnings(warnings: &Problems) {
    const FEW: usize = 5;
    for warning in warnings.shown().iter().take(FEW) {
        eprintln!("warning: {}", warning.message);
    }
    let more = warnings.total() - warnings.shown().len().min(FEW);
    if more > 0 {
        eprintln!("warning: ... and {more} more; --json lists them");
    }
}

fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.display().to_string();
    move |e| Error::unusable(format!("{path}: {e}"))
}

fn files_of(dir: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable(dir))? {
        let path = entry.map_err(unreadable(dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() {
            files.push((name, fs::read(&path).map_err(unreadable(&path))?));
        }
    }
    files.sort();
    Ok(files)
}
