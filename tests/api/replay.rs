//! Phases of recorded sessions: rankers without a loop rank each turn, and are scored as dialogs are.

use std::collections::BTreeMap;

use domain::challenges::{self, Definition};
use domain::entities::corrected_targets::SecretTargets;
use domain::entities::role::Role;
use domain::moderation::{self, Correction};
use domain::plans::Application;
use serde_json::Value;
use system_tests::{Answer, Program, Questions, SESSIONS, Tester, World, unzip};

const REPLAY: &str = "/api/v1/challenges/fiq/phases/replay";
const BLIND: &str = "/api/v1/challenges/fiq/phases/blind";

/// How many sessions of each category the good submission finds, at their last turn.
const FOUND: usize = 5;

async fn tester(lines: &str) -> Tester {
    Tester::of(World::replay(lines), |_| {}).await
}

/// A submission that has the target of the last turn of the first sessions at a rank, and no other target.
fn finds(turns: &Questions, rank: usize) -> Vec<u8> {
    let group = &turns.groups()[0];
    let last: Vec<usize> =
        group.sessions().take(FOUND).map(|(first, turns)| first + turns.len() - 1).collect();
    turns.run(|query| last.contains(&query).then_some(rank))
}

fn id(sent: &Answer) -> String {
    assert_eq!(sent.status, 201, "{}", sent.text);
    sent.json["id"].as_str().unwrap().to_owned()
}

fn close(value: &Value, expected: f64) {
    let value = value.as_f64().unwrap_or_else(|| panic!("{value} is no number"));
    assert!((value - expected).abs() < 1e-9, "{value} instead of {expected}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_of_rankings_by_turn_is_scored_by_session_and_is_on_the_board() {
    let tester = tester("").await;
    let phase = tester.get(REPLAY).await.json;
    assert_eq!(phase["protocol"], "multi-turn", "{phase}");
    assert_eq!(phase["queries"], 2 * SESSIONS, "{phase}");
    let team = tester.team("Atelier").await;
    let turns = tester.world.public_turns();
    let sent = team.upload("replay", finds(&turns, 3)).await;
    let card = &sent.json["scorecard"];
    let dress = &card["categories"]["dress"];
    assert_eq!(dress["queries"], SESSIONS, "{}", sent.text);
    let share = FOUND as f64 / SESSIONS as f64;
    close(&card["overall"], share);
    close(&dress["hits@10"], share);
    // sessions of one turn have ended at their first, and keep its ranking
    close(&dress["turn_recall@10:1"], 2.0 / SESSIONS as f64);
    close(&dress["turn_recall@10"], share);
    let items = turns.groups()[0].gallery.len() as f64;
    let missing = ((100.0 + 1.0 + items) / 2.0).ceil();
    close(&dress["mean_rank"], share * 3.0 + (1.0 - share) * missing);
    let percentile = |rank: f64| 1.0 - (rank - 1.0) / items;
    close(&dress["percentile"], share * percentile(3.0) + (1.0 - share) * percentile(missing));
    // five sessions are found at turn 1, 2, 3, 4 and 1; the others have one turn more than they have
    let unfound = (FOUND..SESSIONS).map(|at| 2 + at % 4).sum::<usize>();
    close(&dress["turns_to_success@10"], (1 + 2 + 3 + 4 + 1 + unfound) as f64 / SESSIONS as f64);
    let ends = &card["intervals"]["overall"];
    let end = |at: usize| ends[at].as_f64().unwrap();
    assert!(end(0) < share && share < end(1), "{ends}");

    let board = tester.get(&format!("{REPLAY}/leaderboard")).await.json;
    assert_eq!(board["queries"], 2 * SESSIONS, "{board}");
    close(&board["rows"][0]["scorecard"]["overall"], share);
    let page = tester.get("/c/fiq/replay").await.text;
    assert!(page.contains("24 sessions") && page.contains("href=\"/c/fiq/dialogs\""), "{page}");
    let receipt = team.get(&format!("{}/receipt", sent.json["link"].as_str().unwrap())).await;
    assert_eq!(receipt.status, 200, "{}", receipt.text);
    for format in ["csv", "eee.json", "eval-results.yaml", "pwc.json"] {
        let export = tester.get(&format!("{REPLAY}/leaderboard.{format}")).await;
        assert!(export.status == 200 && export.text.contains("Atelier"), "{}", export.text);
    }
    for path in ["/c/fiq/replay/report", "/c/fiq/replay/take-part", "/c/fiq/replay/statistics"] {
        let answer = tester.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
    let zipped = tester.team("Zip").await.upload("replay", turns.zipped(|_| Some(1))).await;
    close(&zipped.json["scorecard"]["overall"], 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_without_one_turn_is_refused_and_names_it() {
    let tester = tester("").await;
    let team = tester.team("Atelier").await;
    let mut run: Value = serde_json::from_slice(&finds(&tester.world.public_turns(), 3)).unwrap();
    run["dress"].as_array_mut().unwrap().remove(4);
    let sent = team.upload("replay", run.to_string().into_bytes()).await;
    assert_eq!(sent.status, 422, "{}", sent.text);
    assert!(sent.text.contains("dress.val.2:2"), "{}", sent.text);
    let board = tester.get(&format!("{REPLAY}/leaderboard")).await.json;
    assert_eq!(board["rows"], Value::Array(vec![]), "{board}");
}

#[tokio::test(flavor = "multi_thread")]
async fn single_turns_of_two_submissions_are_shown_with_their_own_ranks() {
    let tester = tester("").await;
    let turns = tester.world.public_turns();
    let one = id(&tester.team("One").await.upload("replay", finds(&turns, 3)).await);
    let other = id(&tester.team("Other").await.upload("replay", turns.run(|_| None)).await);
    let page = async |path: String| {
        let answer = tester.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.text
    };
    let compared = page(format!("/c/fiq/replay/compare?a={one}&b={other}")).await;
    assert!(compared.contains("on 24 sessions"), "{compared}");
    // five turns of each category are apart, of 30; the last turn of session 3 is one of them
    let tally = "ranks the target higher: <b>10</b></span> <span>equal: <b>50</b>";
    assert!(compared.contains(tally), "{compared}");
    assert!(
        compared.contains("dress.val.3%3A4") || compared.contains("dress.val.3:4"),
        "{compared}"
    );
    let strips = format!("a={one}&b={other}");
    // the last turn of the last session of shirts is beyond the number of sessions
    for (query, found) in
        [("dress.val.3:4", true), ("dress.val.3:3", false), ("shirt.val.11:4", false)]
    {
        let text = page(format!("/c/fiq/replay/queries/{query}?{strips}")).await;
        assert_eq!(text.matches("class=\"strip-items\"").count(), 2, "{text}");
        assert_eq!(text.contains("The target is at rank 3."), found, "{query}: {text}");
        let missed = text.matches("The target is not among the first 100.").count();
        assert_eq!(missed, if found { 1 } else { 2 }, "{query}: {text}");
    }
    let disagreed = page("/c/fiq/replay/explore?order=disagreed".to_owned()).await;
    let first = disagreed.find("order=disagreed").map(|at| &disagreed[at - 40..at]);
    let first = first.unwrap_or_else(|| panic!("{disagreed}"));
    assert!(first.contains("dress.val.0"), "{first}");
    let hardest = page("/c/fiq/replay/explore?order=hardest".to_owned()).await;
    assert!(
        !hardest.contains("dress.val.0%3A1") && !hardest.contains("dress.val.0:1"),
        "{hardest}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_phase_shows_the_overall_score_alone_and_no_rank() {
    let tester = tester("feedback_share = 0\nrounded = false").await;
    // It is published under a key, so the ids are those of the documents.
    let team = tester.team("Atelier").await;
    let queries = team.get(&format!("{BLIND}/queries")).await.json;
    let ids = queries["dress"].as_array().unwrap().iter().map(|row| row["query"].as_str().unwrap());
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    assert_eq!(ids.len(), 30);
    assert!(!ids.iter().any(|id| id.contains("test")), "{ids:?}");
    let firsts = ids.iter().filter(|id| id.ends_with(":1")).count();
    assert_eq!(firsts, SESSIONS, "each session has a first turn: {ids:?}");
    let ready = tester.app.benchmarks.get(&benchmark(&tester).await).await.unwrap();
    let turns = Questions::of(ready.benchmark.groups().to_vec());
    let sent = team.upload("blind", turns.run(|query| (query == 0).then_some(1))).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let card = &sent.json["scorecard"];
    close(&card["overall"], 1.0 / SESSIONS as f64);
    for secret in ["mean_rank", "percentile", "turn_recall", "bri", "hits@50"] {
        assert!(!sent.text.contains(secret), "{secret}: {}", sent.text);
    }
    let phase = tester.get(BLIND).await.json;
    assert_eq!(phase["commitments"].as_array().map(Vec::len), Some(1), "{phase}");
    assert_eq!(phase["queries"], 2 * SESSIONS, "{phase}");
    let query = format!("/c/fiq/blind/queries/{}", ids[0]);
    let text = tester.get(&format!("{query}?a={}", id(&sent))).await.text;
    assert!(!text.contains("strip-items") && !text.contains("class=\"target\""), "{text}");
    // what organisers look at lines up as well
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    for tool in ["misses?phase=blind", "audit?phase=blind", "adversarial?phase=blind"] {
        let answer = otto.get(&format!("/c/fiq/organise/tools/{tool}")).await;
        assert_eq!(answer.status, 200, "{tool}: {}", answer.text);
    }
    let audited = otto.post("/c/fiq/organise/tools/audit", &[("phase", "blind")]).await;
    assert_eq!(audited.status, 303, "{}", audited.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_downloaded_checks_a_submission_offline_as_the_server_does() {
    let tester = tester("").await;
    let zip = tester.get(&format!("{REPLAY}/data")).await;
    assert_eq!(zip.status, 200, "{}", zip.text);
    let files = unzip(&zip.bytes);
    let readme = files.iter().find(|(name, _)| name.ends_with("README.txt")).unwrap();
    let readme = String::from_utf8(readme.1.clone()).unwrap();
    assert!(
        readme.contains("val / dress: 30 queries (turns of 12 sessions), 121 items"),
        "{readme}"
    );
    assert!(readme.contains("--split val --protocol multi-turn"), "{readme}");
    let folder = tester.world.path().join("downloaded");
    for (name, bytes) in &files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let data = find(&folder, "multi_turn");
    let run = tester.world.path().join("run.zip");
    std::fs::write(&run, tester.world.public_turns().zipped(|_| Some(1))).unwrap();
    let [run, data] = [&run, &data].map(|path| path.display().to_string());
    let options = ["--data", &data, "--split", "val", "--protocol", "multi-turn"];
    let said = |command: &str| {
        let words = [&[command, run.as_str()][..], &options].concat();
        let done = Program::run(&tester.world.data_dir(), &words);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    assert_eq!(said("validate"), "valid: 60 queries of split val are answered\n");
    assert!(said("score").contains("100.00"), "{}", said("score"));
}

/// The folder, at any depth, that has a folder of this name in it.
fn find(folder: &std::path::Path, name: &str) -> std::path::PathBuf {
    if folder.join(name).is_dir() {
        return folder.to_owned();
    }
    let mut inside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let inner = inside.find(|path| path.is_dir()).expect("a folder in the folder");
    find(&inner, name)
}

async fn benchmark(tester: &Tester) -> domain::entities::benchmark::Model {
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    challenges::find_benchmark(&tester.app.db, &challenge, "blind-sessions").await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn corrected_targets_name_sessions_and_every_upload_is_scored_again() {
    let tester = tester("feedback_share = 0\nrounded = false").await;
    let team = tester.team("Atelier").await;
    let ready = tester.app.benchmarks.get(&benchmark(&tester).await).await.unwrap();
    let turns = Questions::of(ready.benchmark.groups().to_vec());
    close(&team.upload("blind", turns.run(|_| Some(1))).await.json["scorecard"]["overall"], 1.0);
    let file = tester.world.sessions().with_extension("json");
    let mut targets: BTreeMap<String, Value> =
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    // the first three sessions of dresses get an item that the uploads don't rank first
    let other = targets["dress.test.8"].clone();
    for session in 0..3 {
        targets.insert(format!("dress.test.{session}"), other.clone());
    }
    let corrected = Correction::Targets(SecretTargets(serde_json::to_vec(&targets).unwrap()));
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let what = ("blind-sessions", corrected);
    let set = moderation::create_rescoring(&tester.app, None, &challenge, what, "wrong").await;
    let set = set.unwrap();
    super::rescoring::ready(&tester.app, set.id).await;
    let applied = moderation::apply_rescoring(&tester.app, None, &challenge, set.id, "wrong").await;
    applied.unwrap();
    let board = tester.get(&format!("{BLIND}/leaderboard")).await.json;
    let overall = board["rows"][0]["scorecard"]["overall"].as_f64().unwrap();
    let lost = 3.0 / SESSIONS as f64 / 2.0;
    assert!((1.0 - lost..1.0).contains(&overall), "{overall}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_with_targets_are_neither_hidden_nor_without_targets() {
    let tester = tester("").await;
    let apply = async |tester: &Tester| {
        let definition = Definition::read(&tester.world.definition()).unwrap();
        let (db, ambient) = (&tester.app.db, &tester.app.ambient);
        Application::prepare(db, ambient, definition).await.err().map(|error| error.detail)
    };
    let open = "protocol = \"multi-turn\"\ntargets = \"public\"";
    tester.world.edit(open, "protocol = \"multi-turn\"\ntargets = \"none\"");
    tester.world.edit("name = \"sessions\"", "name = \"closed\"");
    tester.world.edit("benchmark = \"sessions\"", "benchmark = \"closed\"");
    tester.world.edit(&tester.world.shown(), "");
    let refused = apply(&tester).await.unwrap();
    assert!(refused.contains("have targets, which would be in the published gallery"), "{refused}");
    let file = format!(
        "targets = \"hidden\"\ntargets_file = \"{}.json\"\n\n[[benchmark]]\nname = \"blind",
        tester.world.sessions().display()
    );
    tester.world.edit("targets = \"none\"\n\n[[benchmark]]\nname = \"blind", &file);
    let refused = apply(&tester).await.unwrap();
    assert!(refused.contains("declared hidden, but its files contain them"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feedback_share_holds_whole_sessions() {
    let reveal = "feedback_share = 50\ncloses = 2026-11-26T00:00:00Z\n\
                  reveals = 2026-11-26T00:00:00Z\nrounded = false";
    let tester = tester(reveal).await;
    let team = tester.team("Atelier").await;
    let ready = tester.app.benchmarks.get(&benchmark(&tester).await).await.unwrap();
    let turns = Questions::of(ready.benchmark.groups().to_vec());
    let sent = team.upload("blind", turns.run(|_| Some(1))).await;
    close(&sent.json["scorecard"]["overall"], 1.0);
    assert_eq!(sent.json["scorecard"]["categories"]["dress"]["queries"], SESSIONS / 2);
    let board = tester.get(&format!("{BLIND}/leaderboard")).await.json;
    assert_eq!((&board["part"], &board["queries"]), (&"share".into(), &SESSIONS.into()), "{board}");
    tester.clock.advance(3 * 86_400);
    let after = tester.get(&format!("{BLIND}/leaderboard")).await.json;
    assert_eq!((&after["part"], &after["queries"]), (&"rest".into(), &SESSIONS.into()), "{after}");
    close(&after["rows"][0]["scorecard"]["overall"], 1.0);
}
