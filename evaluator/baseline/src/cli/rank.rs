//! `fashion-iq-baseline rank`.

use std::path::PathBuf;

use clap::Args;
use dataset::{Folder, Protocol, Split};
use scoring::GroupRun;

use super::captions::CaptionsOption;
use crate::error::{Error, Result};
#[cfg(feature = "torch")]
use crate::learned::collection::Collection;
use crate::model::Model;
use crate::npy::write_scores;
use crate::run::{rank_group, write_run};

/// Rank every query of a split and write an official zip.
#[derive(Args)]
pub(super) struct Rank {
    #[command(flatten)]
    job: Job,
    /// Also write the scores of all items to {group}.npy in this folder, for `fashion-iq benchmark
    /// audit --scores`.
    #[arg(long, value_name = "DIR")]
    scores: Option<PathBuf>,
}

/// What to rank, with what, and where to write the zip.
#[derive(Args)]
pub(super) struct Job {
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split to rank.
    #[arg(long)]
    split: String,
    /// Orders items with equal scores; the same seed gives the same file.
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// The zip to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    pub(super) ranker: Ranker,
}

/// What ranks.
#[derive(Args)]
pub(super) struct Ranker {
    /// A model that needs no training; see `list`.
    #[arg(long)]
    model: Option<String>,
    #[command(flatten)]
    captions: CaptionsOption,
    /// A trained model, made by `train`; of several, the networks' scores are added.
    #[cfg(feature = "torch")]
    #[arg(long, value_name = "FILE", conflicts_with = "model")]
    checkpoint: Vec<PathBuf>,
    /// The features, made by `features`.
    #[cfg(feature = "torch")]
    #[arg(long, value_name = "FILE", default_value = "data/baseline/features.safetensors")]
    features: PathBuf,
    #[cfg(feature = "torch")]
    #[command(flatten)]
    device: super::device::DeviceOption,
}

impl Rank {
    pub(super) fn run(self) -> Result<()> {
        self.job.run(|job, data, split| {
            if let Some(dir) = &self.scores {
                let scores = job.ranker.scores(data, split)?;
                for (group, rows) in split.groups.iter().zip(&scores) {
                    write_scores(dir, group, rows)?;
                }
            }
            job.ranker.rank(data, split, job.seed)
        })
    }
}

impl Job {
    /// Reads the split, ranks it under a name, writes the run and reports it.
    pub(super) fn run<F>(&self, rank: F) -> Result<()>
    where
        F: for<'a> FnOnce(&Self, &Folder, &'a Split) -> Result<(String, Vec<GroupRun<'a>>)>,
    {
        let data = Folder::new(&self.data);
        let split = data.split(&self.split, Protocol::Original)?;
        let (name, runs) = rank(self, &data, &split)?;
        write_run(&self.out, &split.name, &runs)?;
        let queries: usize = runs.iter().map(|group| group.rankings.len()).sum();
        super::say!("{}: {queries} rankings by {name}", self.out.display());
        Ok(())
    }
}

impl Ranker {
    /// The name of what ranks, and its rankings.
    pub(super) fn rank<'a>(
        &self,
        data: &Folder,
        split: &'a Split,
        seed: u64,
    ) -> Result<(String, Vec<GroupRun<'a>>)> {
        #[cfg(feature = "torch")]
        if let [first, others @ ..] = self.checkpoint.as_slice() {
            let (training, collections) = self.open(first, others, data, split)?;
            let groups = split.groups.iter().zip(&collections);
            let runs = groups.map(|(group, tensors)| training.run(group, tensors, seed)).collect();
            let captioned = collections.iter().filter_map(Collection::captioned);
            let captioned = captioned.reduce(|[a, b], [c, d]| [a + c, b + d]);
            let here = captioned.map_or_else(String::new, |[having, all]| {
                format!("; {having} of these {all} items have a caption")
            });
            let name = format!("{}, which sees {}{here}", training.settings.model, training.sees());
            return Ok((name, runs));
        }
        let model = self.untrained()?;
        let (described, background) = self.captions.known(model, data, split)?;
        let groups = split.groups.iter().zip(&described);
        let rank = |(group, items)| rank_group(model, group, items, background.as_ref(), seed);
        Ok((model.name.to_owned(), groups.map(rank).collect()))
    }

    /// The scores of each query's items, by group: logarithms of probabilities up to a constant.
    pub(super) fn scores(&self, data: &Folder, split: &Split) -> Result<Vec<Vec<Vec<f32>>>> {
        #[cfg(feature = "torch")]
        if let [first, others @ ..] = self.checkpoint.as_slice() {
            let (training, collections) = self.open(first, others, data, split)?;
            return Ok(collections.iter().map(|tensors| training.scores(tensors)).collect());
        }
        let model = self.untrained()?;
        let (described, background) = self.captions.known(model, data, split)?;
        let groups = split.groups.iter().zip(&described);
        Ok(groups.map(|(group, items)| model.scores(group, items, background.as_ref())).collect())
    }

    fn untrained(&self) -> Result<Model> {
        let Some(name) = self.model.clone() else {
            return Err(Error::unusable(
                "name a model with --model, or a trained model with --checkpoint",
            ));
        };
        Model::named(&name).ok_or(Error::NoModel(name))
    }

    #[cfg(feature = "torch")]
    fn open(
        &self,
        first: &std::path::Path,
        others: &[PathBuf],
        data: &Folder,
        split: &Split,
    ) -> Result<(crate::learned::training::Training, Vec<Collection>)> {
        use crate::learned::{features::Features, ranking::Source, training::Training};
        let features = Features::open(&self.features)?;
        let device = self.device.find()?;
        let mut training = Training::open(first, features.encoder()?, device)?;
        for other in others {
            training.join(Training::open(other, features.encoder()?, device)?)?;
        }
        let collections = Source { data, features: &features }.collections(split, &training)?;
        Ok((training, collections))
    }
}
