//! Each layer uses only those before it, and none uses the web.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The layers; modules in one line may use each other.
const LAYERS: [&[&str]; 13] = [
    &["ambient", "code", "private"],
    &["error", "mail", "memory", "program", "spreadsheet"],
    &["captioner", "entities", "database", "manager", "site", "storage"],
    &["accounts"],
    &["challenges"],
    &["dialogs"],
    &["submissions"],
    &["receipts"],
    &["standings"],
    &["plans"],
    &["moderation"],
    &["backup"],
    &["doctor"],
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries.flat_map(of).collect()
}

fn layer_of(module: &str) -> usize {
    let found = LAYERS.iter().position(|layer| layer.contains(&module));
    found.unwrap_or_else(|| panic!("`{module}` is in no layer"))
}

/// The modules of this crate that a file names.
fn named(text: &str) -> BTreeSet<&str> {
    let after = text.split("crate::").skip(1);
    after
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        })
        .map(|path| {
            let path = path.trim();
            let end = path.find(|c: char| !c.is_ascii_lowercase() && c != '_');
            &path[..end.unwrap_or(path.len())]
        })
        .filter(|module| !module.is_empty())
        .collect()
}

#[test]
fn layers_know_only_those_before_them_and_none_knows_the_web() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let all = files(&home);
    assert!(all.len() > 50);
    for file in all {
        let text = std::fs::read_to_string(&file).unwrap();
        for web in ["poem", "askama", "hyper", "StatusCode"] {
            assert!(!text.contains(web), "{} knows {web}", file.display());
        }
        let inside = file.strip_prefix(&home).unwrap().to_str().unwrap();
        let own = inside.split(['/', '.']).next().unwrap();
        if own == "lib" {
            continue;
        }
        for module in named(&text) {
            assert!(layer_of(module) <= layer_of(own), "{} knows {module}", file.display());
        }
    }
}
