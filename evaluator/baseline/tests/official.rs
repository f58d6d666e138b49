//! The models on the official val split, whose targets are public.
#![cfg(feature = "official")]

use std::path::PathBuf;

use baseline::{Background, Described, Model, probe, rank_group};
use dataset::{Folder, Group, ItemCaptions, Protocol};
use scoring::GroupRun;

fn data() -> Folder {
    Folder::new(std::env::var("FASHION_IQ_DATA").expect("FASHION_IQ_DATA names the official data"))
}

fn described(data: &Folder, group: &Group) -> Described {
    let attributes = data.attributes(&group.name, "val").unwrap();
    Described { attributes, ..Described::default() }
}

/// Recall@10 and Recall@50 of a model in percent.
fn recalls(model: &str, data: &Folder, group: &Group) -> [f64; 2] {
    recalls_of(&rank_group(Model::named(model).unwrap(), group, &described(data, group), None, 1))
}

fn recalls_of(ranked: &GroupRun<'_>) -> [f64; 2] {
    let group = ranked.group;
    let targets = group.targets.as_ref().unwrap();
    [10, 50].map(|k| {
        let found = |(q, list): &(usize, &Vec<u32>)| list[..k].contains(&targets.of(*q)[0]);
        let hits = ranked.rankings.iter().enumerate().filter(found).count();
        100.0 * hits as f64 / group.queries.len() as f64
    })
}

fn mean_of_six(model: &str) -> f64 {
    let data = data();
    let val = data.split("val", Protocol::Original).unwrap();
    let all: Vec<f64> = val.groups.iter().flat_map(|g| recalls(model, &data, g)).collect();
    println!("{model}: {all:.2?}");
    all.iter().sum::<f64>() / 6.0
}

#[test]
fn chance_is_near_its_expectation() {
    let mean = mean_of_six("random");
    assert!((0.45..0.80).contains(&mean), "{mean}");
}

#[test]
fn attributes_alone_reach_the_yardstick() {
    let mean = mean_of_six("attributes");
    assert!((9.25..9.50).contains(&mean), "{mean}");
}

#[test]
fn the_reference_and_the_captions_together_beat_each_alone() {
    let [captions, attributes, both] = ["captions", "attributes", "both"].map(mean_of_six);
    assert!(captions > 1.2, "{captions}");
    assert!(both > attributes && both > captions, "{both} {attributes} {captions}");
}

/// The mean of six of a model that reads the captions of items, in the folder named by
/// `ITEM_CAPTIONS_DATA`; none if it isn't set.
fn with_captions(model: &str) -> Option<f64> {
    let folder = PathBuf::from(std::env::var_os("ITEM_CAPTIONS_DATA")?);
    let (data, model) = (data(), Model::named(model).unwrap());
    let [val, train] = ["val", "train"].map(|name| data.split(name, Protocol::Original).unwrap());
    let [captions, of_train] =
        [&val, &train].map(|split| ItemCaptions::of_split(&folder, split).unwrap());
    let background = model.counts.then(|| Background::read(&data, &of_train).unwrap());
    let recalls = |group: &Group| {
        let attributes = data.attributes(&group.name, "val").unwrap();
        let described = Described { attributes, captions: captions[&group.name].clone() };
        recalls_of(&rank_group(model, group, &described, background.as_ref(), 1))
    };
    let all: Vec<f64> = val.groups.iter().flat_map(recalls).collect();
    println!("{} with captions: {all:.2?}", model.name);
    Some(all.iter().sum::<f64>() / 6.0)
}

#[test]
fn words_of_machine_captions_find_what_an_independent_program_finds() {
    let Some(mean) = with_captions("tf-idf") else {
        return println!("skipped: ITEM_CAPTIONS_DATA names no folder");
    };
    // That program has 20.0 for TF-IDF, and 24.0 for its best without counts or learning.
    assert!((mean - 20.0).abs() < 0.4, "{mean}");
    let words = with_captions("words").unwrap();
    assert!((words - 24.0).abs() < 1.0, "{words}");
    let counts = with_captions("counts").unwrap();
    assert!(counts > words + 2.0, "{counts}");
}

/// What the files give away, as measured independently before these probes were written.
#[test]
fn the_probes_find_what_ids_and_order_give_away() {
    let val = data().split("val", Protocol::Original).unwrap();
    let mean = |run: fn(&Group, u64) -> GroupRun<'_>| {
        val.groups.iter().flat_map(|group| recalls_of(&run(group, 1))).sum::<f64>() / 6.0
    };
    let (ids, order) = (mean(probe::ids), mean(probe::order));
    assert!((ids - 4.01).abs() < 0.05, "{ids}");
    assert!((order - 26.18).abs() < 0.05, "{order}");
}

/// With untrained scores. A trained model's scores reveal more (docs/baseline.md).
#[test]
fn the_order_and_scores_together_give_nearly_everything_away() {
    let data = data();
    let val = data.split("val", Protocol::Original).unwrap();
    let recalls = |group: &Group| {
        let items = described(&data, group);
        let scores = Model::named("attributes").unwrap().scores(group, &items, None);
        let score = |query: usize, row: &mut [f32]| row.copy_from_slice(&scores[query]);
        recalls_of(&probe::order_and_model(group, 1, score))
    };
    let all: Vec<f64> = val.groups.iter().flat_map(recalls).collect();
    println!("order and attributes: {all:.2?}");
    let mean = all.iter().sum::<f64>() / 6.0;
    assert!((mean - 91.54).abs() < 0.3, "{mean}");
}
