//! `fashion-iq-baseline probe`.

use clap::{Args, ValueEnum};

use super::rank::Job;
use crate::error::Result;
use crate::probe;

/// Rank without using query or picture, to find out what the files give away.
#[derive(Args)]
pub(super) struct Probe {
    /// What the probe uses.
    #[arg(value_enum)]
    kind: Kind,
    #[command(flatten)]
    job: Job,
}

/// What a probe uses.
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
        self.job.run(|job, data, split| {
            let (seed, groups) = (job.seed, split.groups.iter());
            Ok(match self.kind {
                Kind::Ids => ("ids".to_owned(), groups.map(|g| probe::ids(g, seed)).collect()),
                Kind::Order => {
                    ("order".to_owned(), groups.map(|g| probe::order(g, seed)).collect())
                }
                Kind::OrderAndModel => {
                    let scores = job.ranker.scores(data, split)?;
                    let run = |(group, scores): (_, Vec<Vec<f32>>)| {
                        let of =
                            |query: usize, row: &mut [f32]| row.copy_from_slice(&scores[query]);
                        probe::order_and_model(group, seed, of)
                    };
                    ("order+model".to_owned(), groups.zip(scores).map(run).collect())
                }
            })
        })
    }
}
