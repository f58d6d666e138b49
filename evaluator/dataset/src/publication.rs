//! The public files and pictures of a data set, to be written to a folder or an archive.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use crate::item_captions::ITEM_CAPTIONS;
use crate::output::{IMAGES, Images, pretty, write_files};
use crate::public::{TargetsIn, words};
use crate::{Attributes, Error, FashionIq, Group, ItemCaptions, Layout, Pictures, Result, Split};

/// A split with everything that belongs to it, under its published names.
#[derive(Clone, Copy)]
pub struct PublishedSplit<'a> {
    /// The split.
    pub split: &'a Split,
    /// Whether its targets are published.
    pub targets: TargetsIn,
    /// Attributes by group.
    pub attributes: &'a BTreeMap<String, Attributes>,
    /// The captions of items by group.
    pub item_captions: &'a BTreeMap<String, ItemCaptions>,
    /// Pictures by group.
    pub pictures: &'a BTreeMap<String, Pictures>,
    /// The URLs of the photos of items, by group and item.
    pub photos: &'a BTreeMap<String, BTreeMap<String, String>>,
}

/// The files and pictures that are published. Files are small and in memory; pictures are read one
/// at a time.
pub struct PublishedFiles<'a> {
    /// Each file's path in the folder, and its bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// By the name of the file, so that a file of two groups is written once, and in the order of the
    /// names, so that no other order shows.
    pictures: Vec<(String, &'a Pictures, &'a str)>,
}

impl<'a> PublishedFiles<'a> {
    /// The public files of some splits, in the layout of their task.
    ///
    /// # Errors
    /// If attributes, item captions or pictures match no item of their group: they were not keyed, or with
    /// another key.
    pub fn of(layout: &dyn Layout, splits: &[PublishedSplit<'a>]) -> Result<Self> {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let mut pictures = BTreeMap::new();
        let mut photos = BTreeMap::new();
        for published in splits {
            check_attributes(published)?;
            for (name, bytes) in layout.files(published) {
                // a file of two splits is written once
                if !files.iter().any(|(known, _)| *known == name) {
                    files.push((name, bytes));
                }
            }
            files.extend(item_captions_of(published)?);
            pictures.extend(pictures_of(published)?);
            for (name, addresses) in published.photos {
                let items = group(published.split, name).into_iter().flat_map(Group::named);
                let of = |item| Some((item, addresses.get(item)?.as_str()));
                photos.entry(name).or_insert_with(BTreeMap::new).extend(items.filter_map(of));
            }
        }
        files.extend(photos.into_iter().filter(|(_, of)| !of.is_empty()).map(photo_file));
        let pictures = pictures.into_iter().map(|(name, (of, item))| (name, of, item)).collect();
        Ok(Self { files, pictures })
    }

    /// How many pictures there are.
    pub fn picture_count(&self) -> usize {
        self.pictures.len()
    }

    /// The name of each picture, the size of its file and when that was last changed. With these an
    /// outdated copy is recognised without reading the pictures.
    pub fn picture_stamps(&self) -> Result<Vec<(&str, u64, Option<SystemTime>)>> {
        let pictures = self.pictures.iter();
        let stamped = pictures.map(|(name, of, item)| {
            of.stamp(item).map(|(bytes, changed)| (name.as_str(), bytes, changed))
        });
        stamped.collect()
    }

    /// Each picture's path in the folder, and its bytes without embedded metadata. They are read one at
    /// a time, and an error ends them.
    pub fn pictures(&self) -> impl Iterator<Item = Result<(String, Vec<u8>)>> {
        let read = |(name, of, item): &(String, &Pictures, &str)| {
            Ok((format!("{IMAGES}/{name}"), of.bytes(item)?))
        };
        self.pictures.iter().map(read)
    }

    /// Writes everything into a folder, which is created if needed.
    ///
    /// Writing the same again changes nothing, and finishes what was interrupted. A folder with other
    /// files of a data set is refused before anything is written, because files next to a keyed split
    /// could undo it.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let names = self.pictures.iter().map(|(name, ..)| name.clone()).collect();
        let make = |i: usize| {
            let (_, of, item) = self.pictures[i];
            of.bytes(item)
        };
        write_files(dir, &self.files, &Images { names, make: Some(&make) })
    }
}

/// Writes the public part of one split into a folder, like [`PublishedFiles::write`], without its
/// targets: its files, and `images/{item}.png` or `.jpg` for the items with pictures, under their names
/// in the split and without embedded metadata.
///
/// The content of a picture is published as it is: an item of two groups has the same picture under two
/// aliases, and a picture that also exists elsewhere can be recognised.
///
/// # Errors
/// If attributes or pictures match no item of their group (they were not keyed, or with another key), a
/// file is not a picture, or the folder has other contents or cannot be written.
pub fn write_public(
    split: &Split,
    attributes: &BTreeMap<String, Attributes>,
    pictures: &BTreeMap<String, Pictures>,
    dir: &Path,
) -> Result<()> {
    let (targets, photos, item_captions) = (TargetsIn::Nothing, &BTreeMap::new(), &BTreeMap::new());
    let published = PublishedSplit { split, targets, attributes, item_captions, pictures, photos };
    PublishedFiles::of(&FashionIq, &[published])?.write(dir)
}

fn check_attributes(published: &PublishedSplit<'_>) -> Result<()> {
    let split = published.split;
    let given = published.attributes.iter().filter(|(_, attributes)| !attributes.is_empty());
    for (name, attributes) in given {
        if group(split, name).is_none_or(|group| words(&group.gallery, attributes).is_empty()) {
            return Err(Error::foreign_attributes(name, &split.name));
        }
    }
    Ok(())
}

/// The files of the captions of a split's items, in the order of the items' names, so that no other
/// order shows.
fn item_captions_of(published: &PublishedSplit<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let split = published.split;
    let given = published.item_captions.iter().filter(|(_, captions)| !captions.is_empty());
    let file = |(name, captions): (&String, &ItemCaptions)| {
        let items = group(split, name).into_iter().flat_map(Group::named);
        let of = |item| Some((item, captions.of(item)?));
        let sentences: BTreeMap<&str, &str> = items.filter_map(of).collect();
        if sentences.is_empty() {
            return Err(Error::foreign_captions(name, &split.name));
        }
        let path = format!("{ITEM_CAPTIONS}/{name}.{}.json", split.name);
        Ok((path, pretty(&sentences)))
    };
    given.map(file).collect()
}

/// The pictures of a split by the names of their files.
fn pictures_of<'a>(
    published: &PublishedSplit<'a>,
) -> Result<BTreeMap<String, (&'a Pictures, &'a str)>> {
    let split = published.split;
    let mut shown = BTreeMap::new();
    for (name, pictures) in published.pictures.iter().filter(|(_, pictures)| !pictures.is_empty()) {
        let items = group(split, name).into_iter().flat_map(Group::named);
        let of = |item| Some((pictures.file_name(item)?, (pictures, item)));
        let files: Vec<_> = items.filter_map(of).collect();
        if files.is_empty() {
            return Err(Error::foreign_pictures(name, &split.name));
        }
        shown.extend(files);
    }
    Ok(shown)
}

/// The URLs of a group's photos, one line per item in the ids' order, as in the official files.
fn photo_file((group, addresses): (&String, BTreeMap<&str, &str>)) -> (String, Vec<u8>) {
    let lines: Vec<String> =
        addresses.into_iter().map(|(item, address)| format!("{item}\t{address}\n")).collect();
    (format!("image_url/asin2url.{group}.txt"), lines.concat().into_bytes())
}

fn group<'a>(split: &'a Split, name: &str) -> Option<&'a Group> {
    split.groups.iter().find(|group| group.name == name)
}
