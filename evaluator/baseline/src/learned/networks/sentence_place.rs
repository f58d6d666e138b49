//! Sentences of items and captions of queries in one learned space, which starts as the text encoder's.

use tch::nn::{self, Module};
use tch::{Kind, Tensor};

use super::Plan;
use super::parts::{Factor, silent};
use crate::learned::collection::Queries;
use crate::learned::features::TEXTS;
use crate::learned::item_words::Cells;
use crate::learned::lens::Seen;
use crate::learned::minilm::{TEXT_DIM, unit};

/// The length to which vectors are scaled before layers.
const SCALE: f64 = 10.0;

/// The weight of the residual of the layers.
const RESIDUAL: f64 = 0.1;

/// The share of wanted words whose vectors are dropped in training.
const WORDS_DROPPED: f64 = 0.2;

/// An item: its text's vector, without the mean of train's, through a matrix that starts as the identity.
///
/// A query: its reference in that space, gated by reference and captions, plus the captions' vector
/// through another such matrix, plus a learned vector for each wanted word, plus a residual of two layers.
pub(super) struct SentencePlace {
    mean: Tensor,
    eye: Tensor,
    /// What is added to the identity: [384, 384] each.
    items: Tensor,
    captions: Tensor,
    /// Added to the captions' vector: [384].
    centre: Tensor,
    /// In place of a missing text: [384].
    unknown: Tensor,
    /// [words of the lexicon, 384].
    said: Tensor,
    gate: [nn::Linear; 2],
    residual: [nn::Linear; 2],
    kept: Factor,
    added: Factor,
    factor: Factor,
    dropout: f64,
}

impl SentencePlace {
    /// For a lexicon of this many words.
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>, words: i64) -> Self {
        let inner = 2 * plan.settings.width;
        let two = |name: &str| {
            let config = nn::LinearConfig::default();
            let first = nn::linear(path / name / "first", 2 * TEXT_DIM, inner, config);
            [first, silent(&(path / name / "second"), inner, TEXT_DIM)]
        };
        let options = (Kind::Float, path.device());
        let mean = plan.lens.map(|lens| lens.mean.shallow_clone());
        Self {
            mean: mean.unwrap_or_else(|| Tensor::zeros([TEXT_DIM], options)),
            eye: Tensor::eye(TEXT_DIM, options),
            items: path.zeros("items", &[TEXT_DIM, TEXT_DIM]),
            captions: path.zeros("captions", &[TEXT_DIM, TEXT_DIM]),
            centre: path.zeros("centre", &[TEXT_DIM]),
            unknown: path.zeros("unknown", &[TEXT_DIM]),
            said: path.zeros("said", &[words, TEXT_DIM]),
            gate: two("gate"),
            residual: two("residual"),
            kept: Factor::new(path, "kept", 1.0),
            added: Factor::new(path, "added", 0.7),
            factor: Factor::new(path, "factor", 6.0),
            dropout: plan.settings.dropout,
        }
    }

    /// The vectors of items: [items, 384], of length 1.
    pub(super) fn items(&self, seen: &Seen) -> Tensor {
        let known = unit(&((&seen.raw - &self.mean) * &seen.known));
        let known = known.matmul(&(&self.eye + &self.items));
        unit(&(known + (1.0 - &seen.known) * &self.unknown))
    }

    /// The vectors of queries with these wanted words: [queries, 384].
    pub(super) fn queries(
        &self,
        seen: &Seen,
        queries: &Queries,
        said: &Cells,
        train: bool,
    ) -> Tensor {
        let reference = self.items(seen);
        let captions = (joined(queries) + &self.centre).matmul(&(&self.eye + &self.captions));
        let both = Tensor::cat(&[&reference, &captions], 1) * SCALE;
        let both = both.dropout(self.dropout, train);
        let two = |[first, second]: &[nn::Linear; 2]| {
            second.forward(&first.forward(&both).relu().dropout(self.dropout, train))
        };
        // Starts at 1.
        let gate = two(&self.gate).sigmoid() * 2.0;
        let near = self.kept.of(&(gate * &reference))
            + self.added.of(&captions)
            + two(&self.residual) * RESIDUAL
            + self.words(said, reference.size()[0], train);
        self.factor.of(&unit(&near))
    }

    /// The sum of the vectors of wanted words that are in the lexicon: [queries, 384].
    fn words(&self, said: &Cells, queries: i64, train: bool) -> Tensor {
        let words = self.said.size()[0];
        let own = said.words.lt(words).to_kind(Kind::Float).dropout(WORDS_DROPPED, train);
        let vectors = self.said.index_select(0, &said.words.clamp_max(words - 1));
        let zeros = Tensor::zeros([queries, TEXT_DIM], (Kind::Float, vectors.device()));
        zeros.index_add(0, &said.rows, &(vectors * own.unsqueeze(1)))
    }
}

/// The vectors of all captions of a query together: [queries, 384].
pub(super) fn joined(queries: &Queries) -> Tensor {
    queries.texts.narrow(1, (TEXTS - 1) * TEXT_DIM, TEXT_DIM)
}
