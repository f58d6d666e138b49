//! The commands on a data set of another task.

use std::fs;

use system_tests::{Program, World};
use tempfile::TempDir;

use super::run;

#[test]
fn a_data_set_is_drawn_counted_and_a_run_of_it_scored_and_validated_offline() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    for name in ["one", "two"] {
        let targets = at(&format!("{name}.json"));
        let drawn =
            ["dataset", "draw", &at(name), "--task", "circo", "--items", "60", "--seed", "7"];
        let (code, table, errors) = run(&[&drawn[..], &["--targets", &targets]].concat());
        assert_eq!(code, Some(0), "{errors}");
        assert!(table.contains("circo") && table.contains("hidden"), "{table}");
    }
    assert_eq!(fs::read(at("one.json")).unwrap(), fs::read(at("two.json")).unwrap());

    // a run that ranks the targets first, and then whatever is in the gallery
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(dir.path().join(name)).unwrap()).unwrap()
    };
    let list = read("one/annotations/image_info_unlabeled2017.json");
    let items: Vec<u64> =
        list["images"].as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()).collect();
    let mut answers = serde_json::Map::new();
    for row in read("one/annotations/val.json").as_array().unwrap() {
        let mut ranking: Vec<u64> = serde_json::from_value(row["gt_img_ids"].clone()).unwrap();
        let others: Vec<u64> =
            items.iter().copied().filter(|id| !ranking.contains(id)).take(50).collect();
        ranking.extend(others);
        answers.insert(row["id"].to_string(), ranking.into());
    }
    let file = at("run.json");
    fs::write(&file, serde_json::to_vec(&answers).unwrap()).unwrap();
    let data = at("one");
    let options = ["--task", "circo", "--data", &data, "--split", "val"];
    let (code, table, errors) = run(&[&["score", file.as_str()][..], &options].concat());
    assert_eq!(code, Some(0), "{errors}");
    assert!(
        table.starts_with("group")
            && table.contains("mAP@5 ")
            && table.contains("\noverall    100.000 % (95 %: "),
        "{table}"
    );
    let (code, valid, _) = run(&[&["validate", file.as_str()][..], &options].concat());
    assert_eq!((code, valid.starts_with("valid: ")), (Some(0), true));
    answers.remove("7");
    fs::write(&file, serde_json::to_vec(&answers).unwrap()).unwrap();
    let (code, _, problems) = run(&[&["validate", file.as_str()][..], &options].concat());
    assert_eq!((code, problems.as_str()), (Some(1), "run.json: query 7: no answer\n"));
    // the data sets of the official tasks are distinguished
    let (code, _, refused) = run(&["score", file.as_str(), "--data", &data, "--split", "val"]);
    assert_eq!(code, Some(2));
    assert!(refused.contains("is not a Fashion IQ data set"), "{refused}");
}

#[test]
fn a_definition_names_its_task_and_an_unknown_one_changes_nothing() {
    let world = World::circo();
    let definition = world.definition().display().to_string();
    let challenge = |arguments: &[&str]| {
        let output = Program::run(&world.data_dir(), &[&["challenge"][..], arguments].concat());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, _, errors) = challenge(&["lint", &definition]);
    assert!(code == Some(0) || code == Some(1), "{errors}");
    let (code, plan, errors) = challenge(&["apply", &definition, "--dry-run"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(plan.contains("challenge `fiq`"), "{plan}");
    assert_eq!(challenge(&["apply", &definition]).0, Some(0));
    let (_, shown, _) = challenge(&["show"]);
    assert!(shown.contains("task = \"circo\""), "{shown}");
    fs::write(world.definition(), &shown).unwrap();
    assert_eq!(challenge(&["apply", &definition]).1, "nothing to change\n");

    for (written, sentence) in [
        ("task = \"circus\"", "unknown task `circus`: must be one of `fashion-iq`, `circo`"),
        ("task = \"fashion-iq\"", "is not a Fashion IQ data set"),
    ] {
        let mut other = shown.replace("task = \"circo\"", written);
        let scores = other.find("\"map@5\"").unwrap();
        other.replace_range(scores..scores + other[scores..].find(']').unwrap(), "");
        fs::write(world.definition(), other).unwrap();
        let (code, _, refused) = challenge(&["apply", &definition]);
        assert_eq!(code, Some(2), "{refused}");
        assert!(refused.contains(sentence), "{refused}");
        assert_eq!(challenge(&["show"]).1, shown);
    }
    for (from, to, sentence) in [
        ("protocol = \"original\"", "protocol = \"val-union\"", "has no protocol val-union"),
        ("publish = \"official\"", "publish = \"keyed\"", "can't be published keyed"),
        ("task = \"circo\"\n", "task = \"circo\"\ntusk = 1\n", "unknown field `tusk`"),
    ] {
        assert!(shown.contains(from), "{shown}");
        fs::write(world.definition(), shown.replacen(from, to, 1)).unwrap();
        let (code, _, refused) = challenge(&["apply", &definition]);
        assert_eq!(code, Some(2), "{refused}");
        assert!(refused.contains(sentence), "{refused}");
    }
}
