//! The drawn garments: a data set of our own in exactly the official format, so that anyone can run
//! the whole challenge without the real one.
//!
//! Garments have eleven aspects (`garment`), and are variations on a few lines per category (`lines`,
//! `wardrobe`). A query's target is a random item, its reference an item that differs in one to
//! four aspects (`pairing`); two captions say how (`wording`, `phrases`). Four items in eleven have no
//! attributes, the others a shop's few words (`words`).
//!
//! With feature `pictures` each garment can be painted (`pictures`).
//!
//! The same seed gives the same bytes. The real files' order and ids gave their targets away; here
//! ids, the order of the gallery and the order of the queries are each uniformly random, from
//! separate streams (`seed`).
//!
//! ```
//! use dataset::draw::{Plan, draw};
//!
//! let drawn = draw(&Plan::new(50, "1".parse()?))?;
//! let group = &drawn.groups()[0];
//! let item = &group.items()[0];
//! println!("{} {}: {:?}", group.category().name(), item.id, item.garment.colour.rgb());
//! # Ok::<(), dataset::Error>(())
//! ```

mod circo;
mod garment;
mod lines;
mod pairing;
mod phrases;
#[cfg(feature = "pictures")]
pub mod pictures;
mod seed;
mod wardrobe;
mod wording;
mod words;
mod write;

use std::collections::HashSet;
use std::fmt;

pub use circo::{DrawnCirco, draw_circo};
pub use garment::{
    Aspect, Category, Colour, Detail, Fabric, Fit, Garment, Kind, Length, Mood, Neckline, Pattern,
    Sleeve,
};
pub use seed::Seed;

use crate::{Error, ItemId, Result};
use seed::Stream;
use write::HIDDEN;

/// The fewest items a gallery can have; with fewer there is little choice of references.
pub const LEAST_ITEMS: usize = 20;

/// The most items a gallery of val and test can have.
pub const MOST_ITEMS: usize = 1_000_000;

/// The split with three times as many items.
const TRAIN: &str = "train";

/// Queries per thousand items, as in the real val files (2,017 of 3,817).
const QUERIES: usize = 528;

/// One query in this many has an empty caption.
const EMPTY: usize = 1000;

/// What to draw.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Gallery items per category and split; train gets three times as many.
    pub items: usize,
    /// The seed of all random choices.
    pub seed: Seed,
    /// The splits to draw; each is the same whatever else is drawn (but for an id that would
    /// come twice, about once in a thousand data sets).
    pub splits: Vec<String>,
}

impl Plan {
    /// A plan for train, val and test.
    pub fn new(items: usize, seed: Seed) -> Self {
        let splits = [TRAIN, "val", HIDDEN].map(str::to_owned).to_vec();
        Self { items, seed, splits }
    }

    fn check(&self) -> Result<()> {
        if !(LEAST_ITEMS..=MOST_ITEMS).contains(&self.items) {
            return Err(Error::items_out_of_bounds(self.items, LEAST_ITEMS, MOST_ITEMS));
        }
        if self.splits.is_empty() {
            return Err(Error::no_splits_to_draw());
        }
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        for (i, split) in self.splits.iter().enumerate() {
            if split.is_empty() || split.len() > 32 || !split.bytes().all(allowed) {
                return Err(Error::not_a_split_name(split));
            }
            if self.splits[..i].contains(split) {
                return Err(Error::split_twice(split));
            }
        }
        Ok(())
    }
}

/// A drawn data set, in memory. It contains the targets of every split, so it has no `Serialize`, and
/// its `Debug` prints counts.
pub struct Drawn {
    splits: Vec<String>,
    groups: Vec<DrawnGroup>,
}

/// One category of one split.
pub struct DrawnGroup {
    category: Category,
    split: String,
    items: Vec<DrawnItem>,
    queries: Vec<DrawnQuery>,
}

/// One item with its garment.
#[derive(Debug, Clone)]
pub struct DrawnItem {
    /// Ten characters, like an ASIN.
    pub id: ItemId,
    /// The garment that a picture of it shows.
    pub garment: Garment,
    /// Its words in the attributes file, in the order of [`crate::KINDS`]; four in eleven items
    /// have none.
    pub words: Option<[Vec<String>; 6]>,
    /// The random details of its picture.
    #[cfg(feature = "pictures")]
    variation: u64,
}

/// Reference and target are positions in the gallery.
struct DrawnQuery {
    reference: usize,
    target: usize,
    captions: [String; 2],
}

impl Drawn {
    /// All groups, split by split in the order of the plan.
    pub fn groups(&self) -> &[DrawnGroup] {
        &self.groups
    }
}

impl DrawnGroup {
    /// Its category.
    pub const fn category(&self) -> Category {
        self.category
    }

    /// Its split.
    pub fn split(&self) -> &str {
        &self.split
    }

    /// Its items, in the order of the gallery.
    pub fn items(&self) -> &[DrawnItem] {
        &self.items
    }
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawn").field("groups", &self.groups).finish_non_exhaustive()
    }
}

impl fmt::Debug for DrawnGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (items, queries) = (self.items.len(), self.queries.len());
        write!(f, "{}.{}: {items} items, {queries} queries", self.category.name(), self.split)
    }
}

/// Draws a data set; the same plan gives the same one.
pub fn draw(plan: &Plan) -> Result<Drawn> {
    plan.check()?;
    let mut taken = HashSet::new();
    let mut groups = Vec::new();
    for split in &plan.splits {
        for &category in Category::ALL {
            groups.push(draw_group(plan, category, split, &mut taken)?);
        }
    }
    Ok(Drawn { splits: plan.splits.clone(), groups })
}

fn draw_group(
    plan: &Plan,
    category: Category,
    split: &str,
    taken: &mut HashSet<ItemId>,
) -> Result<DrawnGroup> {
    let stream = |purpose| plan.seed.stream(purpose, category.name(), split);
    let count = if split == TRAIN { 3 * plan.items } else { plan.items };
    let garments = lines::garments(&plan.seed, category, split, count);

    // `order[place]` is the garment at that place of the gallery, `places[garment]` the reverse
    let order = stream("gallery order").order(count);
    let mut places = vec![0; count];
    for (place, &garment) in order.iter().enumerate() {
        places[garment] = place;
    }
    let (mut ids, mut attributes) = (stream("ids"), stream("attributes"));
    let words: Vec<_> = garments.iter().map(|g| words::words(g, &mut attributes)).collect();
    #[cfg(feature = "pictures")]
    let mut variations = stream("pictures");
    let items = order.iter().map(|&i| {
        let id = new_id(&mut ids, taken)?;
        Ok(DrawnItem {
            id,
            garment: garments[i],
            words: words[i].clone(),
            #[cfg(feature = "pictures")]
            variation: variations.number(),
        })
    });
    let items = items.collect::<Result<Vec<_>>>()?;

    let pairs = pairing::pair(&garments, count * QUERIES / 1000, &mut stream("pairing"));
    let mut wording = stream("wording");
    let mut captions: Vec<[String; 2]> = Vec::with_capacity(pairs.len());
    for pair in &pairs {
        captions.push(match pair.echo {
            Some(first) => captions[first].clone(),
            None => {
                wording::captions(&garments[pair.reference], &garments[pair.target], &mut wording)
            }
        });
    }
    forget_some(&pairs, &mut captions, &mut stream("forgotten captions"));
    let query = |i: usize| DrawnQuery {
        reference: places[pairs[i].reference],
        target: places[pairs[i].target],
        captions: captions[i].clone(),
    };
    let queries = stream("query order").order(pairs.len()).into_iter().map(query).collect();
    Ok(DrawnGroup { category, split: split.to_owned(), items, queries })
}

/// `B0` and eight of 0-9 and A-Z, different from all earlier ids.
fn new_id(stream: &mut Stream, taken: &mut HashSet<ItemId>) -> Result<ItemId> {
    const SIGNS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    loop {
        let mut text = "B0".to_owned();
        text.extend((0..8).map(|_| char::from(*stream.pick(SIGNS))));
        let id = ItemId::new(&text)?;
        if taken.insert(id.clone()) {
            return Ok(id);
        }
    }
}

/// Leaves a few captions empty, as in the real files; never both of a query, and none that is used
/// twice.
fn forget_some(pairs: &[pairing::Pair], captions: &mut [[String; 2]], stream: &mut Stream) {
    let mut kept = vec![false; pairs.len()];
    for (i, pair) in pairs.iter().enumerate() {
        if let Some(first) = pair.echo {
            kept[i] = true;
            kept[first] = true;
        }
    }
    let order = stream.order(pairs.len());
    let forgotten = order.into_iter().filter(|&i| !kept[i]).take(pairs.len().div_ceil(EMPTY));
    for query in forgotten {
        captions[query][stream.below(2)].clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(items: usize, splits: &[&str]) -> Plan {
        let splits = splits.iter().map(|s| (*s).to_owned()).collect();
        Plan { items, seed: Seed::from_bytes([9; 16]), splits }
    }

    #[test]
    fn a_plan_that_cannot_be_met_is_refused_with_the_way_out() {
        let refused = |items, splits: &[&str]| draw(&plan(items, splits)).unwrap_err().to_string();
        assert_eq!(
            refused(19, &["val"]),
            "19 items cannot be drawn: choose 20 to 1000000 for each category"
        );
        assert_eq!(refused(20, &[]), "name at least one split to draw, such as val");
        assert_eq!(refused(20, &["val", "val"]), "split `val` is named twice");
        let message = refused(20, &["../val"]);
        assert!(message.starts_with("\"../val\" cannot name a split"), "{message}");
    }

    #[test]
    fn a_split_is_the_same_whatever_is_drawn_beside_it() {
        let alone = draw(&plan(40, &["test"])).unwrap();
        let beside = draw(&plan(40, &["train", "val", "test"])).unwrap();
        let ids = |drawn: &Drawn| -> Vec<ItemId> {
            let test = drawn.groups().iter().filter(|g| g.split() == "test");
            test.flat_map(|g| g.items().iter().map(|i| i.id.clone())).collect()
        };
        assert_eq!(ids(&alone), ids(&beside));
    }

    #[test]
    fn debug_prints_counts_and_no_target() {
        let drawn = draw(&plan(20, &["test"])).unwrap();
        let text = format!("{drawn:?}");
        assert!(text.contains("dress.test: 20 items, 10 queries"), "{text}");
        assert!(!text.contains("B0"), "{text}");
    }
}
