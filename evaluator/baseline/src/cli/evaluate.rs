//! `fashion-iq-baseline evaluate`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use dataset::{Elsewhere, Folder, Protocol, Split};
use scoring::{Benchmark, Limits, Scorecard, Upload, read};

use crate::error::{Error, Result};

/// Score a run of a split whose targets are public, as the server would.
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
            println!("{}", serde_json::json!(card));
            return Ok(());
        }
        println!("{:10} {:>8} {:>8} {:>8}", "category", "queries", "R@10", "R@50");
        for group in &card.groups {
            let [at_10, at_50] = [group.recall_at_10, group.recall_at_50].map(|r| 100.0 * r);
            println!("{:10} {:>8} {at_10:>8.3} {at_50:>8.3}", group.group, group.queries);
        }
        println!("overall    {:.3} %", 100.0 * card.overall);
        Ok(())
    }
}

/// The scorecard of a run, through the server's own scorer.
pub(super) fn score(name: &str, bytes: &[u8], split: Split) -> Result<Scorecard> {
    let benchmark = Benchmark::new(split, Protocol::Original, Elsewhere::default());
    let reading = read(&Upload::Bytes { name, bytes }, &benchmark, &Limits::default())
        .map_err(|problems| Error::unusable(format!("{name}: {problems}")))?;
    let ranks = reading.ranks.ok_or_else(|| {
        Error::unusable(format!("split `{}` has no targets to score against", benchmark.split()))
    })?;
    Ok(Scorecard::of(&ranks, &benchmark))
}
