//! The state tracker of 2021, over the vectors of all turns.

use tch::nn::{self, Module};
use tch::{Kind, Tensor};

const LAYERS: usize = 2;
const HEADS: i64 = 4;

/// The most turns that have a place of their own.
const TURNS: i64 = 20;

/// Two layers of attention over the turns, and the mean of what they give.
pub(super) struct Transformer {
    places: Tensor,
    layers: Vec<Layer>,
    width: i64,
    dropout: f64,
}

struct Layer {
    first_norm: nn::LayerNorm,
    all: nn::Linear,
    mixed: nn::Linear,
    second_norm: nn::LayerNorm,
    wide: nn::Linear,
    narrow: nn::Linear,
}

impl Layer {
    fn new(path: &nn::Path<'_>, width: i64) -> Self {
        let linear =
            |name, from, to| nn::linear(&(path / name), from, to, nn::LinearConfig::default());
        let norm =
            |name| nn::layer_norm(&(path / name), vec![width], nn::LayerNormConfig::default());
        Self {
            first_norm: norm("first_norm"),
            all: linear("all", width, 3 * width),
            mixed: linear("mixed", width, width),
            second_norm: norm("second_norm"),
            wide: linear("wide", width, 4 * width),
            narrow: linear("narrow", 4 * width, width),
        }
    }
}

impl Transformer {
    pub(super) fn new(path: &nn::Path<'_>, width: i64, dropout: f64) -> Self {
        let layer = |number| Layer::new(&(path / format!("layer{number}")), width);
        let layers = (0..LAYERS).map(layer).collect();
        Self { places: path.randn("places", &[TURNS, width], 0.0, 0.05), layers, width, dropout }
    }

    /// `turns`: [dialogs, turns, width], of which the last [`TURNS`] count; [dialogs, width].
    pub(super) fn join(&self, turns: &Tensor, train: bool) -> Tensor {
        let all = turns.size()[1];
        let count = all.min(TURNS);
        let mut x = turns.narrow(1, all - count, count) + self.places.narrow(0, 0, count);
        for layer in &self.layers {
            let mixed = self.attend(layer, &layer.first_norm.forward(&x));
            // Not in place: the gradient of the norms needs what they were given.
            let joined = &x + mixed.dropout(self.dropout, train);
            let wide = layer.wide.forward(&layer.second_norm.forward(&joined)).relu();
            x = &joined + layer.narrow.forward(&wide).dropout(self.dropout, train);
        }
        x.mean_dim([1].as_slice(), false, Kind::Float)
    }

    fn attend(&self, layer: &Layer, x: &Tensor) -> Tensor {
        let (dialogs, turns, _) = x.size3().unwrap_or_default();
        let width = self.width / HEADS;
        let parts = layer.all.forward(x).view([dialogs, turns, 3, HEADS, width]);
        let part = |number| parts.select(2, number).transpose(1, 2);
        let likeness = part(0).matmul(&part(1).transpose(2, 3)) / (width as f64).sqrt();
        let mixed = likeness.softmax(-1, Kind::Float).matmul(&part(2));
        layer.mixed.forward(&mixed.transpose(1, 2).reshape([dialogs, turns, self.width]))
    }
}
