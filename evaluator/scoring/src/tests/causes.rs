//! One sentence for what most of a file's problems have in common.

use super::kit::{zip, zstd};
use super::sentences::{benchmark, file, good, lines, refused};
use crate::{Limits, ProblemKind, Problems, Upload, read};

fn of_bytes(bytes: &[u8]) -> Problems {
    let upload = Upload::Bytes { name: "the upload", bytes };
    read(&upload, &benchmark(), &Limits::default()).unwrap_err()
}

/// A run with a change applied to its ranked ids.
fn with_ids(change: impl Fn(&str) -> String) -> Problems {
    let of =
        |group: &str| file(group, |_, ranking| ranking.iter_mut().for_each(|id| *id = change(id)));
    refused(&[("dress.predict.json", of("dress")), ("shirt.predict.json", of("shirt"))])
}

/// Asserts that the first problem has that kind, and is the only one of it.
fn leads(problems: &Problems, kind: ProblemKind) -> String {
    let first = &problems.shown()[0];
    assert_eq!((first.kind, problems.counts()[&kind]), (kind, 1), "{problems}");
    assert!(problems.shown().len() <= 4, "{problems}");
    let told = problems.to_string();
    let more = problems.total() - problems.shown().len();
    assert!(more == 0 || told.ends_with(&format!("... and {more} more")), "{told}");
    first.message.clone()
}

#[test]
fn ids_in_another_spelling_are_one_sentence() {
    let files = "dress.predict.json, shirt.predict.json: write ids as they are in the gallery";
    for (change, advice) in [
        ((|id: &str| format!("{id}.png")) as fn(&str) -> String, "without `.png`"),
        (|id| format!("images/{id}.jpg"), "without `.jpg` and folders"),
        (|id| format!("C:\\x\\{id}"), "without folders"),
        (|id| id.to_lowercase(), "in the gallery's upper and lower case"),
        (|id| format!("{id} "), "without spaces around them"),
        (
            |id| format!(" {}.PNG", id.to_lowercase()),
            "without `.PNG` and spaces around them, in the gallery's upper and lower case",
        ),
    ] {
        let problems = with_ids(change);
        let told = leads(&problems, ProblemKind::IdSpelling);
        let expected =
            format!("{files}, {advice}: 300 of 300 ranked items are written differently, such as ");
        assert!(told.starts_with(&expected), "{told}");
        assert_eq!(problems.counts()[&ProblemKind::UnknownItem], 300);
        assert!(!problems.is_unrelated());
    }
    assert!(with_ids(|id| format!("{id} ")).to_string().contains("\"DRESS000 \""));
}

#[test]
fn positions_in_place_of_ids_are_one_sentence() {
    let problems = with_ids(|id| id[id.len() - 2..].to_owned());
    let told = leads(&problems, ProblemKind::PositionsForIds);
    assert!(told.contains("write item ids, not positions in the gallery: 300 of 300"), "{told}");
    let numbers: Vec<serde_json::Value> = serde_json::from_str(&good("dress")).unwrap();
    let numbers: Vec<_> = numbers
        .into_iter()
        .map(|mut row| {
            row["ranking"] = (0..50).collect();
            row
        })
        .collect();
    let numbers = serde_json::to_string(&numbers).unwrap();
    let problems =
        refused(&[("dress.predict.json", numbers), ("shirt.predict.json", good("shirt"))]);
    let told = leads(&problems, ProblemKind::PositionsForIds);
    assert!(told.starts_with("dress.predict.json: write item ids"), "{told}");
}

#[test]
fn a_run_of_another_split_is_one_sentence_and_no_run_of_this_benchmark() {
    let of = |group: &str| {
        file(group, |_, ranking| {
            *ranking = (0..50).map(|i| format!("VAL{:03}", i % 5)).collect();
        })
        .replace(&group.to_uppercase(), "VAL")
    };
    let files = [("dress.predict.json", of("dress")), ("shirt.predict.json", of("shirt"))];
    let problems = refused(&files);
    let told = leads(&problems, ProblemKind::WrongSplit);
    assert!(told.contains("made for split val, but this is split test: 300 of 300"), "{told}");
    assert!(problems.is_unrelated());
    // with one file of this split it is a run of it
    let [dress, _] = files;
    let problems = refused(&[dress, ("shirt.predict.json", good("shirt"))]);
    assert_eq!(problems.shown()[0].kind, ProblemKind::WrongSplit);
    assert!(!problems.is_unrelated());
}

#[test]
fn a_run_of_another_data_set_is_one_sentence() {
    let of = |group: &str| good(group).replace(&group.to_uppercase(), "ELSE");
    let problems =
        refused(&[("dress.predict.json", of("dress")), ("shirt.predict.json", of("shirt"))]);
    let told = leads(&problems, ProblemKind::OtherData);
    assert!(told.contains("300 of 300 ranked items, such as ELSE000"), "{told}");
    assert!(problems.is_unrelated());
}

#[test]
fn exchanged_categories_are_one_sentence() {
    let problems =
        refused(&[("dress.predict.json", good("shirt")), ("shirt.predict.json", good("dress"))]);
    let told = leads(&problems, ProblemKind::WrongGroup);
    assert_eq!(
        told,
        "the categories are swapped: shirt.predict.json has the items of dress, \
         dress.predict.json has the items of shirt"
    );
    assert!(!problems.is_unrelated());
    let problems =
        refused(&[("dress.predict.json", good("shirt")), ("shirt.predict.json", good("shirt"))]);
    let told = leads(&problems, ProblemKind::WrongGroup);
    assert!(told.starts_with("dress.predict.json: made for shirt"), "{told}");
}

#[test]
fn objects_that_are_repeated_or_split_by_caption_are_one_sentence() {
    let rows =
        |group: &str| -> Vec<serde_json::Value> { serde_json::from_str(&good(group)).unwrap() };
    let text = |rows: &[serde_json::Value]| serde_json::to_string(rows).unwrap();
    let twice = |group: &str| {
        text(&rows(group).into_iter().flat_map(|row| [row.clone(), row]).collect::<Vec<_>>())
    };
    let again = |group: &str| text(&[rows(group), rows(group)].concat());
    let by_caption = |group: &str| {
        let split = |row: serde_json::Value| {
            let captions = row["captions"].as_array().unwrap().clone();
            captions.into_iter().map(move |caption| {
                let mut row = row.clone();
                row["captions"] = vec![caption].into();
                row
            })
        };
        text(&rows(group).into_iter().flat_map(split).collect::<Vec<_>>())
    };
    let both = |of: &dyn Fn(&str) -> String| {
        refused(&[("dress.predict.json", of("dress")), ("shirt.predict.json", of("shirt"))])
    };
    let told = leads(&both(&twice), ProblemKind::RepeatedObjects);
    assert!(
        told.contains("each object appears more than once: 12 objects for 6 queries"),
        "{told}"
    );
    let told = leads(&both(&again), ProblemKind::RepeatedObjects);
    assert!(told.contains("answered again from its start"), "{told}");
    let told = leads(&both(&by_caption), ProblemKind::ObjectPerCaption);
    assert!(told.contains("one object per caption: 12 objects for 6 queries"), "{told}");
}

#[test]
fn one_bad_ranking_is_no_cause_of_anything() {
    let dress = file("dress", |query, ranking| {
        if query == 0 {
            for id in ranking {
                id.push_str(".png");
            }
        }
    });
    let problems = refused(&[("dress.predict.json", dress), ("shirt.predict.json", good("shirt"))]);
    assert_eq!(problems.counts().len(), 1, "{problems}");
    assert!(problems.shown().len() == 50);
}

#[test]
fn what_is_no_run_is_said_once_with_the_shape_of_one() {
    let shape = "a run is {\"dress\": [{\"candidate\": \"DRESS010\", \"captions\": [\"…\", \"…\"], \
                 \"ranking\": [\"DRESS000\", \"DRESS001\", …]}, …], \"shirt\": […]}";
    let flat: std::collections::BTreeMap<_, _> =
        (0..200).map(|i| (i.to_string(), vec!["a", "b"])).collect();
    let flat = serde_json::to_vec(&flat).unwrap();
    let arrays = format!("[{},{}]", good("dress"), good("shirt"));
    let wrapped = format!("{{\"version\":\"rc2\",\"predictions\":{}}}", good("dress"));
    let row = good("dress");
    let row = row[1..row.len() - 1].split_inclusive("]}").next().unwrap();
    for (bytes, told) in [
        (flat.as_slice(), "and 190 more), not categories"),
        (arrays.as_bytes(), "an array whose first element is an array"),
        (wrapped.as_bytes(), "its keys are version, predictions, and none is a category"),
        (row.as_bytes(), "a single object"),
        (b"q1 Q0 d1 1 0.5 me\n", "a TREC run"),
        (b"query,item,rank\n0,DRESS001,1\n", "a CSV table"),
        (b"12", "expected an object with the keys dress, shirt, found a number"),
        (b"[]", "an empty array"),
    ] {
        let problems = of_bytes(bytes);
        assert_eq!(
            (problems.total(), problems.shown()[0].kind),
            (1, ProblemKind::NotARun),
            "{problems}"
        );
        let text = problems.to_string();
        assert!(text.contains(told) && text.ends_with(shape), "{text}");
        assert!(problems.is_unrelated());
    }
    let problems = of_bytes(good("dress").as_bytes());
    assert_eq!(problems.total(), 1, "{problems}");
    assert!(problems.to_string().contains("one array that names no category"), "{problems}");
}

#[test]
fn what_a_file_is_written_in_is_said() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n".to_owned();
    let dress = good("dress");
    let lines_of = dress[1..dress.len() - 1].replace("},{", "}\n{");
    let python = dress.replace('"', "'");
    let none = dress.replacen('}', ",\"score\": None}", 1);
    let infinity = dress.replacen('}', ",\"score\": -Infinity}", 1);
    let nan = dress.replacen('}', ",\"score\": NaN}", 1);
    for (text, kind, advice) in [
        (pointer, ProblemKind::GitLfsPointer, "run `git lfs pull`"),
        (lines_of, ProblemKind::JsonLines, "write all objects as one array"),
        (python, ProblemKind::PythonNotation, "json.dump"),
        (none, ProblemKind::PythonNotation, "found `None`"),
        (infinity, ProblemKind::NotFinite, "found `Infinity`"),
        (nan, ProblemKind::NotFinite, "found `NaN`"),
    ] {
        let problems =
            refused(&[("dress.predict.json", text), ("shirt.predict.json", good("shirt"))]);
        assert_eq!((problems.total(), problems.shown()[0].kind), (1, kind), "{problems}");
        assert!(problems.to_string().contains(advice), "{problems}");
        assert!(!problems.is_unrelated(), "the other file is a run's");
    }
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n";
    assert!(of_bytes(pointer).is_unrelated());
}

fn packed(names: [&str; 2]) -> Vec<u8> {
    let [dress, shirt] = names;
    zip(&[
        (dress.to_owned(), good("dress").into_bytes()),
        (shirt.to_owned(), good("shirt").into_bytes()),
    ])
}

#[test]
fn zips_are_read_however_the_names_lie_in_them() {
    let whole = |bytes: &[u8]| {
        let upload = Upload::Bytes { name: "run.zip", bytes };
        let reading = read(&upload, &benchmark(), &Limits::default());
        let reading = reading.unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(reading.warnings.total(), 0, "{}", reading.warnings);
        assert!(reading.ranks.is_some());
    };
    whole(&packed(["out/run-1/dress.predict.json", "out/run-1/shirt.predict.json"]));
    whole(&packed(["/home/a/dress.predict.json", "/home/a/shirt.predict.json"]));
    whole(&packed(["C:\\run\\dress.predict.json", "C:\\run\\shirt.predict.json"]));
    whole(&packed(["Dress.predict.json", "SHIRT.Predict.JSON"]));
    let inner = packed(["dress.predict.json", "shirt.predict.json"]);
    whole(&zip(&[("submission.zip".to_owned(), inner.clone())]));
    whole(&zip(&[("submission.zip.zst".to_owned(), zstd(&inner))]));
    let keyed = format!("{{\"Dress\":{},\"shirt\":{}}}", good("dress"), good("shirt"));
    whole(&zip(&[("submission.json".to_owned(), keyed.into_bytes())]));
}

#[test]
fn a_zip_that_could_mean_several_things_is_refused_in_one_sentence() {
    let inner = packed(["dress.predict.json", "shirt.predict.json"]);
    let two = zip(&[("a.zip".to_owned(), inner.clone()), ("b.zip".to_owned(), inner.clone())]);
    let deep = zip(&[("c.zip".to_owned(), zip(&[("b.zip".to_owned(), inner)]))]);
    let file = |name: &str, group: &str| (name.to_owned(), good(group).into_bytes());
    let runs = zip(&[
        file("a/dress.predict.json", "dress"),
        file("a/shirt.predict.json", "shirt"),
        file("b/dress.predict.json", "dress"),
        file("b/shirt.predict.json", "shirt"),
    ]);
    let none = zip(&[file("tops.json", "dress"), file("bottoms.json", "shirt")]);
    for (bytes, told) in [
        (two, "contains other zips (a.zip, b.zip): upload one zip"),
        (deep, "b.zip: a zip in a zip in a zip"),
        (runs, "the zip has several runs (in a, b): upload the files of one"),
        (
            none,
            "the zip has no dress.predict.json, shirt.predict.json (found: tops.json, bottoms.json)",
        ),
    ] {
        let problems = of_bytes(&bytes);
        assert_eq!(problems.total(), 1, "{problems}");
        assert!(lines(&problems)[0].contains(told), "{problems}");
    }
}

#[test]
fn the_next_split_in_a_name_is_one_sentence_and_no_run_of_this_benchmark() {
    let problems =
        refused(&[("dress.val.pred.json", good("dress")), ("shirt.val.pred.json", good("shirt"))]);
    assert_eq!(
        lines(&problems),
        [
            "dress.val.pred.json, shirt.val.pred.json are named for val, but this benchmark is test: \
          expected dress.predict.json, shirt.predict.json"
        ]
    );
    assert!(problems.is_unrelated());
}

#[test]
fn what_most_objects_lack_is_one_sentence() {
    let large = super::kit::large(10, 80);
    let group = &large.groups()[0];
    let run = |ranking: &dyn Fn(&[&str]) -> serde_json::Value, key: &str, candidate: &str| {
        let ids: Vec<&str> = group.gallery.iter().skip(20).collect();
        let row = |query: &dataset::Query| {
            serde_json::json!({
                candidate: query.reference.as_str(), "captions": query.captions, key: ranking(&ids),
            })
        };
        let rows: Vec<_> = group.queries.iter().map(row).collect();
        let bytes = serde_json::to_vec(&rows).unwrap();
        let upload = Upload::Bytes { name: "dress.predict.json", bytes: &bytes };
        read(&upload, &large, &Limits::default()).unwrap_err()
    };
    let whole = |ids: &[&str]| ids.into();
    let ten = |ids: &[&str]| ids[..10].into();
    let twice = |ids: &[&str]| [ids, &ids[..3]].concat().into();
    let pairs = |ids: &[&str]| ids.iter().map(|id| serde_json::json!([id, 0.5])).collect();
    for (problems, kind, told) in [
        (
            run(&whole, "predictions", "candidate"),
            ProblemKind::NoRankings,
            "10 of 10 objects have no `ranking`, but `predictions`: write",
        ),
        (
            run(&whole, "ranking", "reference"),
            ProblemKind::NoCandidates,
            "10 of 10 objects have no `candidate`, but `reference`: write",
        ),
        (
            run(&ten, "ranking", "candidate"),
            ProblemKind::ShortRankings,
            "10 of 10 rankings are too short; the first has 10 items: rank at least 50",
        ),
        (
            run(&twice, "ranking", "candidate"),
            ProblemKind::RepeatedItems,
            "10 of 10 rankings have an item more than once",
        ),
        (
            run(&pairs, "ranking", "candidate"),
            ProblemKind::NotIds,
            "600 of 600 ranked items are arrays or objects",
        ),
    ] {
        let first = leads(&problems, kind);
        assert!(first.starts_with("dress.predict.json: ") && first.contains(told), "{first}");
        assert!(!problems.is_unrelated());
    }
}
