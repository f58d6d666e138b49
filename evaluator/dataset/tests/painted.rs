//! The pictures of the drawn garments, as files of their data set.
#![cfg(feature = "pictures")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use dataset::Folder;
use dataset::draw::pictures::{HEIGHT, WIDTH};
use dataset::draw::{Drawn, Plan, draw};
use dataset::{Check, Protocol};
use sha2::{Digest, Sha256};

/// Over all pictures of 20 items a gallery of split val, drawn from seed 1.
const DIGEST: &str = "5aaae48a72c4053a0ca0ec066a23a784252ac328677ec70a14b76ee880840748";

fn drawn(seed: &str) -> Drawn {
    let plan = Plan::new(20, seed.parse().unwrap());
    draw(&Plan { splits: vec!["val".to_owned()], ..plan }).unwrap()
}

fn write(drawn: &Drawn, dir: &Path) -> dataset::Result<usize> {
    let told = AtomicUsize::new(0);
    let tell = || {
        told.fetch_add(1, Ordering::Relaxed);
    };
    drawn.write_with_pictures(dir, &tell).map(|()| told.into_inner())
}

/// The names of the pictures, and what is in them.
fn pictures(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(dir.join("images")).unwrap().map(|entry| entry.unwrap().path());
    let mut pictures: Vec<_> = entries
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(&path).unwrap())
        })
        .collect();
    pictures.sort();
    pictures
}

#[test]
fn the_same_seed_gives_the_same_pictures_for_good() {
    let dir = tempfile::tempdir().unwrap();
    write(&drawn("1"), dir.path()).unwrap();
    let mut digest = Sha256::new();
    for (name, bytes) in pictures(dir.path()) {
        digest.update(format!("{name} {}\n", bytes.len()));
        digest.update(bytes);
    }
    // a change here changes every picture that anyone has drawn: mention it in the changelog
    assert_eq!(hex::encode(digest.finalize()), DIGEST);
}

#[test]
fn every_item_has_a_picture_of_its_own_in_the_size_that_is_promised() {
    let dir = tempfile::tempdir().unwrap();
    let drawn = drawn("1");
    assert_eq!(write(&drawn, dir.path()).unwrap(), 60);
    let pictures = pictures(dir.path());
    let names: BTreeSet<String> = pictures.iter().map(|(name, _)| name.clone()).collect();
    let items = drawn.groups().iter().flat_map(dataset::draw::DrawnGroup::items);
    assert_eq!(names, items.map(|item| format!("{}.png", item.id)).collect());
    let distinct: BTreeSet<&Vec<u8>> = pictures.iter().map(|(_, bytes)| bytes).collect();
    assert_eq!(distinct.len(), 60);
    for (name, bytes) in &pictures {
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "{name}");
        assert_eq!(bytes[16..24], [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat(), "{name}");
        assert!((1 << 10..48 << 10).contains(&bytes.len()), "{name} has {} bytes", bytes.len());
    }
    for row in Check::run(&Folder::new(dir.path())).unwrap().groups {
        assert_eq!(row.with_pictures, 20);
    }
}

#[test]
fn check_tells_of_pictures_where_there_are_any() {
    let dir = tempfile::tempdir().unwrap();
    let drawn = drawn("1");
    drawn.write(dir.path()).unwrap();
    let table = || Check::run(&Folder::new(dir.path())).unwrap().to_string();
    assert!(!table().contains("pictures"));
    write(&drawn, dir.path()).unwrap();
    assert!(table().contains(" attributes pictures\n"), "{}", table());
}

#[test]
fn writing_again_changes_nothing_and_finishes_what_was_interrupted() {
    let dir = tempfile::tempdir().unwrap();
    let drawn = drawn("1");
    write(&drawn, dir.path()).unwrap();
    let first = pictures(dir.path());
    for (name, _) in &first[..7] {
        fs::remove_file(dir.path().join("images").join(name)).unwrap();
    }
    fs::write(dir.path().join("images").join(format!("{}.part", first[3].0)), "half").unwrap();
    write(&drawn, dir.path()).unwrap();
    assert_eq!(pictures(dir.path()), first);
    drawn.write(dir.path()).unwrap();
    assert_eq!(
        pictures(dir.path()),
        first,
        "without pictures, those that are there are left alone"
    );
}

#[test]
fn a_folder_with_other_pictures_is_refused_before_anything_is_written() {
    let otherwise = "already exists with other contents; choose another location";
    let refused = |name: &str| {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("images")).unwrap();
        fs::write(dir.path().join("images").join(name), "mine").unwrap();
        let message = write(&drawn("1"), dir.path()).unwrap_err().to_string();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(pictures(dir.path()), [(name.to_owned(), b"mine".to_vec())]);
        assert!(message.ends_with(&format!("{name}: {otherwise}")), "{message}");
    };
    refused("holiday.png");
    refused(&format!("{}.png", drawn("1").groups()[0].items()[0].id));
}

#[test]
fn what_is_drawn_is_published_as_it_is() {
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(&drawn("1"), dir.path()).unwrap();
    let folder = Folder::new(dir.path());
    let split = folder.split("val", Protocol::Original).unwrap();
    let of = |group: &dataset::Group| (group.name.clone(), folder.pictures(group).unwrap());
    let shown = split.groups.iter().map(of).collect();
    dataset::write_public(&split, &[].into(), &shown, out.path()).unwrap();
    assert_eq!(pictures(out.path()), pictures(dir.path()));
}
