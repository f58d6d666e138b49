//! What a manager learns and plays with: the groups of a split, as it and as the simulated user know them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use dataset::{Folder, Gallery, Group, ItemCaptions, ItemId, Split};
use dialog::{ItemTexts, Seen, Simulator, Template};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tch::Device;

use super::agent::ManagerAgent;
use super::catalogue::Catalogue;
use super::settings::ManagerSettings;
use super::training::{Field, Manager};
use super::words::Words;
use crate::dialogs::templates;
use crate::error::{Error, Result};
use crate::learned::captioner::{self, training::Captioner};
use crate::learned::item_vectors::ItemVectors;
use crate::learned::lens::Lens;
use crate::learned::parts::held_out;
use crate::lexical::{Described, describe};

/// How many captions of the simulated user its words are taken from, in each group.
const CAPTIONS: u32 = 4000;

/// Where a manager's data come from.
pub struct Source<'a> {
    /// The data set.
    pub data: &'a Folder,
    /// The vectors of items, if some are used.
    pub vectors: Option<&'a ItemVectors>,
    /// What plays the user; without, it is the one without a model.
    pub user: Option<&'a Captioner>,
}

/// A split as a manager and the simulated user know it.
pub struct Ground<'a> {
    groups: Vec<Side<'a>>,
}

/// The items that were held out, as galleries of their own.
pub struct HeldOut<'a> {
    /// By group.
    pub fields: Vec<Field<'a>>,
    /// The galleries.
    pub split: Split,
}

/// One group.
struct Side<'a> {
    group: Group,
    catalogue: Catalogue,
    user: Box<dyn Simulator + 'a>,
    learn: Vec<u32>,
    held_out: Vec<u32>,
}

impl<'a> Source<'a> {
    /// Starts a manager on split train, whose items have these captions.
    pub fn start(
        &self,
        settings: ManagerSettings,
        train: &Split,
        captions: &BTreeMap<String, ItemCaptions>,
        device: Device,
    ) -> Result<Manager> {
        let described = describe(self.data, train, captions)?;
        let groups: Vec<(&Group, &Described)> = train.groups.iter().zip(&described).collect();
        let simulated = groups.iter().flat_map(|(group, items)| simulated(group, items));
        let simulated: Vec<String> = simulated.collect();
        let people = train.groups.iter().flat_map(|group| &group.queries);
        let people = people.flat_map(|query| &query.captions);
        let seen = seen_by(&settings, &described);
        let seen: Vec<(&Group, &Described)> = train.groups.iter().zip(seen.iter()).collect();
        let words = Words::of(&seen, people.chain(&simulated).map(String::as_str));
        let lens = self.vectors.map(|vectors| Lens::of(vectors, train, device));
        let user = self.user.map_or(Template::VERSION, Captioner::version);
        Ok(Manager::new(settings, words, lens, user, device))
    }

    /// A split as this manager knows it, with some items held out or none.
    pub fn ground(
        &self,
        split: &Split,
        captions: &BTreeMap<String, ItemCaptions>,
        manager: &Manager,
        hold_out: bool,
    ) -> Result<Ground<'a>> {
        let described = describe(self.data, split, captions)?;
        let users = self.users(split, captions, &described)?;
        let seen = seen_by(&manager.settings, &described);
        let groups = split.groups.iter().zip(seen.iter()).zip(users);
        let side = |((group, items), user): ((&Group, &Described), _)| {
            let vectors = self.vectors_of(manager)?;
            let all = 0..group.gallery.len() as u32;
            let is_held = |&item: &u32| hold_out && held_out(group.gallery.item(item));
            let (held, learn) = all.partition(is_held);
            Ok(Side {
                group: group.clone(),
                catalogue: Catalogue::new(group, items, &manager.words, vectors, manager.device())?,
                user,
                learn,
                held_out: held,
            })
        };
        Ok(Ground { groups: groups.map(side).collect::<Result<_>>()? })
    }

    /// A manager as agents that rank the galleries of a split, by group.
    pub fn agents<'m>(
        &self,
        split: &Split,
        captions: &BTreeMap<String, ItemCaptions>,
        manager: &'m Manager,
    ) -> Result<Vec<ManagerAgent<'m>>> {
        let catalogues = self.catalogues(split, captions, manager)?.into_iter();
        Ok(catalogues.map(|catalogue| ManagerAgent::new(manager, catalogue)).collect())
    }

    /// The galleries of a split as a manager sees them, by group.
    pub fn catalogues(
        &self,
        split: &Split,
        captions: &BTreeMap<String, ItemCaptions>,
        manager: &Manager,
    ) -> Result<Vec<Catalogue>> {
        let described = describe(self.data, split, captions)?;
        let vectors = self.vectors_of(manager)?;
        let (words, device) = (&manager.words, manager.device());
        let seen = seen_by(&manager.settings, &described);
        let groups = split.groups.iter().zip(seen.iter());
        groups.map(|(group, items)| Catalogue::new(group, items, words, vectors, device)).collect()
    }

    /// The users who know the items of a split, by group.
    pub fn users(
        &self,
        split: &Split,
        captions: &BTreeMap<String, ItemCaptions>,
        described: &[Described],
    ) -> Result<Vec<Box<dyn Simulator + 'a>>> {
        let Some(captioner) = self.user else { return Ok(templates(split, described)) };
        let (data, vectors, captions) = (self.data, self.vectors, captions.clone());
        let source = captioner::source::Source { data, vectors, captions };
        let speakers = source.speakers(split, captioner)?.into_iter();
        Ok(speakers.map(|speaker| Box::new(speaker) as Box<dyn Simulator>).collect())
    }

    fn vectors_of<'b>(
        &'b self,
        manager: &'b Manager,
    ) -> Result<Option<(&'b Lens, &'b ItemVectors)>> {
        match (&manager.lens, self.vectors) {
            (None, _) => Ok(None),
            (Some(lens), Some(vectors)) if lens.made_by() == vectors.made_by() => {
                Ok(Some((lens, vectors)))
            }
            (Some(_), _) => Err(Error::needs_vectors("manager")),
        }
    }
}

/// What a manager with these settings knows about items.
fn seen_by<'d>(settings: &ManagerSettings, described: &'d [Described]) -> Cow<'d, [Described]> {
    if settings.reads_captions {
        return Cow::Borrowed(described);
    }
    let without = |items: &Described| Described {
        attributes: items.attributes.clone(),
        captions: ItemCaptions::default(),
    };
    Cow::Owned(described.iter().map(without).collect())
}

/// What the simulated user says about pairs of a group's items.
fn simulated(group: &Group, items: &Described) -> Vec<String> {
    let texts = ItemTexts::new(&group.gallery, &items.attributes, &items.captions);
    let user = Template::new(&group.name, &texts);
    let mut chance = ChaCha8Rng::seed_from_u64(0);
    let all = group.gallery.len() as u32;
    let pairs = if all < 2 { 0 } else { CAPTIONS };
    let caption = |_| {
        let (target, shown) = (chance.random_range(0..all), chance.random_range(0..all));
        user.caption(&Seen { target, shown, turn: 1, earlier: &[], seed: chance.random() })
    };
    (0..pairs).map(caption).collect()
}

impl Side<'_> {
    fn field<'a>(&'a self, items: &'a [u32]) -> Field<'a> {
        Field { catalogue: &self.catalogue, items, user: &*self.user }
    }
}

impl Ground<'_> {
    /// The parts to learn from: everything, if nothing was held out.
    pub fn fields(&self) -> Vec<Field<'_>> {
        self.groups.iter().map(|side| side.field(&side.learn)).collect()
    }

    /// The parts that were held out, if each group has some.
    pub fn held_out(&self) -> Option<HeldOut<'_>> {
        let gallery = |side: &Side| {
            let items = side.held_out.iter().map(|&item| side.group.gallery.item(item));
            let gallery =
                Gallery::new(items.map(|item| ItemId::new(item).ok()).collect::<Option<Vec<_>>>()?);
            let (name, queries) = (side.group.name.clone(), vec![]);
            (side.held_out.len() > 1).then_some(Group {
                name,
                gallery: gallery.ok()?,
                queries,
                targets: None,
                sessions: vec![],
            })
        };
        let groups = self.groups.iter().map(gallery).collect::<Option<Vec<_>>>()?;
        let split = Split { name: "held out".to_owned(), groups };
        let fields = self.groups.iter().map(|side| side.field(&side.held_out)).collect();
        Some(HeldOut { fields, split })
    }
}
