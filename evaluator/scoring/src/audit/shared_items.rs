//! Items that are in several galleries.

use dataset::{Gallery, Group};

use super::{Audited, Check, Finding, Verdict};

const CHECK: Check = Check {
    name: "shared_items",
    title: "items shared with other galleries",
    advice: "leave shared items out of one of the galleries, or publish other ids in each (publish = \
             \"keyed\"); say in the rules whether a group may be trained on other groups' train split",
};

#[expect(clippy::unnecessary_wraps, reason = "all checks have one signature")]
pub(super) fn check(audited: &Audited<'_>, group: &Group) -> Option<Finding> {
    let mut shared = Vec::new();
    let mut same = Vec::new();
    let own = [audited.split].into_iter().chain(audited.others);
    for split in own {
        for other in &split.groups {
            if split.name == audited.split.name && other.name == group.name {
                continue;
            }
            let name = format!("{} {}", other.name, split.name);
            if is_same(&group.gallery, &other.gallery) {
                // one gallery for all splits is how the task is made
                same.push(name);
            } else {
                let has = |id: &&str| other.gallery.index_of(id.as_bytes()).is_some();
                let items = group.gallery.iter().filter(has).count();
                shared.extend((items > 0).then(|| format!("{items} with {name}")));
            }
        }
    }
    let mut what = match shared.as_slice() {
        [] => "no item is in another gallery".to_owned(),
        shared => format!(
            "of {} items it shares {}: a model trained on these has seen them, and their ids tell which \
             items they are",
            group.gallery.len(),
            shared.join(", ")
        ),
    };
    if !same.is_empty() {
        what = format!("{what}; its whole gallery is also that of {}", same.join(", "));
    }
    Some(Finding::new(CHECK, &group.name, Verdict::of_count(shared.len()), what))
}

fn is_same(one: &Gallery, other: &Gallery) -> bool {
    one.len() == other.len() && one.iter().eq(other.iter())
}
