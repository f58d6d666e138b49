//! Statistics against counts made apart from them. Feature `official`: of the data in the folder
//! `FASHION_IQ_DATA`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dataset::statistics::{DescribedSplit, GroupStatistics, Statistics};
use dataset::{Attributes, Gallery, Group, ItemId, Query, Split, Targets};

fn item(id: &str) -> ItemId {
    ItemId::new(id).unwrap()
}

fn query(position: usize, reference: &str, captions: [&str; 2]) -> Query {
    let captions = captions.map(str::to_owned).to_vec();
    Query { id: Query::id_at("dress", "val", position), reference: item(reference), captions }
}

/// Five dresses and four queries; the third repeats the first.
fn split(targets: Option<[u32; 4]>) -> Split {
    let gallery = Gallery::new(["A", "B", "C", "D", "E"].map(item)).unwrap();
    let queries = vec![
        query(0, "A", ["is red", "longer sleeves"]),
        query(1, "B", ["is blue", ""]),
        query(2, "A", ["is red", "longer sleeves"]),
        query(3, "A", ["plain", "has stripes"]),
    ];
    let targets = targets.map(|targets| Targets::new(targets.map(|target| [target])));
    let group = Group { name: "dress".to_owned(), gallery, queries, targets, sessions: vec![] };
    Split { name: "val".to_owned(), groups: vec![group] }
}

fn attributes() -> BTreeMap<String, Attributes> {
    let of = |words: &[&str]| {
        let mut kinds: [Vec<String>; 6] = Default::default();
        kinds[1] = words.iter().map(|word| (*word).to_owned()).collect();
        kinds
    };
    let items = [
        ("A", of(&["red"])),
        ("C", of(&["red", "sleeve"])),
        ("D", of(&["blue"])),
        ("E", of(&["plain"])),
    ];
    let items = items.map(|(id, kinds)| (id.to_owned(), kinds));
    BTreeMap::from([("dress".to_owned(), Attributes::new(items.into()))])
}

#[test]
fn a_small_split_is_counted_by_hand() {
    let (split, attributes) = (split(Some([2, 3, 4, 0])), attributes());
    let statistics = Statistics::of(&[DescribedSplit { split: &split, attributes: &attributes }]);
    let of = &statistics.groups[0];
    assert_eq!((of.queries, of.gallery, of.references, of.most_of_one_reference), (4, 5, 2, 3));
    // A, B; C, D, E, A
    assert_eq!((of.targets, of.union, of.only_distractors), (Some(4), Some(5), Some(0)));
    assert_eq!((of.repeated, of.captions.count, of.captions.empty), (1, 8, 1));
    assert_eq!((of.with_attributes, of.attributes[1].items, of.attributes[1].labels), (4, 4, 4));
    assert_eq!(of.attributes[0].items, 0);
    // The captions of the first find C, and not E, the third's target; "blue" finds D; "plain" finds E, and
    // not A. The reference A finds C, and nothing of the others; B has no attributes.
    let alone = of.alone.unwrap();
    assert_eq!((alone.captions, alone.reference, alone.neither), (2, 1, 2));
    assert!(statistics.overlaps.is_empty());
}

#[test]
fn without_targets_nothing_that_depends_on_them_is_counted() {
    let counted = |targets| {
        let (split, attributes) = (split(targets), attributes());
        Statistics::of(&[DescribedSplit { split: &split, attributes: &attributes }])
    };
    let hidden = counted(None);
    let of = &hidden.groups[0];
    assert_eq!((of.targets, of.union, of.only_distractors, of.alone), (None, None, None, None));
    let open = counted(Some([2, 3, 4, 0]));
    let without = GroupStatistics {
        targets: None,
        union: None,
        only_distractors: None,
        alone: None,
        ..open.groups[0].clone()
    };
    assert_eq!(*of, without);
}

/// The official files, counted from their JSON with nothing of this crate.
#[cfg(feature = "official")]
#[test]
fn the_statistics_of_the_official_files_equal_a_count_of_their_json() {
    let home = std::env::var("FASHION_IQ_DATA").expect("FASHION_IQ_DATA names the official data");
    let read = |path: String| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(format!("{home}/{path}")).unwrap()).unwrap()
    };
    let statistics = Statistics::of_folder(&dataset::Folder::new(&home)).unwrap();
    assert_eq!(statistics.groups.len(), 9);
    for of in &statistics.groups {
        let name = format!("{}.{}.json", of.group, of.split);
        let rows = read(format!("captions/cap.{name}"));
        let gallery = read(format!("image_splits/split.{name}"));
        let attributes = read(format!("attributes/asin2attr.{name}"));
        let rows = rows.as_array().unwrap();
        let texts =
            |key: &str| -> Vec<&str> { rows.iter().filter_map(|row| row[key].as_str()).collect() };
        let captions: Vec<&str> = rows
            .iter()
            .flat_map(|row| row["captions"].as_array().unwrap())
            .map(|caption| caption.as_str().unwrap())
            .collect();
        let mut times: HashMap<String, usize> = HashMap::new();
        let mut within: HashMap<String, usize> = HashMap::new();
        let (mut total, mut empty) = (0, 0);
        for caption in &captions {
            let mut words = Vec::new();
            let mut word = String::new();
            for letter in caption.chars().chain([' ']) {
                if letter.is_alphanumeric() {
                    word.extend(letter.to_lowercase());
                } else if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            total += words.len();
            empty += usize::from(words.is_empty());
            for word in &words {
                *times.entry(word.clone()).or_default() += 1;
            }
            for word in words.into_iter().collect::<BTreeSet<_>>() {
                *within.entry(word).or_default() += 1;
            }
        }
        let (references, targets) = (texts("candidate"), texts("target"));
        let distinct = |ids: &[&str]| ids.iter().collect::<BTreeSet<_>>().len();
        assert_eq!((of.queries, of.captions.count), (rows.len(), captions.len()), "{name}");
        assert_eq!((of.captions.words, of.captions.empty), (total, empty), "{name}");
        assert_eq!(of.captions.vocabulary, times.len(), "{name}");
        assert_eq!(of.captions.once, times.values().filter(|count| **count == 1).count(), "{name}");
        for frequent in &of.captions.frequent {
            assert_eq!(frequent.captions, within[&frequent.word], "{name}: {}", frequent.word);
        }
        assert_eq!(of.references, distinct(&references), "{name}");
        assert_eq!(of.targets, (of.split != "test").then(|| distinct(&targets)), "{name}");
        let items: Vec<&str> =
            gallery.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(of.gallery, items.len(), "{name}");
        let described = items.iter().filter(|id| !attributes[**id].is_null()).count();
        assert_eq!(of.with_attributes, described, "{name}");
    }
    let counts = |group: &str, split: &str| {
        let is_it = |of: &&GroupStatistics| of.group == group && of.split == split;
        let of = statistics.groups.iter().find(is_it).unwrap();
        (of.captions.words, of.captions.vocabulary, of.captions.once, of.most_of_one_reference)
    };
    // counted with Python's re module
    assert_eq!(counts("dress", "val"), (21_338, 966, 453, 9));
    assert_eq!(counts("toptee", "test"), (23_123, 1205, 656, 7));
}
