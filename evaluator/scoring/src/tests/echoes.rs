//! Captions that programs have changed: they don't matter if the candidates are in the list's order.

use super::kit::{Row, Style, benchmark, rows, write};
use super::sentences::{good, refused, take};
use crate::{Limits, ProblemKind, Upload, read};

/// The file with a change applied to all captions.
fn changed(text: &str, change: impl Fn(Vec<String>) -> serde_json::Value) -> String {
    let mut rows: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
    for row in &mut rows {
        let captions: Vec<String> = serde_json::from_value(row["captions"].take()).unwrap();
        row["captions"] = change(captions);
    }
    serde_json::to_string(&rows).unwrap()
}

#[test]
fn captions_that_were_trimmed_joined_or_exchanged_are_one_warning() {
    let changes: [fn(Vec<String>) -> serde_json::Value; 6] = [
        |captions| captions.iter().map(|c| c.to_uppercase()).collect(),
        |captions| captions.iter().map(|c| format!(" {c} ")).collect(),
        |captions| captions.into_iter().rev().collect(),
        |captions| vec![captions.join(" and ")].into(),
        |captions| captions.join(" and ").into(),
        |_| serde_json::Value::Array(vec![]),
    ];
    let plain =
        take(&[("dress.predict.json", good("dress")), ("shirt.predict.json", good("shirt"))]);
    for change in changes {
        let files = ["dress", "shirt"].map(|group| changed(&good(group), change));
        let [dress, shirt] = files;
        let reading = take(&[("dress.predict.json", dress), ("shirt.predict.json", shirt)]);
        let warnings = &reading.warnings;
        assert_eq!(warnings.total(), 1, "{warnings}");
        assert_eq!(warnings.shown()[0].kind, ProblemKind::OtherCaptions);
        assert!(warnings.to_string().contains("6 objects have other captions"), "{warnings}");
        assert!(reading.ranks == plain.ranks);
    }
}

#[test]
fn other_captions_in_a_file_that_is_in_another_order_are_still_a_problem() {
    let text = changed(&good("dress"), |captions| captions.into_iter().rev().collect());
    let mut rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    rows.swap(1, 2);
    let text = serde_json::to_string(&rows).unwrap();
    let problems = refused(&[("dress.predict.json", text), ("shirt.predict.json", good("shirt"))]);
    assert!(problems.counts().contains_key(&ProblemKind::UnknownQuery), "{problems}");
}

#[test]
fn an_echo_does_not_hide_what_else_is_wrong() {
    let text = changed(&good("dress"), |captions| captions.into_iter().rev().collect());
    let mut rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    rows.pop();
    rows[1]["ranking"][2] = "NOWHERE".into();
    let text = serde_json::to_string(&rows).unwrap();
    let problems = refused(&[("dress.predict.json", text), ("shirt.predict.json", good("shirt"))]);
    let lines: Vec<&str> = problems.shown().iter().map(|p| p.message.as_str()).collect();
    let expected = [
        "dress.predict.json: query 1 (DRESS011): rank 3: NOWHERE is not in the dress test gallery",
        "dress.predict.json: query 2 (DRESS012): no answer",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn an_object_too_many_behind_other_captions_is_one_problem() {
    let text = changed(&good("dress"), |captions| captions.into_iter().rev().collect());
    let mut rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    rows.push(rows[0].clone());
    let text = serde_json::to_string(&rows).unwrap();
    let problems = refused(&[("dress.predict.json", text), ("shirt.predict.json", good("shirt"))]);
    assert_eq!(problems.total(), 1, "{problems}");
    assert!(problems.counts().contains_key(&ProblemKind::ExtraObject), "{problems}");
}

#[test]
fn ids_decide_wherever_they_are_given() {
    let with_ids = |group: &str| {
        let text = changed(&good(group), |captions| captions.join(", ").into());
        let mut rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        for (i, row) in rows.iter_mut().enumerate() {
            row["query"] = format!("{group}.test.{i}").into();
        }
        rows.rotate_left(1);
        serde_json::to_string(&rows).unwrap()
    };
    let files =
        [("dress.predict.json", with_ids("dress")), ("shirt.predict.json", with_ids("shirt"))];
    let plain =
        take(&[("dress.predict.json", good("dress")), ("shirt.predict.json", good("shirt"))]);
    assert!(take(&files).ranks == plain.ranks);
}

#[test]
fn a_file_whose_captions_match_exactly_is_read_by_them_even_where_candidates_are_in_order() {
    let mut seeds = 0;
    for seed in 0..200 {
        let benchmark = benchmark(seed);
        let mut rows: Vec<Vec<Row>> = rows(&benchmark, seed);
        // two adjacent queries with one reference and different captions
        let queries = &benchmark.groups()[0].queries;
        let pair = (1..queries.len()).find(|&i| {
            let (a, b) = (&queries[i - 1], &queries[i]);
            let same = |query: &&dataset::Query| {
                query.reference == a.reference && query.captions == a.captions
                    || query.reference == b.reference && query.captions == b.captions
            };
            a.reference == b.reference
                && a.captions != b.captions
                && queries.iter().filter(same).count() == 2
        });
        let Some(i) = pair else { continue };
        seeds += 1;
        let style = Style { shuffled: false, ids: false, pretty: false, escaped: false, seed: 1 };
        let score = |rows: &[Vec<Row>]| {
            let (files, _) = write(&benchmark, rows, style);
            let bytes = super::kit::keyed(&files);
            let upload = Upload::Bytes { name: "run", bytes: &bytes };
            read(&upload, &benchmark, &Limits::default()).unwrap().ranks
        };
        let before = score(&rows);
        rows[0].swap(i - 1, i);
        assert!(score(&rows) == before);
    }
    assert!(seeds > 0, "no benchmark has such a pair");
}
