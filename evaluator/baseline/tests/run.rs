//! A run, from the model to the scorer.

use std::collections::BTreeMap;

use baseline::{Described, MODELS, rank_group, write_run};
use dataset::{Attributes, Elsewhere, Gallery, Group, ItemId, Protocol, Query, Split};
use scoring::{Benchmark, FASHION_IQ, Limits, Upload, read};

const COLOURS: [&str; 4] = ["red", "blue", "green", "black"];

fn group(items: usize) -> (Group, Described) {
    let id = |i: usize| ItemId::new(&format!("ITEM{i:03}")).unwrap();
    let query = |i: usize| Query {
        id: format!("dress.val.{i}"),
        reference: id(i),
        captions: vec![format!("is {}", COLOURS[(i + 1) % 4]), "and \"long\"".to_owned()],
    };
    let gallery = Gallery::new((0..items).map(id)).unwrap();
    let queries = (0..items.min(9)).map(query).collect();
    let words = |i: usize| {
        let mut lists: [Vec<String>; 6] = Default::default();
        lists[0] = vec!["dress".to_owned()];
        lists[1] = vec![COLOURS[i % 4].to_owned()];
        (id(i).to_string(), lists)
    };
    // every third item has no attributes
    let described = (0..items).filter(|i| i % 3 > 0).map(words);
    let attributes = Attributes::new(described.collect::<BTreeMap<_, _>>());
    let described = Described { attributes, ..Described::default() };
    (
        Group { name: "dress".to_owned(), gallery, queries, targets: None, sessions: vec![] },
        described,
    )
}

#[test]
fn every_models_run_is_taken_by_the_scorer_whatever_the_size_of_the_gallery() {
    for items in [1, 2, 49, 50, 51, 200] {
        let (group, described) = group(items);
        let split = Split { name: "val".to_owned(), groups: vec![group.clone()] };
        let benchmark =
            Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default());
        for model in MODELS {
            let ranked = rank_group(model, &group, &described, None, 3);
            for (query, ranking) in group.queries.iter().zip(&ranked.rankings) {
                assert_eq!(ranking.len(), FASHION_IQ.list_length.min(items));
                let own = group.gallery.index_of(query.reference.as_str().as_bytes()).unwrap();
                assert!(
                    items <= FASHION_IQ.list_length || !ranking.contains(&own),
                    "{}",
                    model.name
                );
            }
            let dir = tempfile::tempdir().unwrap();
            let files = ["one.zip", "two.zip"].map(|name| dir.path().join(name));
            for file in &files {
                write_run(file, "val", &[rank_group(model, &group, &described, None, 3)]).unwrap();
            }
            let bytes = std::fs::read(&files[0]).unwrap();
            assert_eq!(bytes, std::fs::read(&files[1]).unwrap(), "the same seed, the same bytes");
            let upload = Upload::Bytes { name: "run.zip", bytes: &bytes };
            let reading = read(&upload, &benchmark, &Limits::default());
            let warnings = reading.map(|reading| reading.warnings.total());
            assert_eq!(warnings, Ok(0), "{} on {items} items", model.name);
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "no part is left");
        }
    }
}

#[test]
fn a_run_that_cannot_be_written_leaves_nothing() {
    let (group, items) = group(60);
    let dir = tempfile::tempdir().unwrap();
    let nowhere = dir.path().join("not/there.zip");
    let error =
        write_run(&nowhere, "val", &[rank_group(MODELS[0], &group, &items, None, 1)]).unwrap_err();
    assert!(error.to_string().contains("there.zip"), "{error}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
