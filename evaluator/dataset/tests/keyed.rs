//! Keyed publication, from the view of the organisers and of a cheater.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use dataset::{
    Aliases, Attributes, Folder, Gallery, Group, ItemId, Key, Pictures, Protocol, Query, Split,
    Targets, gallery_json, public_files, queries_json, write_public,
};
use proptest::prelude::*;

const KEY: Key = Key::from_bytes([7; 32]);

/// Text that must not be in a public file: all items have it.
const MARK: &str = "B00ORIG";

type Words = BTreeMap<String, Attributes>;
type Shown = BTreeMap<String, Pictures>;

/// A split of two groups that share items, and in which the target of query i is item i + 1; every
/// other item has attributes.
fn split(items: usize) -> (Split, Words) {
    let id = |i: usize| ItemId::new(&format!("{MARK}{i:03}")).unwrap();
    let group = |name: &str| {
        let queries = (0..items - 1).map(|i| Query {
            id: Query::id_at(name, "val", i),
            reference: id((i * 7 + 3) % items),
            captions: vec![format!("is number {}", i % 5), String::new()],
        });
        let targets = Targets::new((1..items as u32).map(|i| [i, 0]));
        let gallery = Gallery::new((0..items).map(id)).unwrap();
        let queries = queries.collect();
        Group { name: name.to_owned(), gallery, queries, targets: Some(targets), sessions: vec![] }
    };
    let words = |i: usize| {
        let mut lists: [Vec<String>; 6] = Default::default();
        lists[i % 6] = vec!["woven".to_owned(), "print".to_owned()];
        (id(i).to_string(), lists)
    };
    let words = Attributes::new((0..items).step_by(2).map(words).collect());
    let split = Split { name: "val".to_owned(), groups: ["dress", "shirt"].map(group).into() };
    let words = ["dress", "shirt"].map(|name| (name.to_owned(), words.clone()));
    (split, words.into())
}

fn keyed(split: &Split, words: &Words, key: &Key) -> (Split, Words) {
    let words = words.iter().map(|(group, words)| {
        let keyed = words.keyed(&split.name, group, key).unwrap();
        (group.clone(), keyed)
    });
    (split.keyed(key).unwrap(), words.collect())
}

fn all_text(split: &Split, words: &Words) -> String {
    let mut bytes: Vec<u8> = Vec::new();
    for (name, file) in public_files(split, words) {
        bytes.extend(name.as_bytes());
        bytes.extend(file);
    }
    bytes.extend(queries_json(&split.groups));
    bytes.extend(gallery_json(&split.groups));
    String::from_utf8(bytes).unwrap()
}

fn same(a: &Split, b: &Split) -> bool {
    a.name == b.name
        && a.groups.len() == b.groups.len()
        && a.groups.iter().zip(&b.groups).all(|(a, b)| {
            a.name == b.name && a.queries == b.queries && a.gallery.iter().eq(b.gallery.iter())
        })
}

/// The items a query asks for, by the query's id, under the names the organisers know.
fn asked(split: &Split, name: impl Fn(&str) -> String) -> BTreeMap<String, Vec<String>> {
    let groups = split.groups.iter().map(|group| (group, group.targets.as_ref().unwrap()));
    let asked = groups.flat_map(|(group, targets)| {
        let name = &name;
        group.queries.iter().enumerate().map(move |(i, query)| {
            let items = targets.of(i).iter().map(|&item| name(group.gallery.item(item)));
            (query.id.clone(), items.collect())
        })
    });
    asked.collect()
}

fn files(dir: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(files(&path));
        } else {
            names.push(path.display().to_string());
        }
    }
    names.sort();
    names
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_key_gives_the_same_files_and_another_key_another_order(
        one in any::<[u8; 32]>(), other in any::<[u8; 32]>(), items in 20..80_usize,
    ) {
        prop_assume!(one != other);
        let (split, words) = split(items);
        let text = |key: [u8; 32]| {
            let (split, words) = keyed(&split, &words, &Key::from_bytes(key));
            all_text(&split, &words)
        };
        prop_assert_eq!(text(one), text(one));
        prop_assert_ne!(text(one), text(other));

        // the position of each original item and query
        let order = |key: [u8; 32]| {
            let key = Key::from_bytes(key);
            let (keyed, aliases) = (split.keyed(&key).unwrap(), Aliases::new(&split, &key).unwrap());
            let [dress, _] = &keyed.groups[..] else { panic!("two groups") };
            let items: Vec<String> =
                dress.gallery.iter().map(|i| aliases.item(i).unwrap().1.to_owned()).collect();
            let queries: Vec<String> =
                dress.queries.iter().map(|q| aliases.query(&q.id).unwrap().to_owned()).collect();
            (items, queries)
        };
        prop_assert_ne!(order(one).0, order(other).0);
        prop_assert_ne!(order(one).1, order(other).1);
    }

    #[test]
    fn the_way_back_leads_to_the_same_questions_and_answers(
        key in any::<[u8; 32]>(), items in 2..60_usize,
    ) {
        let key = Key::from_bytes(key);
        let (split, _) = split(items);
        let (keyed, aliases) = (split.keyed(&key).unwrap(), Aliases::new(&split, &key).unwrap());
        let back = |alias: &str| aliases.item(alias).unwrap().1.to_owned();
        let found: BTreeMap<String, Vec<String>> = asked(&keyed, back)
            .into_iter()
            .map(|(id, items)| (aliases.query(&id).unwrap().to_owned(), items))
            .collect();
        prop_assert_eq!(found, asked(&split, str::to_owned));
        for (group, keyed) in split.groups.iter().zip(&keyed.groups) {
            prop_assert_eq!(group.gallery.len(), keyed.gallery.len());
            for query in &group.queries {
                let id = aliases.query_id(&query.id).unwrap();
                let twin = keyed.queries.iter().find(|twin| twin.id == id).unwrap();
                let alias = aliases.alias(&group.name, query.reference.as_str()).unwrap();
                prop_assert_eq!(twin.reference.as_str(), alias);
                prop_assert_eq!(&twin.captions, &query.captions);
                prop_assert!(keyed.gallery.contains(&twin.reference));
            }
        }
    }

    #[test]
    fn no_public_file_or_document_depends_on_names_order_or_targets(
        key in any::<[u8; 32]>(), items in 2..40_usize,
    ) {
        let key = Key::from_bytes(key);
        let (split, words) = split(items);
        let (public, public_words) = keyed(&split, &words, &key);
        let text = all_text(&public, &public_words);
        prop_assert!(!text.contains(MARK), "an original item");
        prop_assert!(!text.contains("dress.val.0\""), "an original query id");
        prop_assert!(!text.contains("target"));

        // The same data set in another order, with other targets or none, is published alike.
        let mut turned = split.clone();
        for group in &mut turned.groups {
            group.queries.reverse();
            let items: Vec<ItemId> = group.gallery.iter().map(|i| ItemId::new(i).unwrap()).collect();
            group.gallery = Gallery::new(items.into_iter().rev()).unwrap();
        }
        turned.groups[0].targets = None;
        let (turned, words) = keyed(&turned, &words, &key);
        prop_assert_eq!(all_text(&turned, &words), text);
    }

    #[test]
    fn what_is_published_reads_back_as_it_was(key in any::<[u8; 32]>(), items in 2..40_usize) {
        let (split, words) = split(items);
        let (split, words) = keyed(&split, &words, &Key::from_bytes(key));
        let dir = tempfile::tempdir().unwrap();
        write_public(&split, &words, &Shown::new(), dir.path()).unwrap();
        let folder = Folder::new(dir.path());
        let read = folder.split("val", Protocol::Original).unwrap();
        prop_assert!(same(&read, &split));
        prop_assert!(read.groups.iter().all(|group| group.targets.is_none()));
        for group in &split.groups {
            let read = folder.attributes(&group.name, "val").unwrap();
            prop_assert_eq!(read.len(), items.div_ceil(2));
            for item in group.gallery.iter() {
                prop_assert_eq!(read.of(item), words[&group.name].of(item));
            }
        }

        let documents = (queries_json(&split.groups), gallery_json(&split.groups));
        let read = Split::from_public("val", &documents.0, &documents.1).unwrap();
        prop_assert!(same(&read, &split));
        prop_assert!(read.groups.iter().all(|group| group.targets.is_none()));
    }
}

#[test]
fn an_item_of_two_groups_or_splits_has_another_alias_in_each() {
    let (split, _) = split(50);
    let test = Split { name: "test".to_owned(), ..split.clone() };
    let [val, test] = [split, test].map(|split| split.keyed(&KEY).unwrap());
    let groups = val.groups.iter().chain(&test.groups);
    let aliases: BTreeSet<String> =
        groups.flat_map(|g| g.gallery.iter().map(str::to_owned)).collect();
    assert_eq!(aliases.len(), 200);
    assert!(aliases.iter().all(|alias| alias.len() == 10));
}

#[test]
fn a_reference_outside_the_gallery_gets_an_alias_too() {
    let (mut split, _) = split(10);
    split.groups[0].queries[0].reference = ItemId::new("elsewhere").unwrap();
    let keyed = split.keyed(&KEY).unwrap();
    let outside = |query: &&Query| !keyed.groups[0].gallery.contains(&query.reference);
    let outside: Vec<&Query> = keyed.groups[0].queries.iter().filter(outside).collect();
    assert_eq!(outside.len(), 1);
    assert_eq!(outside[0].reference.as_str().len(), 10);
}

#[test]
fn targets_read_by_original_ids_move_along() {
    let (mut split, _) = split(3);
    let expected = asked(&split, str::to_owned);
    for group in &mut split.groups {
        group.targets = None;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("targets.json");
    fs::write(&path, serde_json::to_vec(&expected).unwrap()).unwrap();
    split.read_targets(&path).unwrap();
    let aliases = Aliases::new(&split, &KEY).unwrap();
    let found = asked(&split.keyed(&KEY).unwrap(), |a| aliases.item(a).unwrap().1.to_owned());
    for (id, items) in expected {
        assert_eq!(found[aliases.query_id(&id).unwrap()], items);
    }
}

#[test]
fn the_orders_of_a_keyed_split_say_nothing_of_its_targets() {
    let (split, _) = split(2000);
    for group in &split.keyed(&KEY).unwrap().groups {
        let share = group.rising_share().unwrap();
        // nine standard deviations, 1 / sqrt(12 n), of a random order
        assert!((share - 0.5).abs() < 0.06, "{share}");
    }
    assert_eq!(split.groups[0].rising_share(), Some(1.0));
}

#[test]
fn writing_again_changes_nothing_and_a_folder_with_other_files_is_refused() {
    let (split, words) = split(8);
    let (public, public_words) = keyed(&split, &words, &KEY);
    let dir = tempfile::tempdir().unwrap();
    let refused = || {
        let before = files(dir.path());
        let message = write_public(&public, &public_words, &Shown::new(), dir.path())
            .unwrap_err()
            .to_string();
        assert_eq!(files(dir.path()), before);
        message.replace(&dir.path().display().to_string(), "DIR")
    };
    let otherwise = "already exists with other contents; choose another location";

    fs::write(dir.path().join("notes.txt"), "mine").unwrap();
    assert_eq!(refused(), format!("DIR: {otherwise}"));
    fs::remove_file(dir.path().join("notes.txt")).unwrap();

    write_public(&split, &words, &Shown::new(), dir.path()).unwrap();
    assert_eq!(refused(), format!("DIR/captions/cap.dress.val.json: {otherwise}"));
    for folder in ["captions", "image_splits", "attributes"] {
        fs::remove_dir_all(dir.path().join(folder)).unwrap();
    }

    write_public(&public, &public_words, &Shown::new(), dir.path()).unwrap();
    let written = files(dir.path());
    write_public(&public, &public_words, &Shown::new(), dir.path()).unwrap();
    assert_eq!(files(dir.path()), written);
    fs::write(dir.path().join("image_splits/split.dress.test.json"), "[]").unwrap();
    assert_eq!(refused(), format!("DIR/image_splits/split.dress.test.json: {otherwise}"));
}

#[test]
fn attributes_that_were_not_keyed_are_refused() {
    let (split, words) = split(8);
    let dir = tempfile::tempdir().unwrap();
    let public = split.keyed(&KEY).unwrap();
    let message = write_public(&public, &words, &Shown::new(), dir.path()).unwrap_err().to_string();
    let expected = "the attributes of `dress` match no item of split `val`: key them with its key";
    assert_eq!(message, expected);
    assert!(files(dir.path()).is_empty());
    // and what writes them all the same finds nothing to write
    assert!(!all_text(&public, &words).contains("woven"));
}

#[test]
fn debug_prints_no_secret() {
    let (split, _) = split(8);
    let aliases = Aliases::new(&split, &KEY).unwrap();
    let text = format!("{KEY:?} {aliases:?} {:?}", split.keyed(&KEY).unwrap().groups[0].targets);
    assert_eq!(text, "Key(not shown) Aliases(of 16 items, 14 queries) Some(Targets(of 7 queries))");
}
