//! `fashion-iq-baseline evaluate`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use dataset::{Elsewhere, Folder, Protocol, Split};
use scoring::measures::RECALL;
use scoring::{Benchmark, FASHION_IQ, Limits, Measure, Scorecard, Upload, read};

use crate::error::{Error, Result};

/// Score a run on a split with public targets, as the server would.
#[derive(Args)]
pub(super) struct Evaluate {
    /// The run: a zip, as `rank` writes it.
    file: PathBuf,
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split it ranks.
    #[arg(long, default_value = "val")]
    split: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Evaluate {
    pub(super) fn run(&self) -> Result<()> {
        let data = Folder::new(&self.data);
        let split = data.split(&self.split, Protocol::Original)?;
        let bytes = fs::read(&self.file).map_err(Error::read(&self.file, "a run"))?;
        let card = score(&self.file.display().to_string(), &bytes, split)?;
        if self.json {
            super::say!("{}", serde_json::json!(card));
            return Ok(());
        }
        let labels = RECALLS.map(|measure| format!("{:>8}", measure.label())).join(" ");
        super::say!("{:10} {:>8} {labels}", "category", "queries");
        for (group, recalls) in card.groups.iter().zip(recalls(&card)) {
            let recalls = recalls.map(|recall| format!("{:>8.3}", 100.0 * recall)).join(" ");
            super::say!("{:10} {:>8} {recalls}", group.name, group.queries);
        }
        super::say!("overall    {:.3} %", 100.0 * card.overall());
        Ok(())
    }
}

/// The measures that are shown for each group.
const RECALLS: [Measure; 2] = [Measure::at(&RECALL, 10), Measure::at(&RECALL, 50)];

/// Recall@10 and Recall@50 of each group.
pub(super) fn recalls(card: &Scorecard) -> impl Iterator<Item = [f64; 2]> {
    (0..card.groups.len()).map(|group| {
        RECALLS.map(|measure| {
            let score = card.score(measure);
            score.and_then(|score| score.groups[group]).unwrap_or_default()
        })
    })
}

/// The scorecard of a run, through the server's own scorer.
pub(super) fn score(name: &str, bytes: &[u8], split: Split) -> Result<Scorecard> {
    let benchmark = Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default());
    let reading = read(&Upload::Bytes { name, bytes }, &benchmark, &Limits::default())
        .map_err(|problems| Error::unusable(format!("{name}: {problems}")))?;
    let ranks = reading.ranks.ok_or_else(|| {
        Error::unusable(format!("split `{}` has no targets to score against", benchmark.split()))
    })?;
    Ok(Scorecard::of(&ranks, &benchmark))
}
