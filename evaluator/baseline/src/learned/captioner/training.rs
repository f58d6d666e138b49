//! Trains a captioner on people's captions, step by step, so that it can stop anywhere and continue exactly.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor, nn};

use super::network::Network;
use super::pairs::{END, Speech, Wardrobe};
use super::settings::CaptionerSettings;
use crate::learned::adam::Adam;
use crate::learned::lens::Lens;
use crate::learned::settings::falling;

/// A captioner in training, or trained.
pub struct Captioner {
    /// The settings.
    pub settings: CaptionerSettings,
    /// The words it knows.
    pub speech: Speech,
    /// How it transforms the vectors of items, if it uses some.
    pub lens: Option<Lens>,
    /// Its progress.
    pub progress: CaptionerProgress,
    pub(super) version: String,
    pub(super) network: Network,
    pub(super) adam: Adam,
}

/// The progress of a training.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CaptionerProgress {
    /// Steps made.
    pub step: usize,
    /// The mean loss of the last steps, in nats for a word.
    pub loss: f64,
}

/// The captions of one group to learn from.
pub struct Lessons {
    pub(super) wardrobe: Wardrobe,
    /// Target, shown item, and the numbers of the caption's words.
    pub(super) captions: Vec<(u32, u32, Vec<i64>)>,
}

impl Captioner {
    /// Starts from initial values drawn from the settings' seed.
    pub fn new(
        settings: CaptionerSettings,
        speech: Speech,
        lens: Option<Lens>,
        device: Device,
    ) -> Self {
        tch::manual_seed(settings.seed as i64);
        let store = nn::VarStore::new(device);
        let axes = lens.as_ref().map(Lens::axes);
        let network = Network::new(&store.root(), &settings, &speech, axes);
        let adam = Adam::new(store.variables());
        let (progress, version) =
            (CaptionerProgress::default(), "captioner in training".to_owned());
        Self { settings, speech, lens, progress, version, network, adam }
    }

    /// Its name and version as a simulated user, which follow from the file that it was read from.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The number of learned numbers.
    pub fn parameters(&self) -> usize {
        self.adam.parameters()
    }

    /// How many steps an epoch has.
    pub fn steps_an_epoch(&self, lessons: &[Lessons]) -> usize {
        lessons.iter().map(|own| own.captions.len().div_ceil(self.settings.batch)).sum()
    }

    /// How many steps the whole training has.
    pub fn all_steps(&self, lessons: &[Lessons]) -> usize {
        self.steps_an_epoch(lessons) * self.settings.epochs
    }

    /// The batches of an epoch, as group and numbers of captions; they follow from seed and epoch.
    pub fn batches(&self, lessons: &[Lessons], epoch: usize) -> Vec<(usize, Vec<usize>)> {
        let mut chance = self.chance(1, epoch);
        let mut batches = Vec::new();
        for (group, own) in lessons.iter().enumerate() {
            let mut numbers: Vec<usize> = (0..own.captions.len()).collect();
            numbers.shuffle(&mut chance);
            let chunks = numbers.chunks(self.settings.batch);
            batches.extend(chunks.map(|chunk| (group, chunk.to_vec())));
        }
        batches.shuffle(&mut chance);
        batches
    }

    /// Makes one step with some captions of a group; returns the loss.
    pub fn step(&mut self, lessons: &[Lessons], batch: &(usize, Vec<usize>)) -> f64 {
        let step = self.progress.step;
        // Random numbers of this step depend only on seed and step.
        tch::manual_seed(self.chance(2, step).random());
        let own = &lessons[batch.0];
        let captions: Vec<_> = batch.1.iter().map(|&number| &own.captions[number]).collect();
        let pairs: Vec<(u32, u32)> = captions.iter().map(|it| (it.0, it.1)).collect();
        let pairs = own.wardrobe.pairs(&pairs, &self.speech);
        let longest = captions.iter().map(|it| it.2.len()).max().unwrap_or(0) + 1;
        let mut said = vec![END; captions.len() * longest];
        for (row, (.., words)) in said.chunks_mut(longest).zip(&captions) {
            row[..words.len()].copy_from_slice(words);
        }
        let said = Tensor::from_slice(&said).view([-1, longest as i64]).to_device(self.device());
        let loss = self.network.loss(&pairs, &said);
        let rate = self.settings.rate * falling(step, self.all_steps(lessons));
        self.adam.descend(&loss, rate, 0.0);
        let loss = loss.double_value(&[]);
        self.progress.step += 1;
        let kept = if step == 0 { 0.0 } else { 0.98 };
        self.progress.loss = kept * self.progress.loss + (1.0 - kept) * loss;
        loss
    }

    /// The device of its tensors.
    pub fn device(&self) -> Device {
        self.network.device()
    }

    /// A random number generator for one purpose and position.
    fn chance(&self, purpose: u64, place: usize) -> ChaCha8Rng {
        let mut chance = ChaCha8Rng::seed_from_u64(self.settings.seed);
        chance.set_stream(purpose << 48 | place as u64);
        chance
    }
}
