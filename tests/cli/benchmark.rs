//! What a benchmark can tell, offline.

use std::fs;

use serde_json::Value;
use system_tests::World;
use tempfile::TempDir;

use crate::run;

#[test]
fn two_runs_are_compared_query_by_query_and_the_difference_turns_its_sign() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    let data = World::dev_folder().display().to_string();
    fs::write(at("good.zip"), World::dev().zipped(|q| (q % 4 > 0).then_some(3))).unwrap();
    fs::write(at("fair.zip"), World::dev().zipped(|q| (q % 2 > 0).then_some(40))).unwrap();
    let (good, fair) = (at("good.zip"), at("fair.zip"));
    let compare = |one: &str, other: &str, more: &[&str]| {
        let arguments = ["benchmark", "compare", one, other, "--data", &data, "--split", "val"];
        run(&[&arguments[..], more].concat())
    };
    let (code, table, errors) = compare(&good, &fair, &[]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(
        table.starts_with("measure      difference") && table.contains("\nrecall@10 "),
        "{table}"
    );
    assert!(!table.contains("median"), "a median is no mean over queries: {table}");
    let lines = |one: &str, other: &str| -> Value {
        let (code, json, errors) = compare(one, other, &["--json", "--measure", "recall@10,mrr"]);
        assert_eq!(code, Some(0), "{errors}");
        serde_json::from_str(&json).unwrap()
    };
    let (forth, back) = (lines(&good, &fair), lines(&fair, &good));
    assert_eq!(forth[0]["test"], "mcnemar");
    assert_eq!(forth[1]["test"], "sign-flip");
    for (forth, back) in forth.as_array().unwrap().iter().zip(back.as_array().unwrap()) {
        let number = |line: &Value, key: &str| line[key].as_f64().unwrap();
        assert!((number(forth, "difference") + number(back, "difference")).abs() < 1e-12);
        assert!(number(forth, "difference") > 0.0 && number(forth, "p") < 0.05, "{forth}");
        assert_eq!(forth["first_better"], back["second_better"]);
    }

    // a file that is no run, a measure that is no mean over queries, and one that nobody knows
    fs::write(at("none.json"), "[]").unwrap();
    let (code, problems, _) = compare(&good, &at("none.json"), &[]);
    assert_eq!(code, Some(1), "{problems}");
    let (code, _, errors) = compare(&good, &fair, &["--measure", "median_rank"]);
    assert_eq!((code, errors.contains("mean over queries")), (Some(2), true), "{errors}");
    let (code, _, errors) = compare(&good, &fair, &["--measure", "goodness"]);
    assert_eq!((code, errors.contains("goodness")), (Some(2), true), "{errors}");
}

#[test]
fn a_benchmark_says_the_smallest_difference_that_it_can_show() {
    let (code, said, _) = run(&["benchmark", "resolution", "--queries", "6118"]);
    assert_eq!(code, Some(0));
    assert!(said.starts_with("6118 queries") && said.contains("about 1.31 points"), "{said}");
    let few = ["benchmark", "resolution", "--queries", "5", "--disagreement", "50"];
    let (code, said, _) = run(&few);
    assert_eq!((code, said.contains("too few")), (Some(0), true), "{said}");
    let (_, json, _) = run(&[&few[..], &["--json"]].concat());
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["queries"], &json["resolution"]), (&5.into(), &Value::Null));
    let data = World::dev_folder().display().to_string();
    let (code, said, _) = run(&["benchmark", "resolution", "--data", &data, "--split", "val"]);
    assert_eq!((code, said.contains(" queries ")), (Some(0), true), "{said}");
    for wrong in [
        &["benchmark", "resolution", "--queries", "50", "--disagreement", "150"][..],
        &["benchmark", "resolution", "--queries", "2000000"],
        &["benchmark", "resolution", "--data", &data],
        &["benchmark", "resolution", "--data", &data, "--split", "elsewhere"],
    ] {
        let (code, _, errors) = run(wrong);
        assert!(code == Some(2) && !errors.is_empty(), "{wrong:?}: {errors}");
    }
}

#[test]
fn anyone_with_the_targets_and_the_salt_computes_the_commitment() {
    let folder = World::test_folder();
    let (data, targets) = (folder.display().to_string(), folder.with_file_name("targets.json"));
    let targets = targets.display().to_string();
    let salt = "07".repeat(32);
    let commitment = |more: &[&str]| {
        let of = ["benchmark", "commitment", "--data", &data, "--split", "test", "--salt", &salt];
        run(&[&of[..], more].concat())
    };
    let (code, said, errors) = commitment(&["--targets", &targets]);
    let digest = said.trim();
    assert_eq!((code, digest.len()), (Some(0), 64), "{said}{errors}");
    let (code, json, _) = commitment(&["--targets", &targets, "--expect", digest, "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (code, &json["commitment"], &json["equal"]),
        (Some(0), &digest.into(), &true.into())
    );
    let (code, said, _) = commitment(&["--targets", &targets, "--expect", &salt]);
    assert_eq!((code, said.contains("NOT EQUAL")), (Some(1), true), "{said}");

    let (code, _, errors) = commitment(&[]);
    assert!(code == Some(2) && errors.contains("name them with --targets"), "{errors}");
    let wrong = ["benchmark", "commitment", "--data", &data, "--split", "test", "--salt", "07"];
    let (code, _, errors) = run(&wrong);
    assert!(code == Some(2) && errors.contains("32 bytes in hex"), "{errors}");
}

#[test]
fn an_audit_finds_nothing_in_drawn_garments_until_their_order_follows_the_queries() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let at = data.display().to_string();
    let drawn = ["dataset", "draw", &at, "--items", "200", "--seed", "7"];
    let (code, _, errors) = run(&drawn);
    assert_eq!(code, Some(0), "{errors}");
    let audit = |more: &[&str]| {
        run(&[&["benchmark", "audit", "--data", &at, "--split", "val"][..], more].concat())
    };
    let verdicts = |check: &str| {
        let (code, json, errors) = audit(&["--json"]);
        assert!(matches!(code, Some(0 | 1)), "{errors}");
        let json: Value = serde_json::from_str(&json).unwrap();
        let findings = json["findings"].as_array().unwrap().clone();
        let of = findings.into_iter().filter(|finding| finding["check"] == check);
        of.map(|finding| finding["verdict"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("order"), ["nothing_found"; 3]);

    // rows in the order of their targets in the gallery
    let read = |name: &str| -> Vec<Value> {
        serde_json::from_slice(&fs::read(data.join(name)).unwrap()).unwrap()
    };
    let gallery = read("image_splits/split.dress.val.json");
    let mut rows = read("captions/cap.dress.val.json");
    rows.sort_by_key(|row| gallery.iter().position(|item| *item == row["target"]));
    fs::write(data.join("captions/cap.dress.val.json"), serde_json::to_vec(&rows).unwrap())
        .unwrap();
    assert_eq!(verdicts("order"), ["leak", "nothing_found", "nothing_found"]);
    let (code, report, errors) = audit(&[]);
    assert_eq!(code, Some(1), "{errors}");
    assert!(
        report.contains("LEAK") && report.contains("what to do: publish galleries"),
        "{report}"
    );

    // what can't be read names the file and what is expected
    let scores = dir.path().join("scores");
    fs::create_dir(&scores).unwrap();
    fs::write(scores.join("dress.npy"), "PK").unwrap();
    let (code, _, errors) = audit(&["--scores", &scores.display().to_string()]);
    assert_eq!((code, errors.contains("dress.npy: not a file")), (Some(2), true), "{errors}");
    let (code, _, errors) =
        run(&["benchmark", "audit", "--data", &at, "--split", "test", "--run", "none.zip"]);
    assert_eq!((code, errors.contains("--targets")), (Some(2), true), "{errors}");
}

#[test]
fn an_attack_is_simulated_and_says_what_to_choose() {
    let small = ["benchmark", "attack", "--queries", "200,210,190", "--submissions", "20"];
    let (code, table, errors) = run(&small);
    assert_eq!(code, Some(0), "{errors}");
    assert!(table.starts_with("feedback, 20 submissions "), "{table}");
    assert!(table.contains("\noverall to 0.1 % "), "{table}");
    assert!(table.contains("\n\nChoose a feedback share: "), "{table}");
    let (_, json, _) = run(&[&small[..], &["--json"]].concat());
    let json: Value = serde_json::from_str(&json).unwrap();
    let policies = json["policies"].as_array().unwrap();
    let share = policies.iter().find(|it| it["policy"] == "share").unwrap();
    assert_eq!((&json["submissions"], &share["gain_of_facts"]), (&20.into(), &0.0.into()));
    for wrong in [
        &["benchmark", "attack"][..],
        &["benchmark", "attack", "--queries", "5"],
        &["benchmark", "attack", "--queries", "200", "--model-recall", "30"],
        &["benchmark", "attack", "--queries", "200", "--model-recall", "55,30"],
        &["benchmark", "attack", "--queries", "200", "--submissions", "0"],
        &["benchmark", "attack", "--queries", "200", "--share", "100"],
    ] {
        let (code, _, errors) = run(wrong);
        assert!(code == Some(2) && !errors.is_empty(), "{wrong:?}: {errors}");
    }
}
