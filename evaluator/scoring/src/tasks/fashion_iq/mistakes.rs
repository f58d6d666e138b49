//! Mistakes that only this format allows, for organisers who want to see the messages that teams get.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::GroupRun;

/// One object without captions, so that only its position says which query it answers.
#[derive(Serialize)]
struct Bare<'a> {
    candidate: &'a str,
    ranking: Vec<&'a str>,
}

/// A run with its rows in another order and without captions.
pub(super) fn shuffled(runs: &[GroupRun<'_>]) -> Vec<u8> {
    let bare = |run: &GroupRun<'_>| {
        let rows = run.group.queries.iter().zip(&run.rankings).rev();
        let row = |(query, ranking): (&dataset::Query, &Vec<u32>)| {
            serde_json::to_value(Bare {
                candidate: query.reference.as_str(),
                ranking: ranking.iter().map(|&item| run.group.gallery.item(item)).collect(),
            })
        };
        let rows: serde_json::Value = rows.filter_map(|row_of| row(row_of).ok()).collect();
        (run.group.name.clone(), rows)
    };
    let groups: BTreeMap<String, serde_json::Value> = runs.iter().map(bare).collect();
    serde_json::to_vec(&groups).expect("lists and maps of strings can always be written")
}
