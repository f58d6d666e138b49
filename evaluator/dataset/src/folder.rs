//! A data set in a folder, read in the layout of its task.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use crate::item_captions::ITEM_CAPTIONS;
use crate::json::{Faults, parse, read_json};
use crate::output::IMAGES;
use crate::read::{MOST_BYTES, read_text};
use crate::sessions::of_turns;
use crate::targets::{OneOrMany, indices};
use crate::{
    Attributes, Elsewhere, Error, FashionIq, Group, ItemCaptions, PublishedSplit, Result, Split,
    Targets,
};

/// Which gallery counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Protocol {
    /// The official split file, as in the challenge.
    #[default]
    Original,
    /// References and targets only: the "VAL" protocol of later papers. For public targets only,
    /// because the gallery without the references would give targets away.
    ValUnion,
    /// One gallery of the items of all groups and splits, and one group of all queries, in which equal
    /// queries are one with several targets: as in M-BEIR (`mbeir_fashioniq_task7` of MTEB). For public
    /// targets only.
    Mbeir,
    /// Recorded sessions of several turns, each of which is a query, ranked on the gallery of the official
    /// split file and all items that occur in the sessions.
    MultiTurn,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Original, Self::ValUnion, Self::Mbeir, Self::MultiTurn];

    /// `original`, `val-union`, `mbeir` or `multi-turn`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::ValUnion => "val-union",
            Self::Mbeir => "mbeir",
            Self::MultiTurn => "multi-turn",
        }
    }

    /// The protocol of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }

    /// Whether what it publishes depends on the targets, so that everyone must know them.
    pub const fn needs_public_targets(self) -> bool {
        matches!(self, Self::ValUnion | Self::Mbeir)
    }
}

/// The layout of a task's data sets: reads and writes their files.
pub trait Layout: fmt::Debug + Sync {
    /// The groups of each split, by split, from the names of the files.
    fn contents(&self, folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>>;

    /// The groups of each split that have recorded sessions, by split.
    fn sessions(&self, _folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
        Ok(BTreeMap::new())
    }

    /// One split with all its groups, under a protocol; with targets if the files have them.
    fn split(&self, folder: &Path, split: &str, protocol: Protocol) -> Result<Split>;

    /// The parts of the other splits that show where a stray item or answer comes from.
    fn elsewhere(&self, folder: &Path, split: &str) -> Result<Elsewhere>;

    /// The attributes of the items of a group and split; empty if there are none.
    fn attributes(&self, _folder: &Path, _group: &str, _split: &str) -> Result<Attributes> {
        Ok(Attributes::default())
    }

    /// The folders of pictures, and how the name of an item's picture starts in each.
    fn picture_names(&self, item: &str) -> Vec<(&'static str, String)> {
        vec![(IMAGES, item.to_owned())]
    }

    /// The files of a published split, by their paths in the folder; [`split`](Self::split) reads them
    /// back. Targets are written only if the split says that they are public.
    fn files(&self, published: &PublishedSplit<'_>) -> Vec<(String, Vec<u8>)>;
}

/// A data set in a folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    layout: &'static dyn Layout,
}

impl Folder {
    /// A Fashion IQ data set; nothing is read yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::with_layout(path, &FashionIq)
    }

    /// A data set in some layout; nothing is read yet.
    pub fn with_layout(path: impl Into<PathBuf>, layout: &'static dyn Layout) -> Self {
        Self { path: path.into(), layout }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its layout.
    pub fn layout(&self) -> &'static dyn Layout {
        self.layout
    }

    /// The groups of each split, by split, from the names of the files.
    pub fn contents(&self) -> Result<BTreeMap<String, BTreeSet<String>>> {
        self.layout.contents(&self.path)
    }

    /// The groups of each split that have recorded sessions, by split, from the names of the files.
    pub fn sessions(&self) -> Result<BTreeMap<String, BTreeSet<String>>> {
        self.layout.sessions(&self.path)
    }

    /// One split with all its groups, under a protocol. It has targets if the files give one for each
    /// query.
    pub fn split(&self, split: &str, protocol: Protocol) -> Result<Split> {
        self.layout.split(&self.path, split, protocol)
    }

    /// The attributes of the items of a group and split; empty if there is no such file.
    pub fn attributes(&self, group: &str, split: &str) -> Result<Attributes> {
        self.layout.attributes(&self.path, group, split)
    }

    /// The captions of the items of a group, in `item-captions/{group}.{split}.json`; empty if there is
    /// no such file.
    pub fn item_captions(&self, group: &Group, split: &str) -> Result<ItemCaptions> {
        ItemCaptions::read(&self.path.join(ITEM_CAPTIONS), group, split)
    }

    /// The other splits, in the original protocol.
    pub fn other_splits(&self, split: &Split) -> Result<Vec<Split>> {
        let others = self.contents()?.into_keys().filter(|name| *name != split.name);
        others.map(|name| self.split(&name, Protocol::Original)).collect()
    }

    /// The URLs of the photos of the items of a split, by group.
    pub fn photos_of(&self, split: &Split) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
        let of_group = |group: &Group| Ok((group.name.clone(), self.photos(&group.name)?));
        split.groups.iter().map(of_group).collect()
    }

    /// The URLs of the photos of a group's items, by item id; empty if there is no such file.
    pub fn photos(&self, group: &str) -> Result<BTreeMap<String, String>> {
        let path = self.path.join(format!("image_url/asin2url.{group}.txt"));
        if !path.exists() {
            return Ok(BTreeMap::new());
        }
        let text = read_text(&path, MOST_BYTES)?;
        let line = |(i, line): (usize, &str)| {
            let mut words = line.split_ascii_whitespace();
            if let (Some(id), Some(url), None) = (words.next(), words.next(), words.next()) {
                return Ok((id.to_owned(), url.to_owned()));
            }
            let what = format!("line {}: expected an item and an address", i + 1);
            Err(Error::content(&path, what))
        };
        text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(line).collect()
    }

    /// The parts of the other splits that show where a stray item or answer comes from.
    pub fn elsewhere(&self, split: &str) -> Result<Elsewhere> {
        self.layout.elsewhere(&self.path, split)
    }
}

impl Split {
    /// Reads the targets from an organiser-only file: a JSON object with an item or a list of items for
    /// each query id, or for the id of each session if queries are turns of sessions. It must name all of
    /// them and no other; otherwise nothing changes.
    ///
    /// The ids are those of the organisers' files, so read targets before the split is
    /// [keyed](Self::keyed), which keeps them.
    pub fn read_targets(&mut self, path: &Path) -> Result<()> {
        self.set_targets(path, read_json(path)?)
    }

    /// The same with the content of the file; errors name it by this path.
    pub fn read_targets_of(&mut self, path: &Path, content: &[u8]) -> Result<()> {
        self.set_targets(path, parse(path, content)?)
    }

    fn set_targets(&mut self, path: &Path, mut by_id: BTreeMap<String, OneOrMany>) -> Result<()> {
        let mut all = Vec::with_capacity(self.groups.len());
        let (mut errors, mut missing) = (Vec::new(), Vec::new());
        for group in &self.groups {
            let mut faults = Faults::new(path);
            let asking = group.asking();
            let mut targets = Vec::with_capacity(asking.len());
            for (i, (id, _)) in asking.into_iter().enumerate() {
                let Some(items) = by_id.remove(id) else {
                    missing.push(format!("{} {id}", noun(group)));
                    continue;
                };
                let indices = indices(&group.gallery, items.as_slice());
                targets.extend(faults.take(i, indices.map_err(|e| format!("{}: {e}", group.name))));
            }
            errors.extend(faults.check().err());
            all.push(targets);
        }
        if let Some(first) = missing.first() {
            let more = and_more(missing.len());
            errors.push(Error::content(path, format!("{first}{more} has no target")));
        }
        if let Some(first) = by_id.keys().next() {
            let more = and_more(by_id.len());
            let noun = self.groups.first().map_or("query", noun);
            let what = format!("{first}{more} is not a {noun} of split {}", self.name);
            errors.push(Error::content(path, what));
        }
        if let Some(error) = Error::all(errors) {
            return Err(error);
        }
        for (group, targets) in self.groups.iter_mut().zip(all) {
            group.targets = Some(if group.sessions.is_empty() {
                Targets::new(targets)
            } else {
                of_turns(&group.sessions, &targets)
            });
        }
        Ok(())
    }
}

/// The word for what has targets.
fn noun(group: &Group) -> &'static str {
    if group.sessions.is_empty() { "query" } else { "session" }
}

/// How many more there are than the one that is named.
fn and_more(count: usize) -> String {
    if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() }
}
