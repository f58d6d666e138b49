//! Recorded sessions: what is read, what is refused, and what is published.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dataset::{
    Aliases, Folder, Group, Key, Protocol, PublishedFiles, PublishedSplit, Split, TargetsIn,
};
use proptest::prelude::*;

const SESSIONS: &str = r#"[
    {"target": ["http://x/t", "t"],
     "reference": [["http://x/b", ["is red"], "b"], ["http://x/c", ["is red", "is long"], "c"]]},
    {"target": ["http://x/a", "a"], "reference": [["http://x/c", ["is blue"], "c"]]}
]"#;

fn folder(sessions: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for sub in ["multi_turn", "image_splits"] {
        fs::create_dir(dir.path().join(sub)).unwrap();
    }
    fs::write(dir.path().join("multi_turn/dress.val.json"), sessions).unwrap();
    fs::write(dir.path().join("image_splits/split.dress.val.json"), r#"["z","b","a"]"#).unwrap();
    dir
}

fn read(dir: &Path) -> dataset::Result<Split> {
    Folder::new(dir).split("val", Protocol::MultiTurn)
}

fn error(sessions: &[u8]) -> String {
    let dir = folder(sessions);
    let error = read(dir.path()).unwrap_err().to_string();
    error.replace(&dir.path().display().to_string(), "DIR")
}

fn without_targets() -> String {
    SESSIONS
        .replace(r#""target": ["http://x/t", "t"],"#, "")
        .replace(r#""target": ["http://x/a", "a"], "#, "")
}

fn ids(group: &Group) -> Vec<&str> {
    group.queries.iter().map(|query| query.id.as_str()).collect()
}

fn targets(group: &Group) -> Vec<Vec<&str>> {
    let targets = group.targets.as_ref().unwrap();
    let of = |q| targets.of(q).iter().map(|&index| group.gallery.item(index)).collect();
    (0..targets.queries()).map(of).collect()
}

#[test]
fn each_turn_is_a_query_and_all_items_are_in_the_gallery_in_the_order_of_ids() {
    let split = read(folder(SESSIONS.as_bytes()).path()).unwrap();
    let [group] = &split.groups[..] else { panic!("one group") };
    assert_eq!(ids(group), ["dress.val.0:1", "dress.val.0:2", "dress.val.1:1"]);
    assert_eq!(group.sessions, [2, 1]);
    assert_eq!(group.queries[1].captions, ["is red", "is long"]);
    assert_eq!(group.queries[1].reference.as_str(), "c");
    assert_eq!(group.gallery.iter().collect::<Vec<_>>(), ["a", "b", "c", "t", "z"]);
    assert_eq!(targets(group), [["t"], ["t"], ["a"]]);
    let firsts = group.first_turns();
    assert_eq!(ids(&firsts), ["dress.val.0:1", "dress.val.1:1"]);
    assert_eq!(targets(&firsts), [["t"], ["a"]]);
}

#[test]
fn hidden_targets_name_sessions_and_are_not_added_to_the_gallery() {
    let dir = folder(without_targets().as_bytes());
    let mut split = read(dir.path()).unwrap();
    assert!(split.groups[0].targets.is_none());
    assert_eq!(split.groups[0].gallery.iter().collect::<Vec<_>>(), ["a", "b", "c", "z"]);
    let mut read_targets = |targets: &str| {
        let path = dir.path().join("targets.json");
        fs::write(&path, targets).unwrap();
        split.read_targets(&path).map_err(|e| e.to_string())?;
        Ok::<_, String>(targets_of(&split))
    };
    let found = read_targets(r#"{"dress.val.0":"z","dress.val.1":["b","a"]}"#).unwrap();
    assert_eq!(found, [vec!["z"], vec!["z"], vec!["b", "a"]]);
    let missing = read_targets(r#"{"dress.val.0":"z"}"#).unwrap_err();
    assert!(missing.ends_with("session dress.val.1 has no target"), "{missing}");
    let turn = r#"{"dress.val.0":"z","dress.val.1":"b","dress.val.0:1":"z"}"#;
    let turn = read_targets(turn).unwrap_err();
    assert!(turn.ends_with("dress.val.0:1 is not a session of split val"), "{turn}");
    let outside = read_targets(r#"{"dress.val.0":"t","dress.val.1":"b"}"#).unwrap_err();
    assert!(outside.ends_with("dress: a target is not in the gallery"), "{outside}");
}

fn targets_of(split: &Split) -> Vec<Vec<String>> {
    let owned = |items: Vec<&str>| items.into_iter().map(str::to_owned).collect();
    targets(&split.groups[0]).into_iter().map(owned).collect()
}

#[test]
fn every_error_names_the_file_the_session_and_the_turn() {
    let file = "DIR/multi_turn/dress.val.json";
    let target = r#""target":["","a"]"#;
    let session = |reference: &str| format!(r#"[{{{target},"reference":{reference}}}]"#);
    for (sessions, expected) in [
        ("[".to_owned(), "EOF while parsing a list at line 1 column 1"),
        (r#"{"a":1}"#.to_owned(), "invalid type: map, expected a sequence at line 1 column 0"),
        (session("[]"), "session 0: it has no turns"),
        (format!("[{{{target}}}]"), "session 0: missing field `reference`"),
        (
            session(r#"[["",["x"],"a"],["",["x"],["a","b"]]]"#),
            "session 0: turn 2: expected [address, [captions], item]: invalid type: sequence, expected a string",
        ),
        (
            session(r#"[["",["x"]]]"#),
            "session 0: turn 1: expected [address, [captions], item]: invalid length 2, expected a tuple of size 3",
        ),
        (session(r#"[["",["x"],""]]"#), "session 0: turn 1: an item id is empty"),
        (session(r#"[["",[],"a"]]"#), "session 0: turn 1: it has no captions"),
        (
            r#"[{"target":"secret","reference":[["",["x"],"a"]]}]"#.to_owned(),
            "session 0: the target is not [address, item]",
        ),
        (
            format!(r#"[{{{target},"reference":[["",["x"],"a"]]}},{{"reference":[["",["x"],"a"]]}}]"#),
            "1 of 2 sessions have a target; all or none must",
        ),
        (
            r#"[{"session":"s","reference":[["",["x"],"a"]]},{"session":"s","reference":[["",["x"],"b"]]}]"#
                .to_owned(),
            "the id s is already used by another session",
        ),
    ] {
        assert_eq!(error(sessions.as_bytes()), format!("{file}: {expected}"), "{sessions}");
    }
    let utf_16: Vec<u8> = SESSIONS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(error(&utf_16), format!("{file}: encoded as UTF-16: save it as UTF-8"));
}

#[test]
fn a_folder_without_sessions_or_without_a_gallery_says_what_is_missing() {
    let dir = folder(SESSIONS.as_bytes());
    let data = Folder::new(dir.path());
    let said =
        |error: dataset::Error| error.to_string().replace(&dir.path().display().to_string(), "DIR");
    assert_eq!(
        said(data.split("test", Protocol::MultiTurn).unwrap_err()),
        "DIR has no sessions of split `test`: it has no multi_turn/{category}.test.json"
    );
    let original = said(data.split("val", Protocol::Original).unwrap_err());
    assert!(original.starts_with("DIR is not a Fashion IQ data set"), "{original}");
    assert!(data.elsewhere("val").unwrap().find("dress", b"a").is_none());
    fs::remove_file(dir.path().join("image_splits/split.dress.val.json")).unwrap();
    let gallery = said(read(dir.path()).unwrap_err());
    assert!(gallery.starts_with("DIR/image_splits/split.dress.val.json: "), "{gallery}");
}

/// The split written as it is published, and read again.
fn published(split: &Split, targets: TargetsIn) -> Split {
    let (attributes, item_captions, pictures, photos) = <_>::default();
    let published = PublishedSplit {
        split,
        targets,
        attributes: &attributes,
        item_captions: &item_captions,
        pictures: &pictures,
        photos: &photos,
    };
    let dir = tempfile::tempdir().unwrap();
    PublishedFiles::of(&dataset::FashionIq, &[published]).unwrap().write(dir.path()).unwrap();
    read(dir.path()).unwrap()
}

#[test]
fn what_is_published_is_read_back_with_the_same_ids_and_order_with_or_without_targets() {
    let split = read(folder(SESSIONS.as_bytes()).path()).unwrap();
    let keyed = split.keyed(&Key::from_bytes([9; 32])).unwrap();
    for split in [&split, &keyed] {
        let open = published(split, TargetsIn::Queries);
        let closed = published(split, TargetsIn::Nothing);
        for (read, group) in [&open, &closed].map(|it| (&it.groups[0], &split.groups[0])) {
            assert_eq!((&read.queries, &read.sessions), (&group.queries, &group.sessions));
            assert!(read.gallery.iter().eq(group.gallery.iter()));
        }
        assert_eq!(targets(&open.groups[0]), targets(&split.groups[0]));
        assert!(closed.groups[0].targets.is_none());
    }
}

#[test]
fn keyed_sessions_keep_their_turns_together_and_lead_to_the_same_targets() {
    let sessions: Vec<String> = (0..40)
        .map(|i| {
            let turns: Vec<String> =
                (0..=i % 4).map(|turn| format!(r#"["",["{i} {turn}"],"i{turn}"]"#)).collect();
            format!(r#"{{"target":["","t{i}"],"reference":[{}]}}"#, turns.join(","))
        })
        .collect();
    let dir = folder(format!("[{}]", sessions.join(",")).as_bytes());
    let split = read(dir.path()).unwrap();
    let key = Key::from_bytes([3; 32]);
    let (keyed, aliases) = (split.keyed(&key).unwrap(), Aliases::new(&split, &key).unwrap());
    let (before, after) = (&split.groups[0], &keyed.groups[0]);
    assert_ne!(before.sessions, after.sessions, "they are in another order");
    let known: BTreeMap<&str, usize> =
        before.queries.iter().enumerate().map(|(at, query)| (query.id.as_str(), at)).collect();
    for (first, turns) in after.sessions() {
        let (session, _) = turns[0].id.rsplit_once(':').unwrap();
        for (at, turn) in turns.iter().enumerate() {
            assert_eq!(turn.id, format!("{session}:{}", at + 1));
            let original = known[aliases.query(&turn.id).unwrap()];
            assert_eq!(turn.captions, before.queries[original].captions);
            let alias = targets(after)[first + at][0];
            assert_eq!(aliases.item(alias).unwrap().1, targets(before)[original][0]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_harm_done_to_a_file_makes_the_reader_panic(
        at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut harmed = SESSIONS.as_bytes().to_vec();
        let from = at.index(harmed.len());
        let to = (from + 3).min(harmed.len());
        harmed.splice(from..to, bytes);
        if let Err(error) = read(folder(&harmed).path()) {
            prop_assert!(error.to_string().contains("dress.val.json"), "{error}");
        }
    }
}
