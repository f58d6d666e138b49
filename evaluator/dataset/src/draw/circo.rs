//! The drawn garments as a data set in CIRCO's layout: one gallery for all splits, integers for ids, and
//! several targets per query.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::{Drawn, DrawnGroup, DrawnItem, DrawnQuery, HIDDEN, Plan, draw};
use crate::folder::Layout;
use crate::output::{Images, Readers, pretty, write_file, write_files};
use crate::{
    Circo, Error, Gallery, Group, ItemId, PublishedSplit, Query, Result, Split, Targets, TargetsIn,
};

/// The most targets that a query has besides the one it was drawn for.
const MORE_TARGETS: usize = 7;

/// How many items are examined for them.
const LOOKED_AT: usize = 2000;

/// Ids are below this, like COCO's, or below ten times the number of items.
const IDS: usize = 600_000;

/// A drawn data set in CIRCO's layout. It contains the targets of every split, so its `Debug` prints
/// counts.
pub struct DrawnCirco {
    splits: Vec<Split>,
    /// Each item of the gallery with its id.
    items: Vec<(String, DrawnItem)>,
}

/// Where an item is among the drawn groups: the group's index, and its place there.
type Place = (usize, usize);

/// Draws garments, like [`draw`], as a data set in CIRCO's layout; the same plan gives the same result.
/// Every item of every category and split is in its only gallery.
pub fn draw_circo(plan: &Plan) -> Result<DrawnCirco> {
    let drawn = draw(plan)?;
    let stream = |purpose, split: &str| plan.seed.stream(purpose, Circo::GROUP, split);
    let groups = drawn.groups.iter().enumerate();
    let places: Vec<Place> =
        groups.flat_map(|(g, group)| (0..group.items.len()).map(move |i| (g, i))).collect();
    let order = stream("gallery order", "").order(places.len());
    let (mut ids, mut taken) = (stream("ids", ""), HashSet::new());
    let mut indices: BTreeMap<Place, u32> = BTreeMap::new();
    let mut items = Vec::with_capacity(places.len());
    for (index, &from) in order.iter().enumerate() {
        let id = loop {
            let id = ids.below(IDS.max(10 * places.len()));
            if taken.insert(id) {
                break id;
            }
        };
        let (group, place) = places[from];
        indices.insert(places[from], index as u32);
        items.push((id.to_string(), drawn.groups[group].items[place].clone()));
    }
    let gallery =
        Gallery::new(items.iter().map(|(id, _)| ItemId::new(id)).collect::<Result<Vec<_>>>()?)
            .map_err(|_| Error::no_splits_to_draw())?;
    let splits = plan.splits.iter().map(|split| {
        let mut order = stream("query order", split);
        let mut more = stream("more targets", split);
        drawn.circo_split(split, &gallery, &indices, &mut order, &mut more)
    });
    Ok(DrawnCirco { splits: splits.collect(), items })
}

impl Drawn {
    fn circo_split(
        &self,
        split: &str,
        gallery: &Gallery,
        indices: &BTreeMap<Place, u32>,
        order: &mut super::seed::Stream,
        more: &mut super::seed::Stream,
    ) -> Split {
        let groups = self.groups.iter().enumerate().filter(|(_, group)| group.split == split);
        let drawn: Vec<(usize, &DrawnQuery)> =
            groups.flat_map(|(g, group)| group.queries.iter().map(move |q| (g, q))).collect();
        let (mut queries, mut targets) = (Vec::new(), Vec::new());
        // As in CIRCO, the hidden split has more queries: their number distinguishes the splits.
        let count = if split == HIDDEN { drawn.len() } else { drawn.len().div_ceil(2) };
        for (id, from) in order.order(drawn.len()).into_iter().take(count).enumerate() {
            let (g, query) = drawn[from];
            let group = &self.groups[g];
            let index = |place: usize| indices[&(g, place)];
            let reference = gallery.item(index(query.reference));
            queries.push(Query {
                id: id.to_string(),
                reference: ItemId::new(reference).expect("it is an item of the gallery"),
                captions: vec![relative_caption(query), group.category.name().to_owned()],
            });
            let start = more.below(group.items.len());
            targets
                .push(group.all_targets(query, start).into_iter().map(index).collect::<Vec<_>>());
        }
        let (name, gallery) = (Circo::GROUP.to_owned(), gallery.clone());
        let targets = Some(Targets::new(targets));
        Split {
            name: split.to_owned(),
            groups: vec![Group { name, gallery, queries, targets, sessions: vec![] }],
        }
    }
}

impl DrawnGroup {
    /// The places of a query's target and of items that are like it in at least half of what the
    /// reference lacks, looked for from a place on.
    fn all_targets(&self, query: &DrawnQuery, start: usize) -> Vec<usize> {
        let garment = |place: usize| &self.items[place].garment;
        let target = garment(query.target);
        let asked = garment(query.reference).differences(target);
        let fits = |place: &usize| {
            let other = target.differences(garment(*place));
            let alike = asked.iter().filter(|aspect| !other.contains(aspect)).count();
            2 * alike >= asked.len()
        };
        let places = (0..self.items.len()).map(|i| (start + i) % self.items.len());
        let others = places.filter(|place| *place != query.target && *place != query.reference);
        let others = others.take(LOOKED_AT).filter(fits).take(MORE_TARGETS);
        std::iter::once(query.target).chain(others).collect()
    }
}

/// Both captions in one sentence; a few are empty.
fn relative_caption(query: &DrawnQuery) -> String {
    let said: Vec<&str> =
        query.captions.iter().map(String::as_str).filter(|caption| !caption.is_empty()).collect();
    said.join(" and ")
}

impl DrawnCirco {
    /// Writes `annotations` into a folder, which is created if needed. Those of split `test` are written
    /// without targets.
    ///
    /// Writing the same data set again changes nothing, and finishes what was interrupted. A folder
    /// with other contents is refused before anything is written.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let names = self.items.iter().map(|(id, _)| format!("{id}.png")).collect();
        write_files(dir, &self.files(), &Images { names, make: None })
    }

    /// Writes as [`write`](Self::write) does, and then `images/{item}.png` for every item, on several
    /// threads; `told` is called for each picture that was drawn.
    #[cfg(feature = "pictures")]
    pub fn write_with_pictures(&self, dir: &Path, told: &(dyn Fn() + Sync)) -> Result<()> {
        let names = self.items.iter().map(|(id, _)| format!("{id}.png")).collect();
        let make = |i: usize| {
            let picture = self.items[i].1.picture();
            told();
            Ok(picture)
        };
        write_files(dir, &self.files(), &Images { names, make: Some(&make) })
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Writes the targets of one split as [`Split::read_targets`] reads them: `{"0": [123, …], …}`. On
    /// unix only the owner can read the file. An existing file with other contents is an error.
    pub fn write_targets(&self, split: &str, file: &Path) -> Result<()> {
        let Some(found) = self.splits.iter().find(|own| own.name == split) else {
            let drawn: Vec<String> = self.splits.iter().map(|split| split.name.clone()).collect();
            return Err(Error::split_not_drawn(split, &drawn));
        };
        let mut by_id: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for group in &found.groups {
            let Some(targets) = &group.targets else { continue };
            for (i, query) in group.queries.iter().enumerate() {
                let ids = targets.of(i).iter().map(|&index| group.gallery.item(index));
                let ids = ids.filter_map(|id| id.parse().ok()).collect();
                by_id.insert(query.id.parse().unwrap_or_default(), ids);
            }
        }
        write_file(file, &pretty(&by_id), Readers::Owner)
    }

    /// Every file of the data set, with its path and content.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let (attributes, pictures, photos) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for split in &self.splits {
            let hidden = split.name == HIDDEN;
            let targets = if hidden { TargetsIn::Nothing } else { TargetsIn::Queries };
            let (attributes, pictures, photos) = (&attributes, &pictures, &photos);
            let item_captions = &BTreeMap::new();
            let published =
                PublishedSplit { split, targets, attributes, item_captions, pictures, photos };
            files.extend(Circo.files(&published));
        }
        files.into_iter().collect()
    }
}

impl std::fmt::Debug for DrawnCirco {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DrawnCirco({} items, {:?})", self.items.len(), self.splits)
    }
}
