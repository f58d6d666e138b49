//! Trains a manager by dialogs with a simulated user, step by step, so that it can stop anywhere and continue
//! exactly.

use dialog::{Opening, Policy, Simulator};
use rand::seq::index::sample;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Device, Kind, Reduction, Tensor, nn, no_grad};

use super::catalogue::Catalogue;
use super::network::{Network, Places, State};
use super::settings::{Loss, ManagerSettings};
use super::talk::{Talks, ranks};
use super::words::Words;
use crate::learned::adam::Adam;
use crate::learned::lens::Lens;

/// By how much the target must be nearer than another item.
const MARGIN: f64 = 0.1;

/// A manager in training, or trained.
pub struct Manager {
    /// The settings.
    pub settings: ManagerSettings,
    /// The words it knows.
    pub words: Words,
    /// How it transforms the vectors of items, if it uses some.
    pub lens: Option<Lens>,
    /// Its progress.
    pub progress: ManagerProgress,
    /// What taught it: the version of the simulated user.
    pub user: String,
    pub(super) network: Network,
    pub(super) adam: Adam,
    /// The network that policy improvement starts from.
    before: Option<Network>,
}

/// The progress of a training.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ManagerProgress {
    /// Steps made.
    pub step: usize,
    /// The mean loss of the last steps, in nats for a turn.
    pub loss: f64,
}

/// One group to learn from.
pub struct Field<'a> {
    /// Its items.
    pub catalogue: &'a Catalogue,
    /// The items to learn from, by their places.
    pub items: &'a [u32],
    /// The user who knows them.
    pub user: &'a dyn Simulator,
}

impl Manager {
    /// Starts from initial values drawn from the settings' seed. `user` is the version of what teaches it.
    pub fn new(
        settings: ManagerSettings,
        words: Words,
        lens: Option<Lens>,
        user: &str,
        device: Device,
    ) -> Self {
        tch::manual_seed(settings.seed as i64);
        let store = nn::VarStore::new(device);
        let axes = lens.as_ref().map(Lens::axes);
        let network = Network::new(&store.root(), &settings, &words, axes);
        let adam = Adam::new(store.variables());
        let (user, progress) = (user.to_owned(), ManagerProgress::default());
        Self { settings, words, lens, progress, user, network, adam, before: None }
    }

    /// Whether what policy improvement starts from is set.
    pub fn improves(&self) -> bool {
        self.before.is_some()
    }

    /// Sets what policy improvement starts from: the same manager, as it was when its targets were last known.
    pub fn improve(&mut self, before: Self) {
        self.before = Some(before.network);
    }

    /// The number of learned numbers.
    pub fn parameters(&self) -> usize {
        self.adam.parameters()
    }

    /// The device of its tensors.
    pub fn device(&self) -> Device {
        self.network.device()
    }

    /// Makes one step; returns the loss.
    pub fn step(&mut self, fields: &[Field<'_>]) -> f64 {
        let step = self.progress.step;
        // Random numbers of this step depend only on seed and step.
        let mut chance = ChaCha8Rng::seed_from_u64(self.settings.seed);
        chance.set_stream(step as u64);
        tch::manual_seed(chance.random());
        let field = &fields[chance.random_range(0..fields.len())];
        let count = self.settings.gallery.min(field.items.len());
        let drawn = sample(&mut chance, field.items.len(), count);
        let items: Vec<u32> = drawn.into_iter().map(|at| field.items[at]).collect();
        let openings: Vec<(Opening, u64)> = (0..self.settings.batch)
            .map(|_| (opening(&mut chance, count), chance.random()))
            .collect();
        let talks = Talks::new(field.user, &items, openings);
        let loss = match &self.before {
            Some(before) if step >= self.settings.steps => {
                self.improved(field.catalogue, &items, talks, before)
            }
            _ => self.taught(field.catalogue, &items, talks),
        };
        self.adam.descend(&loss, self.settings.rate_at(step), 0.0);
        let loss = loss.double_value(&[]);
        self.progress.step += 1;
        let kept = if step == 0 { 0.0 } else { 0.95 };
        self.progress.loss = kept * self.progress.loss + (1.0 - kept) * loss;
        loss
    }

    /// The loss of dialogs whose targets are known: the mean over turns.
    fn taught(&self, catalogue: &Catalogue, items: &[u32], mut talks: Talks<'_>) -> Tensor {
        let places = self.network.places(catalogue.items(items));
        let targets = talks.targets(self.device());
        let mut state = self.network.start(talks.count() as i64);
        let mut losses = Vec::new();
        for _ in 0..self.settings.turns {
            state = self.respond(&self.network, catalogue, &state, &mut talks, true);
            let scores = self.network.scores(&state, &places, true);
            let loss = self.turn_loss(&scores, &targets) * talks.open(self.device());
            losses.push(loss.mean(Kind::Float));
            let best = no_grad(|| talks.known(&scores.detach()).argmax(1, false));
            talks.show(&numbers(&best));
        }
        Tensor::stack(&losses, 0).mean(Kind::Float)
    }

    /// The loss of each dialog at a turn: [dialogs].
    pub(super) fn turn_loss(&self, scores: &Tensor, targets: &Tensor) -> Tensor {
        match self.settings.loss {
            Loss::Gallery => {
                scores.cross_entropy_loss::<Tensor>(targets, None, Reduction::None, -100, 0.0)
            }
            Loss::Triplet => {
                let others = Tensor::randint(
                    scores.size()[1],
                    targets.size(),
                    (Kind::Int64, scores.device()),
                );
                let of =
                    |items: &Tensor| scores.gather(1, &items.unsqueeze(1), false).squeeze_dim(1);
                (of(&others) - of(targets) + MARGIN).relu()
            }
        }
    }

    /// Hears what the users say to what is shown.
    pub(super) fn respond(
        &self,
        network: &Network,
        catalogue: &Catalogue,
        state: &State,
        talks: &mut Talks<'_>,
        train: bool,
    ) -> State {
        let shown = catalogue.items(&talks.shown());
        let captions = self.words.captions(&talks.ask(), self.device());
        network.respond(state, &shown, &captions, train)
    }

    /// Plays dialogs, going by everything that was said or less; the ranks of the targets, by dialog and turn.
    pub fn play(
        &self,
        field: &Field<'_>,
        openings: &[(Opening, u64)],
        (turns, policy): (u32, Policy),
    ) -> Vec<Vec<u32>> {
        let Field { catalogue, items, user } = *field;
        no_grad(|| {
            let places = self.network.places(catalogue.items(items));
            let batches = openings.chunks(self.settings.batch);
            let talks = |batch: &[(Opening, u64)]| Talks::new(user, items, batch.iter().copied());
            batches
                .flat_map(|batch| {
                    self.play_batch(catalogue, &places, talks(batch), (turns, policy))
                })
                .collect()
        })
    }

    fn play_batch(
        &self,
        catalogue: &Catalogue,
        places: &Places,
        mut talks: Talks<'_>,
        (turns, policy): (u32, Policy),
    ) -> Vec<Vec<u32>> {
        let targets = talks.targets(self.device());
        let begun = || self.network.start(talks.count() as i64);
        let (mut state, empty) = (begun(), begun());
        let mut all = vec![Vec::new(); talks.count()];
        for turn in 0..turns {
            // Repeating the first caption leaves what was remembered after it.
            if turn == 0 || policy != Policy::FirstCaption {
                let before = if policy == Policy::NoHistory { &empty } else { &state };
                state = self.respond(&self.network, catalogue, before, &mut talks, false);
            }
            let scores = talks.known(&self.network.scores(&state, places, false));
            for (own, rank) in all.iter_mut().zip(numbers(&ranks(&scores, &targets))) {
                own.push(rank as u32);
            }
            talks.show(&numbers(&scores.argmax(1, false)));
        }
        all
    }
}

/// Two different items.
fn opening(chance: &mut ChaCha8Rng, items: usize) -> Opening {
    let target = chance.random_range(0..items as u32);
    let other = chance.random_range(0..(items as u32).saturating_sub(1).max(1));
    Opening { start: other + u32::from(other >= target), target }
}

/// Whole numbers from the device.
pub(super) fn numbers(tensor: &Tensor) -> Vec<i64> {
    Vec::try_from(tensor.to_kind(Kind::Int64)).unwrap_or_default()
}
