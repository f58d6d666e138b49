//! What intervals and tests cost on runs of the size of Fashion IQ's test split, and how often intervals
//! hold the truth.

use std::hint::black_box;
use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scoring::statistics::{
    Cells, Design, Discordant, RESAMPLES, mcnemar, rank_intervals, resolution, sign_flip, wilson,
};
use scoring::{Measure, Ranks};

/// The queries of the three categories of the test split.
const QUERIES: [usize; 3] = [2_024, 2_038, 2_056];

/// Repetitions of a measurement, of which the median is printed.
const TIMES: usize = 7;

fn main() {
    let runs: Vec<Ranks> = (0..200).map(run).collect();
    println!("6,118 queries in three groups; medians of {TIMES}");
    let measures = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
    let recalls: Vec<Measure> = measures(&["recall@10", "recall@50", "mean_recall"]);
    let others: Vec<Measure> = measures(&["mrr@50", "ndcg@10"]);
    for (what, measures) in
        [("Recall@10, Recall@50 and overall", &recalls), ("MRR@50 and nDCG@10", &others)]
    {
        let cells = Cells::of(&runs[0], measures).unwrap();
        time(&format!("counting the values of {what}"), || Cells::of(&runs[0], measures));
        time(&format!("{RESAMPLES} resamples of {what}"), || cells.resampled(RESAMPLES, 1));
        time(&format!("the exact law of {what}"), || cells.intervals());
    }
    let pairs: Vec<Discordant> = (0..200_u64)
        .flat_map(|a| (0..a).map(move |b| Discordant { first: 300 + a, second: 320 + b }))
        .collect();
    time(&format!("exact McNemar tests of all {} pairs of 200 runs", pairs.len()), || {
        mcnemar(&pairs)
    });
    let differences: Vec<f64> = (0..6_118).map(|q| f64::from(q % 7) / 7.0 - 0.42).collect();
    time("10,000 sign flips of 6,118 differences", || sign_flip(&differences, 10_000, 1));
    let runs: Vec<&Ranks> = runs.iter().collect();
    time("rank intervals of 200 runs, 1,000 joint resamples", || {
        rank_intervals(&runs, recalls[2], 1_000, 1)
    });
    time("the resolution of the benchmark", || resolution(Design::usual(6_118, 0.13)));
    coverage();
}

/// A run that finds a third of the targets among the first 10 and half among the first 50, as it is stored.
fn run(seed: u64) -> Ranks {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut bytes = b"FIQR\x01\x03".to_vec();
    for (name, queries) in ["dress", "shirt", "toptee"].into_iter().zip(QUERIES) {
        bytes.push(name.len() as u8);
        bytes.extend_from_slice(name.as_bytes());
        // so many queries in two bytes of seven bits, one target each
        bytes.extend_from_slice(&[queries as u8 & 0x7f | 0x80, (queries >> 7) as u8, 1, 1]);
        let mut rank = || match random.random_range(0..100) {
            0..33 => random.random_range(1..=10_u8),
            33..50 => random.random_range(11..=50),
            _ => 0,
        };
        bytes.extend((0..queries).map(|_| rank()));
        bytes.extend_from_slice(&[1, 50]);
    }
    Ranks::from_bytes(&bytes).unwrap()
}

/// Prints how often intervals of simulated proportions hold the true one.
fn coverage() {
    const REPETITIONS: usize = 20_000;
    let mut random = ChaCha8Rng::seed_from_u64(1);
    println!("coverage of 95 % intervals, {REPETITIONS} simulated runs each");
    println!("  true p   2,024 queries");
    for p in [0.005, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9] {
        let hits = |random: &mut ChaCha8Rng, n: usize| {
            (0..n).filter(|_| random.random_bool(p)).count() as u64
        };
        let held = (0..REPETITIONS)
            .filter(|_| wilson(hits(&mut random, QUERIES[0]), QUERIES[0] as u64).contains(p))
            .count();
        println!("  {p:<8} {:.2} %", 100.0 * held as f64 / REPETITIONS as f64);
    }
}

fn time<T>(what: &str, mut work: impl FnMut() -> T) {
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            black_box(work());
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("  {what}: {:.2} ms ({:.2}-{:.2})", times[TIMES / 2], times[0], times[TIMES - 1]);
}
