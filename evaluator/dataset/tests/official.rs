//! The official files, counted. Feature `official`: they are in the folder `FASHION_IQ_DATA`.
#![cfg(feature = "official")]

use dataset::{Check, Folder, GroupCheck, Protocol};

fn official() -> Folder {
    Folder::new(std::env::var("FASHION_IQ_DATA").expect("FASHION_IQ_DATA names the official data"))
}

fn row<'a>(check: &'a Check, group: &str, split: &str) -> &'a GroupCheck {
    check.groups.iter().find(|g| g.group == group && g.split == split).unwrap()
}

#[test]
fn the_counts_are_the_published_ones() {
    let folder = official();
    let check = Check::run(&folder).unwrap();
    // group, split, queries, gallery, references, targets, union, repeated, empty captions
    let expected = [
        ("dress", "train", 5985, 11452, 3874, Some(5985), Some(7757)),
        ("dress", "val", 2017, 3817, 1331, Some(2017), Some(2628)),
        ("dress", "test", 2024, 3818, 1356, None, None),
        ("shirt", "train", 5988, 19036, 4408, Some(5988), Some(8988)),
        ("shirt", "val", 2038, 6346, 1541, Some(2038), Some(3089)),
        ("shirt", "test", 2038, 6346, 1496, None, None),
        ("toptee", "train", 6027, 16121, 4328, Some(6027), Some(8695)),
        ("toptee", "val", 1961, 5373, 1454, Some(1961), Some(2902)),
        ("toptee", "test", 2056, 5374, 1509, None, None),
    ];
    for (group, split, queries, gallery, references, targets, union) in expected {
        let row = row(&check, group, split);
        assert_eq!(
            (row.queries, row.captions, row.gallery, row.references, row.targets, row.union),
            (queries, 2 * queries, gallery, references, targets, union),
            "{group} {split}"
        );
        assert_eq!(row.references_outside, 0);
    }
    let column = |split: &str, of: fn(&GroupCheck) -> usize| {
        ["dress", "shirt", "toptee"].map(|group| of(row(&check, group, split)))
    };
    assert_eq!(column("val", |g| g.repeated), [7, 1, 3]);
    assert_eq!(column("test", |g| g.repeated), [6, 6, 0]);
    assert_eq!(column("val", |g| g.empty_captions), [0, 1, 2]);
    assert_eq!(column("test", |g| g.empty_captions), [0, 1, 0]);
    let within = |o: &&dataset::Overlap| o.a.split('.').next() == o.b.split('.').next();
    assert_eq!(check.overlaps.iter().filter(within).count(), 0);
    assert_eq!(row(&check, "dress", "val").with_attributes, 2561);
}

#[test]
fn val_union_keeps_references_and_targets_and_moves_the_targets_along() {
    let folder = official();
    let original = folder.split("val", Protocol::Original).unwrap();
    let union = folder.split("val", Protocol::ValUnion).unwrap();
    assert_eq!(
        union.groups.iter().map(|g| g.gallery.len()).collect::<Vec<_>>(),
        [2628, 3089, 2902]
    );
    for (a, b) in original.groups.iter().zip(&union.groups) {
        let (at, bt) = (a.targets.as_ref().unwrap(), b.targets.as_ref().unwrap());
        for q in 0..a.queries.len() {
            let names = |g: &dataset::Group, t: &[u32]| {
                t.iter().map(|&i| g.gallery.item(i).to_owned()).collect::<Vec<_>>()
            };
            assert_eq!(names(a, at.of(q)), names(b, bt.of(q)));
        }
    }
    let refused = folder.split("test", Protocol::ValUnion).unwrap_err();
    assert!(refused.to_string().contains("needs public targets"), "{refused}");
}

#[test]
fn mbeir_has_the_counts_of_mteb() {
    let folder = official();
    let pool = folder.split("val", Protocol::Mbeir).unwrap();
    let [all] = &pool.groups[..] else { panic!("{} groups", pool.groups.len()) };
    let targets = all.targets.as_ref().unwrap();
    assert_eq!((all.name.as_str(), all.queries.len(), all.gallery.len()), ("all", 6003, 74_381));
    let with = |count| (0..targets.queries()).filter(|&q| targets.of(q).len() == count).count();
    assert_eq!([1, 2, 3, 4].map(with), [5994, 8, 0, 1]);
    let original = folder.split("val", Protocol::Original).unwrap();
    assert_eq!(original.groups.iter().map(|group| group.queries.len()).sum::<usize>(), 6016);
    let refused = folder.split("test", Protocol::Mbeir).unwrap_err().to_string();
    assert_eq!(refused, "protocol mbeir needs public targets, but split `test` has none");
}

#[test]
fn photos_and_attributes_are_read() {
    let folder = official();
    assert_eq!(folder.photos("dress").unwrap().len(), 19_087);
    assert_eq!(folder.attributes("toptee", "val").unwrap().len(), 3303);
    let elsewhere = folder.elsewhere("test").unwrap();
    let val = folder.split("val", Protocol::Original).unwrap().groups[0].gallery.clone();
    assert_eq!(elsewhere.find("dress", val.item(0).as_bytes()), Some(("val", "dress")));
}

#[test]
fn vals_order_gives_its_targets_away_and_keying_takes_that_back() {
    let val = official().split("val", Protocol::Original).unwrap();
    let shares = |split: &dataset::Split| -> Vec<f64> {
        split.groups.iter().map(|group| group.rising_share().unwrap()).collect()
    };
    assert_eq!(shares(&val), [1.0; 3]);
    let keyed = val.keyed(&dataset::Key::from_bytes([1; 32])).unwrap();
    // six standard deviations, 1 / sqrt(12 n), of a random order
    assert!(shares(&keyed).iter().all(|share| (share - 0.5).abs() < 0.04), "{:?}", shares(&keyed));
}

#[test]
fn the_recorded_sessions_have_their_counts_and_all_their_items() {
    let folder = official();
    let val = folder.split("val", Protocol::MultiTurn).unwrap();
    let counts = |split: &dataset::Split| -> Vec<(usize, usize, usize)> {
        let of = |group: &dataset::Group| {
            assert!(group.sessions.iter().all(|turns| (1..=4).contains(turns)));
            assert_eq!(group.targets.as_ref().unwrap().queries(), group.queries.len());
            (group.sessions.len(), group.queries.len(), group.gallery.len())
        };
        split.groups.iter().map(of).collect()
    };
    assert_eq!(counts(&val), [(1000, 2468, 5835), (681, 1545, 7716), (719, 1600, 7014)]);
    let train = folder.split("train", Protocol::MultiTurn).unwrap();
    assert_eq!(counts(&train), [(3338, 7593, 12_398), (2994, 6826, 19_703), (2774, 6475, 16_726)]);
    let lone =
        |group: &dataset::Group| group.queries.iter().filter(|q| q.captions.len() == 1).count();
    assert_eq!(val.groups.iter().map(lone).collect::<Vec<_>>(), [2, 0, 1]);
    let refused = folder.split("test", Protocol::MultiTurn).unwrap_err().to_string();
    assert!(refused.contains("has no sessions of split `test`"), "{refused}");
}
