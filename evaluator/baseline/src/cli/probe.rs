//! `fashion-iq-baseline probe`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use dataset::{Folder, Protocol};

use super::rank::{Ranker, write};
use crate::error::Result;
use crate::probe;

/// Rank without looking at query or picture, to learn what the files give away.
#[derive(Args)]
pub(super) struct Probe {
    /// What is looked at.
    #[arg(value_enum)]
    kind: Kind,
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split to rank.
    #[arg(long)]
    split: String,
    /// Orders items that the probe finds equal.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The zip to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    ranker: Ranker,
}

/// What a probe looks at.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Kind {
    /// Item ids: nearest to the reference's.
    Ids,
    /// The order of the files.
    Order,
    /// The order of the files, and a model's scores.
    #[value(name = "order+model")]
    OrderAndModel,
}

impl Probe {
    pub(super) fn run(self) -> Result<()> {
        let data = Folder::new(&self.data);
        let split = data.split(&self.split, Protocol::Original)?;
        let groups = split.groups.iter();
        let (name, runs) = match self.kind {
            Kind::Ids => ("ids", groups.map(|g| probe::ids(g, self.seed)).collect::<Vec<_>>()),
            Kind::Order => ("order", groups.map(|g| probe::order(g, self.seed)).collect()),
            Kind::OrderAndModel => {
                let scores = self.ranker.scores(&data, &split)?;
                let run = |(group, scores): (_, Vec<Vec<f32>>)| {
                    let of = |query: usize, row: &mut [f32]| row.copy_from_slice(&scores[query]);
                    probe::order_and_model(group, self.seed, of)
                };
                ("order+model", groups.zip(scores).map(run).collect())
            }
        };
        write(&self.out, &split.name, &runs, name)
    }
}
