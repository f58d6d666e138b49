//! Trains a model, step by step, so that it can stop anywhere and continue exactly.

use std::fmt;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Reduction, Tensor, nn};

use super::adam::Adam;
use super::collection::Collection;
use super::lens::Lens;
use super::mined::Mined;
use super::networks::{Network, Plan, Trained};
use super::reading::Reading;
use super::settings::Settings;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::lexical::worded::READINGS;

/// The score of items that must not be chosen.
const NEVER: f64 = -1e9;

/// A model in training, or trained.
///
/// Libtorch has one random number generator per process, so two trainings at the same time would not
/// follow their seeds.
pub struct Training {
    /// The settings.
    pub settings: Settings,
    /// The words it knows.
    pub vocabulary: Vocabulary,
    /// The words' vectors: [words, 384].
    pub vectors: Tensor,
    /// How it transforms pictures, if it uses them.
    pub lens: Option<Lens>,
    /// What it reads of items, if it reads their captions.
    pub reading: Option<Reading>,
    /// The associations of captions, once [mined](Self::mine).
    pub mined: Mined,
    /// Its progress.
    pub progress: Progress,
    networks: Vec<Box<dyn Network>>,
    pub(super) adam: Adam,
    /// How many numbers the joined networks have.
    joined: usize,
}

/// The progress of a training, and its results so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps made.
    pub step: usize,
    /// The sum of the losses of the epoch's steps so far.
    pub sum: f64,
    /// The results of the epochs.
    pub curve: Vec<Point>,
}

/// The result of one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The mean loss of its steps, in nats.
    pub loss: f64,
    /// The mean of the six recalls on the held-out part of train, in percent, if there is one.
    pub held_out: Option<f64>,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {:.4}", self.loss)?;
        self.held_out.map_or(Ok(()), |held| write!(f, ", held-out mean of six {held:.2} %"))
    }
}

/// One step's queries, all of one group.
struct Batch {
    collection: usize,
    queries: Vec<i64>,
}

impl Training {
    /// Starts from initial values drawn from the settings' seed.
    pub fn new(
        settings: Settings,
        vocabulary: Vocabulary,
        vectors: &Tensor,
        lens: Option<Lens>,
        reading: Option<Reading>,
    ) -> Result<Self> {
        let model = Trained::named(&settings.model)?;
        tch::manual_seed(settings.seed as i64);
        let store = nn::VarStore::new(vectors.device());
        let lens_of = lens.as_ref();
        let lexicon = reading.as_ref().map(|reading| &reading.lexicon);
        let plan =
            Plan { settings: &settings, vocabulary: &vocabulary, vectors, lens: lens_of, lexicon };
        let member = |number| model.build(&(store.root() / format!("member{number}")), &plan);
        let networks = (0..settings.members).map(member).collect();
        let adam = Adam::new(store.variables());
        let vectors = vectors.shallow_clone();
        let (progress, mined) = Default::default();
        Ok(Self {
            settings,
            vocabulary,
            vectors,
            lens,
            reading,
            mined,
            progress,
            networks,
            adam,
            joined: 0,
        })
    }

    /// Counts the associations of captions in the rows to learn from, and sets them in the collections,
    /// which must be used for training.
    pub fn mine(&mut self, collections: &mut [Collection], rows: &[Vec<i64>]) {
        if let Some(reading) = &mut self.reading {
            reading.count(collections, rows);
        } else {
            self.mined = Mined::of(collections, rows);
        }
    }

    /// How many steps an epoch has, given the rows to learn from of each group.
    pub fn steps_an_epoch(&self, rows: &[Vec<i64>]) -> usize {
        rows.iter().map(|rows| rows.len().div_ceil(self.settings.batch)).sum()
    }

    /// The order of an epoch's batches, which depends only on seed and epoch.
    fn batches(&self, rows: &[Vec<i64>], epoch: usize) -> Vec<Batch> {
        let mut chance = self.chance(1, epoch);
        let mut batches = Vec::new();
        for (collection, rows) in rows.iter().enumerate() {
            let mut rows = rows.clone();
            rows.shuffle(&mut chance);
            let chunks = rows.chunks(self.settings.batch);
            batches.extend(chunks.map(|rows| Batch { collection, queries: rows.to_vec() }));
        }
        batches.shuffle(&mut chance);
        batches
    }

    /// Continues to the end of the epoch. `told` gets each step's loss and returns whether to continue.
    /// Returns whether the epoch is complete.
    pub fn epoch(
        &mut self,
        collections: &[Collection],
        rows: &[Vec<i64>],
        mut told: impl FnMut(f64) -> bool,
    ) -> bool {
        let steps = self.steps_an_epoch(rows);
        let epoch = self.progress.step / steps.max(1);
        let batches = self.batches(rows, epoch);
        for batch in &batches[self.progress.step % steps.max(1)..] {
            let loss = self.step(&collections[batch.collection], &batch.queries, steps);
            self.progress.sum += loss;
            let go_on = told(loss);
            if self.progress.step.is_multiple_of(steps) {
                return true;
            }
            if !go_on {
                return false;
            }
        }
        true
    }

    /// One step; returns the loss, the mean over members and queries, in nats.
    fn step(&mut self, collection: &Collection, queries: &[i64], steps_an_epoch: usize) -> f64 {
        let step = self.progress.step;
        // Random numbers of this step depend only on seed and step.
        let mut chance = self.chance(2, step);
        tch::manual_seed(chance.random());
        let all = collection.items.len() as i64;
        let mut drawn = |count| (0..count).map(|_| chance.random_range(0..all)).collect::<Vec<_>>();
        let mut items: Vec<i64> =
            queries.iter().map(|&query| collection.targets[query as usize]).collect();
        items.extend(drawn(self.settings.negatives));
        let crowd = collection.items(&drawn(self.settings.crowd));
        let hidden = hidden(collection, queries, &items);
        let right = Tensor::arange(queries.len() as i64, (Kind::Int64, collection.device()));
        let readings = self.readings(queries.len(), &mut chance);
        let (items, asked) =
            (collection.items(&items), collection.queries_read(queries, &readings));
        let loss = |network: &dyn Network| {
            let scores = network.scores(&asked, &items, &crowd, true);
            let scores = scores.masked_fill(&hidden, NEVER);
            scores.cross_entropy_loss::<Tensor>(&right, None, Reduction::Mean, -100, 0.0)
        };
        let losses: Vec<Tensor> = self.networks.iter().map(|member| loss(&**member)).collect();
        let total = Tensor::stack(&losses, 0).sum(Kind::Float);
        let rate = self.settings.rate_at(step, steps_an_epoch * self.settings.epochs);
        self.adam.descend(&total, rate, self.settings.decay);
        self.progress.step += 1;
        total.double_value(&[]) / self.networks.len() as f64
    }

    /// How each of some queries is read in a step: whole, or, by models that read the captions of items,
    /// sometimes with one caption alone.
    fn readings(&self, queries: usize, chance: &mut ChaCha8Rng) -> Vec<usize> {
        let alone = if self.reading.is_some() { self.settings.alone } else { 0.0 };
        if alone <= 0.0 {
            return vec![0; queries];
        }
        let mut reading =
            |_| if chance.random_bool(alone) { chance.random_range(1..READINGS) } else { 0 };
        (0..queries).map(&mut reading).collect()
    }

    /// What the model sees of items, in words, with how many of train's items had a caption.
    pub fn sees(&self) -> String {
        let items = self.settings.items.words();
        self.reading.as_ref().map_or_else(
            || items.to_owned(),
            |reading| {
                let [having, all] = reading.captioned;
                let captioner = &reading.captioner;
                format!("{items} by {captioner} (of {having} of train's {all} items)")
            },
        )
    }

    /// The number of learned numbers.
    pub fn parameters(&self) -> usize {
        self.adam.parameters() + self.joined
    }

    /// Adds the networks of another model, whose scores are added in ranking. Both must have the same
    /// words, transform pictures in the same way, and be trained on the same captions. Joined networks
    /// rank, and are not trained further.
    pub fn join(&mut self, other: Self) -> Result<()> {
        if self.vocabulary != other.vocabulary {
            return Err(Error::other_words(&self.settings.model, &other.settings.model));
        }
        if self.lens != other.lens {
            return Err(Error::other_lens(&self.settings.model, &other.settings.model));
        }
        if self.mined != other.mined || self.reading != other.reading {
            return Err(Error::other_captions(&self.settings.model, &other.settings.model));
        }
        self.settings.model = format!("{} and {}", self.settings.model, other.settings.model);
        self.joined += other.parameters();
        self.networks.extend(other.networks);
        Ok(())
    }

    /// The networks whose scores are added.
    pub fn networks(&self) -> &[Box<dyn Network>] {
        &self.networks
    }

    /// A random number generator for one purpose and position.
    fn chance(&self, purpose: u64, place: usize) -> ChaCha8Rng {
        let mut chance = ChaCha8Rng::seed_from_u64(self.settings.seed);
        chance.set_stream(purpose << 48 | place as u64);
        chance
    }
}

/// The items that are not negatives of a query: its reference, and the target itself if it was drawn
/// again; [queries, items].
fn hidden(collection: &Collection, queries: &[i64], items: &[i64]) -> Tensor {
    let mut hidden = Vec::with_capacity(queries.len() * items.len());
    for (row, &query) in queries.iter().enumerate() {
        let (reference, target) =
            (collection.reference_index[query as usize], collection.targets[query as usize]);
        let hides =
            |(column, &item): (usize, &i64)| item == reference || (item == target && column != row);
        hidden.extend(items.iter().enumerate().map(hides));
    }
    let shape = [queries.len() as i64, items.len() as i64];
    Tensor::from_slice(&hidden).view(shape).to_device(collection.device())
}
