//! The captions of items: read from a folder, published under aliases, and refused in one sentence.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dataset::{
    Circo, FashionIq, Folder, Gallery, Group, ItemCaptions, ItemId, Key, Layout, Protocol,
    PublishedFiles, PublishedSplit, Query, Split, TargetsIn,
};

const KEY: Key = Key::from_bytes([7; 32]);

fn id(item: &str) -> ItemId {
    ItemId::new(item).unwrap()
}

/// Two items in the gallery, and a reference outside it.
fn group() -> Group {
    let query = Query {
        id: "dress.val.0".to_owned(),
        reference: id("outside"),
        captions: vec!["is red".to_owned(), "has sleeves".to_owned()],
    };
    let gallery = Gallery::new([id("first"), id("second")]).unwrap();
    Group {
        name: "dress".to_owned(),
        gallery,
        queries: vec![query],
        targets: None,
        sessions: vec![],
    }
}

fn split() -> Split {
    Split { name: "val".to_owned(), groups: vec![group()] }
}

/// Reads a file of these bytes as the captions of the group.
fn read(bytes: &[u8]) -> Result<ItemCaptions, String> {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("dress.val.json"), bytes).unwrap();
    ItemCaptions::read(dir.path(), &group(), "val")
        .map_err(|e| e.to_string().replace(&dir.path().display().to_string(), "DIR"))
}

#[test]
fn items_have_the_sentences_of_the_file_and_not_every_item_needs_one() {
    let captions =
        read(br#"{"second": "a red dress", "outside": "a woman in a top \u00e0 pois"}"#).unwrap();
    assert_eq!(captions.of("second"), Some("a red dress"));
    assert_eq!(captions.of("outside"), Some("a woman in a top à pois"));
    assert_eq!((captions.of("first"), captions.len()), (None, 2));
    let nowhere = ItemCaptions::read(Path::new("/nowhere"), &group(), "val").unwrap();
    assert!(nowhere.is_empty(), "no file, no captions");
}

#[test]
fn a_file_that_cannot_be_right_is_refused_with_its_name_and_the_item() {
    let said = |bytes: &[u8]| read(bytes).unwrap_err();
    assert_eq!(
        said(br#"{"first": "a dress", "B00ABC": "a shirt"}"#),
        "DIR/dress.val.json: item B00ABC is not in group `dress` of split `val`: the file belongs \
         to another data set or split"
    );
    assert_eq!(
        said(br#"{"first": "a dress", "second": " "}"#),
        "DIR/dress.val.json: the sentence of item second is empty"
    );
    let twice = said(br#"{"first": "a dress", "first": "a red dress"}"#);
    assert!(twice.starts_with("DIR/dress.val.json: duplicate item first at line 1"), "{twice}");
    let number = said(br#"{"first": 3}"#);
    assert!(number.starts_with("DIR/dress.val.json: item first: invalid type"), "{number}");
    let list = said(br#"["a dress"]"#);
    assert!(list.contains("expected an object with a sentence for each item"), "{list}");
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(said(&utf16), "DIR/dress.val.json: encoded as UTF-16: save it as UTF-8");
    let latin = said(b"{\"first\": \"a caf\xe9 dress\"}");
    assert!(latin.starts_with("DIR/dress.val.json: "), "{latin}");
}

/// The published files of a split with its captions, as a text.
fn published(layout: &dyn Layout, split: &Split, captions: ItemCaptions) -> Result<String, String> {
    let item_captions = BTreeMap::from([("dress".to_owned(), captions)]);
    let published = PublishedSplit {
        split,
        targets: TargetsIn::Nothing,
        attributes: &BTreeMap::new(),
        item_captions: &item_captions,
        pictures: &BTreeMap::new(),
        photos: &BTreeMap::new(),
    };
    let files = PublishedFiles::of(layout, &[published]).map_err(|e| e.to_string())?;
    let file = files.files.iter().find(|(name, _)| name.starts_with("item-captions/"));
    Ok(file.map(|(name, bytes)| format!("{name} {}", String::from_utf8_lossy(bytes))).unwrap())
}

#[test]
fn captions_are_published_under_the_items_aliases_and_read_back() {
    let captions = read(br#"{"first": "a red dress", "outside": "a top"}"#).unwrap();
    let keyed = split().keyed(&KEY).unwrap();
    let text = published(&FashionIq, &keyed, captions.keyed("val", "dress", &KEY).unwrap());
    let text = text.unwrap();
    assert!(text.contains("a red dress") && text.contains("a top"), "{text}");
    assert!(!text.contains("first") && !text.contains("outside"), "an original name: {text}");

    let dir = tempfile::tempdir().unwrap();
    let (name, json) = text.split_once(' ').unwrap();
    let file = dir.path().join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, json).unwrap();
    let read = Folder::new(dir.path()).item_captions(&keyed.groups[0], "val").unwrap();
    let reference = keyed.groups[0].queries[0].reference.as_str();
    assert_eq!((read.of(reference), read.len()), (Some("a top"), 2));
}

#[test]
fn captions_that_were_not_keyed_are_refused() {
    let captions = read(br#"{"first": "a red dress"}"#).unwrap();
    let keyed = split().keyed(&KEY).unwrap();
    for layout in [&FashionIq as &dyn Layout, &Circo] {
        let said = published(layout, &keyed, captions.clone()).unwrap_err();
        let expected =
            "the item captions of `dress` match no item of split `val`: key them with its key";
        assert_eq!(said, expected);
    }
}

#[test]
fn a_data_set_without_captions_has_none() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path());
    assert!(folder.split("val", Protocol::Original).is_err(), "there are no files at all");
    assert!(folder.item_captions(&group(), "val").unwrap().is_empty());
}
