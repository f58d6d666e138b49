//! Written runs, read back.

use std::io::Read as _;

use dataset::{Elsewhere, Gallery, Group, ItemId, Protocol, Query, Split};
use proptest::prelude::*;

use super::kit::{benchmark, rows};
use crate::{
    Benchmark, FASHION_IQ, GroupRun, Limits, Reading, Upload, read, write_template, write_zip,
};

fn take(bytes: &[u8], benchmark: &Benchmark) -> Reading {
    read(&Upload::Bytes { name: "run.zip", bytes }, benchmark, &Limits::default()).unwrap()
}

/// One group with a gallery of that size; the reference of the last query is not in it.
fn small(items: usize) -> Benchmark {
    let id = |i: usize| ItemId::new(&format!("ITEM{i:03}")).unwrap();
    let query = |i: usize| Query {
        id: Query::id_at("dress", "val", i),
        reference: id(if i == items { 999 } else { i }),
        captions: vec!["is \"red\"".to_owned()],
    };
    let gallery = Gallery::new((0..items).map(id)).unwrap();
    let queries = (0..=items).map(query).collect();
    let group =
        Group { name: "dress".to_owned(), gallery, queries, targets: None, sessions: vec![] };
    let split = Split { name: "val".to_owned(), groups: vec![group] };
    Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default())
}

fn template(benchmark: &Benchmark, seed: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_template(&mut bytes, benchmark, seed).unwrap();
    bytes
}

/// The text of the first file of a zip.
fn first_file(zip: &[u8]) -> String {
    let archive = rawzip::ZipArchive::from_slice(zip).unwrap();
    let place = archive.entries().next_entry().unwrap().unwrap().wayfinder();
    let entry = archive.get_entry(place).unwrap();
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(entry.data()).read_to_string(&mut text).unwrap();
    text
}

#[derive(serde::Deserialize)]
struct Answer {
    candidate: String,
    ranking: Vec<String>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_written_run_is_read_with_its_rankings_and_without_a_word(seed: u64) {
        let benchmark = benchmark(seed);
        let rows = rows(&benchmark, seed);
        let runs: Vec<GroupRun<'_>> = benchmark.groups().iter().zip(&rows).map(|(group, rows)| {
            // the reference is taken out where that leaves enough
            let ranking = |(row, query): (&super::kit::Row, &Query)| {
                let own = group.gallery.index_of(query.reference.as_str().as_bytes());
                let items = row.ranking.iter().copied();
                let mut ranking: Vec<u32> = items.filter(|i| Some(*i) != own).collect();
                if ranking.len() < FASHION_IQ.list_length.min(group.gallery.len()) {
                    ranking = (0..group.gallery.len() as u32).filter(|i| Some(*i) != own).collect();
                    ranking.extend(own.filter(|_| ranking.len() < FASHION_IQ.list_length));
                }
                ranking
            };
            GroupRun { group, rankings: rows.iter().zip(&group.queries).map(ranking).collect() }
        }).collect();
        let mut bytes = Vec::new();
        write_zip(&mut bytes, "val", &runs).unwrap();
        let mut again = Vec::new();
        write_zip(&mut again, "val", &runs).unwrap();
        prop_assert_eq!(&bytes, &again);

        let reading = take(&bytes, &benchmark);
        prop_assert_eq!(reading.warnings.total(), 0, "{}", reading.warnings);
        let ranks = reading.ranks.unwrap();
        for (run, ranks) in runs.iter().zip(ranks.groups()) {
            let targets = run.group.targets.as_ref().unwrap();
            for (q, ranking) in run.rankings.iter().enumerate() {
                let place = |t: &u32| ranking.iter().position(|i| i == t).map_or(0, |p| p as u32 + 1);
                let places: Vec<u32> = targets.of(q).iter().map(place).collect();
                prop_assert_eq!(ranks.of(q), places);
            }
        }
    }

    #[test]
    fn a_template_is_a_valid_run_the_same_for_a_seed_and_whatever_the_targets(seed: u64) {
        let with = benchmark(seed);
        let mut groups = with.groups().to_vec();
        for group in &mut groups {
            group.targets = None;
        }
        let split = Split { name: "val".to_owned(), groups };
        let without = Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default());
        let bytes = template(&with, seed);
        prop_assert_eq!(&bytes, &template(&without, seed));
        prop_assert_ne!(&bytes, &template(&with, seed ^ 1));
        prop_assert_eq!(take(&bytes, &with).warnings.total(), 0);
        prop_assert_eq!(take(&bytes, &without).warnings.total(), 0);
    }
}

#[test]
fn a_template_leaves_the_reference_out_unless_the_gallery_is_too_small_for_that() {
    for items in [1, 2, 49, 50, 51, 52, 120] {
        let benchmark = small(items);
        let bytes = template(&benchmark, 7);
        let reading = take(&bytes, &benchmark);
        assert_eq!(reading.warnings.total(), 0, "{items} items: {}", reading.warnings);
        let answers: Vec<Answer> = serde_json::from_str(&first_file(&bytes)).unwrap();
        assert_eq!(answers.len(), items + 1);
        for Answer { candidate, ranking } in answers {
            assert_eq!(ranking.len(), FASHION_IQ.list_length.min(items));
            let own = ranking.iter().position(|item| *item == candidate);
            let outside = candidate == "ITEM999";
            let expected =
                if items <= FASHION_IQ.list_length && !outside { Some(items - 1) } else { None };
            assert_eq!(own, expected, "{items} items");
        }
    }
}

#[test]
fn the_reference_is_warned_of_only_where_another_item_could_stand() {
    let warnings = |items: usize, place: usize| {
        let benchmark = small(items);
        let group = &benchmark.groups()[0];
        let ranking = |q: u32| {
            let mut ranking: Vec<u32> = (0..items as u32).filter(|i| *i != q).collect();
            ranking.truncate(FASHION_IQ.list_length.min(items) - 1);
            ranking.insert(place, q);
            ranking
        };
        let mut rankings: Vec<Vec<u32>> = (0..items as u32).map(ranking).collect();
        // the last query's reference is not in the gallery
        rankings.push((0..items.min(FASHION_IQ.list_length) as u32).collect());
        let mut bytes = Vec::new();
        write_zip(&mut bytes, "val", &[GroupRun { group, rankings }]).unwrap();
        take(&bytes, &benchmark).warnings.total()
    };
    assert_eq!(warnings(50, 49), 0, "all 50 have to be ranked, and it is the last");
    assert_eq!(warnings(50, 48), 50);
    assert_eq!(warnings(51, 49), 51, "the 51st could have been there");
}

#[test]
fn every_item_but_the_reference_is_drawn_about_as_often() {
    let benchmark = small(100);
    let mut drawn = [0; 100];
    for seed in 0..40 {
        let answers: Vec<Answer> =
            serde_json::from_str(&first_file(&template(&benchmark, seed))).unwrap();
        for id in answers.iter().flat_map(|answer| &answer.ranking) {
            drawn[id[4..].parse::<usize>().unwrap()] += 1;
        }
    }
    // 4,000 rankings of 50 of the 99 others, and 40 of 50 of all: mean 2020, deviation 32
    assert!(drawn.iter().all(|n| (1850..2190).contains(n)), "{drawn:?}");
}

#[test]
fn a_query_is_named_by_id_only_where_its_id_is_not_the_official_one() {
    let mut groups = small(2).groups().to_vec();
    groups[0].queries[1].id = "k3y".to_owned();
    let rankings = vec![vec![1, 0], vec![0, 1], vec![0, 1]];
    let mut bytes = Vec::new();
    write_zip(&mut bytes, "val", &[GroupRun { group: &groups[0], rankings }]).unwrap();
    let expected = r#"[
{"candidate":"ITEM000","captions":["is \"red\""],"ranking":["ITEM001","ITEM000"]},
{"candidate":"ITEM001","captions":["is \"red\""],"ranking":["ITEM000","ITEM001"],"query":"k3y"},
{"candidate":"ITEM999","captions":["is \"red\""],"ranking":["ITEM000","ITEM001"]}
]
"#;
    assert_eq!(first_file(&bytes), expected);
}

#[test]
fn a_run_with_too_few_rankings_is_not_written() {
    let benchmark = small(3);
    let run = GroupRun { group: &benchmark.groups()[0], rankings: vec![vec![0]] };
    let error = write_zip(Vec::new(), "val", &[run]).unwrap_err().to_string();
    assert_eq!(error, "dress: 1 rankings, but the group has 4 queries");
}
