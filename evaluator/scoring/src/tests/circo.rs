//! Runs in CIRCO's format: compared with a naive reader, and the messages for wrong ones.

use std::collections::{BTreeMap, HashSet};

use dataset::{Elsewhere, Gallery, Group, ItemId, Protocol, Query, Split, Targets};
use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::kit::{gzip, zip, zstd};
use super::sentences::{good, lines};
use crate::upload::read_through;
use crate::{
    Benchmark, CIRCO, Limits, ProblemKind, Problems, Reading, Upload, read, read_while,
    write_template,
};

/// The id of an item: like COCO's, with gaps between ids.
fn id(item: usize) -> String {
    (1000 + 7 * item).to_string()
}

/// This many queries and items on split test; val has two queries on the same gallery.
fn benchmark(queries: usize, items: usize, targets: bool) -> Benchmark {
    let item = |i: usize| ItemId::new(&id(i)).unwrap();
    let query = |i: usize| Query {
        id: i.to_string(),
        reference: item(i % items),
        captions: vec!["is red".to_owned(), "a boat".to_owned()],
    };
    let of = |q: usize| (0..=q % 3).map(|t| ((q + 5 + 3 * t) % items) as u32).collect::<Vec<_>>();
    let group = Group {
        name: "circo".to_owned(),
        gallery: Gallery::new((0..items).map(item)).unwrap(),
        queries: (0..queries).map(query).collect(),
        targets: targets.then(|| Targets::new((0..queries).map(of))),
        sessions: vec![],
    };
    let split = Split { name: "test".to_owned(), groups: vec![group] };
    let val = ("val".to_owned(), HashSet::from(["0".to_owned(), "1".to_owned()]));
    Benchmark::new(&CIRCO, split, Protocol::Original, Elsewhere::of_queries([val]))
}

/// A valid ranking for each query: 50 items, none of them its reference.
fn rankings(queries: usize) -> BTreeMap<usize, Vec<String>> {
    let ranking = |q: usize| (0..60).filter(|i| *i != q).take(50).map(id).collect();
    (0..queries).map(|q| (q, ranking(q))).collect()
}

fn json(rankings: &BTreeMap<usize, Vec<String>>) -> String {
    let pair =
        |(query, items): (&usize, &Vec<String>)| format!("\"{query}\":[{}]", items.join(","));
    format!("{{{}}}", rankings.iter().map(pair).collect::<Vec<_>>().join(","))
}

fn try_read(bytes: &[u8], benchmark: &Benchmark) -> Result<Reading, Problems> {
    read(&Upload::Bytes { name: "run.json", bytes }, benchmark, &Limits::default())
}

/// The messages for a run of four queries, which are the same with and without targets.
fn refused(bytes: impl AsRef<[u8]>) -> Problems {
    let problems = try_read(bytes.as_ref(), &benchmark(4, 60, true)).unwrap_err();
    let without = try_read(bytes.as_ref(), &benchmark(4, 60, false)).unwrap_err();
    assert_eq!(problems, without);
    problems
}

/// The same for a run that was changed.
fn changed(change: impl FnOnce(&mut BTreeMap<usize, Vec<String>>)) -> Problems {
    let mut rankings = rankings(4);
    change(&mut rankings);
    refused(json(&rankings))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn however_a_run_is_written_its_targets_are_found_where_they_are(
        seed in any::<u64>(), strings in any::<bool>(), pretty in any::<bool>(),
        container in 0..5, window in prop_oneof![1..40_usize, 60..5000_usize],
    ) {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let (queries, items) = (chance.random_range(1..30), chance.random_range(8..90_usize));
        let benchmark = benchmark(queries, items, true);
        let mut written: Vec<(usize, Vec<usize>)> = (0..queries).map(|query| {
            let mut ranking: Vec<usize> = (0..items).collect();
            ranking.shuffle(&mut chance);
            ranking.truncate(chance.random_range(items.min(50)..=items));
            (query, ranking)
        }).collect();
        written.shuffle(&mut chance);
        let gap = if pretty { "\n\t " } else { "" };
        let mut item = |i: &usize| {
            if strings && chance.random_bool(0.5) { format!("{gap}\"{}\"", id(*i)) } else { format!("{gap}{}{gap}", id(*i)) }
        };
        let pairs = written.iter().map(|(query, ranking)| {
            let items = ranking.iter().map(&mut item).collect::<Vec<_>>().join(",");
            format!("{gap}\"{query}\"{gap}:{gap}[{items}{gap}]")
        });
        let text = format!("\u{feff}{{{}{gap}}}{gap}", pairs.collect::<Vec<_>>().join(",")).into_bytes();
        let file = |bytes: &[u8]| vec![("results.json".to_owned(), bytes.to_vec())];
        let bytes = match container {
            0 => text,
            1 => gzip(&text),
            2 => zstd(&text),
            3 => zip(&file(&text)),
            _ => zip(&[("sub/run.json.gz".to_owned(), gzip(&text))]),
        };
        let upload = Upload::Bytes { name: "the upload", bytes: &bytes };
        let reading = read_through(&upload, &benchmark, &Limits::default(), window, &|| true).unwrap();
        let ranks = reading.ranks.unwrap();
        let targets = benchmark.groups()[0].targets.as_ref().unwrap();
        for (query, ranking) in &written {
            let place = |t: &u32| ranking.iter().position(|i| *i == *t as usize).map_or(0, |p| p as u32 + 1);
            let expected: Vec<u32> = targets.of(*query).iter().map(place).collect();
            prop_assert_eq!(ranks.groups()[0].of(*query), expected);
        }
    }
}

#[test]
fn a_template_is_a_valid_run_and_is_the_same_for_a_seed() {
    let with = benchmark(20, 80, true);
    let mut bytes = Vec::new();
    write_template(&mut bytes, &with, 1).unwrap();
    let mut again = Vec::new();
    write_template(&mut again, &benchmark(20, 80, false), 1).unwrap();
    assert_eq!(bytes, again);
    assert_eq!(try_read(&bytes, &with).unwrap().warnings.total(), 0);
    let run: BTreeMap<String, Vec<u64>> = serde_json::from_slice(&bytes).unwrap();
    assert!(run.len() == 20 && run.values().all(|items| items.len() == 50));
}

#[test]
fn each_mistake_is_named_with_its_query() {
    let missing = changed(|rankings| drop(rankings.remove(&2)));
    assert_eq!(lines(&missing), ["run.json: query 2: no answer"]);
    let missing = changed(|rankings| rankings.retain(|query, _| *query < 1));
    assert_eq!(lines(&missing), ["run.json: queries 1 to 3: no answers, 3 are missing"]);
    let unknown = changed(|rankings| drop(rankings.insert(4, (0..50).map(id).collect())));
    assert_eq!(lines(&unknown), ["run.json: `4` is not the id of a test query"]);
    let short = changed(|rankings| rankings.get_mut(&1).unwrap().truncate(49));
    assert_eq!(lines(&short), ["run.json: query 1: 49 items, need 50"]);
    let twice = changed(|rankings| rankings.get_mut(&3).unwrap()[9] = id(0));
    assert_eq!(lines(&twice), ["run.json: query 3: 1000 appears at ranks 1 and 10"]);
    let stray =
        changed(|rankings| rankings.get_mut(&0).unwrap()[2] = "12345678901234567890123".to_owned());
    let sentence =
        "run.json: query 0: rank 3: 12345678901234567890123 is not in the circo test gallery";
    assert_eq!(lines(&stray), [sentence]);
    let null = changed(|rankings| rankings.get_mut(&0).unwrap()[2] = "null".to_owned());
    let sentence =
        "run.json: query 0: rank 3: expected an item id, which is an integer, found null";
    assert_eq!(lines(&null), [sentence]);
    let good = json(&rankings(4));
    let again = format!("{},\"1\":[]}}", good.strip_suffix('}').unwrap());
    assert_eq!(lines(&refused(again)), ["run.json: query 1: a second answer; each query has one"]);
    let text = good.replacen("[1007,", "\"[1007,", 1).replacen("],\"1\"", "]\",\"1\"", 1);
    let sentence = "run.json: query 0: expected an array of item ids, found a string";
    assert_eq!(lines(&refused(text)), [sentence]);
    let open = refused(good.strip_suffix('}').unwrap());
    assert_eq!(open.shown()[0].kind, ProblemKind::BrokenJson);
}

#[test]
fn what_most_of_a_run_has_in_common_comes_first() {
    let all = |spell: fn(&str) -> String| {
        changed(|rankings| {
            rankings.values_mut().flatten().for_each(|id| *id = spell(id));
        })
    };
    let files = all(|id| format!("\"{id:0>12}.jpg\""));
    assert_eq!(files.shown()[0].kind, ProblemKind::IdSpelling);
    let sentence = "run.json: write ids as they are in the gallery, without `.jpg` and zeros in front: \
                    200 of 200 ranked items are written differently, such as 000000001007.jpg";
    assert_eq!(files.shown()[0].message, sentence);
    let floats = all(|id| format!("{id}.0"));
    assert!(floats.shown()[0].message.contains("without `.0`: 200 of 200"), "{floats}");
    let others = all(|id| format!("9{id}"));
    assert_eq!(others.shown()[0].kind, ProblemKind::OtherData, "{others}");
    let pairs = all(|id| format!("[{id},0.5]"));
    let sentence = "run.json: write only item ids: 200 of 200 ranked items are arrays or objects";
    assert_eq!(pairs.shown()[0].message, sentence);
    let positions = changed(|rankings| {
        for ranking in rankings.values_mut() {
            *ranking = (0..50).map(|place| place.to_string()).collect();
        }
    });
    let sentence = "run.json: write item ids, not positions in the gallery: 200 of 200 ranked items \
                    are not ids, and small enough to be positions";
    assert_eq!(positions.shown()[0].message, sentence);
    let short = changed(|rankings| rankings.values_mut().for_each(|items| items.truncate(10)));
    let sentence = "run.json: 4 of 4 rankings are too short; the first has 10 items: rank at least 50, or all \
                    of a smaller gallery";
    assert_eq!(short.shown()[0].message, sentence);
}

#[test]
fn a_run_of_another_split_or_task_is_told_as_that_and_uses_no_limit() {
    let val = refused(json(&rankings(2)));
    let sentence = "run.json: made for split val, but this is split test: the 2 queries are those of val; \
                    answer the 4 queries of test";
    assert_eq!((val.shown()[0].kind, val.is_unrelated()), (ProblemKind::WrongSplit, true));
    assert_eq!(val.shown()[0].message, sentence);

    let shape = "{\"0\": [1000, 1007, …], …}";
    let not_a_run = |bytes: &[u8], what: &str| {
        let problems = refused(bytes);
        assert_eq!(lines(&problems), [format!("run.json: {what}; a run is {shape}")]);
        assert!(problems.is_unrelated());
    };
    let (dress, shirt) = (good("dress"), good("shirt"));
    let keyed = format!("{{\"dress\":{dress},\"shirt\":{shirt}}}");
    not_a_run(keyed.as_bytes(), "its keys are `dress`, `shirt`, and none is the id of a query");
    let expected = "expected an object with the id of each query as a key, found an array";
    not_a_run(dress.as_bytes(), expected);
    let cirr = br#"{"version":"rc2","metric":"recall","12063":["test1-147-1-img1"]}"#;
    let sentence = "its keys are `version`, `metric`, `12063`, and none is the id of a query, as in a run \
                    of CIRR";
    not_a_run(cirr, sentence);
    not_a_run(b"{}", "an empty object");

    let files = [("dress", dress), ("shirt", shirt)];
    let named =
        |(name, file): &(&str, String)| (format!("{name}.predict.json"), file.clone().into_bytes());
    let problems = refused(zip(&files.iter().map(named).collect::<Vec<_>>()));
    let sentence = "the zip has no run.json (found: dress.predict.json, shirt.predict.json)";
    assert_eq!(lines(&problems), [sentence]);
    assert!(problems.is_unrelated());

    let run = json(&rankings(4));
    let problems = try_read(run.as_bytes(), &super::sentences::benchmark()).unwrap_err();
    assert!(problems.shown()[0].message.contains("its keys are query numbers"), "{problems}");
    assert!(problems.is_unrelated());
}

#[test]
fn reading_stops_where_an_upload_holds_more_than_an_honest_one_could() {
    let stopped = |text: String| {
        let problems = refused(text);
        assert!(problems.counts().contains_key(&ProblemKind::Stopped), "{problems}");
    };
    let keys: Vec<String> = (0..1000).map(|key| format!("\"{key}\":[1000]")).collect();
    stopped(format!("{{{}}}", keys.join(",")));
    stopped(format!("{{\"0\":[{}]}}", vec!["1000"; 100_000].join(",")));
    // an empty array is read at once, and the time that a caller allows ends it
    let run = json(&rankings(4));
    let upload = Upload::Bytes { name: "run.json", bytes: run.as_bytes() };
    let late = read_while(&upload, &benchmark(4, 60, true), &Limits::default(), &|| false);
    assert!(late.unwrap_err().counts().contains_key(&ProblemKind::Stopped));
}

#[test]
fn the_own_reference_is_warned_of() {
    let mut rankings = rankings(4);
    rankings.get_mut(&2).unwrap()[0] = id(2);
    let reading = try_read(json(&rankings).as_bytes(), &benchmark(4, 60, true)).unwrap();
    let sentence = "run.json: query 2: its own reference is at rank 1, which wastes a place";
    assert_eq!(lines(&reading.warnings), [sentence]);
}
