//! A real submission of 2019 against the official data. Feature `official`: it is in the folder
//! `FASHION_IQ_DATA`.
#![cfg(feature = "official")]

use std::fs;

use dataset::{Folder, Protocol};
use scoring::{
    Benchmark, FASHION_IQ, GroupRun, Limits, ProblemKind, Reading, Scorecard, Upload, read,
    write_zip,
};

const GROUPS: [&str; 3] = ["dress", "shirt", "toptee"];

fn official() -> Folder {
    Folder::new(std::env::var("FASHION_IQ_DATA").expect("FASHION_IQ_DATA names the official data"))
}

fn benchmark(folder: &Folder, split: &str, protocol: Protocol) -> Benchmark {
    let groups = folder.split(split, protocol).unwrap();
    Benchmark::new(&FASHION_IQ, groups, protocol, folder.elsewhere(split).unwrap())
}

fn example(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let file = |group: &str| {
        let name = format!("{group}.predict.json");
        let path = folder.path().join("example_submission_val").join(&name);
        (name, fs::read(path).unwrap())
    };
    GROUPS.map(file).into()
}

fn example_read(folder: &Folder, val: &Benchmark) -> Reading {
    read(&Upload::Files(example(folder)), val, &Limits::default()).unwrap()
}

#[test]
fn the_example_submission_has_its_known_hits() {
    let folder = official();
    let val = benchmark(&folder, "val", Protocol::Original);
    let reading = example_read(&folder, &val);
    let ranks = reading.ranks.unwrap();
    let hits = |k: usize| {
        ranks.groups().iter().map(move |group| {
            let found = |q: &usize| group.of(*q).iter().any(|&r| r > 0 && r as usize <= k);
            (0..group.queries()).filter(found).count()
        })
    };
    assert_eq!(hits(10).collect::<Vec<_>>(), [3, 3, 3]);
    assert_eq!(hits(50).collect::<Vec<_>>(), [24, 15, 19]);
    let card = Scorecard::of(&ranks, &val);
    let queries: Vec<_> = card.groups.iter().map(|group| group.queries).collect();
    assert_eq!(queries, [2017, 2038, 1961]);
    let score = |name: &str| card.score(name.parse().unwrap()).unwrap().clone();
    let dress = score("recall@50").groups[0].unwrap();
    assert!((dress - 24.0 / 2017.0).abs() < f64::EPSILON);
    assert_eq!(format!("{:.3} %", 100.0 * card.overall()), "0.557 %");
    assert_eq!(score("median_rank").groups, [None; 3]);
}

#[test]
fn the_example_submission_ranks_its_own_reference_as_often_as_is_known() {
    let folder = official();
    let val = benchmark(&folder, "val", Protocol::Original);
    let warnings = example_read(&folder, &val).warnings;
    assert_eq!(warnings.counts().get(&ProblemKind::ReferenceRanked), Some(&(36 + 18 + 19)));
    assert_eq!(warnings.total(), 36 + 18 + 19);
}

#[test]
fn a_run_for_val_uploaded_for_test_is_told_so() {
    let folder = official();
    let test = benchmark(&folder, "test", Protocol::Original);
    let problems =
        read(&Upload::Files(example(&folder)), &test, &Limits::default()).unwrap_err().to_string();
    assert!(problems.contains("(it is in val's: was this file made for val?)"), "{problems}");
}

#[test]
fn under_val_union_the_items_outside_the_union_are_named() {
    let folder = official();
    let val = benchmark(&folder, "val", Protocol::ValUnion);
    let problems = read(&Upload::Files(example(&folder)), &val, &Limits::default()).unwrap_err();
    assert!(problems.to_string().contains("is not in the dress val (val-union) gallery"));
    assert_eq!(problems.counts().keys().collect::<Vec<_>>(), [&ProblemKind::UnknownItem]);
}

#[test]
fn under_mbeir_a_run_of_all_targets_in_front_is_worth_everything() {
    let folder = official();
    let split = folder.split("val", Protocol::Mbeir).unwrap();
    let val = Benchmark::new(
        &FASHION_IQ,
        split.clone(),
        Protocol::Mbeir,
        folder.elsewhere("val").unwrap(),
    );
    let [all] = &split.groups[..] else { panic!("one group") };
    let targets = all.targets.as_ref().unwrap();
    let ranking = |q: usize| {
        let others = (0..).filter(|index| !targets.of(q).contains(index));
        targets.of(q).iter().copied().chain(others).take(50).collect::<Vec<u32>>()
    };
    let rankings: Vec<Vec<u32>> = (0..all.queries.len()).map(ranking).collect();
    let mut run = Vec::new();
    write_zip(&mut run, "val", &[GroupRun { group: all, rankings }]).unwrap();
    let reading =
        read(&Upload::Bytes { name: "run.zip", bytes: &run }, &val, &Limits::default()).unwrap();
    let card = Scorecard::of(&reading.ranks.unwrap(), &val);
    let names: Vec<String> = card.scores.iter().map(|score| score.measure.to_string()).collect();
    assert_eq!(names, ["ndcg@10", "recall@10"]);
    assert!(card.scores.iter().all(|score| score.overall == Some(1.0)), "{card:?}");
}

#[test]
fn ranks_are_stored_in_about_a_byte_a_query() {
    let folder = official();
    let val = benchmark(&folder, "val", Protocol::Original);
    let ranks = example_read(&folder, &val).ranks.unwrap();
    let bytes = ranks.to_bytes();
    assert!(bytes.len() < 6016 + 100, "{} bytes", bytes.len());
    assert_eq!(scoring::Ranks::from_bytes(&bytes).unwrap(), ranks);
}
