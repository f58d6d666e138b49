//! `composed` with the captions of items: the words of both sides, what train's captions say about them,
//! and sentences in a learned space.

use tch::nn::{self, Init, Module};
use tch::{Kind, Tensor};

use super::parts::{Factor, silent};
use super::sentence_place::{SentencePlace, joined};
use super::{Network, Plan};
use crate::learned::collection::{Items, Queries};
use crate::learned::features::TEXTS;
use crate::learned::item_words::{Cells, QueryWords};
use crate::learned::minilm::TEXT_DIM;
use crate::lexical::Lexicon;

/// Weights of words are stored divided by this, so that they learn that much faster than layers.
const SPEED: f64 = 20.0;

/// The initial weight of the match of words.
const MATCH: f64 = 3.0;

/// The weight of a word that is not wanted, relative to that of a match.
const UNWANTED: f64 = -0.1;

/// The initial logit of the share of a replaced colour that stays.
const REPLACED: f64 = -1.0;

/// The initial power of lengths by which sums over words are divided; 1 would be the cosine's.
const LENGTH: f64 = 0.4;

/// The initial weight of associations.
const TOLD: f64 = 0.4;

/// The initial weight of the plain cosines of sentences.
const PLAIN: f64 = 2.0;

/// How many facts about an item there are.
const FACTS: i64 = 3;

/// For each word of an item: whether the reference has it, whether the captions ask for it or against it,
/// what follows from the captions by counts over train, and a prior. Plus the product with the item's
/// place, the plain cosines of its text with the captions and with the reference, and facts about it: its
/// length, how ordinary it is, and whether it has attributes.
pub(super) struct Captioned {
    /// Logarithms of the weights of the reference's words and of wanted words, relative to the word's
    /// rarity: [groups, words].
    like: Tensor,
    said: Tensor,
    /// [groups, words].
    prior: Tensor,
    /// Weights of the associations: [words].
    told: Tensor,
    kept: Tensor,
    /// Logarithms of the weights of the reference's, the wanted and the unwanted words: [groups, 3].
    scales: Tensor,
    /// The same as `like` and `said` for all words outside of the lexicon: [groups, 2].
    rare: Tensor,
    /// Logits of the share of a replaced colour that stays: [groups].
    replaced: Tensor,
    /// Powers of lengths: of the reference, of the wanted words, and twice of the item.
    powers: Tensor,
    /// [groups, facts].
    facts: Tensor,
    asked_facts: nn::Linear,
    place: SentencePlace,
    near_captions: Factor,
    near_reference: Factor,
}

impl Captioned {
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>, lexicon: &Lexicon) -> Self {
        let (groups, words) = (lexicon.groups.len() as i64, lexicon.len() as i64);
        let start = |name: &str, shape: &[i64], value: f64| {
            path.var(name, shape, Init::Const(value / SPEED))
        };
        Self {
            like: start("like", &[groups, words], 0.0),
            said: start("said", &[groups, words], 0.0),
            prior: start("prior", &[groups, words], 0.0),
            told: start("told", &[words], TOLD),
            kept: start("kept", &[words], TOLD),
            scales: start("scales", &[groups, 3], MATCH.ln()),
            rare: start("rare", &[groups, 2], 0.0),
            replaced: start("replaced", &[groups], REPLACED),
            powers: start("powers", &[4], LENGTH),
            facts: start("facts", &[groups, FACTS], 0.0),
            asked_facts: silent(&(path / "asked_facts"), TEXTS * TEXT_DIM, FACTS),
            place: SentencePlace::new(&(path / "place"), plan, words),
            near_captions: Factor::new(path, "near_captions", PLAIN),
            near_reference: Factor::new(path, "near_reference", PLAIN),
        }
    }

    /// The weight of each word's match in one group: of the lexicon's words by `own`, of others all alike;
    /// [words].
    fn weights(&self, own: &Tensor, which: i64, group: i64, words: &QueryWords) -> Tensor {
        let own = own.get(group);
        let others = words.weights.size()[0] - own.size()[0];
        let rare = self.rare.get(group).narrow(0, which, 1).expand([others], false);
        (Tensor::cat(&[own, rare], 0) * SPEED).exp() * &words.weights * self.scale(which, group)
    }

    fn scale(&self, which: i64, group: i64) -> Tensor {
        (self.scales.get(group).narrow(0, which, 1) * SPEED).exp()
    }

    /// One over a power of the length of each cell's text: [cells].
    fn shortness(&self, which: i64, cells: &Cells, words: &QueryWords) -> Tensor {
        let lengths = words.lengths.narrow(1, which, 1).squeeze_dim(1);
        let power = self.powers.narrow(0, which, 1) * -SPEED;
        (lengths * power).exp().index_select(0, &cells.rows)
    }

    /// How much matches with each word count: [queries, words].
    fn matches(&self, words: &QueryWords, group: i64) -> Tensor {
        let stays = (self.replaced.get(group) * SPEED).sigmoid();
        let like = self.weights(&self.like, 0, group, words);
        let like = like.index_select(0, &words.references.words)
            * self.shortness(0, &words.references, words)
            * (1.0 - &words.replaced * (1.0 - stays));
        let said = self.weights(&self.said, 1, group, words);
        let said = said.index_select(0, &words.said.words) * self.shortness(1, &words.said, words);
        let unwanted = &words.weights * self.scale(2, group) * UNWANTED;
        let unwanted = unwanted.index_select(0, &words.negated.words);
        words.spread(&words.references, &like)
            + words.spread(&words.said, &said)
            + words.spread(&words.negated, &unwanted)
    }

    /// What follows for each word from counts over train, and its prior: [queries, words].
    fn associations(&self, words: &QueryWords, group: i64) -> Tensor {
        let others = words.weights.size()[0] - self.told.size()[0];
        let pad = |own: Tensor| own.constant_pad_nd([0, others]);
        let kept = pad(&self.kept * SPEED).index_select(0, &words.references.words) * &words.kept;
        let told = &words.told * (&self.told * SPEED) + self.prior.get(group) * SPEED;
        pad(told) + words.spread(&words.references, &kept)
    }
}

impl QueryWords {
    /// The sum of values at cells: [queries, words].
    fn spread(&self, cells: &Cells, values: &Tensor) -> Tensor {
        let (queries, words) = (self.told.size()[0], self.weights.size()[0]);
        let places = &cells.rows * words + &cells.words;
        let zeros = Tensor::zeros([queries * words], (Kind::Float, values.device()));
        zeros.index_add(0, &places, values).view([queries, words])
    }
}

impl Network for Captioned {
    fn items(&self, items: &Items, _: &Items, _: bool) -> Tensor {
        match (&items.seen, &items.read) {
            (Some(seen), Some(words)) => {
                Tensor::cat(&[&self.place.items(seen), &seen.raw, &words.facts], 1)
            }
            // Without captions to read, such a network isn't built.
            _ => items.known.shallow_clone(),
        }
    }

    fn queries(&self, queries: &Queries, train: bool) -> Tensor {
        match (&queries.references.seen, &queries.read) {
            (Some(seen), Some(words)) => {
                let near = self.place.queries(seen, queries, &words.said, train);
                let plain =
                    self.near_captions.of(&joined(queries)) + self.near_reference.of(&seen.raw);
                let facts = self.facts.get(queries.references.group) * SPEED
                    + self.asked_facts.forward(&queries.texts);
                Tensor::cat(&[near, plain, facts], 1)
            }
            _ => queries.references.known.shallow_clone(),
        }
    }

    fn wanted(&self, queries: &Queries) -> Option<Tensor> {
        let words = queries.read.as_ref()?;
        let group = queries.references.group;
        let parts = [self.matches(words, group), self.associations(words, group)];
        Some(Tensor::cat(&parts, 0).transpose(0, 1).contiguous())
    }

    fn scales(&self, items: &Items) -> Option<Tensor> {
        let words = items.read.as_ref()?;
        let powers = self.powers.narrow(0, 2, 2) * -SPEED;
        Some((words.facts.narrow(1, 0, 1) * powers).exp())
    }
}
