//! Decides which data of a benchmark is public, for the downloads and for `fashion-iq challenge
//! publish`.

use std::collections::BTreeMap;

use dataset::{
    Attributes, Folder, ItemCaptions, Layout, Pictures, Protocol, PublishedFiles, PublishedSplit,
    Split, TargetsIn,
};

use super::super::{Ready, Source};
use super::readme;
use crate::entities::benchmark::TargetsAre;
use crate::error::{Error, Result};

/// The split for training.
const TRAINING: &str = "train";

/// The public data of a benchmark, under the published names.
pub struct Published {
    layout: &'static dyn Layout,
    split: Part,
    training: Option<Part>,
    readme: Vec<u8>,
}

/// A published split: without targets, unless they are public.
pub(in super::super) struct Part {
    pub(in super::super) split: Split,
    pub(super) targets: TargetsIn,
    pub(in super::super) attributes: BTreeMap<String, Attributes>,
    pub(in super::super) item_captions: BTreeMap<String, ItemCaptions>,
    pub(in super::super) pictures: BTreeMap<String, Pictures>,
    pub(super) photos: BTreeMap<String, BTreeMap<String, String>>,
}

impl Published {
    /// Reads the public data of a benchmark from its source. It lists pictures without reading
    /// them. It reads files, so don't call it on an async thread.
    pub fn read(source: &Source, ready: &Ready, licence: Option<&str>) -> Result<Self> {
        let mut split = Split {
            name: ready.benchmark.split().to_owned(),
            groups: ready.benchmark.groups().to_vec(),
        };
        let targets = match source.targets {
            TargetsAre::Public => TargetsIn::Queries,
            TargetsAre::Hidden | TargetsAre::None | TargetsAre::Drawn => {
                // What is not here can't be written later.
                split.groups.iter_mut().for_each(|group| group.targets = None);
                TargetsIn::Nothing
            }
        };
        let attributes = ready.attributes.clone();
        // With aliases, an address would reveal the original item.
        let photos = match source.key {
            Some(_) => BTreeMap::new(),
            None => photos(&source.data(), &split)?,
        };
        let (item_captions, pictures) = (source.item_captions()?, source.pictures()?);
        let split = Part { split, targets, attributes, item_captions, pictures, photos };
        let training = training(source)?;
        let readme = readme::of(source, &split, training.as_ref(), licence).into_bytes();
        Ok(Self { layout: source.task.layout, split, training, readme })
    }

    /// The files and pictures, with a README.txt that explains them.
    pub fn files(&self) -> Result<PublishedFiles<'_>> {
        let parts: Vec<PublishedSplit<'_>> = self.parts().map(Part::published).collect();
        let mut files = PublishedFiles::of(self.layout, &parts).map_err(Error::unusable)?;
        files.files.insert(0, ("README.txt".to_owned(), self.readme.clone()));
        Ok(files)
    }

    /// The published splits, the benchmark's own first.
    pub(in super::super) fn into_parts(self) -> Vec<Part> {
        std::iter::once(self.split).chain(self.training).collect()
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.split).chain(&self.training)
    }
}

impl Part {
    fn published(&self) -> PublishedSplit<'_> {
        let Self { split, targets, attributes, item_captions, pictures, photos } = self;
        PublishedSplit { split, targets: *targets, attributes, item_captions, pictures, photos }
    }
}

/// The data set's train split, if it is public: if the benchmark's targets are public and it is
/// published under the names of its files. With aliases, the original names could reveal them; with
/// hidden targets, only data that the organisers named is published.
fn training(source: &Source) -> Result<Option<Part>> {
    let open = source.targets == TargetsAre::Public && source.key.is_none();
    let folder = source.data();
    if !open || source.split == TRAINING {
        return Ok(None);
    }
    let (protocol, contents) = match source.protocol {
        Protocol::MultiTurn => (Protocol::MultiTurn, folder.sessions()),
        _ => (Protocol::Original, folder.contents()),
    };
    if !contents.map_err(Error::unusable)?.contains_key(TRAINING) {
        return Ok(None);
    }
    let split = folder.split(TRAINING, protocol).map_err(Error::unusable)?;
    let (mut attributes, mut pictures) = (BTreeMap::new(), BTreeMap::new());
    let mut item_captions = BTreeMap::new();
    for group in &split.groups {
        let words = folder.attributes(&group.name, TRAINING).map_err(Error::unusable)?;
        attributes.insert(group.name.clone(), words);
        let captions = folder.item_captions(group, TRAINING).map_err(Error::unusable)?;
        item_captions.insert(group.name.clone(), captions);
        pictures.insert(group.name.clone(), folder.pictures(group).map_err(Error::unusable)?);
    }
    let photos = photos(&folder, &split)?;
    let targets = TargetsIn::Queries;
    Ok(Some(Part { split, targets, attributes, item_captions, pictures, photos }))
}

/// The addresses of the photos of a split's items, by group and item.
fn photos(folder: &Folder, split: &Split) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let of = |name: &String| Ok((name.clone(), folder.photos(name).map_err(Error::unusable)?));
    split.groups.iter().map(|group| of(&group.name)).collect()
}
