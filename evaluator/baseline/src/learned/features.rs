//! The vectors of captions, and of items' pictures if there are any, computed once and stored in a file
//! that records how they were made.

use std::path::Path;

use dataset::{Folder, Group, Protocol};
use sha2::{Digest, Sha256};
use tch::Tensor;

use super::item_vectors::{ItemVectors, PICTURES};
use super::minilm::TEXT_DIM;
use super::sentences::{self, ItemTexts, Sentences};
use super::tensors::{self, Tensors};
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};

/// How many vectors a query's captions have: the first, the last, and all joined by "and". A query
/// has two captions in Fashion IQ.
pub const TEXTS: i64 = 3;

/// The split for training.
pub const TRAIN: &str = "train";

/// What a missing file should be.
const HINT: &str = "the features; create them with fashion-iq-baseline features";

/// The note about what made the vectors of items' pictures.
const ITEMS: &str = "items";

/// What makes vectors of texts.
pub trait Encoder {
    /// The vectors of texts, each of length 1: [texts, 384]. `told` is called with the number of newly
    /// finished ones.
    fn encode(&self, texts: &[String], told: &mut dyn FnMut(usize)) -> Result<Tensor>;

    /// Identifies exactly this encoder.
    fn digest(&self) -> &str;
}

/// The vectors of a data set's captions, and of its items' pictures.
pub struct Features {
    file: Tensors,
    items: Option<ItemVectors>,
    sentences: Option<Sentences>,
}

/// The texts of a query that are encoded.
fn texts(captions: &[String]) -> [String; TEXTS as usize] {
    let trimmed: Vec<&str> = captions.iter().map(|caption| caption.trim()).collect();
    let at = |caption: Option<&&str>| (*caption.unwrap_or(&"")).to_owned();
    [at(trimmed.first()), at(trimmed.last()), trimmed.join(" and ")]
}

/// SHA-256 over a group's captions, in order; hex.
fn digest(group: &Group) -> String {
    let mut sha = Sha256::new();
    for caption in group.queries.iter().flat_map(|query| &query.captions) {
        sha.update((caption.len() as u64).to_le_bytes());
        sha.update(caption);
    }
    hex::encode(sha.finalize())
}

/// The vectors of a group's captions: [queries, `TEXTS` × 384].
pub(super) fn encode(
    group: &Group,
    encoder: &dyn Encoder,
    told: &mut dyn FnMut(usize),
) -> Result<Tensor> {
    let texts: Vec<String> = group.queries.iter().flat_map(|q| texts(&q.captions)).collect();
    Ok(encoder.encode(&texts, told)?.view([-1, TEXTS * TEXT_DIM]))
}

fn tensor_name(group: &str, split: &str) -> String {
    format!("captions.{group}.{split}")
}

/// Computes the vectors of all captions of some splits, and of the words of train's items, and writes
/// them together with those of items' pictures. `told` is called with the number of texts, then with
/// the number of newly finished ones.
pub fn make(
    data: &Folder,
    splits: &[String],
    encoder: &dyn Encoder,
    items: Option<&ItemVectors>,
    captions: Option<ItemTexts>,
    out: &Path,
    mut told: impl FnMut(Made),
) -> Result<()> {
    let mut groups = Vec::new();
    let mut words = Vec::new();
    for split in splits {
        let split = data.split(split, Protocol::Original)?;
        if split.name == TRAIN {
            // Pictures are enough to learn from.
            words = match items {
                Some(_) => Vocabulary::of_any(data, &split)?.words,
                None => Vocabulary::of(data, &split)?.words,
            };
        }
        groups.extend(split.groups.into_iter().map(|group| (split.name.clone(), group)));
    }
    let all: usize = groups.iter().map(|(_, group)| group.queries.len()).sum();
    let sentences = captions.as_ref().map_or(0, ItemTexts::len);
    told(Made::Of(all * TEXTS as usize + words.len() + sentences));
    let mut made =
        vec![("words".to_owned(), encoder.encode(&words, &mut |done| told(Made::More(done)))?)];
    let mut digests = serde_json::Map::new();
    for (split, group) in &groups {
        let vectors = encode(group, encoder, &mut |done| told(Made::More(done)))?;
        let name = tensor_name(&group.name, split);
        digests.insert(name.clone(), digest(group).into());
        made.push((name, vectors));
    }
    let mut notes = vec![
        ("encoder", encoder.digest().to_owned()),
        ("captions", serde_json::Value::from(digests).to_string()),
        ("words", serde_json::Value::from(words).to_string()),
    ];
    if let Some(items) = items {
        made.extend(items.tensors(PICTURES));
        notes.push((ITEMS, items.made_by().to_owned()));
    }
    if let Some(captions) = captions {
        let sentences = captions.encode(encoder, &mut |done| told(Made::More(done)))?;
        notes.push((sentences::CAPTIONER, sentences.captioner().to_owned()));
        made.extend(sentences.tensors());
    }
    tensors::write(out, &made, notes)
}

/// The progress while features are created.
pub enum Made {
    /// The number of texts to encode.
    Of(usize),
    /// The number of newly finished texts.
    More(usize),
}

impl Features {
    /// Opens the file.
    pub fn open(path: &Path) -> Result<Self> {
        let file = Tensors::read(path, HINT)?;
        file.note("captions")?;
        let items = file.note(ITEMS).ok().map(str::to_owned);
        let items = items.map(|made_by| ItemVectors::of(&file, PICTURES, made_by)).transpose()?;
        let sentences = Sentences::of(&file)?;
        Ok(Self { file, items, sentences })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The vectors of items' pictures.
    pub fn items(&self) -> Result<&ItemVectors> {
        self.items.as_ref().ok_or_else(|| Error::no_item_vectors(self.file.path()))
    }

    /// The captions of items with their vectors.
    pub fn sentences(&self) -> Result<&Sentences> {
        self.sentences.as_ref().ok_or_else(|| Error::no_item_captions(self.file.path()))
    }

    /// The same, if they were made by the encoder that a model was trained with.
    pub fn items_made_by(&self, made_by: &str) -> Result<&ItemVectors> {
        let items = self.items()?;
        if items.made_by() != made_by {
            return Err(Error::other_item_encoder(self.file.path()));
        }
        Ok(items)
    }

    /// The vectors of a group's captions: [queries, `TEXTS` × 384]. Vectors of other captions than
    /// the group's are refused.
    pub fn texts(&self, group: &Group, split: &str) -> Result<Tensor> {
        let name = tensor_name(&group.name, split);
        let path = self.file.path();
        let digests: serde_json::Value = serde_json::from_str(self.file.note("captions")?)
            .map_err(|e| Error::content(path, format!("note `captions`: {e}")))?;
        match digests[&name].as_str() {
            None => Err(Error::no_features(path, &group.name, split)),
            Some(made_of) if made_of != digest(group) => {
                Err(Error::other_features(path, &group.name, split))
            }
            Some(_) => {
                let shape = [group.queries.len() as i64, TEXTS * TEXT_DIM];
                self.file.get(&name, &shape, tch::Device::Cpu)
            }
        }
    }

    /// The vectors of a vocabulary's words: [words, 384].
    pub fn words(&self, vocabulary: &Vocabulary) -> Result<Tensor> {
        if vocabulary.is_empty() {
            return Ok(Tensor::zeros([0, TEXT_DIM], (tch::Kind::Float, tch::Device::Cpu)));
        }
        let words = serde_json::Value::from(vocabulary.words.clone()).to_string();
        if self.file.note("words")? != words {
            let what = "has vectors of other words than those of train's items: it belongs to \
                        another data set, or was made without split train";
            return Err(Error::content(self.file.path(), what));
        }
        self.file.get("words", &[vocabulary.len(), TEXT_DIM], tch::Device::Cpu)
    }

    /// What made the vectors: SHA-256 of the encoder's weights.
    pub fn encoder(&self) -> Result<&str> {
        self.file.note("encoder")
    }
}
