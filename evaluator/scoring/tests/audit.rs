//! The audit of a drawn benchmark: published keyed it gives nothing away, and each planted leak is found.

use std::collections::BTreeMap;

use dataset::draw::{Plan, draw};
use dataset::{Folder, Gallery, Group, ItemId, Key, Protocol, Split, Targets};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scoring::audit::{Audited, Finding, FirstItems, Verdict, audit, misses};

/// The addresses of photos by group and item.
type Photos = BTreeMap<String, BTreeMap<String, String>>;

const KEY: Key = Key::from_bytes([7; 32]);

/// A drawn val split of three groups, published keyed, with its targets. Rows that the draw repeats are
/// dropped, and so are queries whose target was asked for before.
fn keyed() -> Split {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan { splits: vec!["val".to_owned()], ..Plan::new(400, "1".parse().unwrap()) };
    draw(&plan).unwrap().write(folder.path()).unwrap();
    let mut split = Folder::new(folder.path()).split("val", Protocol::Original).unwrap();
    split.groups.iter_mut().for_each(keep_clean);
    split.keyed(&KEY).unwrap()
}

fn keep_clean(group: &mut Group) {
    let targets = group.targets.take().unwrap();
    let (mut rows, mut asked) = (Vec::new(), Vec::new());
    let mut kept = Vec::new();
    for (i, query) in group.queries.iter().enumerate() {
        let row = (query.reference.clone(), query.captions.clone());
        if !rows.contains(&row) && !asked.contains(&targets.of(i)) {
            rows.push(row);
            asked.push(targets.of(i));
            kept.push(i);
        }
    }
    group.targets = Some(Targets::new(kept.iter().map(|&i| targets.of(i))));
    group.queries = kept.iter().map(|&i| group.queries[i].clone()).collect();
}

/// The checks that found something, with the group.
fn found(split: &Split, others: &[Split]) -> Vec<(&'static str, String)> {
    found_with(split, others, &BTreeMap::new())
}

fn found_with(split: &Split, others: &[Split], photos: &Photos) -> Vec<(&'static str, String)> {
    let findings = audit(&Audited { split, others, photos, seed: 1 });
    let something = findings.into_iter().filter(Finding::is_something);
    something.map(|finding| (finding.check.name, finding.group)).collect()
}

/// The split with another first group.
fn with(change: impl FnOnce(&mut Group)) -> Split {
    let mut split = keyed();
    change(&mut split.groups[0]);
    split
}

fn target_ids(group: &Group) -> Vec<String> {
    let targets = group.targets.as_ref().unwrap();
    (0..targets.queries()).map(|q| group.gallery.item(targets.of(q)[0]).to_owned()).collect()
}

/// The same group with its gallery in another order.
fn reorder(group: &mut Group, order: impl IntoIterator<Item = String>) {
    let asked = target_ids(group);
    group.gallery = Gallery::new(order.into_iter().map(|id| ItemId::new(&id).unwrap())).unwrap();
    let index = |id: &String| [group.gallery.index_of(id.as_bytes()).unwrap()];
    group.targets = Some(Targets::new(asked.iter().map(index)));
}

fn only(check: &'static str, split: &Split) -> Vec<(&'static str, String)> {
    vec![(check, split.groups[0].name.clone())]
}

#[test]
fn a_keyed_benchmark_gives_nothing_away() {
    let split = keyed();
    assert_eq!(found(&split, &[]), []);
    let findings =
        audit(&Audited { split: &split, others: &[], photos: &BTreeMap::new(), seed: 1 });
    assert_eq!(findings.len(), 10 * 3, "each check but that of photos, in each group");
    let mut hidden = split;
    hidden.groups.iter_mut().for_each(|group| group.targets = None);
    assert_eq!(found(&hidden, &[]), []);
}

#[test]
fn targets_in_the_order_of_their_queries_are_found_forwards_and_backwards() {
    for backwards in [false, true] {
        let split = with(|group| {
            // the queries in the order of their targets
            let targets = group.targets.take().unwrap();
            let mut order: Vec<usize> = (0..targets.queries()).collect();
            order.sort_by_key(|&query| targets.of(query)[0]);
            if backwards {
                order.reverse();
            }
            group.targets = Some(Targets::new(order.iter().map(|&query| targets.of(query))));
            group.queries = order.iter().map(|&query| group.queries[query].clone()).collect();
        });
        assert_eq!(found(&split, &[]), only("order", &split), "backwards: {backwards}");
        let findings =
            audit(&Audited { split: &split, others: &[], photos: &BTreeMap::new(), seed: 1 });
        let order = &findings[0];
        assert_eq!(order.verdict, Verdict::Leak);
        let recall = order.recall_alone.unwrap();
        assert!(recall.at_50 > 0.5 && recall.at_10 < recall.at_50, "{recall:?}");
        assert!(order.p_value.unwrap() <= 0.001 && order.what_to_do.unwrap().contains("keyed"));
    }
}

#[test]
fn a_target_next_to_its_reference_is_found() {
    let split = with(|group| {
        let asked = target_ids(group);
        let mut order: Vec<String> = group.gallery.iter().map(str::to_owned).collect();
        // every fourth query's target moves next to its reference
        for (query, target) in group.queries.iter().zip(&asked).step_by(4) {
            let from = order.iter().position(|id| id == target).unwrap();
            let target = order.remove(from);
            let to = order.iter().position(|id| id == query.reference.as_str()).unwrap();
            order.insert(to, target);
        }
        reorder(group, order);
    });
    assert_eq!(found(&split, &[]), only("reference_position", &split));
}

#[test]
fn targets_in_one_part_of_the_gallery_are_found() {
    let split = with(|group| {
        let asked = target_ids(group);
        let mut order: Vec<String> = group.gallery.iter().map(str::to_owned).collect();
        let mut random = ChaCha8Rng::seed_from_u64(3);
        // most targets come before most fillers
        order.sort_by_cached_key(|id| asked.contains(id) != random.random_bool(0.8));
        order.rotate_left(130);
        order[..100].shuffle(&mut random);
        reorder(group, order);
    });
    assert_eq!(found(&split, &[]), only("places", &split));
}

#[test]
fn ids_near_the_references_are_found() {
    let split = with(|group| {
        let asked = target_ids(group);
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let mut numbers: BTreeMap<String, u64> = group
            .gallery
            .iter()
            .map(|id| (id.to_owned(), random.random_range(0..1 << 40)))
            .collect();
        for (query, target) in group.queries.iter().zip(&asked).step_by(10) {
            let near = numbers[query.reference.as_str()] + random.random_range(1..1000);
            numbers.insert(target.clone(), near);
        }
        let name = |id: &str| ItemId::new(&format!("item-{:013}", numbers[id])).unwrap();
        for query in &mut group.queries {
            query.reference = name(query.reference.as_str());
        }
        group.gallery = Gallery::new(group.gallery.iter().map(name)).unwrap();
    });
    assert_eq!(found(&split, &[]), only("ids", &split));
}

#[test]
fn references_that_are_never_targets_are_found() {
    let split = with(|group| {
        let targets = group.targets.take().unwrap();
        let shown: Vec<u32> = group
            .queries
            .iter()
            .map(|query| group.gallery.index_of(query.reference.as_str().as_bytes()).unwrap())
            .collect();
        let is_kept = |query: &usize| !shown.contains(&targets.of(*query)[0]);
        let kept: Vec<usize> = (0..targets.queries()).filter(is_kept).collect();
        group.targets = Some(Targets::new(kept.iter().map(|&query| targets.of(query))));
        group.queries = kept.iter().map(|&query| group.queries[query].clone()).collect();
    });
    assert_eq!(found(&split, &[]), only("references_as_targets", &split));
}

#[test]
fn an_item_in_two_galleries_is_found() {
    let split = keyed();
    let mut train = keyed();
    train.name = "train".to_owned();
    let names: Vec<String> = train.groups.iter().map(|group| group.name.clone()).collect();
    for (group, name) in train.groups.iter_mut().zip(&names) {
        let other = |i: usize| ItemId::new(&format!("train-{name}-{i}")).unwrap();
        group.gallery = Gallery::new((0..group.gallery.len()).map(other)).unwrap();
    }
    assert_eq!(found(&split, &[train.clone()]), []);
    let shared = ItemId::new(split.groups[0].gallery.item(5)).unwrap();
    train.groups[0].gallery = Gallery::new([shared]).unwrap();
    assert_eq!(found(&split, &[train]), only("shared_items", &split));
}

#[test]
fn a_photo_of_two_items_is_found() {
    let split = keyed();
    let group = &split.groups[0];
    // the address of an item's photo: its own, or one that it shares with the next
    let photos = |items_of_a_photo: usize| -> Photos {
        let address = |(at, id): (usize, &str)| {
            (id.to_owned(), format!("https://example.org/{}.jpg", at / items_of_a_photo))
        };
        [(group.name.clone(), group.gallery.iter().enumerate().map(address).collect())].into()
    };
    assert_eq!(found_with(&split, &[], &photos(1)), []);
    assert_eq!(found_with(&split, &[], &photos(2)), only("shared_photos", &split));
}

#[test]
fn rows_and_targets_that_come_twice_are_found() {
    let twice = with(|group| {
        group.queries[7].reference = group.queries[3].reference.clone();
        group.queries[7].captions = group.queries[3].captions.clone();
    });
    assert_eq!(found(&twice, &[]), only("repeated_rows", &twice));
    let change = |group: &mut Group, query: usize, target: u32| {
        let targets = group.targets.take().unwrap();
        let of = |q: usize| if q == query { vec![target] } else { targets.of(q).to_vec() };
        group.targets = Some(Targets::new((0..targets.queries()).map(of)));
    };
    let again = with(|group| {
        let target = group.targets.as_ref().unwrap().of(3)[0];
        change(group, 7, target);
    });
    assert_eq!(found(&again, &[]), only("repeated_targets", &again));
    let own = with(|group| {
        let asked = target_ids(group);
        let free =
            |query: &usize| !asked.contains(&group.queries[*query].reference.as_str().to_owned());
        let query = (0..group.queries.len()).find(free).unwrap();
        let reference = group.queries[query].reference.as_str().as_bytes();
        let reference = group.gallery.index_of(reference).unwrap();
        change(group, query, reference);
    });
    assert_eq!(found(&own, &[]), only("own_targets", &own));
    let outside = with(|group| {
        let beyond = group.gallery.len() as u32;
        change(group, 7, beyond);
    });
    assert_eq!(found(&outside, &[]), only("outside", &outside));
}

/// The first items of a run in which a share of the queries is answered by the order of the files, and the
/// others are right in three of ten cases and otherwise anything.
fn run(group: &Group, exploited: f64, seed: u64) -> Vec<Option<u32>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (queries, items) = (group.queries.len(), group.gallery.len());
    let targets = group.targets.as_ref().unwrap();
    let first = |query: usize| {
        if random.random_bool(exploited) {
            return Some(((query + 1) * (items + 1) / (queries + 1) - 1) as u32);
        }
        let is_right = random.random_bool(0.3);
        Some(if is_right { targets.of(query)[0] } else { random.random_range(0..items as u32) })
    };
    (0..queries).map(first).collect()
}

#[test]
fn the_misses_of_a_run_tell_whether_it_used_the_order() {
    let split = with(|group| {
        let targets = group.targets.take().unwrap();
        let mut order: Vec<usize> = (0..targets.queries()).collect();
        order.sort_by_key(|&query| targets.of(query)[0]);
        group.targets = Some(Targets::new(order.iter().map(|&query| targets.of(query))));
    });
    let z = |exploited: f64, seed: u64| {
        // each group has its own chance
        let seeded = split.groups.iter().zip(10 * seed..);
        let firsts: Vec<_> =
            seeded.map(|(group, seed)| (group, run(group, exploited, seed))).collect();
        let firsts: Vec<_> =
            firsts.iter().map(|(group, items)| FirstItems { group, items }).collect();
        misses(&firsts, 1)
    };
    let honest: Vec<f64> = (0..20).map(|seed| z(0.0, seed).z_by_order.unwrap()).collect();
    let spread = (honest.iter().map(|z| z * z).sum::<f64>() / 20.0).sqrt();
    assert!((0.6..1.4).contains(&spread), "{honest:?}");
    let one = z(0.0, 0);
    assert!(!one.is_conspicuous() && one.verdict().starts_with("no sign"), "{}", one.verdict());
    let found: Vec<f64> = [0.05, 0.2, 1.0].map(|share| z(share, 1).z_by_order.unwrap()).into();
    assert!(found[1] < -4.0 && found[2] < found[1] && found[1] < found[0], "{found:?}");
    let all = z(1.0, 1);
    assert!(all.is_conspicuous() && all.verdict().contains("ask its team"), "{}", all.verdict());
}
