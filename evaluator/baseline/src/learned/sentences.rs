//! The captions of items in the features: their texts, and a vector for each.
//!
//! In a safetensors file they are three tensors: `sentences.json`, bytes, by group and item the sentence;
//! `sentences.ids` and `sentences.vectors`, as for [pictures](super::item_vectors).

use std::collections::BTreeMap;

use dataset::ItemCaptions;
use tch::{Kind, Tensor};

use super::features::Encoder;
use super::item_vectors::{ItemVectors, SENTENCES};
use super::tensors::Tensors;
use crate::error::{Error, Result};

/// The tensor of the texts.
const TEXTS: &str = "sentences.json";

/// The note about what wrote the sentences.
pub(super) const CAPTIONER: &str = "captioner";

/// Sentences by group and item.
type ByGroup = BTreeMap<String, BTreeMap<String, String>>;

/// The captions of items, and what wrote them.
pub struct ItemTexts {
    captioner: String,
    by_group: ByGroup,
}

/// The captions of items with their vectors.
pub struct Sentences {
    texts: ItemTexts,
    captions: BTreeMap<String, ItemCaptions>,
    vectors: ItemVectors,
}

impl ItemTexts {
    /// None yet; `captioner` names the program that wrote them.
    pub fn new(captioner: impl Into<String>) -> Self {
        Self { captioner: captioner.into(), by_group: BTreeMap::new() }
    }

    /// Adds those of a group.
    pub fn add(&mut self, group: &str, captions: &ItemCaptions) {
        let own = |(item, sentence): (&str, &str)| (item.to_owned(), sentence.to_owned());
        self.by_group.entry(group.to_owned()).or_default().extend(captions.iter().map(own));
    }

    /// The sentence of each item; an item of several groups has that of the first.
    fn of_items(&self) -> BTreeMap<&str, &str> {
        let all = self.by_group.values().rev().flatten();
        all.map(|(item, sentence)| (item.as_str(), sentence.as_str())).collect()
    }

    /// How many sentences are encoded.
    pub(super) fn len(&self) -> usize {
        self.of_items().len()
    }

    /// Encodes them.
    pub(super) fn encode(
        self,
        encoder: &dyn Encoder,
        told: &mut dyn FnMut(usize),
    ) -> Result<Sentences> {
        let (ids, texts): (Vec<String>, Vec<String>) =
            self.of_items().into_iter().map(|(id, text)| (id.to_owned(), text.to_owned())).unzip();
        let vectors = encoder.encode(&texts, told)?.to_device(tch::Device::Cpu);
        let made_by = encoder.digest().to_owned();
        Ok(Sentences::new(self, ItemVectors::new(ids, vectors.to_kind(Kind::Half), made_by)))
    }
}

impl Sentences {
    fn new(texts: ItemTexts, vectors: ItemVectors) -> Self {
        let captions = texts.by_group.iter();
        let captions = captions.map(|(g, all)| (g.clone(), ItemCaptions::new(all.clone())));
        Self { captions: captions.collect(), texts, vectors }
    }

    /// Those in a file, if it has any.
    pub(super) fn of(file: &Tensors) -> Result<Option<Self>> {
        let Ok(captioner) = file.note(CAPTIONER) else { return Ok(None) };
        let bytes = file.any(TEXTS)?;
        let mut json = vec![0_u8; bytes.numel()];
        bytes.copy_data(&mut json, bytes.numel());
        let by_group: ByGroup = serde_json::from_slice(&json)
            .map_err(|e| Error::content(file.path(), format!("tensor {TEXTS}: {e}")))?;
        let made_by = file.note("encoder")?.to_owned();
        let texts = ItemTexts { by_group, ..ItemTexts::new(captioner) };
        Ok(Some(Self::new(texts, ItemVectors::of(file, SENTENCES, made_by)?)))
    }

    /// As tensors for a file.
    pub(super) fn tensors(&self) -> Vec<(String, Tensor)> {
        let json = serde_json::to_vec(&self.texts.by_group).unwrap_or_default();
        let mut all = vec![(TEXTS.to_owned(), Tensor::from_slice(&json))];
        all.extend(self.vectors.tensors(SENTENCES));
        all
    }

    /// The captions of a group's items.
    pub fn captions(&self, group: &str) -> ItemCaptions {
        self.captions.get(group).cloned().unwrap_or_default()
    }

    /// Their vectors.
    pub fn vectors(&self) -> &ItemVectors {
        &self.vectors
    }

    /// What wrote them.
    pub fn captioner(&self) -> &str {
        &self.texts.captioner
    }
}
