//! What the official files give away. Feature `official`: they are in the folder `FASHION_IQ_DATA`.
#![cfg(feature = "official")]

use std::collections::BTreeMap;

use dataset::{Folder, Protocol, Split};
use scoring::audit::{Audited, Finding, FirstItems, audit, misses};
use scoring::{Benchmark, FASHION_IQ, Limits, Upload, read};

fn official() -> Folder {
    Folder::new(std::env::var("FASHION_IQ_DATA").expect("FASHION_IQ_DATA names the official data"))
}

fn split(folder: &Folder, name: &str) -> Split {
    folder.split(name, Protocol::Original).unwrap()
}

fn findings(folder: &Folder, name: &str) -> Vec<Finding> {
    let own = split(folder, name);
    let others = ["train", "val", "test"].into_iter().filter(|other| *other != name);
    let others: Vec<Split> = others.map(|other| split(folder, other)).collect();
    let photos = |group: &dataset::Group| (group.name.clone(), folder.photos(&group.name).unwrap());
    let photos: BTreeMap<_, _> = own.groups.iter().map(photos).collect();
    audit(&Audited { split: &own, others: &others, photos: &photos, seed: 1 })
}

/// The groups in which a check found something.
fn found(findings: &[Finding], check: &str) -> Vec<String> {
    let of =
        findings.iter().filter(|finding| finding.check.name == check && finding.is_something());
    of.map(|finding| finding.group.clone()).collect()
}

/// Recall in percent, at 10 and 50 in each group, and the mean of six.
fn recall(findings: &[Finding], check: &str) -> (Vec<String>, String) {
    let of = findings.iter().filter(|finding| finding.check.name == check);
    let values: Vec<f64> = of
        .filter_map(|finding| finding.recall_alone)
        .flat_map(|recall| [100.0 * recall.at_10, 100.0 * recall.at_50])
        .collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|value| format!("{value:.2}")).collect(), format!("{mean:.2}"))
}

const ALL: [&str; 3] = ["dress", "shirt", "toptee"];
const NONE: [&str; 0] = [];

#[test]
fn vals_order_and_ids_tell_its_targets() {
    // each number was computed apart from this program
    let findings = findings(&official(), "val");
    let (values, mean) = recall(&findings, "order");
    assert_eq!(values, ["30.24", "94.15", "2.80", "14.87", "2.29", "12.75"]);
    assert_eq!(mean, "26.18");
    let (values, mean) = recall(&findings, "ids");
    assert_eq!(values, ["3.07", "5.16", "2.99", "4.22", "3.67", "4.95"]);
    assert_eq!(mean, "4.01");
    for check in ["order", "ids", "repeated_rows", "shared_photos"] {
        assert_eq!(found(&findings, check), ALL, "{check}");
    }
    assert_eq!(found(&findings, "shared_items"), ["shirt", "toptee"]);
    let quiet = [
        "reference_position",
        "places",
        "references_as_targets",
        "repeated_targets",
        "outside",
        "own_targets",
    ];
    for check in quiet {
        assert_eq!(found(&findings, check), NONE, "{check}");
    }
    let what = |check: &str| {
        let of = findings.iter().find(|f| f.check.name == check && f.group == "dress");
        of.unwrap().what.clone()
    };
    assert!(what("repeated_rows").starts_with("7 of 2017 rows"), "{}", what("repeated_rows"));
    let photos = what("shared_photos");
    assert!(
        photos.starts_with("158 of 3817 items") && photos.contains("44 queries, and 4 show"),
        "{photos}"
    );
}

#[test]
fn test_has_no_targets_here_and_little_is_found_without() {
    let findings = findings(&official(), "test");
    let checks: std::collections::BTreeSet<&str> =
        findings.iter().map(|finding| finding.check.name).collect();
    let needs_none = ["outside", "repeated_rows", "shared_items", "shared_photos"];
    assert_eq!(checks.into_iter().collect::<Vec<_>>(), needs_none);
    assert_eq!(found(&findings, "shared_items"), ["shirt", "toptee"]);
}

#[test]
fn the_misses_of_a_real_submission_have_nothing_to_do_with_the_order() {
    let folder = official();
    let val = Benchmark::new(
        &FASHION_IQ,
        split(&folder, "val"),
        Protocol::Original,
        folder.elsewhere("val").unwrap(),
    );
    let file = |group: &str| {
        let name = format!("{group}.predict.json");
        let path = folder.path().join("example_submission_val").join(&name);
        (name, std::fs::read(path).unwrap())
    };
    let upload = Upload::Files(ALL.map(file).into());
    let reading = read(&upload, &val, &Limits::default()).unwrap();
    let firsts: Vec<_> = val.groups().iter().zip(&reading.first_items).collect();
    let firsts: Vec<_> = firsts.iter().map(|(group, items)| FirstItems { group, items }).collect();
    let misses = misses(&firsts, 1);
    assert!(misses.groups.iter().all(|group| group.misses > 1900), "{misses:?}");
    assert!(misses.z_by_order.unwrap().abs() < 3.0 && !misses.is_conspicuous(), "{misses:?}");
}
