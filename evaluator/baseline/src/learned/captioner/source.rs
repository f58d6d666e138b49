//! What a captioner learns from and speaks about.

use std::collections::BTreeMap;

use dataset::{Folder, Group, ItemCaptions, Split};
use tch::Device;

use super::pairs::{Speech, Wardrobe};
use super::settings::CaptionerSettings;
use super::speaking::Speaker;
use super::training::{Captioner, Lessons};
use crate::error::{Error, Result};
use crate::learned::item_vectors::ItemVectors;
use crate::learned::lens::Lens;
use crate::learned::parts::Parts;
use crate::lexical::{Described, describe};

/// Where a captioner's data come from.
pub struct Source<'a> {
    /// The data set.
    pub data: &'a Folder,
    /// The vectors of items, if some are used.
    pub vectors: Option<&'a ItemVectors>,
    /// The captions of items, by group.
    pub captions: BTreeMap<String, ItemCaptions>,
}

impl Source<'_> {
    /// Starts a captioner on split train.
    pub fn start(
        &self,
        settings: CaptionerSettings,
        train: &Split,
        device: Device,
    ) -> Result<Captioner> {
        let described = describe(self.data, train, &self.captions)?;
        let groups: Vec<(&Group, &Described)> = train.groups.iter().zip(&described).collect();
        let lens = self.vectors.map(|vectors| Lens::of(vectors, train, device));
        Ok(Captioner::new(settings, Speech::of(&groups), lens, device))
    }

    /// What split train teaches.
    pub fn lessons(&self, train: &Split, captioner: &Captioner) -> Result<Vec<Lessons>> {
        let parts = Parts::of(self.data, train, captioner.settings.hold_out)?;
        let wardrobes = self.wardrobes(train, captioner)?;
        let groups = train.groups.iter().zip(&parts.learn).zip(wardrobes);
        let lessons = |((group, rows), wardrobe): ((&Group, &Vec<i64>), Wardrobe)| {
            let mut captions = Vec::new();
            for pair in queries(group, rows) {
                let words = pair.captions.iter().map(|text| captioner.speech.numbers(text));
                let said = words.filter(|words| !words.is_empty());
                captions.extend(said.map(|words| (pair.target, pair.shown, words)));
            }
            Lessons { wardrobe, captions }
        };
        Ok(groups.map(lessons).collect())
    }

    /// A captioner as a user who sees the items of a split, by group.
    pub fn speakers<'c>(
        &self,
        split: &Split,
        captioner: &'c Captioner,
    ) -> Result<Vec<Speaker<'c>>> {
        let wardrobes = self.wardrobes(split, captioner)?;
        let speaker =
            |(group, wardrobe): (&Group, Wardrobe)| Speaker::new(captioner, wardrobe, &group.name);
        Ok(split.groups.iter().zip(wardrobes).map(speaker).collect())
    }

    /// The items of a split as a captioner sees them, by group.
    pub fn wardrobes(&self, split: &Split, captioner: &Captioner) -> Result<Vec<Wardrobe>> {
        let described = describe(self.data, split, &self.captions)?;
        let vectors = match (&captioner.lens, self.vectors) {
            (None, _) => None,
            (Some(lens), Some(vectors)) if lens.made_by() == vectors.made_by() => {
                Some((lens, vectors))
            }
            (Some(_), _) => return Err(Error::needs_vectors("captioner")),
        };
        let wardrobe = |(group, items): (&Group, &Described)| {
            Wardrobe::new(group, items, &captioner.speech, vectors, captioner.device())
        };
        split.groups.iter().zip(&described).map(wardrobe).collect()
    }
}

/// A query as a pair of items of its gallery, with people's captions.
pub struct Query<'a> {
    /// The target.
    pub target: u32,
    /// The reference.
    pub shown: u32,
    /// What people said.
    pub captions: &'a [String],
}

/// Some queries of a group, without those whose reference its gallery lacks.
pub fn queries<'a>(group: &'a Group, rows: &'a [i64]) -> impl Iterator<Item = Query<'a>> + 'a {
    rows.iter().filter_map(|&row| {
        let query = &group.queries[row as usize];
        let target = *group.targets.as_ref()?.of(row as usize).first()?;
        let shown = group.gallery.index_of(query.reference.as_str().as_bytes())?;
        Some(Query { target, shown, captions: &query.captions })
    })
}
