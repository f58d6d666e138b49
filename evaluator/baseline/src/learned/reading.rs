//! What a model reads of items: their words, and what was counted over train.

use std::sync::Arc;

use dataset::Group;
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use super::collection::Collection;
use super::item_words::GroupWords;
use super::tensors::Tensors;
use crate::error::Result;
use crate::lexical::counts::Counts;
use crate::lexical::{Described, Lexicon};

/// The counts in a file.
const COUNTS: [&str; 2] = ["reading.told", "reading.kept"];

/// The note in a file.
#[derive(Serialize, Deserialize)]
pub(super) struct Note {
    lexicon: Lexicon,
    said: Vec<String>,
    captioner: String,
    captioned: [usize; 2],
}

/// The words of items that a model reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The words with weights of their own.
    pub lexicon: Lexicon,
    /// What was counted over train.
    pub(super) counts: Arc<Counts>,
    /// What wrote the captions of items.
    pub captioner: String,
    /// How many of train's items had a caption, and how many items there are.
    pub captioned: [usize; 2],
}

impl Reading {
    /// Nothing counted yet.
    pub(super) fn new(lexicon: Lexicon, groups: &[(&Group, &Described)], captioner: &str) -> Self {
        let (mut with_caption, mut all) = (0, 0);
        for (group, described) in groups {
            with_caption +=
                group.gallery.iter().filter(|id| described.captions.of(id).is_some()).count();
            all += group.gallery.len();
        }
        let counts = Arc::new(Counts { words: lexicon.len(), ..Counts::default() });
        Self { lexicon, counts, captioner: captioner.to_owned(), captioned: [with_caption, all] }
    }

    /// As a note for a file.
    pub(super) fn note(&self) -> Note {
        Note {
            lexicon: self.lexicon.clone(),
            said: self.counts.said.clone(),
            captioner: self.captioner.clone(),
            captioned: self.captioned,
        }
    }

    /// The counts as tensors for a file.
    pub(super) fn tensors(&self) -> [(String, Tensor); 2] {
        let shape = [self.counts.said.len() as i64, self.lexicon.len() as i64];
        let tensor =
            |name: &str, values: &[f32]| (name.to_owned(), Tensor::from_slice(values).view(shape));
        [tensor(COUNTS[0], &self.counts.told), tensor(COUNTS[1], &self.counts.kept)]
    }

    /// Reads it from a file with its note.
    pub(super) fn of(file: &Tensors, note: Note) -> Result<Self> {
        let words = note.lexicon.len();
        let shape = [note.said.len() as i64, words as i64];
        let values = |name: &str| -> Result<Vec<f32>> {
            let values = file.get(name, &shape, Device::Cpu)?.flatten(0, -1);
            Ok(Vec::try_from(values).unwrap_or_default())
        };
        let (told, kept) = (values(COUNTS[0])?, values(COUNTS[1])?);
        let Note { lexicon, said, captioner, captioned } = note;
        let counts = Arc::new(Counts { said, told, kept, words });
        Ok(Self { lexicon, counts, captioner, captioned })
    }

    /// Counts some rows of train's collections.
    pub(super) fn count(&mut self, collections: &mut [Collection], rows: &[Vec<i64>]) {
        let mut groups: Vec<_> = collections
            .iter_mut()
            .zip(rows)
            .filter_map(|(group, rows)| {
                let Collection { group_words, targets, .. } = group;
                Some((group_words.as_mut()?, targets.as_slice(), rows.as_slice()))
            })
            .collect();
        self.counts = GroupWords::count(&mut groups, &self.lexicon);
    }
}
