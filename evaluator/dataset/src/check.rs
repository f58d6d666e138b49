//! The counts of a data set, and its oddities.

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Folder, Gallery, Group, Protocol, Result};

/// The counts of a whole data set.
#[derive(Debug, Serialize)]
pub struct Check {
    /// One row per group and split.
    pub groups: Vec<GroupCheck>,
    /// Galleries that share items.
    pub overlaps: Vec<Overlap>,
}

/// The counts of one group of one split.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct GroupCheck {
    /// `dress`, `shirt`, `toptee`.
    pub group: String,
    /// `train`, `val`, `test`.
    pub split: String,
    /// Queries.
    pub queries: usize,
    /// Captions, over all queries.
    pub captions: usize,
    /// Items of the gallery.
    pub gallery: usize,
    /// Distinct reference items.
    pub references: usize,
    /// Distinct target items; absent if the targets are not in the folder.
    pub targets: Option<usize>,
    /// Distinct items that are a reference or a target: the gallery of protocol `val-union`.
    pub union: Option<usize>,
    /// Rows whose reference and captions occurred before in the list.
    pub repeated: usize,
    /// Captions that are an empty string.
    pub empty_captions: usize,
    /// Queries whose reference is not in the gallery.
    pub references_outside: usize,
    /// Items of the gallery that have attributes.
    pub with_attributes: usize,
    /// Items of the gallery that have a picture.
    pub with_pictures: usize,
}

/// Two galleries that share items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// `{group}.{split}`.
    pub a: String,
    /// `{group}.{split}`.
    pub b: String,
    /// How many items they share.
    pub items: usize,
}

impl Check {
    /// Reads the whole data set and counts.
    pub fn run(folder: &Folder) -> Result<Self> {
        let mut groups = Vec::new();
        let mut errors = Vec::new();
        let mut galleries: Vec<(String, Gallery)> = Vec::new();
        for split in folder.contents()?.keys() {
            let of_split = folder.split(split, Protocol::Original);
            let of_split =
                of_split.map_err(|error| errors.push(error)).map_or(vec![], |s| s.groups);
            for group in of_split {
                match GroupCheck::of(folder, split, &group) {
                    Ok(check) => groups.push(check),
                    Err(error) => errors.push(error),
                }
                galleries.push((format!("{}.{split}", group.name), group.gallery));
            }
        }
        if let Some(error) = Error::all(errors) {
            return Err(error);
        }
        let split_order = |split: &str| ["train", "val", "test"].iter().position(|s| *s == split);
        groups.sort_by(|a, b| {
            (&a.group, split_order(&a.split), &a.split).cmp(&(
                &b.group,
                split_order(&b.split),
                &b.split,
            ))
        });
        galleries.sort_by(|a, b| a.0.cmp(&b.0));
        let galleries: Vec<_> = galleries.iter().map(|(name, it)| (name.clone(), it)).collect();
        Ok(Self { groups, overlaps: overlaps(&galleries) })
    }
}

impl GroupCheck {
    fn of(folder: &Folder, split: &str, group: &Group) -> Result<Self> {
        let attributes = folder.attributes(&group.name, split)?;
        let pictures = folder.pictures(group)?;
        let references: HashSet<&str> =
            group.queries.iter().map(|q| q.reference.as_str()).collect();
        let targets: Option<HashSet<&str>> = group.targets.as_ref().map(|targets| {
            let indices = (0..targets.queries()).flat_map(|q| targets.of(q));
            indices.map(|&i| group.gallery.item(i)).collect()
        });
        let mut seen = HashSet::new();
        let repeated =
            group.queries.iter().filter(|q| !seen.insert((&q.reference, &q.captions))).count();
        let captions = || group.queries.iter().flat_map(|q| &q.captions);
        Ok(Self {
            group: group.name.clone(),
            split: split.to_owned(),
            queries: group.queries.len(),
            captions: captions().count(),
            gallery: group.gallery.len(),
            references: references.len(),
            targets: targets.as_ref().map(HashSet::len),
            union: targets.as_ref().map(|targets| targets.union(&references).count()),
            repeated,
            empty_captions: captions().filter(|c| c.is_empty()).count(),
            references_outside: group
                .queries
                .iter()
                .filter(|q| !group.gallery.contains(&q.reference))
                .count(),
            with_attributes: group.gallery.iter().filter(|i| attributes.of(i).is_some()).count(),
            with_pictures: group.gallery.iter().filter(|i| pictures.has(i)).count(),
        })
    }
}

pub(crate) fn overlaps(galleries: &[(String, &Gallery)]) -> Vec<Overlap> {
    let mut overlaps = Vec::new();
    for (i, (a, first)) in galleries.iter().enumerate() {
        for (b, second) in &galleries[i + 1..] {
            let items = first.iter().filter(|id| second.index_of(id.as_bytes()).is_some()).count();
            if items > 0 {
                overlaps.push(Overlap { a: a.clone(), b: b.clone(), items });
            }
        }
    }
    overlaps
}

impl fmt::Display for Check {
    /// A table for people, with a column for pictures if there are any; ends with a newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wide = self.groups.iter().map(|g| g.group.len()).max().unwrap_or(0).max(8);
        let pictures = self.groups.iter().any(|g| g.with_pictures > 0);
        write!(
            f,
            "{:wide$}  {:6} {:>8} {:>8} {:>8} {:>10} {:>8} {:>6} {:>8} {:>6} {:>8} {:>10}",
            "group",
            "split",
            "queries",
            "captions",
            "gallery",
            "references",
            "targets",
            "union",
            "repeated",
            "empty",
            "outside",
            "attributes"
        )?;
        writeln!(f, "{}", if pictures { " pictures" } else { "" })?;
        for g in &self.groups {
            let targets = g.targets.map_or("hidden".to_owned(), |n| n.to_string());
            let union = g.union.map_or("-".to_owned(), |n| n.to_string());
            write!(
                f,
                "{:wide$}  {:6} {:>8} {:>8} {:>8} {:>10} {:>8} {:>6} {:>8} {:>6} {:>8} {:>10}",
                g.group,
                g.split,
                g.queries,
                g.captions,
                g.gallery,
                g.references,
                targets,
                union,
                g.repeated,
                g.empty_captions,
                g.references_outside,
                g.with_attributes
            )?;
            if pictures {
                write!(f, " {:>8}", g.with_pictures)?;
            }
            writeln!(f)?;
        }
        if self.overlaps.is_empty() {
            return writeln!(f, "\nno two galleries share an item");
        }
        writeln!(f, "\ngalleries that share items")?;
        for o in &self.overlaps {
            writeln!(f, "  {:16} {:16} {:>6}", o.a, o.b, o.items)?;
        }
        Ok(())
    }
}
