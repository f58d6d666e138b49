//! What a model knows from split train without learning.

use std::collections::BTreeMap;

use dataset::{Folder, Group, ItemCaptions, Protocol, Split};

use super::counts::{Counts, Learned};
use super::lexicon::{Described, Lexicon};
use super::worded::Worded;
use crate::error::Result;

/// The frequent words of train's items, and counts over train's captions.
#[derive(Debug, Clone, Default)]
pub struct Background {
    pub(crate) lexicon: Lexicon,
    pub(crate) counts: Counts,
}

impl Background {
    /// Reads split train, with the captions of items if there are any.
    pub fn read(data: &Folder, captions: &BTreeMap<String, ItemCaptions>) -> Result<Self> {
        let train = data.split("train", Protocol::Original)?;
        let described = describe(data, &train, captions)?;
        let groups: Vec<_> = train.groups.iter().zip(&described).collect();
        let lexicon = Lexicon::of(&groups);
        let worded: Vec<Worded> =
            groups.iter().map(|(group, items)| Worded::new(group, items, &lexicon)).collect();
        let rows: Vec<Vec<i64>> = train.groups.iter().map(rows).collect();
        let targets: Vec<Vec<i64>> = train.groups.iter().map(targets).collect();
        let learned = worded.iter().zip(&rows).zip(&targets);
        let learned: Vec<Learned<'_>> =
            learned.map(|((worded, rows), targets)| Learned { worded, rows, targets }).collect();
        let (counts, _) = Counts::of(&learned, lexicon.len());
        Ok(Self { lexicon, counts })
    }
}

/// What is known about the items of each group of a split.
pub fn describe(
    data: &Folder,
    split: &Split,
    captions: &BTreeMap<String, ItemCaptions>,
) -> Result<Vec<Described>> {
    let of = |group: &Group| {
        let attributes = data.attributes(&group.name, &split.name)?;
        let captions = captions.get(&group.name).cloned().unwrap_or_default();
        Ok(Described { attributes, captions })
    };
    split.groups.iter().map(of).collect()
}

fn rows(group: &Group) -> Vec<i64> {
    (0..group.targets.as_ref().map_or(0, |targets| targets.queries() as i64)).collect()
}

fn targets(group: &Group) -> Vec<i64> {
    let targets = group.targets.iter();
    targets.flat_map(|all| (0..all.queries()).map(|q| i64::from(all.of(q)[0]))).collect()
}
