//! `fashion-iq benchmark audit`

use std::path::{Path, PathBuf};

use clap::Args;
use dataset::{Folder, Protocol, Split};
use domain::error::{Error, Result};
use scoring::audit::{
    Audited, Finding, FirstItems, SideRuns, Subsets, audit, misses, order_by_scores, sides,
};
use scoring::{Benchmark, Problems, Reading};

use super::audit_report::Report;
use super::npy::read_scores;
use crate::cli::run_file::{RunFile, print_problems};
use crate::cli::score::BenchmarkArgs;
use crate::cli::{Outcome, print, print_line};

/// More than any file of subsets has.
const MOST_SUBSETS_BYTES: u64 = 64 << 20;

/// Find out what a benchmark gives away to someone who looks at neither query nor picture.
///
/// Run it before a benchmark is published. With targets it checks whether the order of the files or the ids of
/// items tell which items are targets, and lists shared items and photos, repeated rows and targets, and
/// targets outside the gallery. Without targets, a model's scores (`--scores`) tell whether the order does.
///
/// With runs of a model that sees the captions alone and of one that sees the reference alone, it reports how
/// many queries each answers and how many need both. With a submission (`--run`) it reports what that adds,
/// and whether its wrong answers follow the order of the files.
///
/// What it prints can depend on targets: keep it to the organisers. docs/audit.md explains each check.
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 nothing found; 1 something found, or a run has problems; 2 wrong usage, or \
                        something can't be read."
)]
pub(crate) struct Audit {
    #[command(flatten)]
    data: BenchmarkArgs,
    /// An organiser's file of targets, where the data folder has none.
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
    /// A folder with a model's scores, `{group}.npy` for each group: 32-bit floats as numpy.save writes them, a
    /// row for each query and a column for each item of the gallery, in their published order. They are read
    /// as logarithms of probabilities; multiply cosines by about 10. `fashion-iq-baseline rank --scores DIR`
    /// writes them.
    #[arg(long, value_name = "DIR")]
    scores: Option<PathBuf>,
    /// A run of a model that sees the captions alone, such as `fashion-iq-baseline rank --model captions`.
    #[arg(long, value_name = "RUN", requires = "reference_only")]
    text_only: Option<PathBuf>,
    /// A run of a model that sees the reference alone, such as `fashion-iq-baseline rank --model attributes`.
    #[arg(long, value_name = "RUN", requires = "text_only")]
    reference_only: Option<PathBuf>,
    /// A submission, which sees both.
    #[arg(long, value_name = "RUN")]
    run: Option<PathBuf>,
    /// A JSON of named sets of query ids, `{"colour": ["dress.val.3", ...], ...}`, to report separately.
    #[arg(long, value_name = "FILE", requires = "text_only")]
    subsets: Option<PathBuf>,
    /// The seed of permutations; the same one gives the same digits.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Audit {
    pub(super) fn run(self) -> Result<Outcome> {
        let (folder, split, protocol) = self.data.open(self.targets.as_deref())?;
        let has_targets = split.groups.iter().all(|group| group.targets.is_some());
        let needs_targets = [&self.text_only, &self.run].into_iter().any(Option::is_some);
        if needs_targets && !has_targets {
            let sentence =
                "the split has no targets here, so runs can't be judged; name them with --targets";
            return Err(Error::unusable(sentence));
        }
        let mut report = Report::new(&split, has_targets);
        report.findings = self.of_data(&folder, &split)?;
        report.findings.extend(self.of_scores(&split)?);
        if let Err(problems) = self.of_runs(&folder, split, protocol, &mut report)? {
            return Ok(print_problems(&problems, self.json));
        }
        if self.json {
            print_line(report.to_json());
        } else {
            print(&report);
        }
        let is_clean = !report.has_findings();
        Ok(if is_clean { Outcome::Done } else { Outcome::Problems })
    }

    fn of_data(&self, folder: &Folder, split: &Split) -> Result<Vec<Finding>> {
        let others = folder.other_splits(split).map_err(Error::unusable)?;
        let photos = folder.photos_of(split).map_err(Error::unusable)?;
        Ok(audit(&Audited { split, others: &others, photos: &photos, seed: self.seed }))
    }

    fn of_scores(&self, split: &Split) -> Result<Vec<Finding>> {
        let Some(dir) = &self.scores else { return Ok(Vec::new()) };
        if split.groups.iter().any(|group| !group.sessions.is_empty()) {
            return Err(Error::unusable(
                "--scores tests queries that are independent of each other, which the turns of sessions \
                 are not",
            ));
        }
        let mut findings = Vec::new();
        for group in &split.groups {
            findings.extend(order_by_scores(group, read_scores(dir, group)?, self.seed));
        }
        Ok(findings)
    }

    /// Adds what runs say to the report, or returns the problems of a run.
    fn of_runs(
        &self,
        folder: &Folder,
        split: Split,
        protocol: Protocol,
        report: &mut Report,
    ) -> Result<Result<(), Problems>> {
        if self.text_only.is_none() && self.run.is_none() {
            return Ok(Ok(()));
        }
        let elsewhere = folder.elsewhere(&split.name).map_err(Error::unusable)?;
        let benchmark = Benchmark::new(self.data.task, split, protocol, elsewhere);
        let mut readings = Vec::new();
        for file in [&self.run, &self.text_only, &self.reference_only] {
            match file.as_deref().map(|file| read(file, &benchmark)).transpose()?.transpose() {
                Ok(reading) => readings.push(reading),
                Err(problems) => return Ok(Err(problems)),
            }
        }
        let ranks = |at: usize| readings[at].as_ref().and_then(|reading| reading.ranks.as_ref());
        if let Some(reading) = &readings[0] {
            let firsts = benchmark.groups().iter().zip(&reading.first_items);
            let firsts: Vec<_> = firsts.map(|(group, items)| FirstItems { group, items }).collect();
            report.misses = Some(misses(&firsts, self.seed));
        }
        if let (Some(text), Some(reference)) = (ranks(1), ranks(2)) {
            let runs = SideRuns { text, reference, run: ranks(0) };
            report.sides = sides(&benchmark, runs, &self.subsets()?).map_err(Error::unusable)?;
            report
                .findings
                .extend(report.sides.iter().filter_map(scoring::audit::OneSide::finding));
        }
        Ok(Ok(()))
    }

    fn subsets(&self) -> Result<Subsets> {
        let Some(file) = &self.subsets else { return Ok(Subsets::new()) };
        let text = dataset::read_text(file, MOST_SUBSETS_BYTES).map_err(Error::unusable)?;
        serde_json::from_str(&text).map_err(|error| {
            Error::unusable(format!(
                "{}: expected named lists of query ids, such as {{\"colour\": [\"dress.val.3\"]}}: {error}",
                file.display()
            ))
        })
    }
}

fn read(file: &Path, benchmark: &Benchmark) -> Result<Result<Reading, Problems>> {
    Ok(RunFile::open(file)?.read(benchmark))
}
