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
