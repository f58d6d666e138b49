//! A valid run to start from.

use std::io::{self, Write};

use dataset::{Group, Query};
use rand::SeedableRng;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;

use crate::{Benchmark, GroupRun};

/// Writes a random, valid run of a benchmark in the official format of its task. A team replaces its
/// rankings with better ones.
///
/// Each ranking has as many random items as [it needs](Benchmark::need), each once and without the
/// reference. If the gallery is too small for that, it has all items, the reference last. The same
/// benchmark and seed give the same bytes, whatever the targets are.
pub fn write_template(mut out: impl Write, benchmark: &Benchmark, seed: u64) -> io::Result<()> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut run = |group| {
        let need = benchmark.need(group);
        let ranking = |query| ranking(group, query, need, &mut chance);
        GroupRun { group, rankings: group.queries.iter().map(ranking).collect() }
    };
    let runs: Vec<GroupRun<'_>> = benchmark.groups().iter().map(&mut run).collect();
    benchmark.task().write_run(&mut out, benchmark.split(), &runs)
}

fn ranking(group: &Group, query: &Query, need: usize, chance: &mut ChaCha8Rng) -> Vec<u32> {
    let items = group.gallery.len();
    let reference = group.gallery.index_of(query.reference.as_str().as_bytes());
    let others = items - usize::from(reference.is_some());
    let drawn = sample(chance, others, need.min(others)).into_iter().map(|i| i as u32);
    // the others are numbered as if the reference were not there
    let mut ranking: Vec<u32> =
        drawn.map(|i| i + u32::from(reference.is_some_and(|own| i >= own))).collect();
    if ranking.len() < need {
        ranking.extend(reference);
    }
    ranking
}
