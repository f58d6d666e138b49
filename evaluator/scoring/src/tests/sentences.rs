//! The sentences that a team reads.

use dataset::{Elsewhere, Gallery, Group, ItemId, Protocol, Query, Split, Targets};

use super::kit::zip;
use crate::{Benchmark, FASHION_IQ, Limits, ProblemKind, Problems, Reading, Upload, read};

fn gallery(prefix: &str, items: usize) -> Gallery {
    Gallery::new((0..items).map(|i| ItemId::new(&format!("{prefix}{i:03}")).unwrap())).unwrap()
}

/// Two groups of three queries and 60 items, on split test; val has 5 items of its own.
pub(super) fn benchmark() -> Benchmark {
    let group = |name: &str| {
        let prefix = name.to_uppercase();
        let query = |i: usize| Query {
            id: format!("{name}.test.{i}"),
            reference: ItemId::new(&format!("{prefix}{:03}", 10 + i)).unwrap(),
            captions: vec!["is red".to_owned(), format!("and {}", i / 2)],
        };
        Group {
            name: name.to_owned(),
            gallery: gallery(&prefix, 60),
            queries: (0..3).map(query).collect(),
            targets: Some(Targets::new([[1], [2], [3]])),
            sessions: vec![],
        }
    };
    let split = Split { name: "test".to_owned(), groups: vec![group("dress"), group("shirt")] };
    let val = ("val".to_owned(), "dress".to_owned(), gallery("VAL", 5));
    Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::new([val]))
}

/// An object of a file: the reference, and the numbers of the items ranked.
fn object(group: &str, query: usize, ranking: &[String]) -> String {
    let prefix = group.to_uppercase();
    let captions = format!("[\"is red\",\"and {}\"]", query / 2);
    format!(
        "{{\"candidate\":\"{prefix}{:03}\",\"captions\":{captions},\"ranking\":{ranking:?}}}",
        10 + query
    )
}

pub(super) fn ids(group: &str, items: impl Iterator<Item = usize>) -> Vec<String> {
    items.map(|i| format!("{}{i:03}", group.to_uppercase())).collect()
}

pub(super) fn file(group: &str, change: impl Fn(usize, &mut Vec<String>)) -> String {
    let objects: Vec<String> = (0..3)
        .map(|query| {
            let mut ranking = ids(group, (0..60).filter(|i| *i != 10 + query).take(50));
            change(query, &mut ranking);
            object(group, query, &ranking)
        })
        .collect();
    format!("[{}]", objects.join(","))
}

pub(super) fn refused(files: &[(&str, String)]) -> Problems {
    let owned = |(name, text): &(&str, String)| ((*name).to_owned(), text.clone().into_bytes());
    let bytes = zip(&files.iter().map(owned).collect::<Vec<_>>());
    let upload = Upload::Bytes { name: "run.zip", bytes: &bytes };
    read(&upload, &benchmark(), &Limits::default()).unwrap_err()
}

pub(super) fn take(files: &[(&str, String)]) -> Reading {
    let owned = |(name, text): &(&str, String)| ((*name).to_owned(), text.clone().into_bytes());
    let bytes = zip(&files.iter().map(owned).collect::<Vec<_>>());
    let upload = Upload::Bytes { name: "run.zip", bytes: &bytes };
    read(&upload, &benchmark(), &Limits::default()).unwrap()
}

pub(super) fn good(group: &str) -> String {
    file(group, |_, _| {})
}

pub(super) fn lines(problems: &Problems) -> Vec<&str> {
    problems.shown().iter().map(|p| p.message.as_str()).collect()
}

#[test]
fn each_problem_names_its_file_its_query_and_its_place() {
    let dress = file("dress", |query, ranking| match query {
        0 => {
            ranking[11] = "NOWHERE".to_owned();
            ranking[12] = "VAL003".to_owned();
        }
        1 => ranking.truncate(48),
        _ => ranking[16] = ranking[2].clone(),
    });
    let shirt = file("shirt", |query, ranking| match query {
        0 => ranking[3] = "VAL004".to_owned(),
        1 => ranking[4] = "DRESS005".to_owned(),
        _ => {}
    });
    let problems = refused(&[("dress.predict.json", dress), ("shirt.predict.json", shirt)]);
    assert_eq!(
        lines(&problems),
        [
            "dress.predict.json: query 0 (DRESS010): rank 12: NOWHERE is not in the dress test gallery",
            "dress.predict.json: query 0 (DRESS010): rank 13: VAL003 is not in the dress test gallery \
             (it is in val's: was this file made for val?)",
            "dress.predict.json: query 1 (DRESS011): 48 items, need 50",
            "dress.predict.json: query 2 (DRESS012): DRESS002 appears at ranks 3 and 17",
            "shirt.predict.json: query 0 (SHIRT010): rank 4: VAL004 is not in the shirt test gallery \
             (it is in the dress val gallery)",
            "shirt.predict.json: query 1 (SHIRT011): rank 5: DRESS005 is not in the shirt test gallery \
             (it is in the dress's: was this file made for dress?)",
        ]
    );
    let second = &problems.shown()[2];
    assert_eq!((second.kind, second.query), (ProblemKind::WrongLength, Some(1)));
    assert_eq!(second.query_id.as_deref(), Some("dress.test.1"));
}

#[test]
fn a_missing_category_is_named_with_what_was_found() {
    let problems = refused(&[("dress.predict.json", good("dress")), ("tops.json", good("shirt"))]);
    let expected = "the zip has no shirt.predict.json (found: dress.predict.json, tops.json)";
    assert_eq!(lines(&problems), [expected]);
}

#[test]
fn broken_json_is_told_by_line_and_column_and_the_other_file_is_still_read() {
    let broken = good("dress").replacen("},{", "},\n  {,", 1);
    let short = file("shirt", |query, ranking| ranking.truncate(50 - query));
    let problems = refused(&[("dress.predict.json", broken), ("shirt.predict.json", short)]);
    let first = &problems.shown()[0];
    assert_eq!((first.kind, first.line, first.column), (ProblemKind::BrokenJson, Some(2), Some(4)));
    let counts = problems.counts();
    assert_eq!(counts.get(&ProblemKind::WrongLength), Some(&2), "{problems}");
}

#[test]
fn a_file_of_another_order_without_captions_cannot_be_matched() {
    let text = good("dress");
    let captions = regexless_cut(&text);
    let objects: Vec<&str> = captions.trim_matches(['[', ']']).split("},").collect();
    let turned = format!("[{}}},{}}},{}]", objects[1], objects[0], objects[2]);
    let files = [("dress.predict.json", turned), ("shirt.predict.json", good("shirt"))];
    let problems = refused(&files);
    assert!(problems.counts().contains_key(&ProblemKind::OutOfOrder), "{problems}");
}

/// The file without its captions.
fn regexless_cut(text: &str) -> String {
    let mut out = text.to_owned();
    while let Some(from) = out.find("\"captions\":[") {
        let to = from + out[from..].find("],").unwrap() + 2;
        out.replace_range(from..to, "");
    }
    out
}

#[test]
fn too_few_too_many_and_twice_answered_queries_are_problems() {
    let text = good("dress");
    let objects: Vec<&str> = text.trim_matches(['[', ']']).split(",{").collect();
    let short = format!("[{},{{{}]", objects[0], objects[1]);
    let files =
        |dress: String| [("dress.predict.json", dress), ("shirt.predict.json", good("shirt"))];
    let problems = refused(&files(short + "]"));
    assert!(problems.counts().contains_key(&ProblemKind::MissingQuery), "{problems}");
    let long = text.replacen('[', &format!("[{},", objects[0]), 1);
    let problems = refused(&files(long));
    let kinds = problems.counts();
    let told = [ProblemKind::AnsweredTwice, ProblemKind::ExtraObject];
    assert!(told.iter().any(|kind| kinds.contains_key(kind)), "{problems}");
}
