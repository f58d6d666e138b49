//! `fashion-iq score` and `fashion-iq validate`: what the server does, offline.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use dataset::{Folder, Protocol, Split};
use domain::error::{Error, Result};
use scoring::measures::Range;
use scoring::statistics::Interval;
use scoring::{Benchmark, Measure, Problems, Reading, Scorecard, Task};
use serde_json::{Value, json};

use super::run_file::{RunFile, print_problems, print_warnings};
use super::table::Table;
use super::{Outcome, print, print_line};

/// What both commands take.
#[derive(Args)]
struct Run {
    /// A zip, a folder, or one JSON, in the format of the task (also gzip or zstd); `-` reads it from
    /// standard input.
    file: PathBuf,
    #[command(flatten)]
    data: BenchmarkArgs,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Which benchmark of a data set is meant.
#[derive(Args)]
pub(super) struct BenchmarkArgs {
    /// The task of the benchmark: `fashion-iq` or `circo`.
    #[arg(long, value_name = "TASK", default_value = "fashion-iq", value_parser = Task::named)]
    pub(super) task: &'static Task,
    /// The data set, in the layout of the official repository.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split that the submission is for.
    #[arg(long)]
    pub(super) split: String,
    /// The gallery and queries to use: `original`, `val-union`, `mbeir`, or `multi-turn` for recorded
    /// sessions.
    #[arg(long, default_value = "original")]
    protocol: String,
}

/// Score a submission offline, with the targets in the data folder.
#[derive(Args)]
pub(crate) struct Score {
    #[command(flatten)]
    run: Run,
    /// An organiser's file of targets, if the data folder has none.
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
    /// Compute these measures instead of the challenge's, such as `recall@5,mrr`; docs/metrics.md
    /// lists all.
    #[arg(long = "measure", value_name = "NAME", value_delimiter = ',')]
    measures: Vec<Measure>,
}

/// Check a submission offline and list every problem; needs no targets.
#[derive(Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    run: Run,
}

impl Score {
    pub(super) fn run(self) -> Result<Outcome> {
        let run = &self.run;
        let benchmark = run.data.benchmark(self.targets.as_deref())?;
        if !benchmark.has_targets() {
            return Err(Error::unusable(format!(
                "split `{}` has no targets here; check the file with `fashion-iq validate`, or \
                 give the targets with --targets",
                run.data.split
            )));
        }
        match run.read(&benchmark)? {
            Err(problems) => Ok(print_problems(&problems, run.json)),
            Ok(reading) => {
                let ranks = reading.ranks.ok_or_else(|| Error::unusable("there are no targets"))?;
                let card = match self.measures.as_slice() {
                    [] => Scorecard::of(&ranks, &benchmark),
                    measures => Scorecard::with(&ranks, &benchmark, measures),
                };
                run.print_score(&card, benchmark.task(), &reading.warnings);
                Ok(Outcome::Done)
            }
        }
    }
}

impl Validate {
    pub(super) fn run(self) -> Result<Outcome> {
        let run = &self.run;
        let benchmark = run.data.benchmark(None)?;
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
                        run.data.split
                    ));
                }
                Ok(Outcome::Done)
            }
        }
    }
}

impl BenchmarkArgs {
    /// Reads it; the targets may be in a file of their own.
    pub(super) fn benchmark(&self, targets: Option<&Path>) -> Result<Benchmark> {
        let (folder, split, protocol) = self.open(targets)?;
        let elsewhere = folder.elsewhere(&self.split).map_err(Error::unusable)?;
        Ok(Benchmark::new(self.task, split, protocol, elsewhere))
    }

    /// The folder, the split in it, with targets if there are some, and the protocol.
    pub(super) fn open(&self, targets: Option<&Path>) -> Result<(Folder, Split, Protocol)> {
        let protocol = Protocol::from_name(&self.protocol).ok_or_else(|| {
            Error::unusable(format!(
                "--protocol {}: must be `original`, `val-union`, `mbeir` or `multi-turn`",
                self.protocol
            ))
        })?;
        if !self.task.protocols.contains(&protocol) {
            let task = self.task.name;
            let sentence =
                format!("--protocol {}: task `{task}` does not have this protocol", self.protocol);
            return Err(Error::unusable(sentence));
        }
        let folder = Folder::with_layout(&self.data, self.task.layout);
        let mut split = folder.split(&self.split, protocol).map_err(Error::unusable)?;
        if let Some(file) = targets {
            split.read_targets(file).map_err(Error::unusable)?;
        }
        Ok((folder, split, protocol))
    }
}

impl Run {
    fn read(&self, benchmark: &Benchmark) -> Result<Result<Reading, Problems>> {
        Ok(RunFile::open(&self.file)?.read(benchmark))
    }

    fn print_score(&self, card: &Scorecard, task: &Task, warnings: &Problems) {
        if !self.json {
            print_warnings(warnings);
            return print(Table::of(card, task));
        }
        let category = |(at, group): (usize, &scoring::ScoredGroup)| {
            let mut cells = serde_json::Map::new();
            cells.insert("queries".to_owned(), group.queries.into());
            let by_group = |measure| measure != task.primary || task.measures.contains(&measure);
            for score in card.scores.iter().filter(|score| by_group(score.measure)) {
                let value = score.groups.get(at).copied().flatten();
                cells.insert(score.measure.to_string(), number(score.measure, value));
            }
            (group.name.clone(), cells)
        };
        let categories: BTreeMap<_, _> = card.groups.iter().enumerate().map(category).collect();
        let primary = card.score(task.primary);
        print_line(json!({
            "overall": primary.and_then(|score| score.overall),
            "categories": categories,
            "intervals": intervals(card, task),
            "problems": [],
            "warnings": warnings.shown(),
        }));
    }
}

/// The 95 % intervals of a scorecard, as the API writes them.
fn intervals(card: &Scorecard, task: &Task) -> Value {
    let ends = |interval: Interval| [interval.low, interval.high];
    let category = |(at, group): (usize, &scoring::ScoredGroup)| {
        let own = card.scores.iter().filter_map(|score| {
            Some((score.measure.to_string(), ends(*score.group_intervals.get(at)?)))
        });
        (group.name.clone(), own.collect::<BTreeMap<_, _>>())
    };
    let categories: BTreeMap<_, _> = card.groups.iter().enumerate().map(category).collect();
    let overall = card.score(task.primary).and_then(|score| score.interval).map(ends);
    json!({ "overall": overall, "categories": categories })
}

/// A share as a fraction, a rank as a whole number, or null if there is none.
fn number(measure: Measure, value: Option<f64>) -> Value {
    match measure.range() {
        Range::Share | Range::Number => value.into(),
        Range::Rank => value.map(|rank| rank as u64).into(),
    }
}
