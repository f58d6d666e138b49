//! What of a benchmark's data everyone may have: decided here, for the downloads and for
//! `fashion-iq challenge publish` alike.

use std::collections::BTreeMap;

use dataset::{
    Attributes, Folder, Layout, Pictures, Protocol, PublishedFiles, PublishedSplit, Split,
    TargetsIn,
};

use super::super::{Ready, Source};
use super::readme;
use crate::entities::benchmark::TargetsAre;
use crate::error::{Error, Result};

/// The split that models learn from.
const TRAINING: &str = "train";

/// What of a benchmark's data everyone may have, under the names under which it is published.
pub struct Published {
    layout: &'static dyn Layout,
    split: Part,
    training: Option<Part>,
    readme: Vec<u8>,
}

/// One split with what belongs to it.
pub(super) struct Part {
    pub(super) split: Split,
    pub(super) targets: TargetsIn,
    pub(super) attributes: BTreeMap<String, Attributes>,
    pub(super) pictures: BTreeMap<String, Pictures>,
    pub(super) photos: BTreeMap<String, BTreeMap<String, String>>,
}

impl Published {
    /// Reads what is public of a benchmark that was read from its source. Lists pictures without
    /// reading them. Reads files: not for an async thread.
    pub fn read(source: &Source, ready: &Ready, licence: Option<&str>) -> Result<Self> {
        let mut split = Split {
            name: ready.benchmark.split().to_owned(),
            groups: ready.benchmark.groups().to_vec(),
        };
        let targets = match source.targets {
            TargetsAre::Public => TargetsIn::Queries,
            TargetsAre::Hidden | TargetsAre::None => {
                // Nothing that is written later can hold what is not there.
                split.groups.iter_mut().for_each(|group| group.targets = None);
                TargetsIn::Nothing
            }
        };
        let attributes = ready.attributes.clone();
        // Beside aliases, an address would say which item is which.
        let photos = match source.key {
            Some(_) => BTreeMap::new(),
            None => photos(&source.data(), &split)?,
        };
        let split = Part { split, targets, attributes, pictures: source.pictures()?, photos };
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

    fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.split).chain(&self.training)
    }
}

impl Part {
    fn published(&self) -> PublishedSplit<'_> {
        let Self { split, targets, attributes, pictures, photos } = self;
        PublishedSplit { split, targets: *targets, attributes, pictures, photos }
    }
}

/// The data set's train split, where everyone may have it: where the benchmark's own targets are
/// public and it is published under the names of its files. Beside aliases, the original names
/// could undo them; beside hidden targets, nothing is published that the organisers did not name.
fn training(source: &Source) -> Result<Option<Part>> {
    let open = source.targets == TargetsAre::Public && source.key.is_none();
    let folder = source.data();
    if !open || source.split == TRAINING {
        return Ok(None);
    }
    if !folder.contents().map_err(Error::unusable)?.contains_key(TRAINING) {
        return Ok(None);
    }
    let split = folder.split(TRAINING, Protocol::Original).map_err(Error::unusable)?;
    let (mut attributes, mut pictures) = (BTreeMap::new(), BTreeMap::new());
    for group in &split.groups {
        let words = folder.attributes(&group.name, TRAINING).map_err(Error::unusable)?;
        attributes.insert(group.name.clone(), words);
        pictures.insert(group.name.clone(), folder.pictures(group).map_err(Error::unusable)?);
    }
    let photos = photos(&folder, &split)?;
    Ok(Some(Part { split, targets: TargetsIn::Queries, attributes, pictures, photos }))
}

/// Where the photos of a split's items are in the world, by group and item.
fn photos(folder: &Folder, split: &Split) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let of = |name: &String| Ok((name.clone(), folder.photos(name).map_err(Error::unusable)?));
    split.groups.iter().map(|group| of(&group.name)).collect()
}
