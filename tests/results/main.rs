//! Exported results are what others read: records of Every Eval Ever match its published schema, and
//! YAML means the same to another program.
//!
//! Needs the feature `eee`, and in the variable `EEE_PYTHON` a Python with `jsonschema`, `PyYAML` and the
//! schema; see `.ci/setup`.

use std::process::{Command, Output};

use domain::entities::team::TeamKind;
use serde_json::{Value, json};
use system_tests::{Form, Tester, World};

/// Names that mean something in YAML, JSON, CSV or HTML.
const METHODS: [&str; 3] = ["- a: \"b\" # 'c' 🧵 \\n", "=1+1, <b>{x}</b>", "no"];

/// A board of both phases with a ranked team, a guest, and a baseline that found nothing.
async fn scored() -> Tester {
    let tester = Tester::of(World::with_more("", ""), |_| {}).await;
    let kinds = [TeamKind::Team, TeamKind::Guest, TeamKind::Baseline];
    for (i, (method, kind)) in METHODS.into_iter().zip(kinds).enumerate() {
        let team = tester.entrant(&format!("工房 {i}: \"Équipe\""), kind).await;
        for (phase, questions) in [("dev", &tester.dev), ("test", &tester.test)] {
            let run = questions.run(|q| (i < 2).then_some(q % 70 + 1 + i));
            let form = Form::default().text("method", method).file("file", &run);
            let made = team.upload_form(phase, form).await;
            assert_eq!(made.status, 201, "{}", made.text);
        }
    }
    tester
}

fn path(phase: &str, format: &str) -> String {
    format!("/api/v1/challenges/fiq/phases/{phase}/leaderboard{format}")
}

/// What check.py says about a file with this text.
fn check(command: &str, text: &str) -> Output {
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("results");
    std::fs::write(&file, text).unwrap();
    let python = std::env::var("EEE_PYTHON").expect("it names a Python; see .ci/test");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/results/check.py");
    Command::new(python).args([script, command]).arg(file).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_match_the_published_schema_and_have_the_scores_of_the_board() {
    let tester = scored().await;
    for phase in ["dev", "test"] {
        let answer = tester.get(&path(phase, ".eee.json")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let checked = check("schema", &answer.text);
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        let failed = String::from_utf8_lossy(&checked.stderr).into_owned();
        assert!(checked.status.success(), "{said}{failed}");

        let board = tester.get(&path(phase, "")).await.json;
        let rows = board["rows"].as_array().unwrap();
        for (record, row) in answer.json.as_array().unwrap().iter().zip(rows) {
            assert_eq!(record["model_info"]["name"], row["method"]);
            for result in record["evaluation_results"].as_array().unwrap() {
                let id = result["evaluation_result_id"].as_str().unwrap();
                let name = id.split_once('/').unwrap().1;
                let details = &result["score_details"];
                let interval = &details["uncertainty"]["confidence_interval"];
                let ends = json!([interval["lower"], interval["upper"]]);
                let card = &row["scorecard"];
                let (value, wanted) = match name.split_once(' ') {
                    None => (&card["overall"], &card["intervals"]["overall"]),
                    Some((group, measure)) => (
                        &card["categories"][group][measure],
                        &card["intervals"]["categories"][group][measure],
                    ),
                };
                let value = value.as_f64().or_else(|| value.as_str()?.parse().ok());
                assert_eq!(details["score"].as_f64(), value, "{phase} {name}");
                assert!(wanted.is_null() || *wanted == ends, "{phase} {name}: {ends}");
            }
        }
        let passes = still_pass_without("score_details", &answer.json);
        assert!(!passes, "a record without its scores passes, so nothing is checked");
    }
}

/// Whether records still pass without a key of their results.
fn still_pass_without(key: &str, records: &Value) -> bool {
    let mut records = records.clone();
    records[0]["evaluation_results"][0].as_object_mut().unwrap().remove(key);
    check("schema", &records.to_string()).status.success()
}

#[tokio::test(flavor = "multi_thread")]
async fn yaml_means_the_same_to_another_program_whatever_the_names() {
    let tester = scored().await;
    let answer = tester.get(&path("dev", ".eval-results.yaml?dataset=atelier/fiq")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let read = check("yaml", &answer.text);
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let entries: Value = serde_json::from_slice(&read.stdout).unwrap();
    let board = tester.get(&path("dev", "")).await.json;
    let overall: Vec<&Value> = entries.as_array().unwrap().iter().collect();
    let overall = overall.into_iter().filter(|it| it["dataset"]["task_id"] == "overall");
    for (entry, row) in overall.zip(board["rows"].as_array().unwrap()) {
        assert_eq!(entry["dataset"]["id"], "atelier/fiq");
        assert_eq!(entry["value"].as_f64(), row["scorecard"]["overall"].as_f64());
        let notes = entry["notes"].as_str().unwrap();
        let model =
            format!("{} ({});", row["method"].as_str().unwrap(), row["team"].as_str().unwrap());
        assert!(notes.starts_with(&model), "{notes}");
    }
}
