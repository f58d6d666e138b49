//! A keyed benchmark is the same benchmark under other names, in another order.

use dataset::{Aliases, Elsewhere, Group, Key, Protocol, Split};
use proptest::prelude::*;

use super::kit::{Row, benchmark, rows};
use crate::{Benchmark, FASHION_IQ, GroupRun, Limits, Ranks, Scorecard, Upload, read, write_zip};

fn score(benchmark: &Benchmark, runs: &[GroupRun<'_>]) -> (Ranks, Scorecard) {
    let mut bytes = Vec::new();
    write_zip(&mut bytes, benchmark.split(), runs).unwrap();
    let upload = Upload::Bytes { name: "run.zip", bytes: &bytes };
    let ranks = read(&upload, benchmark, &Limits::default()).unwrap().ranks.unwrap();
    let card = Scorecard::of(&ranks, benchmark);
    (ranks, card)
}

/// The position of each keyed query in the original list.
fn originals(group: &Group, keyed: &Group, aliases: &Aliases) -> Vec<usize> {
    let position = |id: &str| group.queries.iter().position(|query| query.id == id).unwrap();
    keyed.queries.iter().map(|query| position(aliases.query(&query.id).unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_run_under_the_keyed_names_gets_the_same_ranks_and_score(seed: u64, key: [u8; 32]) {
        let key = Key::from_bytes(key);
        let before = benchmark(seed);
        let split = Split { name: "val".to_owned(), groups: before.groups().to_vec() };
        let aliases = Aliases::new(&split, &key).unwrap();
        let keyed = split.keyed(&key).unwrap();
        let after = Benchmark::new(&FASHION_IQ, keyed, Protocol::Original, Elsewhere::default());

        let rows = rows(&before, seed);
        let pairs = || before.groups().iter().zip(after.groups());
        let run = |group, rows: &Vec<Row>| {
            GroupRun { group, rankings: rows.iter().map(|row| row.ranking.clone()).collect() }
        };
        let runs: Vec<GroupRun<'_>> =
            before.groups().iter().zip(&rows).map(|(group, rows)| run(group, rows)).collect();
        let renamed = pairs().zip(&runs).map(|((group, keyed), run)| {
            let item = |&index: &u32| {
                let alias = aliases.alias(&group.name, group.gallery.item(index)).unwrap();
                keyed.gallery.index_of(alias.as_bytes()).unwrap()
            };
            let ranking = |q: usize| run.rankings[q].iter().map(item).collect();
            let rankings = originals(group, keyed, &aliases).into_iter().map(ranking).collect();
            GroupRun { group: keyed, rankings }
        });
        let renamed: Vec<GroupRun<'_>> = renamed.collect();

        let ((ranks, card), (keyed_ranks, keyed_card)) =
            (score(&before, &runs), score(&after, &renamed));
        for (i, (group, keyed)) in pairs().enumerate() {
            for (q, original) in originals(group, keyed, &aliases).into_iter().enumerate() {
                prop_assert_eq!(keyed_ranks.groups()[i].of(q), ranks.groups()[i].of(original));
            }
        }
        // the sums run in another order
        prop_assert!((card.overall() - keyed_card.overall()).abs() < 1e-12);
    }
}
