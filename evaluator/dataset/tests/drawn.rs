//! The drawn garments, read back like any data set, and examined like a cheater and like an honest
//! scorer.
#![cfg(feature = "draw")]

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use dataset::draw::{Drawn, Garment, Plan, Seed, draw};
use dataset::{Check, Folder, Group, ItemCaptions, Protocol};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// Over all files of 50 items drawn from seed 1.
const DIGEST: &str = "7c2d2eb0a5ec35ce37a06c98ea44c8b0503bbfe2b391a92bf1d3bf37400cff54";

fn drawn(items: usize, splits: &[&str]) -> Drawn {
    let seed: Seed = "20190601".parse().unwrap();
    let splits = splits.iter().map(|s| (*s).to_owned()).collect();
    draw(&Plan { items, seed, splits }).unwrap()
}

/// A drawn val split, written and read back, with the garment of each item in gallery order.
struct Val {
    folder: Folder,
    groups: Vec<(Group, Vec<Garment>)>,
    _dir: tempfile::TempDir,
}

fn val(items: usize) -> Val {
    let dir = tempfile::tempdir().unwrap();
    let drawn = drawn(items, &["val"]);
    drawn.write(dir.path()).unwrap();
    let folder = Folder::new(dir.path());
    let split = folder.split("val", Protocol::Original).unwrap();
    let garments = |name: &str| {
        let group = drawn.groups().iter().find(|g| g.category().name() == name).unwrap();
        group.items().iter().map(|item| item.garment).collect()
    };
    let groups = split.groups.into_iter().map(|g| (g.clone(), garments(&g.name))).collect();
    Val { folder, groups, _dir: dir }
}

fn reference(group: &Group, query: usize) -> usize {
    group.gallery.index_of(group.queries[query].reference.as_str().as_bytes()).unwrap() as usize
}

fn target(group: &Group, query: usize) -> usize {
    group.targets.as_ref().unwrap().of(query)[0] as usize
}

/// The share of queries whose target is among the first k by score, ties in the gallery's order.
fn recall(group: &Group, k: usize, mut score: impl FnMut(usize, usize) -> f64) -> f64 {
    let mut hit = |query: usize| {
        let target = target(group, query);
        let scores: Vec<f64> = (0..group.gallery.len()).map(|item| score(query, item)).collect();
        let before = |item: usize| match scores[item].total_cmp(&scores[target]) {
            Ordering::Greater => true,
            Ordering::Equal => item < target,
            Ordering::Less => false,
        };
        (0..scores.len()).filter(|&item| before(item)).count() < k
    };
    let hits = (0..group.queries.len()).filter(|&query| hit(query)).count();
    hits as f64 / group.queries.len() as f64
}

/// The plain words for what a picture shows.
fn shown(garment: &Garment) -> BTreeSet<&'static str> {
    let names = [
        garment.kind.name(),
        garment.colour.name(),
        garment.pattern.name(),
        garment.accent.map_or("", dataset::draw::Colour::name),
        garment.fabric.name(),
        garment.sleeve.name(),
        garment.neckline.name(),
        garment.length.name(),
        garment.fit.name(),
        garment.detail.name(),
        garment.mood.name(),
    ];
    names.iter().flat_map(|name| name.split(' ')).collect()
}

/// The words of a query's captions, in lower case and without full stops.
fn said(captions: &[String]) -> BTreeSet<String> {
    let words = captions.iter().flat_map(|caption| caption.split_whitespace());
    words.map(|word| word.trim_end_matches('.').to_lowercase()).collect()
}

/// How far from its mean a share of n can be by chance: four standard deviations.
fn leeway(share: f64, n: usize) -> f64 {
    4.0 * (share * (1.0 - share) / n as f64).sqrt()
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in fs::read_dir(dir).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            files.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
        }
    }
    files
}

#[test]
fn each_item_can_have_a_true_sentence() {
    let Val { folder, groups, _dir } = val(20);
    let captions = folder.path().join("item-captions");
    drawn(20, &["val"]).write_item_captions(&captions).unwrap();
    let split = folder.split("val", Protocol::Original).unwrap();
    let read = ItemCaptions::of_split(&captions, &split).unwrap();
    for (group, garments) in &groups {
        for (item, garment) in group.gallery.iter().zip(garments) {
            let sentence = garment.sentence();
            assert_eq!(read[&group.name].of(item), Some(sentence.as_str()));
            assert!(sentence.contains(garment.colour.name()), "{sentence}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_for_good() {
    let dir = tempfile::tempdir().unwrap();
    let drawn = draw(&Plan::new(50, "1".parse().unwrap())).unwrap();
    drawn.write(dir.path()).unwrap();
    let mut digest = Sha256::new();
    let files = files(dir.path());
    assert_eq!(files.len(), 27);
    for (name, bytes) in files {
        digest.update(format!("{name} {}\n", bytes.len()));
        digest.update(bytes);
    }
    // a change here changes every data set that anyone has drawn: mention it in the changelog
    assert_eq!(hex::encode(digest.finalize()), DIGEST);
}

#[test]
fn another_seed_gives_other_ids_and_no_id_comes_twice() {
    let ids = |seed: &str| -> Vec<String> {
        let drawn = draw(&Plan::new(200, seed.parse().unwrap())).unwrap();
        let items = drawn.groups().iter().flat_map(dataset::draw::DrawnGroup::items);
        items.map(|item| item.id.to_string()).collect()
    };
    let (one, two) = (ids("1"), ids("2"));
    assert_eq!(one.len(), 3 * 5 * 200);
    let distinct: BTreeSet<&String> = one.iter().chain(&two).collect();
    assert_eq!(distinct.len(), one.len() + two.len());
    let sign = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
    assert!(one.iter().all(|id| id.len() == 10 && id.starts_with("B0") && id.bytes().all(sign)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_seed_and_any_size_give_a_whole_data_set(
        seed in any::<[u8; 16]>(),
        items in 20_usize..150,
        name in "[a-z0-9-]{1,32}",
    ) {
        let dir = tempfile::tempdir().unwrap();
        let plan = Plan { items, seed: Seed::from_bytes(seed), splits: vec![name.clone()] };
        let drawn = draw(&plan).unwrap();
        drawn.write(dir.path()).unwrap();
        drawn.write_targets(&name, &dir.path().join("targets.json")).unwrap();
        let mut split = Folder::new(dir.path()).split(&name, Protocol::Original).unwrap();
        split.read_targets(&dir.path().join("targets.json")).unwrap();
        for group in &split.groups {
            let queries = 0..group.queries.len();
            let targets: BTreeSet<usize> = queries.clone().map(|q| target(group, q)).collect();
            prop_assert_eq!(targets.len(), group.gallery.len() * 528 / 1000);
            prop_assert!(queries.clone().all(|q| reference(group, q) != target(group, q)));
            prop_assert!(group.queries.iter().all(|q| q.captions.iter().any(|c| !c.is_empty())));
        }
    }

    #[test]
    fn a_number_is_the_same_seed_as_its_hex_digits(number: u64) {
        let [decimal, hex] = [number.to_string(), format!("{number:032x}")];
        prop_assert_eq!(decimal.parse::<Seed>().unwrap(), hex.parse::<Seed>().unwrap());
    }
}

#[test]
fn it_reads_as_the_official_files_do_and_counts_alike() {
    let dir = tempfile::tempdir().unwrap();
    drawn(1000, &["train", "val", "test"]).write(dir.path()).unwrap();
    let check = Check::run(&Folder::new(dir.path())).unwrap();
    assert_eq!(check.groups.len(), 9);
    assert!(check.overlaps.is_empty());
    for row in &check.groups {
        let items = if row.split == "train" { 3000 } else { 1000 };
        assert_eq!((row.gallery, row.queries), (items, items * 528 / 1000));
        assert_eq!(row.captions, 2 * row.queries);
        assert_eq!(row.references_outside, 0);
        assert_eq!(row.targets, (row.split != "test").then_some(row.queries));
        let shared = row.queries as f64 / row.references as f64;
        assert!((1.35..1.65).contains(&shared), "{shared} queries a reference");
        assert!((2..=8).contains(&row.repeated), "{row:?}");
        assert!((1..=4).contains(&row.empty_captions), "{row:?}");
        let described = row.with_attributes as f64 / items as f64;
        assert!((described - 0.64).abs() < leeway(0.64, items), "{row:?}");
    }
}

#[test]
fn no_query_asks_for_its_own_reference() {
    for (group, _) in val(300).groups {
        assert!((0..group.queries.len()).all(|q| reference(&group, q) != target(&group, q)));
    }
}

#[test]
fn tests_targets_are_in_the_organisers_file_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (data, secret) = (dir.path().join("data"), dir.path().join("targets.test.json"));
    let drawn = drawn(60, &["val", "test"]);
    drawn.write(&data).unwrap();
    drawn.write_targets("test", &secret).unwrap();

    let captions = fs::read_to_string(data.join("captions/cap.dress.test.json")).unwrap();
    assert!(!captions.contains("target"));
    let mut test = Folder::new(&data).split("test", Protocol::Original).unwrap();
    assert!(test.groups.iter().all(|group| group.targets.is_none()));
    test.read_targets(&secret).unwrap();
    for group in &test.groups {
        let targets: BTreeSet<usize> = (0..group.queries.len()).map(|q| target(group, q)).collect();
        assert_eq!(targets.len(), group.queries.len(), "each target is asked for once");
    }
    let message = drawn.write_targets("train", &secret).unwrap_err().to_string();
    assert_eq!(message, "split `train` was not drawn (only val, test)");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_targets() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("targets.json");
    let mode = || fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    let drawn = drawn(20, &["test"]);
    drawn.write_targets("test", &file).unwrap();
    assert_eq!(mode(), 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    drawn.write_targets("test", &file).unwrap();
    assert_eq!(mode(), 0o600, "the same targets again, and hidden again");
}

#[test]
fn writing_again_changes_nothing_and_finishes_what_was_interrupted() {
    let dir = tempfile::tempdir().unwrap();
    let drawn = drawn(20, &["val"]);
    drawn.write(dir.path()).unwrap();
    let first = files(dir.path());
    fs::remove_file(dir.path().join("captions/cap.shirt.val.json")).unwrap();
    fs::write(dir.path().join("captions/cap.shirt.val.json.part"), "[").unwrap();
    fs::create_dir(dir.path().join("pictures")).unwrap();
    drawn.write(dir.path()).unwrap();
    assert_eq!(files(dir.path()), first);
}

#[test]
fn a_place_that_holds_something_else_is_refused_and_left_as_it_was() {
    let refused = |prepare: &dyn Fn(&Path)| {
        let dir = tempfile::tempdir().unwrap();
        prepare(dir.path());
        let before = files(dir.path());
        let message = drawn(20, &["val"]).write(dir.path()).unwrap_err().to_string();
        assert_eq!(files(dir.path()), before);
        message.replace(&dir.path().display().to_string(), "DIR")
    };
    let otherwise = "already exists with other contents; choose another location";
    let message = refused(&|dir| {
        draw(&Plan::new(20, "2".parse().unwrap())).unwrap().write(dir).unwrap();
    });
    assert_eq!(message, format!("DIR/captions/cap.dress.val.json: {otherwise}"));
    let message = refused(&|dir| {
        fs::create_dir(dir.join("captions")).unwrap();
        fs::write(dir.join("captions/notes.txt"), "mine").unwrap();
    });
    assert_eq!(message, format!("DIR/captions/notes.txt: {otherwise}"));
    let message = refused(&|dir| fs::create_dir(dir.join("photos")).unwrap());
    assert_eq!(message, format!("DIR: {otherwise}"));

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("targets.json");
    fs::write(&file, "{}").unwrap();
    let message = drawn(20, &["val"]).write_targets("val", &file).unwrap_err().to_string();
    assert!(message.ends_with(otherwise), "{message}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "{}");
}

#[test]
fn the_order_of_queries_tells_nothing_of_where_their_targets_stand() {
    for (group, _) in val(1000).groups {
        let n = group.queries.len();
        let mut places: Vec<usize> = (0..n).map(|q| target(&group, q)).collect();
        let rising = group.rising_share().unwrap();
        assert!((rising - 0.5).abs() < leeway(0.5, n), "{rising} of {n} steps rise");

        let in_order: Vec<usize> = places.clone();
        places.sort_unstable();
        let rank = |q: usize| places.partition_point(|&p| p < in_order[q]) as f64;
        let squares: f64 = (0..n).map(|q| (rank(q) - q as f64).powi(2)).sum();
        let n = n as f64;
        let spearman = 1.0 - 6.0 * squares / (n * (n * n - 1.0));
        // its standard deviation, were the orders independent, is 1 / sqrt(n - 1)
        assert!(spearman.abs() < 4.0 / (n - 1.0).sqrt(), "{spearman}");
    }
}

#[test]
fn neither_ids_nor_places_near_the_references_do_better_than_chance() {
    for (group, _) in val(1000).groups {
        let references: Vec<usize> =
            (0..group.queries.len()).map(|q| reference(&group, q)).collect();
        let number = |id: &str| u64::from_str_radix(&id[2..], 36).unwrap();
        let numbers: Vec<u64> = group.gallery.iter().map(number).collect();
        // the reference itself is nearest of all and never the target, so it is put last
        let near = |value: &dyn Fn(usize) -> u64, q: usize, item: usize| {
            let distance = value(item).abs_diff(value(references[q]));
            if item == references[q] { f64::MIN } else { -(distance as f64) }
        };
        let chance = 50.0 / (group.gallery.len() - 1) as f64;
        let by_id = recall(&group, 50, |q, item| near(&|i| numbers[i], q, item));
        let by_place = recall(&group, 50, |q, item| near(&|i| i as u64, q, item));
        for found in [by_id, by_place] {
            assert!((found - chance).abs() < leeway(chance, references.len()), "{found}");
        }
    }
}

#[test]
fn targets_are_described_and_are_references_as_often_as_other_items() {
    let val = val(1000);
    for (group, _) in &val.groups {
        let attributes = val.folder.attributes(&group.name, "val").unwrap();
        let queries = 0..group.queries.len();
        let references: BTreeSet<usize> = queries.clone().map(|q| reference(group, q)).collect();
        let targets: BTreeSet<usize> = queries.map(|q| target(group, q)).collect();
        let among_targets = |n: usize| n as f64 / targets.len() as f64;
        let among_all = |n: usize| n as f64 / group.gallery.len() as f64;

        let described = |&item: &usize| attributes.of(group.gallery.item(item as u32)).is_some();
        let all = among_all((0..group.gallery.len()).filter(described).count());
        let share = among_targets(targets.iter().copied().filter(described).count());
        assert!((share - all).abs() < leeway(all, targets.len()), "{share} against {all}");

        let all = among_all(references.len());
        let share = among_targets(references.intersection(&targets).count());
        assert!((share - all).abs() < leeway(all, targets.len()), "{share} against {all}");
    }
}

#[test]
fn looks_find_more_than_chance_and_captions_more_than_looks_alone() {
    let val = val(1000);
    for (group, garments) in &val.groups {
        let queries = 0..group.queries.len();
        let references: Vec<usize> = queries.map(|q| reference(group, q)).collect();
        let said: Vec<_> = group.queries.iter().map(|q| said(&q.captions)).collect();
        let shown: Vec<_> = garments.iter().map(shown).collect();
        let alike = |q: usize, item: usize| {
            let differences = garments[references[q]].differences(&garments[item]).len();
            if item == references[q] { f64::MIN } else { -(differences as f64) }
        };
        let asked = |q: usize, item: usize| {
            shown[item].iter().filter(|word| said[q].contains(**word)).count() as f64
        };
        let looks = recall(group, 50, alike);
        let captions = recall(group, 50, asked);
        let both = recall(group, 50, |q, item| alike(q, item) + 1.5 * asked(q, item));
        let name = &group.name;
        eprintln!("{name}: R@50 {looks:.3} by looks, {captions:.3} by captions, {both:.3} by both");
        assert!(looks > 5.0 * 0.05, "{name}: {looks}");
        assert!(both > looks + 0.05 && both > captions + 0.05, "{name}: {both}");
        let first = recall(group, 1, |q, item| alike(q, item) + 1.5 * asked(q, item));
        assert!(first < 0.5, "{name}: many items are as the captions say, yet {first}");
    }
}

#[test]
fn the_attributes_file_alone_finds_several_times_more_than_chance() {
    let val = val(1000);
    for (group, _) in &val.groups {
        let attributes = val.folder.attributes(&group.name, "val").unwrap();
        let words = |id: &str| -> BTreeSet<String> {
            attributes.words(id).map(|(_, word)| word.to_owned()).collect()
        };
        let words: Vec<_> = group.gallery.iter().map(words).collect();
        let queries = 0..group.queries.len();
        let references: Vec<usize> = queries.map(|q| reference(group, q)).collect();
        // the cosine of two sets of words
        let shared = |q: usize, item: usize| {
            let (a, b) = (&words[references[q]], &words[item]);
            if item == references[q] {
                return f64::MIN;
            }
            a.intersection(b).count() as f64 / ((a.len() * b.len()).max(1) as f64).sqrt()
        };
        let found = recall(group, 50, shared);
        eprintln!("{}: R@50 {found:.3} by the words of the attributes file", group.name);
        assert!((3.0 * 0.05..0.5).contains(&found), "{}: {found}", group.name);
    }
}
