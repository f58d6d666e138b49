//! The network: what is attended to, and the decoder.

use tch::nn::{self, Module, RNN};
use tch::{Kind, Tensor};

use super::pairs::{END, KINDS, Pairs, Speech};
use super::settings::CaptionerSettings;

/// What is not attended to has this likeness.
const NEVER: f64 = -1e4;

/// The learned parts.
pub(super) struct Network {
    /// Vectors of the words of pairs, each in its kinds, and of filling: [kinds × words + 1, width].
    items: nn::Embedding,
    group: nn::Embedding,
    /// From the vectors of target, shown item and their difference.
    vectors: Option<[nn::Linear; 3]>,
    start: nn::Linear,
    keys: nn::Linear,
    asks: nn::Linear,
    likeness: nn::Linear,
    words: nn::Embedding,
    decoder: nn::LSTM,
    says: nn::Linear,
    dropout: f64,
    width: i64,
}

/// Pairs that captions are said about.
pub(super) struct Scene {
    /// [pairs, set, width].
    features: Tensor,
    /// [pairs, set, inner].
    keys: Tensor,
    /// True for filling: [pairs, set].
    fills: Tensor,
}

/// What the decoder remembers.
pub(super) struct Memory(nn::LSTMState);

impl Network {
    /// With initial values. `axes` is the length of the items' vectors, if it uses some.
    pub(super) fn new(
        path: &nn::Path<'_>,
        settings: &CaptionerSettings,
        speech: &Speech,
        axes: Option<i64>,
    ) -> Self {
        let CaptionerSettings { width, inner, dropout, .. } = *settings;
        let linear = |name: &str, from, to| {
            nn::linear(&(path / name), from, to, nn::LinearConfig::default())
        };
        let table = |name: &str, rows| {
            nn::embedding(&(path / name), rows, width, nn::EmbeddingConfig::default())
        };
        Self {
            items: table("items", KINDS * speech.item_words() + 1),
            group: table("group", speech.lexicon.groups.len() as i64),
            vectors: axes.map(|axes| {
                ["target", "shown", "difference"].map(|name| linear(name, axes, width))
            }),
            start: linear("start", width, 2 * inner),
            keys: linear("keys", width, inner),
            asks: linear("asks", inner, inner),
            likeness: linear("likeness", inner, 1),
            words: table("words", speech.len()),
            decoder: nn::lstm(&(path / "decoder"), 2 * width, inner, nn::RNNConfig::default()),
            says: linear("says", inner + width, speech.len()),
            dropout,
            width,
        }
    }

    pub(super) fn device(&self) -> tch::Device {
        self.words.ws.device()
    }

    /// What there is to attend to, and what the decoder starts from.
    pub(super) fn look(&self, pairs: &Pairs, train: bool) -> (Scene, Memory) {
        let (count, device) = (pairs.words.size()[0], pairs.words.device());
        let group = Tensor::full([count, 1], pairs.group, (Kind::Int64, device));
        let mut features = vec![self.group.forward(&group), self.items.forward(&pairs.words)];
        let mut fills = vec![group.zeros_like().to_kind(Kind::Bool), pairs.words.eq(0)];
        if let (Some([target, shown, difference]), Some([own, other])) =
            (&self.vectors, &pairs.seen)
        {
            features.push(target.forward(&own.vectors).unsqueeze(1));
            features.push(shown.forward(&other.vectors).unsqueeze(1));
            features.push(difference.forward(&(&own.vectors - &other.vectors)).unsqueeze(1));
            fills.push(Tensor::zeros([count, 3], (Kind::Bool, device)));
        }
        let features = Tensor::cat(&features, 1).dropout(self.dropout, train);
        let fills = Tensor::cat(&fills, 1);
        let there = fills.logical_not().to_kind(Kind::Float).unsqueeze(2);
        let sums = (&features * &there).sum_dim_intlist([1].as_slice(), false, Kind::Float);
        let mean = sums / there.sum_dim_intlist([1].as_slice(), false, Kind::Float);
        let start = self.start.forward(&mean).tanh().unsqueeze(0);
        let [hidden, cell] = [0, 1].map(|part| start.chunk(2, 2)[part].contiguous());
        let keys = self.keys.forward(&features);
        (Scene { features, keys, fills }, Memory(nn::LSTMState((hidden, cell))))
    }

    /// Hears a word (first [`END`]), and says how likely each next word is: [pairs, words], logits.
    pub(super) fn next(
        &self,
        scene: &Scene,
        memory: &Memory,
        words: &Tensor,
        train: bool,
    ) -> (Tensor, Memory) {
        let hidden = memory.0.h().squeeze_dim(0);
        let asks = self.asks.forward(&hidden).unsqueeze(1);
        let likeness = self.likeness.forward(&(&scene.keys + asks).tanh()).squeeze_dim(2);
        let shares = likeness.masked_fill(&scene.fills, NEVER).softmax(1, Kind::Float);
        let context = shares.unsqueeze(1).bmm(&scene.features).view([-1, self.width]);
        let input = Tensor::cat(
            &[self.words.forward(words).dropout(self.dropout, train), context.shallow_clone()],
            1,
        );
        let state = self.decoder.step(&input, &memory.0);
        let heard = Tensor::cat(&[state.h().squeeze_dim(0), context], 1);
        (self.says.forward(&heard.dropout(self.dropout, train)), Memory(state))
    }

    /// The loss of captions, in nats for a word: `said` is [pairs, words], filled up with [`END`].
    pub(super) fn loss(&self, pairs: &Pairs, said: &Tensor) -> Tensor {
        let (scene, mut memory) = self.look(pairs, true);
        let length = said.size()[1];
        let mut before = said.select(1, 0).zeros_like();
        let mut all = Vec::new();
        for place in 0..length {
            let (logits, after) = self.next(&scene, &memory, &before, true);
            (memory, before) = (after, said.select(1, place));
            all.push(logits);
        }
        // The first end counts, what fills up after it does not.
        let ends = said.eq(END).to_kind(Kind::Int64).cumsum(1, Kind::Int64);
        let counts = ends.le(1).to_kind(Kind::Float).transpose(0, 1).reshape([-1]);
        let logits = Tensor::cat(&all, 0);
        let right = said.transpose(0, 1).reshape([-1]);
        let losses =
            logits.cross_entropy_loss::<Tensor>(&right, None, tch::Reduction::None, -100, 0.0);
        (losses * &counts).sum(Kind::Float) / counts.sum(Kind::Float)
    }
}
