//! The errors for invalid files.

use std::fs;
use std::path::Path;

use dataset::{Folder, Protocol};
use proptest::prelude::*;

fn folder(captions: &str, gallery: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for sub in ["captions", "image_splits"] {
        fs::create_dir(dir.path().join(sub)).unwrap();
    }
    fs::write(dir.path().join("captions/cap.dress.val.json"), captions).unwrap();
    fs::write(dir.path().join("image_splits/split.dress.val.json"), gallery).unwrap();
    dir
}

fn error(dir: &Path, split: &str) -> String {
    let error = Folder::new(dir).split(split, Protocol::Original).unwrap_err().to_string();
    error.replace(&dir.display().to_string(), "DIR")
}

#[test]
fn every_error_names_the_file_and_the_place() {
    let captions = r#"[{"candidate":"a","captions":["x","y"],"target":"zzz"}]"#;
    let dir = folder(captions, r#"["a","b"]"#);
    let message = error(dir.path(), "val");
    assert_eq!(message, "DIR/captions/cap.dress.val.json: row 0: a target is not in the gallery");
    assert!(!message.contains("zzz"), "a target's id must not reach a message");

    let dir = folder(r#"[{"candidate":"a","captions":["x","y"]}]"#, r#"["a","b","a"]"#);
    let expected = "DIR/image_splits/split.dress.val.json: row 2: duplicate item a";
    assert_eq!(error(dir.path(), "val"), expected);

    let dir = folder(r#"[{"captions":["x","y"]}]"#, r#"["a"]"#);
    let message = error(dir.path(), "val");
    assert!(message.ends_with("row 0: missing field `candidate`"), "{message}");

    let mixed = r#"[{"candidate":"a","captions":[],"target":"b"},{"candidate":"b","captions":[]}]"#;
    let message = error(folder(mixed, r#"["a","b"]"#).path(), "val");
    assert!(message.contains("1 of 2 rows have a target; all or none must"), "{message}");
}

#[test]
fn all_that_is_wrong_with_a_folder_is_said_with_counts_and_the_first_rows() {
    let row = |i: usize| match i {
        1 => r#"{"captions":["x"],"target":"a"}"#,
        2 => r#"{"candidate":7,"captions":["x"],"target":"a"}"#,
        _ => r#"{"candidate":"a","captions":["x"],"target":"b"}"#,
    };
    let rows = |of: &dyn Fn(usize) -> String, n: usize| {
        format!("[{}]", (0..n).map(of).collect::<Vec<_>>().join(","))
    };
    let dir = folder(&rows(&|i| row(i).to_owned(), 4), r#"["a","b","a",""]"#);
    let outside = |_| r#"{"candidate":"a","captions":[],"target":"zzz"}"#.to_owned();
    fs::write(dir.path().join("captions/cap.shirt.val.json"), rows(&outside, 9)).unwrap();
    fs::write(dir.path().join("image_splits/split.shirt.val.json"), r#"["a"]"#).unwrap();
    let message = error(dir.path(), "val");
    let lines: Vec<&str> = message.lines().collect();
    let expected = [
        "DIR/image_splits/split.dress.val.json: row 2: duplicate item a",
        "DIR/image_splits/split.dress.val.json: row 3: an item id is empty",
        "DIR/captions/cap.dress.val.json: row 1: missing field `candidate`",
        "DIR/captions/cap.dress.val.json: row 2: invalid type: integer `7`, expected a string",
        "DIR/captions/cap.shirt.val.json: rows 0, 1, 2, 3, 4 and 4 more: a target is not in the gallery",
    ];
    assert_eq!(lines, expected);
    let check = dataset::Check::run(&Folder::new(dir.path())).unwrap_err().to_string();
    assert_eq!(check.replace(&dir.path().display().to_string(), "DIR"), message);
}

#[test]
fn a_byte_order_mark_is_skipped_and_another_encoding_is_named() {
    let (captions, gallery) = (r#"[{"candidate":"a","captions":["x"]}]"#, r#"["a","b"]"#);
    let dir = folder(&format!("\u{feff}{captions}"), &format!("\u{feff}{gallery}"));
    let mut split = Folder::new(dir.path()).split("val", Protocol::Original).unwrap();
    let targets = dir.path().join("targets.json");
    fs::write(&targets, "\u{feff}{\"dress.val.0\":\"b\"}").unwrap();
    split.read_targets(&targets).unwrap();
    assert_eq!(split.groups[0].targets.as_ref().unwrap().of(0), [1]);

    let utf_16: Vec<u8> = gallery.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(dir.path().join("image_splits/split.dress.val.json"), utf_16).unwrap();
    let expected = "DIR/image_splits/split.dress.val.json: encoded as UTF-16: save it as UTF-8";
    assert_eq!(error(dir.path(), "val"), expected);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n";
    fs::write(dir.path().join("image_splits/split.dress.val.json"), pointer).unwrap();
    assert!(error(dir.path(), "val").contains("git lfs pull"));
}

#[test]
fn a_querys_own_id_is_taken_and_must_be_its_own() {
    let read = |first: &str, second: &str| {
        let row = |id: &str| format!(r#"{{{id}"candidate":"a","captions":[]}}"#);
        let dir = folder(&format!("[{},{}]", row(first), row(second)), r#"["a"]"#);
        let split = Folder::new(dir.path()).split("val", Protocol::Original);
        let split =
            split.map_err(|e| e.to_string().replace(&dir.path().display().to_string(), "DIR"));
        split.map(|split| split.groups[0].queries.iter().map(|q| q.id.clone()).collect::<Vec<_>>())
    };
    assert_eq!(read(r#""query":"q7","#, "").unwrap(), ["q7", "dress.val.1"]);
    let file = "DIR/captions/cap.dress.val.json";
    let twice = format!("{file}: the id dress.val.1 is already used by another query");
    assert_eq!(read(r#""query":"dress.val.1","#, "").unwrap_err(), twice);
    let empty = format!("{file}: row 1: a query id is empty");
    assert_eq!(read("", r#""query":"","#).unwrap_err(), empty);
}

#[test]
fn a_split_or_a_data_set_that_is_not_there_is_named() {
    let dir = folder("[]", "[]");
    assert_eq!(error(dir.path(), "tset"), "DIR has no split `tset` (it has val)");
    let empty = tempfile::tempdir().unwrap();
    let message = error(empty.path(), "val");
    assert!(message.starts_with("DIR is not a Fashion IQ data set"), "{message}");
}

#[test]
fn the_organisers_targets_must_answer_every_query_and_no_other() {
    let captions = r#"[{"candidate":"a","captions":["x"]},{"candidate":"b","captions":["y"]}]"#;
    let dir = folder(captions, r#"["a","b","c"]"#);
    let read = |targets: &str| {
        let path = dir.path().join("targets.json");
        fs::write(&path, targets).unwrap();
        let mut split = Folder::new(dir.path()).split("val", Protocol::Original).unwrap();
        let done = split.read_targets(&path).map_err(|e| e.to_string());
        assert_eq!(split.groups[0].targets.is_some(), done.is_ok());
        done.map(|()| split.groups[0].targets.as_ref().unwrap().of(1).to_vec())
    };
    assert_eq!(read(r#"{"dress.val.0":"b","dress.val.1":["c","a"]}"#).unwrap(), [2, 0]);
    let missing = read(r#"{"dress.val.0":"b"}"#).unwrap_err();
    assert!(missing.ends_with("query dress.val.1 has no target"), "{missing}");
    let several = read("{}").unwrap_err();
    assert!(several.ends_with("query dress.val.0 (and 1 more) has no target"), "{several}");
    let extra = read(r#"{"dress.val.0":"b","dress.val.1":"c","dress.val.2":"a"}"#).unwrap_err();
    assert!(extra.ends_with("dress.val.2 is not a query of split val"), "{extra}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_harm_done_to_a_file_makes_a_reader_panic(
        file in 0..5_usize, at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let dir = folder(
            r#"[{"candidate":"a","captions":["x","y"],"target":["b","a"]}]"#,
            r#"["a","b"]"#,
        );
        let names = [
            ("captions/cap.dress.val.json", ""),
            ("image_splits/split.dress.val.json", ""),
            ("attributes/asin2attr.dress.val.json", r#"{"a":[["x"],[],[],[],[],["y","z"]]}"#),
            ("image_url/asin2url.dress.txt", "a \t http://example.org/a\n"),
            ("targets.json", r#"{"dress.val.0":"b"}"#),
        ];
        for (name, text) in &names[2..] {
            fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
            fs::write(dir.path().join(name), text).unwrap();
        }
        let harmed = dir.path().join(names[file].0);
        let mut contents = fs::read(&harmed).unwrap();
        let from = at.index(contents.len());
        let to = (from + 3).min(contents.len());
        contents.splice(from..to, bytes);
        fs::write(&harmed, contents).unwrap();
        let data = Folder::new(dir.path());
        let read = || -> dataset::Result<()> {
            let mut split = data.split("val", Protocol::ValUnion)?;
            split.read_targets(&dir.path().join("targets.json"))?;
            data.attributes("dress", "val")?;
            data.photos("dress").map(drop)
        };
        if let Err(error) = read() {
            prop_assert!(error.to_string().len() > 10);
        }
    }
}
