//! Data sets in CIRCO's layout: read, drawn, published, and refused if they are broken.
#![cfg(feature = "draw")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dataset::draw::{Plan, Seed, draw_circo};
use dataset::{Check, Circo, Folder, Protocol, PublishedFiles, PublishedSplit, Split, TargetsIn};

fn plan() -> Plan {
    let splits = ["val", "test"].map(str::to_owned).to_vec();
    Plan { items: 40, seed: Seed::from_bytes([3; 16]), splits }
}

fn read(dir: &Path, split: &str) -> dataset::Result<Split> {
    Folder::with_layout(dir, &Circo).split(split, Protocol::Original)
}

#[test]
fn a_drawn_data_set_is_read_back_with_several_targets_a_query() {
    let dir = tempfile::tempdir().unwrap();
    let (data, secret) = (dir.path().join("data"), dir.path().join("targets.json"));
    let drawn = draw_circo(&plan()).unwrap();
    drawn.write(&data).unwrap();
    drawn.write(&data).unwrap();
    drawn.write_targets("test", &secret).unwrap();
    let val = read(&data, "val").unwrap();
    let group = &val.groups[0];
    assert_eq!((group.gallery.len(), group.name.as_str()), (240, "circo"));
    assert!(group.gallery.iter().all(|id| id.parse::<u64>().is_ok_and(|n| n.to_string() == id)));
    let targets = group.targets.as_ref().unwrap();
    let several = (0..targets.queries()).filter(|&query| targets.of(query).len() > 1).count();
    assert!(2 * several > targets.queries(), "{several} of {}", targets.queries());

    let mut test = read(&data, "test").unwrap();
    assert!(test.groups[0].targets.is_none());
    test.read_targets(&secret).unwrap();
    assert!(test.groups[0].targets.is_some());
    let folder = Folder::with_layout(&data, &Circo);
    let elsewhere = folder.elsewhere("test").unwrap();
    let ids: Vec<&str> = group.queries.iter().map(|query| query.id.as_str()).collect();
    assert_eq!(elsewhere.split_of_queries(&ids), Some("val"));
    assert_eq!(elsewhere.split_of_queries(&ids[1..]), None);
    assert_eq!(Check::run(&folder).unwrap().groups.len(), 2);
}

#[test]
fn what_is_published_holds_targets_only_where_they_are_said_to_be_public() {
    let dir = tempfile::tempdir().unwrap();
    draw_circo(&plan()).unwrap().write(&dir.path().join("data")).unwrap();
    let split = read(&dir.path().join("data"), "val").unwrap();
    let (attributes, pictures) = (BTreeMap::new(), BTreeMap::new());
    let photos = BTreeMap::new();
    for (targets, name) in [(TargetsIn::Queries, "open"), (TargetsIn::Nothing, "closed")] {
        let published = PublishedSplit {
            split: &split,
            targets,
            attributes: &attributes,
            item_captions: &BTreeMap::new(),
            pictures: &pictures,
            photos: &photos,
        };
        let out = dir.path().join(name);
        PublishedFiles::of(&Circo, &[published]).unwrap().write(&out).unwrap();
        let again = read(&out, "val").unwrap();
        let (own, group) = (&split.groups[0], &again.groups[0]);
        assert_eq!((&own.queries, own.gallery.digest()), (&group.queries, group.gallery.digest()));
        match (&group.targets, name) {
            (Some(targets), "open") => {
                let of = own.targets.as_ref().unwrap();
                assert!((0..of.queries()).all(|query| of.of(query) == targets.of(query)));
            }
            (None, "closed") => {}
            (targets, name) => panic!("{name}: {targets:?}"),
        }
    }
}

#[test]
fn broken_files_are_refused_with_their_rows() {
    let dir = tempfile::tempdir().unwrap();
    let refusal = || {
        let error = read(dir.path(), "val").unwrap_err().to_string();
        error.replace(&dir.path().display().to_string(), "D")
    };
    let none = refusal();
    assert_eq!(none, "D is not a CIRCO data set: it has no annotations/{split}.json");
    fs::create_dir(dir.path().join("annotations")).unwrap();
    let write = |name: &str, text: &str| {
        fs::write(dir.path().join(format!("annotations/{name}.json")), text).unwrap();
    };
    write("image_info_unlabeled2017", r#"{"images":[{"id":1},{"id":2},{"id":3}]}"#);
    let row = |more: &str| {
        write("val", &format!(r#"[{{"reference_img_id":1,"relative_caption":"x","id":0{more}}}]"#));
    };
    row("");
    assert!(read(dir.path(), "val").unwrap().groups[0].targets.is_none());
    let error = read(dir.path(), "test").unwrap_err().to_string();
    assert!(error.ends_with("has no split `test` (it has val)"), "{error}");
    for (more, what) in [
        (r#","gt_img_ids":[]"#, "`gt_img_ids` is empty"),
        (r#","target_img_id":2,"gt_img_ids":[3]"#, "`target_img_id` is not one of `gt_img_ids`"),
        (r#","gt_img_ids":[3,3]"#, "a target is named twice"),
        (r#","target_img_id":9"#, "a target is not in the gallery"),
    ] {
        row(more);
        assert_eq!(refusal(), format!("D/annotations/val.json: row 0: {what}"));
    }
    row(r#","target_img_id":3,"gt_img_ids":[2,3]"#);
    let split = read(dir.path(), "val").unwrap();
    assert_eq!(split.groups[0].targets.as_ref().unwrap().of(0), [2, 1], "the first target leads");
    write("image_info_unlabeled2017", r#"{"images":[{"id":1},{"id":2},{"id":1}]}"#);
    assert!(refusal().ends_with("row 2: duplicate item 1"));
    let union = Folder::with_layout(dir.path(), &Circo).split("val", Protocol::ValUnion);
    assert!(union.unwrap_err().to_string().contains("has no protocol val-union"));
}
