//! Recognises the files of a run by name: `{group}.predict.json` or `{group}.{split}.pred.json`,
//! optionally followed by `.gz` or `.zst`.

use crate::Benchmark;
use crate::listing::{Role, json_stem};

/// Whether a file's name is that of a group's file, for any group and split.
pub(super) fn is_part(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = |stem: &str| [".predict", ".pred"].iter().any(|ending| stem.ends_with(ending));
    json_stem(&name).is_some_and(ends)
}

/// What a file is by its name.
pub(super) fn role(file: &str, benchmark: &Benchmark) -> Role {
    // Extensions ignore case; the group's name is looked up as it is.
    let lower = file.to_ascii_lowercase();
    let Some(name) = json_stem(&lower).and_then(|stem| file.get(..stem.len())) else {
        return Role::Other;
    };
    let lower = &lower[..name.len()];
    let group = |name: &str| benchmark.group_named(name.as_bytes());
    if let Some(stem) = lower.strip_suffix(".predict") {
        return group(&name[..stem.len()]).map_or(Role::Other, Role::Group);
    }
    let stem = lower.strip_suffix(".pred").map(|stem| &name[..stem.len()]);
    match stem.and_then(|name| name.rsplit_once('.')) {
        Some((name, split)) => match group(name) {
            Some(group) if split.eq_ignore_ascii_case(benchmark.split()) => Role::Group(group),
            Some(group) => Role::OtherSplit(group, split.to_owned()),
            None => Role::Other,
        },
        None => Role::Other,
    }
}
