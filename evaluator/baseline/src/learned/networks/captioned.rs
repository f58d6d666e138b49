//! `composed` with the captions of items: words of both sides, what train's captions say about them, and
//! sentences in a learned space.

use tch::nn::{self, Init, Module};
use tch::{Kind, Tensor};

use super::parts::{Factor, silent};
use super::tirg::Gated;
use super::{Network, Plan};
use crate::learned::collection::{Items, Queries};
use crate::learned::features::TEXTS;
use crate::learned::item_words::{Cells, QueryWords};
use crate::learned::minilm::TEXT_DIM;
use crate::lexical::Lexicon;

/// Weights of words are stored divided by this, so that they learn that much faster than layers.
const SPEED: f64 = 20.0;

/// The initial weight of the match of words.
const LIKE: f64 = 3.0;

/// The initial weight of a pair of words, relative to a word.
const PAIR: f32 = 0.3;

/// The power of an item's length by which the sum over its words is divided; 1 would be the cosine's.
const LENGTH: f64 = 0.4;

/// The initial weight of associations.
const TOLD: f64 = 0.4;

/// For each word of an item: whether the reference has it, whether the captions ask for it or against
/// it, what follows from the captions by counts over train (*told*, *kept*), and a prior; plus
/// `tirg`'s gated place of sentences, the sentences' plain cosines, and facts about the item.
pub(super) struct Captioned {
    /// Logarithms relative to rarity: [groups, words].
    like: Tensor,
    said: Tensor,
    /// [groups, words].
    prior: Tensor,
    /// [words].
    told: Tensor,
    kept: Tensor,
    /// By group: logarithms of the weights of the reference's words, said words and unwanted words.
    scales: Tensor,
    /// By group: the same for words without own weights, added: [groups, 2].
    rare: Tensor,
    /// By group: the share that stays of a replaced colour, as a logit.
    replaced: Tensor,
    /// Powers of lengths: of the reference, of the wanted words, of the item in both parts.
    powers: Tensor,
    /// By group: of the item's facts.
    facts: Tensor,
    /// Of facts, from the captions.
    asked_facts: nn::Linear,
    gated: Gated,
    /// Of the sentence with the captions and with the reference's sentence.
    near_captions: Factor,
    near_reference: Factor,
}

/// How many facts about an item there are.
const FACTS: i64 = 3;

impl Captioned {
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>, lexicon: &Lexicon) -> Self {
        let groups = lexicon.groups.len() as i64;
        let words = lexicon.len() as i64;
        let pair = |word: &String| if word.contains(' ') { PAIR.ln() } else { 0.0 };
        let pairs: Vec<f32> = lexicon.words.iter().map(pair).collect();
        let start = Tensor::from_slice(&pairs).to_device(path.device()) / SPEED;
        let start = start.expand([groups, words], false).contiguous();
        let var = |name: &str, shape: &[i64], value| path.var(name, shape, Init::Const(value));
        Self {
            like: path.var_copy("like", &start),
            said: path.var_copy("said", &start),
            prior: var("prior", &[groups, words], 0.0),
            told: var("told", &[words], TOLD / SPEED),
            kept: var("kept", &[words], TOLD / SPEED),
            scales: var("scales", &[groups, 3], LIKE.ln() / SPEED),
            rare: var("rare", &[groups, 2], 0.0),
            replaced: var("replaced", &[groups], -1.0 / SPEED),
            powers: var("powers", &[4], LENGTH / SPEED),
            facts: var("facts", &[groups, FACTS], 0.0),
            asked_facts: silent(&(path / "asked_facts"), TEXTS * TEXT_DIM, FACTS),
            gated: Gated::new(&(path / "gated"), plan),
            near_captions: Factor::new(path, "near_captions", 2.0),
            near_reference: Factor::new(path, "near_reference", 2.0),
        }
    }

    /// The weights of words in one group: those of the lexicon, and one for all others; [words].
    fn weights(&self, own: &Tensor, group: i64, rare: i64, words: &QueryWords) -> Tensor {
        let own = own.get(group);
        let others = words.weights.size()[0] - own.size()[0];
        let rare = self.rare.get(group).narrow(0, rare, 1).expand([others], false);
        (Tensor::cat(&[own, rare], 0) * SPEED).exp() * &words.weights
    }

    fn power(&self, which: i64) -> Tensor {
        self.powers.narrow(0, which, 1) * SPEED
    }
}

/// The sum of values at cells: [queries, words].
fn spread(cells: &Cells, values: &Tensor, queries: i64, words: i64) -> Tensor {
    let places = &cells.rows * words + &cells.words;
    let zeros = Tensor::zeros([queries * words], (Kind::Float, values.device()));
    zeros.index_add(0, &places, values).view([queries, words])
}

impl Network for Captioned {
    fn items(&self, items: &Items, _: &Items, _: bool) -> Tensor {
        let near = self.gated.place(&items.words, items);
        match (&items.seen, &items.read) {
            (Some(seen), Some(words)) => Tensor::cat(&[&near, &seen.raw, &words.facts], 1),
            _ => near,
        }
    }

    fn queries(&self, queries: &Queries, train: bool) -> Tensor {
        let (near, _) = self.gated.ask(&queries.references.words, queries, train);
        let Some(seen) = &queries.references.seen else { return near };
        let joined = queries.texts.narrow(1, (TEXTS - 1) * TEXT_DIM, TEXT_DIM);
        let plain = self.near_captions.of(&joined) + self.near_reference.of(&seen.raw);
        let facts = self.facts.get(queries.references.group) * SPEED
            + self.asked_facts.forward(&queries.texts) * SPEED;
        Tensor::cat(&[near, plain, facts], 1)
    }

    fn wanted(&self, queries: &Queries) -> Option<Tensor> {
        let words = queries.read.as_ref()?;
        let group = queries.references.group;
        let (asked, all) = (words.told.size()[0], words.weights.size()[0]);
        let scale = |which| (self.scales.get(group).narrow(0, which, 1) * SPEED).exp();
        let lengths = |which: i64, cells: &Cells| {
            let lengths = words.lengths.narrow(1, which, 1).squeeze_dim(1);
            (lengths * -self.power(which)).exp().index_select(0, &cells.rows)
        };
        let like = self.weights(&self.like, group, 0, words) * scale(0);
        let stays = (self.replaced.get(group) * SPEED).sigmoid();
        let like = like.index_select(0, &words.references.words)
            * lengths(0, &words.references)
            * (1.0 - &words.replaced * (1.0 - stays));
        let said = self.weights(&self.said, group, 1, words) * scale(1);
        let said = said.index_select(0, &words.said.words) * lengths(1, &words.said);
        let negated = &words.weights * scale(2) * -0.1;
        let negated = negated.index_select(0, &words.negated.words);
        let matches = spread(&words.references, &like, asked, all)
            + spread(&words.said, &said, asked, all)
            + spread(&words.negated, &negated, asked, all);
        let pad = |own: Tensor| own.constant_pad_nd([0, all - self.told.size()[0]]);
        let kept = pad(&self.kept * SPEED).index_select(0, &words.references.words) * &words.kept;
        let told = &words.told * (&self.told * SPEED) + self.prior.get(group) * SPEED;
        let told = pad(told) + spread(&words.references, &kept, asked, all);
        Some(Tensor::cat(&[matches, told], 0).transpose(0, 1).contiguous())
    }

    fn scales(&self, items: &Items) -> Option<Tensor> {
        let words = items.read.as_ref()?;
        let powers = self.powers.narrow(0, 2, 2) * -SPEED;
        Some((words.facts.narrow(1, 0, 1) * powers).exp())
    }
}
