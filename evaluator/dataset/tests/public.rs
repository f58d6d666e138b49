//! The two public documents of a split, and the errors for invalid ones.

use dataset::{Split, Targets, gallery_json, queries_json};
use proptest::prelude::*;

const QUERIES: &str = r#"{"dress":[{"query":"q1","candidate":"a","captions":["x","y"]}],
    "shirt":[{"query":"q2","candidate":"b","captions":["x"]}]}"#;
const GALLERY: &str = r#"{"shirt":["b","c"],"dress":["a","b"]}"#;

fn error(queries: &str, gallery: &str) -> String {
    Split::from_public("val", queries.as_bytes(), gallery.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_split_is_made_of_two_documents_with_its_groups_in_order() {
    let split = Split::from_public("val", QUERIES.as_bytes(), GALLERY.as_bytes()).unwrap();
    let names: Vec<&str> = split.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!((split.name.as_str(), names), ("val", vec!["dress", "shirt"]));
    assert_eq!(split.groups[0].queries[0].captions, ["x", "y"]);
    assert_eq!(split.groups[1].gallery.iter().collect::<Vec<_>>(), ["b", "c"]);
}

#[test]
fn the_documents_are_written_in_one_form_and_never_hold_a_target() {
    let mut split = Split::from_public("val", QUERIES.as_bytes(), GALLERY.as_bytes()).unwrap();
    let documents = |split: &Split| {
        [queries_json(&split.groups), gallery_json(&split.groups)]
            .map(|document| String::from_utf8(document).unwrap())
    };
    let expected =
        [QUERIES.replace("\n    ", ""), r#"{"dress":["a","b"],"shirt":["b","c"]}"#.to_owned()];
    assert_eq!(documents(&split), expected);
    for group in &mut split.groups {
        group.targets = Some(Targets::new([[1]]));
    }
    assert_eq!(documents(&split), expected);
}

#[test]
fn every_error_names_the_document_and_the_place() {
    let message = error("[]", GALLERY);
    assert!(
        message.starts_with("the queries: invalid type: sequence, expected a map"),
        "{message}"
    );
    let message = error(&QUERIES.replace("candidate", "reference"), GALLERY);
    assert!(message.starts_with("the queries: missing field `candidate` at line 1"), "{message}");
    assert_eq!(error(QUERIES, r#"{"dress":["a"]}"#), "the gallery: group `shirt` is missing");
    assert_eq!(
        error(QUERIES, &GALLERY.replace("\"shirt\"", "\"toptee\":[],\"shirt\"")),
        "the queries: group `toptee` is missing"
    );
    assert_eq!(error(QUERIES, &GALLERY.replace('c', "b")), "the gallery: shirt: duplicate item b");
    assert_eq!(
        error(&QUERIES.replace("q2", "q1"), GALLERY),
        "the queries: shirt: the id q1 is already used by another query"
    );
    assert_eq!(
        error(&QUERIES.replace("q2", ""), GALLERY),
        "the queries: shirt, row 0: a query id is empty"
    );
    assert_eq!(
        error(QUERIES, &GALLERY.replace('c', "\\n")),
        "the gallery: shirt, row 1: an item id contains control characters: \"\\n\""
    );
}

proptest! {
    #[test]
    fn no_harm_done_to_a_document_makes_the_reader_panic(
        which: bool, at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut documents = [QUERIES.as_bytes().to_vec(), GALLERY.as_bytes().to_vec()];
        let harmed = &mut documents[usize::from(which)];
        let from = at.index(harmed.len());
        let to = (from + 3).min(harmed.len());
        harmed.splice(from..to, bytes);
        if let Err(error) = Split::from_public("val", &documents[0], &documents[1]) {
            prop_assert!(error.to_string().len() > 10);
        }
    }
}
