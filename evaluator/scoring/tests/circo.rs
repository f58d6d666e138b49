//! CIRCO's own test queries and its example upload. Feature `circo`: they are in the folder
//! `CIRCO_DATA`. COCO's list of pictures is not among them, so the gallery consists of the items in
//! these two.
#![cfg(feature = "circo")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use dataset::{Folder, Protocol};
use scoring::{Benchmark, CIRCO, Limits, ProblemKind, Upload, read};

#[test]
fn circos_example_upload_answers_its_test_queries() {
    let neighbours = std::env::var("CIRCO_DATA").expect("CIRCO_DATA names files of CIRCO");
    let file = |name: &str| fs::read(Path::new(&neighbours).join(name)).unwrap();
    let (queries, upload) = (file("test.json"), file("submission.test.json"));
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&queries).unwrap();
    let run: BTreeMap<String, Vec<u64>> = serde_json::from_slice(&upload).unwrap();
    let references = rows.iter().filter_map(|row| row["reference_img_id"].as_u64());
    let ids: BTreeSet<u64> = run.values().flatten().copied().chain(references).collect();
    let images: Vec<_> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();

    let dir = tempfile::tempdir().unwrap();
    let coco = dir.path().join("COCO2017_unlabeled/annotations");
    fs::create_dir_all(&coco).unwrap();
    fs::create_dir_all(dir.path().join("annotations")).unwrap();
    fs::write(dir.path().join("annotations/test.json"), queries).unwrap();
    let list = serde_json::json!({ "info": {}, "images": images }).to_string();
    fs::write(coco.join("image_info_unlabeled2017.json"), list).unwrap();

    let folder = Folder::with_layout(dir.path(), CIRCO.layout);
    let split = folder.split("test", Protocol::Original).unwrap();
    let elsewhere = folder.elsewhere("test").unwrap();
    let test = Benchmark::new(&CIRCO, split, Protocol::Original, elsewhere);
    assert_eq!((test.groups()[0].queries.len(), test.has_targets()), (800, false));
    let upload = Upload::Bytes { name: "submission.json", bytes: &upload };
    let reading = read(&upload, &test, &Limits::default()).unwrap();
    // ten of its rankings contain their own reference
    assert_eq!(reading.warnings.counts()[&ProblemKind::ReferenceRanked], 10);
    assert_eq!(reading.warnings.total(), 10);
}
