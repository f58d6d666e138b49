//! The network: items, the response encoder, the state tracker, and the scores of candidates.

use tch::nn::{self, Init, Module, RNN};
use tch::{Device, Kind, Tensor};

use super::catalogue::Items;
use super::settings::{ManagerSettings, Tracker};
use super::transformer::Transformer;
use super::words::{Captions, Words};
use crate::learned::item_words::Cells;
use crate::learned::networks::sums_of_bags;

/// The length of the vectors of words in captions.
const WORD: i64 = 128;

/// How far from 0 the values of tables start.
const SPREAD: f64 = 0.05;

/// Weights of words are stored divided by this, so that they learn that much faster than layers.
const SPEED: f64 = 20.0;

/// The initial weight of a wanted word is this power of its rarity.
const RARITY: f64 = 1.5;

/// The initial power of its number of words by which what is remembered about an item is divided.
const LENGTH: f64 = 0.5;

/// The initial weight of an unwanted word, relative to that of a wanted one.
const UNWANTED: f64 = 0.5;

/// The learned parts.
pub(super) struct Network {
    /// Vectors of the words of items: [words, width].
    words: Tensor,
    /// [groups, width].
    group: Tensor,
    /// From the items' vectors: [axes, width], and the one of an item without: [groups, width].
    pictures: Option<(Tensor, Tensor)>,
    tokens: nn::Embedding,
    pairs: nn::Conv1D,
    text: nn::Linear,
    image: nn::Linear,
    fusion: nn::Linear,
    join: Join,
    head: nn::Linear,
    /// Logarithms of the weights of wanted and of unwanted words, and weights of the shown item's: [words].
    said: Tensor,
    negated: Tensor,
    shown: Tensor,
    /// The share of the memory that stays from turn to turn as a logit, and the power of lengths: [2].
    numbers: Tensor,
    /// [groups, words]; stored, not learned.
    rarity: Tensor,
    width: i64,
    dropout: f64,
}

enum Join {
    Gru(nn::GRU),
    Transformer(Transformer),
}

/// What a manager remembers of some dialogs.
pub(super) struct State {
    /// Of the recurrent unit what it holds: [dialogs, 1, width]; of the transformer the vectors of all turns:
    /// [dialogs, turns, width].
    turns: Tensor,
    /// How much each word is wanted: [dialogs, words].
    memory: Tensor,
}

/// The items of a gallery, ready to be scored.
pub(super) struct Places {
    /// [items, width].
    vectors: Tensor,
    /// |e|² of each: [items].
    squares: Tensor,
    /// What sums over an item's words are multiplied with: [items, 1].
    shortness: Tensor,
    items: Items,
}

impl Network {
    /// With initial values. `axes` is the length of the items' vectors, if it uses some.
    pub(super) fn new(
        path: &nn::Path<'_>,
        settings: &ManagerSettings,
        words: &Words,
        axes: Option<i64>,
    ) -> Self {
        let (width, all) = (settings.width, words.len());
        let groups = words.groups().len() as i64;
        let near = |name: &str, shape: &[i64]| path.randn(name, shape, 0.0, SPREAD);
        let plain = nn::LinearConfig { bias: false, ..Default::default() };
        let start = |name: &str, shape: &[i64], value: f64| {
            path.var(name, shape, Init::Const(value / SPEED))
        };
        let join = match settings.tracker {
            Tracker::Gru => Join::Gru(nn::gru(&(path / "tracker"), width, width, RECURRENT)),
            Tracker::Transformer => {
                Join::Transformer(Transformer::new(&(path / "tracker"), width, settings.dropout))
            }
        };
        Self {
            words: near("words", &[all, width]),
            group: path.zeros("group", &[groups, width]),
            pictures: axes.map(|axes| {
                (near("pictures", &[axes, width]), near("no_picture", &[groups, width]))
            }),
            tokens: nn::embedding(
                &(path / "tokens"),
                words.tokens() + 1,
                WORD,
                nn::EmbeddingConfig { padding_idx: 0, ..Default::default() },
            ),
            pairs: nn::conv1d(
                &(path / "pairs"),
                WORD,
                width,
                2,
                nn::ConvConfig { padding: 1, ..Default::default() },
            ),
            text: nn::linear(&(path / "text"), width, width, plain),
            image: nn::linear(&(path / "image"), width, width, nn::LinearConfig::default()),
            fusion: nn::linear(&(path / "fusion"), width, width, plain),
            join,
            head: nn::linear(&(path / "head"), width, width, plain),
            said: start("said", &[all], 0.0),
            negated: start("negated", &[all], UNWANTED.ln()),
            shown: start("shown", &[all], 0.0),
            numbers: path
                .var_copy("numbers", &(Tensor::from_slice(&[4.0_f32, LENGTH as f32]) / SPEED)),
            rarity: words.rarity().to_device(path.device()),
            width,
            dropout: settings.dropout,
        }
    }

    pub(super) fn device(&self) -> Device {
        self.rarity.device()
    }

    /// The vectors of items: [items, width].
    fn vectors(&self, items: &Items) -> Tensor {
        let sums = sums_of_bags(&self.words, &items.numbers, &items.starts);
        let vectors = sums + self.group.get(items.group);
        match (&self.pictures, &items.seen) {
            (Some((places, unknown)), Some(seen)) => {
                let unknown = (1.0 - &seen.known) * unknown.get(items.group);
                vectors + seen.vectors.matmul(places) + unknown
            }
            _ => vectors,
        }
    }

    /// Items as a gallery.
    pub(super) fn places(&self, items: Items) -> Places {
        let vectors = self.vectors(&items);
        let squares = vectors.square().sum_dim_intlist([1].as_slice(), false, Kind::Float);
        let power = self.numbers.narrow(0, 1, 1) * -SPEED;
        let shortness = (&items.lengths * power).exp();
        Places { vectors, squares, shortness, items }
    }

    /// What it remembers before the first turn.
    pub(super) fn start(&self, dialogs: i64) -> State {
        let zeros = |shape: &[i64]| Tensor::zeros(shape, (Kind::Float, self.device()));
        let turns = match &self.join {
            Join::Gru(_) => zeros(&[dialogs, 1, self.width]),
            Join::Transformer(_) => zeros(&[dialogs, 0, self.width]),
        };
        State { turns, memory: zeros(&[dialogs, self.said.size()[0]]) }
    }

    /// What it remembers after a turn, in which these items were shown and these captions said.
    pub(super) fn respond(
        &self,
        state: &State,
        shown: &Items,
        captions: &Captions,
        train: bool,
    ) -> State {
        let is_word = captions.tokens.not_equal(0).to_kind(Kind::Float).unsqueeze(2);
        let words = (self.tokens.forward(&captions.tokens) * is_word).transpose(1, 2);
        let text = self.pairs.forward(&words).relu().amax([2].as_slice(), false);
        let text = self.text.forward(&text.dropout(self.dropout, train));
        let image = self.image.forward(&self.vectors(shown));
        let response = self.fusion.forward(&(text + image).dropout(self.dropout, train));
        let turns = match &self.join {
            Join::Gru(unit) => {
                let held = nn::GRUState(state.turns.transpose(0, 1).contiguous());
                unit.step(&response, &held).0.transpose(0, 1)
            }
            Join::Transformer(_) => Tensor::cat(&[&state.turns, &response.unsqueeze(1)], 1),
        };
        State { turns, memory: self.remember(&state.memory, shown, captions) }
    }

    fn remember(&self, memory: &Tensor, shown: &Items, captions: &Captions) -> Tensor {
        let rarity = self.rarity.get(shown.group).pow_tensor_scalar(RARITY);
        let wanted = (&self.said * SPEED).exp() * &rarity;
        let unwanted = (&self.negated * SPEED).exp() * &rarity;
        let stays = (self.numbers.narrow(0, 0, 1) * SPEED).sigmoid();
        let shape = memory.size();
        let own = Tensor::zeros(&shape[..], (Kind::Float, self.device()));
        let (rows, words) = shown.cells();
        let own = spread(&own, &rows, &words, &(&self.shown * SPEED * &rarity));
        let own = spread(&own, &captions.said.rows, &captions.said.words, &wanted);
        let Cells { rows, words } = &captions.negated;
        spread(&own, rows, words, &-unwanted) + memory * stays
    }

    /// The scores of a gallery's items, the highest for the nearest one: [dialogs, items].
    pub(super) fn scores(&self, state: &State, gallery: &Places, train: bool) -> Tensor {
        let joined = match &self.join {
            Join::Gru(_) => state.turns.select(1, 0),
            Join::Transformer(tracker) => tracker.join(&state.turns, train),
        };
        let query = self.head.forward(&joined.dropout(self.dropout, train));
        // Of -|q - e|² = 2 q · e - |e|² - |q|² the last is the same for all items.
        let near = query.matmul(&gallery.vectors.transpose(0, 1)) * 2.0 - &gallery.squares;
        let wanted = state.memory.transpose(0, 1).contiguous();
        let sums = sums_of_bags(&wanted, &gallery.items.numbers, &gallery.items.starts);
        near + (sums * &gallery.shortness).transpose(0, 1)
    }
}

const RECURRENT: nn::RNNConfig = nn::RNNConfig {
    has_biases: false,
    num_layers: 1,
    dropout: 0.0,
    train: true,
    bidirectional: false,
    batch_first: true,
    w_ih_init: nn::init::DEFAULT_KAIMING_UNIFORM,
    w_hh_init: nn::init::DEFAULT_KAIMING_UNIFORM,
    b_ih_init: None,
    b_hh_init: None,
};

impl State {
    /// Some of the dialogs, in this order; each as often as it is named.
    pub(super) fn of(&self, dialogs: &[i64]) -> Self {
        let rows = Tensor::from_slice(dialogs).to_device(self.memory.device());
        Self {
            turns: self.turns.index_select(0, &rows),
            memory: self.memory.index_select(0, &rows),
        }
    }
}

impl Items {
    /// The item and the number of each word: [words], twice.
    fn cells(&self) -> (Tensor, Tensor) {
        let words = self.numbers.size()[0];
        let ends = Tensor::cat(
            &[
                self.starts.narrow(0, 1, self.starts.size()[0] - 1),
                Tensor::from_slice(&[words]).to_device(self.starts.device()),
            ],
            0,
        );
        let counts = ends - &self.starts;
        let items = Tensor::arange(self.starts.size()[0], (Kind::Int64, self.starts.device()));
        (items.repeat_interleave_self_tensor(&counts, 0, words), self.numbers.shallow_clone())
    }
}

/// Adds to each cell the value of its word.
fn spread(to: &Tensor, rows: &Tensor, words: &Tensor, values: &Tensor) -> Tensor {
    let shape = to.size();
    let places = rows * shape[1] + words;
    to.view([-1]).index_add(0, &places, &values.index_select(0, words)).view(&shape[..])
}
