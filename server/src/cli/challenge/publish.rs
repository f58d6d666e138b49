//! `fashion-iq challenge publish`

use std::path::{Path, PathBuf};

use clap::Args;
use dataset::Aliases;
use domain::challenges::{self, Published, Source};
use domain::entities::benchmark;
use domain::error::{Error, Result};

use super::named_or_only;
use crate::cli::{DataDir, Outcome, open, print_line};

/// Write the public data of a benchmark into a folder, in the layout of the official repositories:
/// queries, galleries, attributes, captions of items and pictures, and if the benchmark's targets are
/// public, the targets and the train split. Hidden targets are never written.
///
/// Captions of items are those of the data set's item-captions/GROUP.SPLIT.json, JSON objects
/// {item: sentence}.
///
/// A keyed benchmark is written under its aliases and in its secret order. Pictures are those of
/// the data set's images/ITEM.png and images/ITEM.jpg; embedded metadata (names, times, places,
/// colour profiles) is removed, but the image itself is unchanged: a photo that exists elsewhere
/// under another name can still be recognised. The table that --aliases writes reveals the original
/// names, so it is as secret as the targets.
#[derive(Args)]
pub(crate) struct Publish {
    /// The benchmark.
    benchmark: String,
    /// The folder to write; created if it does not exist.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where to write the table of aliases and original items, for the organisers only.
    #[arg(long, value_name = "FILE")]
    aliases: Option<PathBuf>,
    /// The challenge; optional if there is only one.
    #[arg(long)]
    challenge: Option<String>,
    #[command(flatten)]
    data_dir: DataDir,
}

impl Publish {
    pub(super) async fn run(self) -> Result<Outcome> {
        let app = open(&self.data_dir).await?;
        let challenge = named_or_only(&app.db, self.challenge.as_deref()).await?;
        let row = challenges::find_benchmark(&app.db, &challenge, &self.benchmark).await?;
        let source = Source::of(&row)?;
        let published = Published::read(&source, &source.read()?, row.licence.as_deref())?;
        let files = published.files()?;
        files.write(&self.out).map_err(Error::unusable)?;
        let scored = row.task()?.scored.many;
        print_line(format_args!("{}: {} {scored}", self.out.display(), row.queries));
        let shown = files.picture_count();
        if shown > 0 {
            print_line(format_args!("{}: {shown} pictures", self.out.join("images").display()));
        }
        if let Some(file) = &self.aliases {
            write_aliases(&row, file)?;
            print_line(format_args!("{}: for organisers only", file.display()));
        }
        Ok(Outcome::Done)
    }
}

fn write_aliases(row: &benchmark::Model, file: &Path) -> Result<()> {
    let Some(key) = &row.secret_key else {
        return Err(Error::unusable(format!(
            "benchmark `{}` is published in official order, under the names of its files",
            row.name
        )));
    };
    let split = Source::of(row)?.official()?;
    let aliases = Aliases::new(&split, &key.key()?).map_err(Error::unusable)?;
    aliases.write(file).map_err(Error::unusable)
}
