//! The reader against a naive one made of lists, sets and slices.

use std::collections::{HashMap, HashSet, VecDeque};

use dataset::Group;
use proptest::prelude::*;

use super::kit::{Row, Style, benchmark, gzip, keyed, named, rows, write, zip, zstd};
use crate::upload::read_through;
use crate::{Benchmark, FASHION_IQ, Limits, Reading, Scorecard, Upload, read};

/// The ranking of each query: repeated pairs take the rows in the order of their occurrence.
fn by_query(group: &Group, written: &[Row], ids: bool) -> Vec<Vec<u32>> {
    let mut waiting: HashMap<(String, Vec<String>, String), VecDeque<usize>> = HashMap::new();
    let key = |q: usize| {
        let query = &group.queries[q];
        let id = if ids { query.id.clone() } else { String::new() };
        (query.reference.to_string(), query.captions.clone(), id)
    };
    for q in 0..group.queries.len() {
        waiting.entry(key(q)).or_default().push_back(q);
    }
    let mut rankings = vec![Vec::new(); group.queries.len()];
    for row in written {
        let q = waiting.get_mut(&key(row.query)).unwrap().pop_front().unwrap();
        rankings[q].clone_from(&row.ranking);
    }
    rankings
}

/// Recall@K as the paper says it: the share of targets among the first K.
fn recall(group: &Group, rankings: &[Vec<u32>], k: usize) -> f64 {
    let targets = group.targets.as_ref().unwrap();
    let of = |(q, ranking): (usize, &Vec<u32>)| {
        let first: HashSet<u32> = ranking.iter().take(k).copied().collect();
        let wanted: HashSet<u32> = targets.of(q).iter().copied().collect();
        first.intersection(&wanted).count() as f64 / wanted.len() as f64
    };
    rankings.iter().enumerate().map(of).sum::<f64>() / rankings.len() as f64
}

fn check(benchmark: &Benchmark, written: &[Vec<Row>], ids: bool, reading: &Reading) {
    let ranks = reading.ranks.as_ref().unwrap();
    let card = Scorecard::of(ranks, benchmark);
    let mut six = Vec::new();
    for (i, group) in benchmark.groups().iter().enumerate() {
        let rankings = by_query(group, &written[i], ids);
        let targets = group.targets.as_ref().unwrap();
        for (q, ranking) in rankings.iter().enumerate() {
            let place = |t: &u32| ranking.iter().position(|i| i == t).map_or(0, |p| p as u32 + 1);
            let expected: Vec<u32> = targets.of(q).iter().map(place).collect();
            assert_eq!(ranks.groups()[i].of(q), expected, "{} query {q}", group.name);
            assert_eq!(ranks.groups()[i].lengths()[q] as usize, ranking.len());
        }
        let expected = [recall(group, &rankings, 10), recall(group, &rankings, 50)];
        for (name, expected) in ["recall@10", "recall@50"].into_iter().zip(expected) {
            let value = card.score(name.parse().unwrap()).unwrap().groups[i].unwrap();
            assert!((value - expected).abs() < 1e-12, "{name}: {value} {expected}");
        }
        six.extend(expected);
    }
    let mean = six.iter().sum::<f64>() / six.len() as f64;
    assert!((card.overall() - mean).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn however_a_run_is_written_it_is_read_as_the_naive_scorer_reads_it(
        seed in any::<u64>(), shuffled in any::<bool>(), ids in any::<bool>(),
        pretty in any::<bool>(), escaped in any::<bool>(), container in 0..7, window in prop_oneof![1..40_usize, 60..5000_usize],
    ) {
        let benchmark = benchmark(seed);
        let rows = rows(&benchmark, seed);
        let style = Style { shuffled, ids, pretty, escaped, seed };
        let (files, written) = write(&benchmark, &rows, style);
        let (one, files) = (keyed(&files), named(&files));
        let bytes = match container {
            0 => one,
            1 => zip(&files),
            2 => gzip(&one),
            3 => zstd(&one),
            4 => gzip(&zip(&files)),
            5 => zstd(&zip(&files)),
            _ => Vec::new(),
        };
        let upload = match container {
            6 => Upload::Files(files),
            _ => Upload::Bytes { name: "run", bytes: &bytes },
        };
        let reading = read_through(&upload, &benchmark, &Limits::default(), window, &|| true);
        let reading = reading.map_err(|e| TestCaseError::fail(e.to_string()))?;
        check(&benchmark, &written, ids, &reading);
    }

    #[test]
    fn ranks_come_back_from_their_bytes_as_they_went_in(seed: u64) {
        let benchmark = benchmark(seed);
        let style =
            Style { shuffled: false, ids: false, pretty: false, escaped: false, seed };
        let (files, written) = write(&benchmark, &rows(&benchmark, seed), style);
        let bytes = keyed(&files);
        let upload = Upload::Bytes { name: "run", bytes: &bytes };
        let mut reading = read(&upload, &benchmark, &Limits::default()).unwrap();
        let kept = reading.ranks.as_ref().unwrap().to_bytes();
        reading.ranks = Some(crate::Ranks::from_bytes(&kept).unwrap());
        check(&benchmark, &written, false, &reading);
        prop_assert!(crate::Ranks::from_bytes(&kept[..kept.len() - 1]).is_err());
    }

    #[test]
    fn nothing_in_a_problem_depends_on_the_targets(seed: u64, other: u64) {
        let first = benchmark(seed);
        let mut groups = first.groups().to_vec();
        for group in &mut groups {
            // the same queries, asking for other items
            let items = group.gallery.len() as u64;
            let moved = |q: u64| vec![(q.wrapping_mul(other | 1).wrapping_add(other) % items) as u32];
            let targets = (0..group.queries.len() as u64).map(moved);
            group.targets = Some(dataset::Targets::new(targets));
        }
        let split = dataset::Split { name: "val".to_owned(), groups };
        let protocol = dataset::Protocol::Original;
        let second = Benchmark::new(&FASHION_IQ, split, protocol, dataset::Elsewhere::default());
        let style = Style { shuffled: other % 2 == 0, ids: false, pretty: false, escaped: false, seed };
        let (files, _) = write(&first, &rows(&first, seed), style);
        let mut bytes = keyed(&files);
        // one byte of the file becomes another
        let at = (other % bytes.len() as u64) as usize;
        bytes[at] = bytes[at].wrapping_add(1);
        let limits = Limits::default();
        let upload = Upload::Bytes { name: "run", bytes: &bytes };
        match (read(&upload, &first, &limits), read(&upload, &second, &limits)) {
            (Err(one), Err(two)) => prop_assert_eq!(one, two),
            (Ok(one), Ok(two)) => prop_assert_eq!(one.warnings, two.warnings),
            _ => prop_assert!(false, "one benchmark takes what the other refuses"),
        }
    }
}
