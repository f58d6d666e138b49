//! Pictures of a data set, looked for and published.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use dataset::{Aliases, Folder, Gallery, Group, ItemId, Key, Pictures, Query, Split, write_public};

const KEY: Key = Key::from_bytes([7; 32]);

/// Text that must not be in a public file: all items have it.
const MARK: &str = "B00ORIG";

type Shown = BTreeMap<String, Pictures>;

/// A PNG's chunk; nothing here checks checksums.
fn chunk(kind: &str, data: &str) -> Vec<u8> {
    [&(data.len() as u32).to_be_bytes()[..], kind.as_bytes(), data.as_bytes(), &[0; 4]].concat()
}

fn png(pixels: &str, note: &str) -> Vec<u8> {
    let note = if note.is_empty() { Vec::new() } else { chunk("tEXt", note) };
    [b"\x89PNG\r\n\x1a\n".to_vec(), note, chunk("IDAT", pixels), chunk("IEND", "")].concat()
}

fn jpeg(note: &str) -> Vec<u8> {
    let length = (note.len() as u16 + 2).to_be_bytes();
    [b"\xff\xd8\xff\xe1", &length[..], note.as_bytes(), b"\xff\xda\0\x02pixels\xff\xd9"].concat()
}

/// Two groups of six items, of which the first has one picture less: item 0 has none, item 1 a JPEG, the
/// others a PNG, each with its name inside. The reference of the only query is outside the gallery.
fn split(dir: &Path) -> Split {
    let id = |i: usize| format!("{MARK}{i:03}");
    fs::create_dir_all(dir.join("images")).unwrap();
    fs::write(dir.join("images/notes.txt"), MARK).unwrap();
    fs::write(dir.join("images/other.png"), MARK).unwrap();
    fs::write(dir.join(format!("images/{}.jpg", id(1))), jpeg(&id(1))).unwrap();
    for i in 2..7 {
        fs::write(dir.join(format!("images/{}.png", id(i))), png(&format!("p{i}"), &id(i)))
            .unwrap();
    }
    let group = |name: &str| Group {
        name: name.to_owned(),
        gallery: Gallery::new((0..6).map(|i| ItemId::new(&id(i)).unwrap())).unwrap(),
        queries: vec![Query {
            id: Query::id_at(name, "val", 0),
            reference: ItemId::new(&id(6)).unwrap(),
            captions: Vec::new(),
        }],
        targets: None,
        sessions: vec![],
    };
    Split { name: "val".to_owned(), groups: ["dress", "shirt"].map(group).into() }
}

fn shown(dir: &Path, split: &Split, key: Option<&Key>) -> Shown {
    let pictures = split.groups.iter().map(|group| {
        let pictures = Folder::new(dir).pictures(group).unwrap();
        let keyed = key.map(|key| pictures.keyed(&split.name, &group.name, key).unwrap());
        (group.name.clone(), keyed.unwrap_or(pictures))
    });
    pictures.collect()
}

/// Every file by its path.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for folder in fs::read_dir(dir).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            all.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
        }
    }
    all
}

#[test]
fn pictures_are_found_by_item_and_nothing_else_is() {
    let dir = tempfile::tempdir().unwrap();
    let split = split(dir.path());
    let pictures = &shown(dir.path(), &split, None)["dress"];
    assert_eq!(pictures.len(), 6);
    assert!(!pictures.has(&format!("{MARK}000")) && pictures.has(&format!("{MARK}006")));
    assert!(!pictures.has("other") && !pictures.is_empty());
    assert_eq!(format!("{pictures:?}"), "Pictures(of 6 items)");

    let none = tempfile::tempdir().unwrap();
    assert!(Folder::new(none.path()).pictures(&split.groups[0]).unwrap().is_empty());
}

#[test]
fn an_id_that_would_lead_out_of_the_folder_leads_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let mut split = split(dir.path());
    fs::write(dir.path().join("secret.png"), png("secret", "")).unwrap();
    split.groups[0].gallery = Gallery::new([ItemId::new("../secret").unwrap()]).unwrap();
    assert!(!Folder::new(dir.path()).pictures(&split.groups[0]).unwrap().has("../secret"));
}

#[test]
fn a_keyed_split_is_published_with_pictures_and_no_name_in_them() {
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let split = split(dir.path());
    let (public, aliases) = (split.keyed(&KEY).unwrap(), Aliases::new(&split, &KEY).unwrap());
    let shown = shown(dir.path(), &split, Some(&KEY));
    write_public(&public, &BTreeMap::new(), &shown, out.path()).unwrap();

    let files = files(out.path());
    let mut seen = BTreeSet::new();
    for (name, bytes) in &files {
        assert!(!name.contains(MARK), "{name}");
        assert!(!bytes.windows(MARK.len()).any(|part| part == MARK.as_bytes()), "{name}");
        let Some(alias) = name.strip_prefix("images/") else { continue };
        let (alias, ending) = alias.split_once('.').unwrap();
        let (group, item) = aliases.item(alias).unwrap();
        let number = &item[item.len() - 1..];
        let expected = match number {
            "1" => ("jpg", jpeg("")[..2].iter().chain(&jpeg("")[6..]).copied().collect()),
            _ => ("png", png(&format!("p{number}"), "")),
        };
        assert_eq!((ending, bytes), (expected.0, &expected.1), "{item}");
        seen.insert((group, item));
    }
    assert_eq!(seen.len(), 12, "items 1 to 6 of either group");

    write_public(&public, &BTreeMap::new(), &shown, out.path()).unwrap();
    assert_eq!(self::files(out.path()), files, "writing again changes nothing");
}

#[test]
fn without_a_key_an_item_of_two_groups_has_one_picture() {
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let split = split(dir.path());
    let shown = shown(dir.path(), &split, None);
    write_public(&split, &BTreeMap::new(), &shown, out.path()).unwrap();
    let images = files(out.path()).into_keys().filter(|name| name.starts_with("images/"));
    assert_eq!(images.count(), 6);
}

#[test]
fn pictures_that_were_not_keyed_are_refused_and_so_are_strangers_beside_them() {
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let split = split(dir.path());
    let public = split.keyed(&KEY).unwrap();
    let write = |shown: &Shown| {
        let written = write_public(&public, &BTreeMap::new(), shown, out.path());
        written.unwrap_err().to_string().replace(&out.path().display().to_string(), "DIR")
    };
    assert_eq!(
        write(&shown(dir.path(), &split, None)),
        "the pictures of `dress` match no item of split `val`: key them with its key"
    );
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);

    let otherwise = "already exists with other contents; choose another location";
    fs::create_dir(out.path().join("images")).unwrap();
    fs::write(out.path().join("images/B00ORIG001.jpg"), "").unwrap();
    let message = write(&shown(dir.path(), &split, Some(&KEY)));
    assert_eq!(message, format!("DIR/images/B00ORIG001.jpg: {otherwise}"));
    assert_eq!(files(out.path()).len(), 1, "nothing was written");
    assert_eq!(write(&Shown::new()), format!("DIR/images/B00ORIG001.jpg: {otherwise}"));
}

#[test]
fn a_file_that_is_no_picture_is_named_and_not_published() {
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let split = split(dir.path());
    let file = dir.path().join(format!("images/{MARK}003.png"));
    fs::write(&file, "GIF89a").unwrap();
    let shown = shown(dir.path(), &split, None);
    let refused = write_public(&split, &BTreeMap::new(), &shown, out.path()).unwrap_err();
    let expected = format!("{}: is neither a whole PNG nor a whole JPEG", file.display());
    assert_eq!(refused.to_string(), expected);
    assert!(!out.path().join(format!("images/{MARK}003.png")).exists());
}
