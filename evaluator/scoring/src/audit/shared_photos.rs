//! Items that have the same photo: a right answer that counts as wrong.

use std::collections::BTreeMap;

use dataset::Group;

use super::{Audited, Check, Finding, Verdict, whole_targets};

const CHECK: Check = Check {
    name: "shared_photos",
    title: "items with the same photo",
    advice: "leave all but one item of each photo out of the gallery, or count each of them as a target",
};

pub(super) fn check(audited: &Audited<'_>, group: &Group) -> Option<Finding> {
    let photos = audited.photos.get(&group.name).filter(|photos| !photos.is_empty())?;
    let photo = |id: &str| photos.get(id).map(String::as_str);
    let mut items: BTreeMap<&str, usize> = BTreeMap::new();
    for photo in group.gallery.iter().filter_map(photo) {
        *items.entry(photo).or_default() += 1;
    }
    let is_shared = |id: &str| photo(id).is_some_and(|photo| items.get(photo) > Some(&1));
    let shared = group.gallery.iter().filter(|id| is_shared(id)).count();
    let mut what =
        format!("{shared} of {} items have a photo of another item", group.gallery.len());
    if let Some(targets) = whole_targets(group) {
        let queries = group.queries.iter().enumerate();
        let any = |query: usize, is: &dyn Fn(&str) -> bool| {
            targets.of(query).iter().any(|&target| is(group.gallery.item(target)))
        };
        let twins = queries.clone().filter(|(i, _)| any(*i, &is_shared)).count();
        let same = queries.filter(|(i, query)| {
            let own = photo(query.reference.as_str());
            own.is_some() && any(*i, &|target| photo(target) == own)
        });
        what = format!(
            "{what}; so has the target of {twins} queries, and {} show the same photo as reference and target",
            same.count()
        );
    }
    Some(Finding::new(CHECK, &group.name, Verdict::of_count(shared), what))
}
