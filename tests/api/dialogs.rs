//! A phase that is played as dialogs.

use std::collections::{BTreeMap, BTreeSet};

use dataset::{Folder, Protocol};
use serde_json::{Value, json};
use system_tests::{Answer, Team, Tester, World, eventually};

const START: &str = "/api/v1/challenges/fiq/phases/dialog/dialogs";

/// The most turns that a test plays: 3 categories, 4 dialogs, 3 turns.
const TURNS: u64 = 36;

async fn tester(lines: &str) -> Tester {
    Tester::of(World::dialogs(lines), |_| {}).await
}

/// The galleries of split val, by category.
fn galleries() -> BTreeMap<String, Vec<String>> {
    let split = Folder::new(World::dev_folder()).split("val", Protocol::Original).unwrap();
    let items = |gallery: &dataset::Gallery| gallery.iter().map(str::to_owned).collect();
    split.groups.iter().map(|group| (group.name.clone(), items(&group.gallery))).collect()
}

async fn start(team: &Team) -> Value {
    let started = team.post(START, &Value::Null).await;
    assert_eq!(started.status, 201, "{}", started.text);
    started.json
}

/// An answer to a dialog: the gallery, rotated so that another item is shown.
fn reply_to(dialog: &Value, galleries: &BTreeMap<String, Vec<String>>) -> Value {
    let gallery = &galleries[dialog["category"].as_str().unwrap()];
    let shown = gallery.iter().position(|item| dialog["shown"] == item.as_str()).unwrap();
    let mut ranking = gallery.clone();
    ranking.rotate_left(shown + 1);
    json!({"dialog": dialog["dialog"], "turn": dialog["turn"], "ranking": ranking})
}

async fn answer(team: &Team, started: &Value, answers: &[Value]) -> Answer {
    team.post(started["answers"].as_str().unwrap(), &json!({"answers": answers})).await
}

/// Plays everything that is left, each round in one request.
async fn play(team: &Team, started: &Value) -> Value {
    let galleries = galleries();
    let mut dialogs = started["dialogs"].as_array().unwrap().clone();
    loop {
        let open = dialogs.iter().filter(|dialog| dialog["done"] != true);
        let answers: Vec<Value> = open.map(|dialog| reply_to(dialog, &galleries)).collect();
        let replied = answer(team, started, &answers).await;
        assert_eq!(replied.status, 200, "{}", replied.text);
        dialogs.clone_from(replied.json["dialogs"].as_array().unwrap());
        if replied.json["left"] == 0 {
            return replied.json;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_plays_all_dialogs_and_gets_its_scores_at_the_end() {
    let tester = tester("").await;
    let team = tester.team("Atelier").await;
    let started = start(&team).await;
    assert_eq!((&started["state"], &started["turns"]), (&json!("playing"), &json!(3)));
    assert_eq!((&started["left"], &started["need"]["dress"]), (&json!(TURNS), &json!(130)));
    assert_eq!(started["ends_at"], "2026-11-24T13:00:00Z");
    let dialogs = started["dialogs"].as_array().unwrap();
    let names: Vec<&str> = dialogs.iter().map(|it| it["dialog"].as_str().unwrap()).collect();
    assert_eq!((names.len(), names[0], names[11]), (12, "dress-1", "toptee-4"));
    let said = |it: &Value| it["turn"] == 1 && !it["caption"].as_str().unwrap().is_empty();
    assert!(dialogs.iter().all(said), "{started}");
    let galleries = galleries();
    let of_dress: Vec<Value> =
        dialogs[..4].iter().map(|dialog| reply_to(dialog, &galleries)).collect();
    let replied = answer(&team, &started, &of_dress).await.json;
    assert_eq!((&replied["left"], &replied["result"]), (&json!(TURNS - 4), &Value::Null));
    for (dialog, answer) in replied["dialogs"].as_array().unwrap().iter().zip(&of_dress) {
        assert_eq!(dialog["turn"], 2);
        assert_eq!(dialog["shown"], answer["ranking"][0], "what is ranked first is shown");
    }
    let text = replied.to_string();
    assert!(!text.contains("rank\"") && !text.contains("overall"), "{text}");
    let position = team.get(&format!("{}/dialogs", started["link"].as_str().unwrap())).await.json;
    assert_eq!((&position["left"], &position["state"]), (&json!(TURNS - 4), &json!("playing")));
    let last = play(&team, &position).await;
    assert_eq!((&last["state"], &last["result"]["state"]), (&json!("scored"), &json!("scored")));
    let overall = last["result"]["scorecard"]["overall"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&overall), "{last}");
    let page = format!("/c/fiq/submissions/{}", started["submission"].as_str().unwrap());
    let page = tester.get(&page).await.text;
    assert!(page.contains("Percentile and Hits@10 by turn"), "{page}");
    assert_eq!(
        page.matches("<th class=\"num\" scope=\"row\">").count(),
        3,
        "a row for each turn: {page}"
    );
    let board = tester.get("/api/v1/challenges/fiq/phases/dialog/leaderboard").await.json;
    assert_eq!(board["rows"][0]["team"], "Atelier", "{board}");
    assert_eq!(board["rows"][0]["scorecard"]["overall"].as_f64(), Some(overall), "{board}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_answer_gets_the_same_reply_and_another_one_changes_nothing() {
    let tester = tester("").await;
    let team = tester.team("Atelier").await;
    let started = start(&team).await;
    let galleries = galleries();
    let first = reply_to(&started["dialogs"][0], &galleries);
    let once = answer(&team, &started, std::slice::from_ref(&first)).await;
    let twice = answer(&team, &started, std::slice::from_ref(&first)).await;
    assert_eq!((once.status, once.json), (200, twice.json));
    let mut other = first.clone();
    other["ranking"].as_array_mut().unwrap().reverse();
    let refused = answer(&team, &started, &[other]).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let detail =
        "turn 1 of dialog `dress-1` was answered with another ranking; an answer can’t change";
    assert_eq!(refused.json["detail"], detail);
    let position = format!("{}/dialogs", started["link"].as_str().unwrap());
    assert_eq!(team.get(&position).await.json["left"], TURNS - 1);
    // An agent that lost the response to its last answer sends it again and gets the same reply.
    play(&team, &team.get(&position).await.json).await;
    let mut last = first.clone();
    last["turn"] = json!(3);
    let again = answer(&team, &started, &[last]).await;
    assert_eq!(
        (again.status, &again.json["dialogs"][0]["done"]),
        (200, &json!(true)),
        "{}",
        again.text
    );
    let late = answer(&team, &started, &[first]).await;
    assert_eq!(late.status, 409, "{}", late.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_answers_are_named_and_none_of_the_request_is_saved() {
    let tester = tester("").await;
    let team = tester.team("Atelier").await;
    let started = start(&team).await;
    let galleries = galleries();
    let good = reply_to(&started["dialogs"][0], &galleries);
    let second = reply_to(&started["dialogs"][1], &galleries);
    let with = |name: &str, value: Value| {
        let mut changed = second.clone();
        changed[name] = value;
        changed
    };
    let ranking = second["ranking"].as_array().unwrap().clone();
    let mut unknown = ranking.clone();
    unknown[4] = json!("no such item");
    let mut twice = ranking.clone();
    twice[4] = twice[3].clone();
    let item = twice[3].as_str().unwrap();
    for (changed, status, detail) in [
        (with("dialog", json!("dress-5")), 400, "`answers[1]` has no dialog `dress-5`"),
        (with("dialog", json!("dress-1")), 400, "is the second for dialog `dress-1`"),
        (with("turn", json!(4)), 400, "`answers[1]` is for turn 4; turns are 1 to 3"),
        (with("turn", json!(2)), 409, "dialog `dress-2` is at turn 1, not 2; no answer was saved"),
        (with("ranking", json!(ranking[..9])), 400, "has a ranking of 9 items; 130 are needed"),
        (with("ranking", json!(unknown)), 400, "has `no such item` at rank 5"),
        (with("ranking", json!(twice)), 400, &format!("has `{item}` a second time at rank 5")),
        (with("turn", json!("one")), 400, "can’t be read as JSON answers"),
        (with("words", json!("x")), 400, "unknown field `words`"),
    ] {
        let refused = answer(&team, &started, &[good.clone(), changed]).await;
        assert_eq!(refused.status, status, "{}", refused.text);
        assert!(refused.json["detail"].as_str().unwrap().contains(detail), "{}", refused.text);
    }
    let position = format!("{}/dialogs", started["link"].as_str().unwrap());
    assert_eq!(team.get(&position).await.json["left"], TURNS);
    assert_eq!(answer(&team, &started, &[good, second]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_submission_has_its_own_dialogs_and_only_its_team_sees_them() {
    let tester = tester("").await;
    let (one, other) = (tester.team("Atelier").await, tester.team("Loom").await);
    let firsts = |started: &Value| -> Vec<String> {
        let dialogs = started["dialogs"].as_array().unwrap();
        dialogs.iter().map(|dialog| dialog["shown"].as_str().unwrap().to_owned()).collect()
    };
    let mut seen = BTreeSet::new();
    for team in [&one, &one, &other] {
        assert!(seen.insert(firsts(&start(team).await)), "drawn anew");
    }
    let started = start(&one).await;
    let link = started["link"].as_str().unwrap();
    let foreign = answer(&other, &started, &[]).await;
    assert_eq!(foreign.status, 404, "{}", foreign.text);
    assert_eq!(other.get(&format!("{link}/dialogs")).await.status, 404);
    assert_eq!(tester.get(&format!("{link}/dialogs")).await.status, 401);
    assert_eq!(one.get(&format!("{link}/transcript")).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_opened_counts_and_is_played_to_its_end_even_if_the_phase_closes() {
    let lines = "closes = 2026-11-24T12:30:00Z\nlimits = { total = 2, at_once = 1 }";
    let tester = tester(lines).await;
    let team = tester.team("Atelier").await;
    let started = start(&team).await;
    let second = team.post(START, &Value::Null).await;
    assert_eq!(second.status, 429, "{}", second.text);
    tester.clock.advance(59 * 60);
    assert_eq!(team.post(START, &Value::Null).await.status, 409, "the phase has closed");
    let last = play(&team, &started).await;
    assert_eq!(last["state"], "scored");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_played_in_time_is_scored_as_it_is() {
    let tester = tester("").await;
    let (team, idle) = (tester.team("Atelier").await, tester.team("Loom").await);
    let (started, never) = (start(&team).await, start(&idle).await);
    let galleries = galleries();
    let first = reply_to(&started["dialogs"][0], &galleries);
    assert_eq!(answer(&team, &started, std::slice::from_ref(&first)).await.status, 200);
    tester.clock.advance(3600);
    let late = answer(&team, &started, &[first]).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(late.json["detail"].as_str().unwrap().ends_with("it is scored as it was played"));
    domain::moderation::turns::step(&tester.app).await.unwrap();
    for (team, started) in [(&team, &started), (&idle, &never)] {
        let link = started["link"].as_str().unwrap();
        let scored = async || (team.get(link).await.json["state"] == "scored").then_some(());
        eventually("it is scored", scored).await;
        let transcript = team.get(&format!("{link}/transcript")).await.json;
        assert_eq!(transcript["dialogs"].as_array().unwrap().len(), 12);
    }
    let link = started["link"].as_str().unwrap();
    let transcript = team.get(&format!("{link}/transcript")).await.json;
    assert_eq!(transcript["dialogs"][0]["turns"].as_array().unwrap().len(), 1);
    assert!(transcript["dialogs"][1]["turns"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_goes_on_where_one_stopped() {
    let tester = tester("").await;
    let team = tester.team("Atelier").await;
    let path = format!("{START}?method=walk");
    let post = |team: &Team| {
        let (client, path) = (team.client.clone(), path.clone());
        let send = move || client.post(&path, b"", &[("Idempotency-Key", "once")]).unwrap();
        tokio::task::spawn_blocking(send)
    };
    let started = post(&team).await.unwrap();
    assert_eq!((started.status, started.location.is_some()), (201, true), "{}", started.text);
    let beside = tester.beside().await;
    let there = Team { client: team.client.at(&beside.address) };
    let again = post(&there).await.unwrap();
    assert_eq!((again.status, &again.json), (200, &started.json), "the key started it once");
    let galleries = galleries();
    let first = reply_to(&started.json["dialogs"][0], &galleries);
    let here = answer(&team, &started.json, std::slice::from_ref(&first)).await;
    let same = answer(&there, &started.json, &[first]).await;
    assert_eq!(here.json, same.json);
    let position = format!("{}/dialogs", started.json["link"].as_str().unwrap());
    let last = play(&there, &there.get(&position).await.json).await;
    assert_eq!((&last["state"], &last["result"]["method"]), (&json!("scored"), &json!("walk")));
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_answers_at_the_same_time_are_one() {
    let tester = tester("").await;
    let team = tester.team("Atelier").await;
    let started = start(&team).await;
    let galleries = galleries();
    let dialogs = started["dialogs"].as_array().unwrap();
    let answers: Vec<Value> = dialogs.iter().map(|it| reply_to(it, &galleries)).collect();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (team, started, answers) = (team.clone(), started.clone(), answers.clone());
        tasks.spawn(async move { answer(&team, &started, &answers).await });
    }
    let replies: Vec<(u16, Value)> =
        tasks.join_all().await.into_iter().map(|it| (it.status, it.json)).collect();
    assert!(replies.iter().all(|reply| *reply == replies[0] && reply.0 == 200), "{replies:?}");
    assert_eq!(replies[0].1["left"], TURNS - 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_bounded_and_files_are_for_other_phases() {
    let tester = tester("").await;
    let team = tester.team("Atelier").await;
    let started = start(&team).await;
    let most = started["requests_left"].as_u64().unwrap();
    assert_eq!(most, 2 * TURNS);
    let galleries = galleries();
    let first = reply_to(&started["dialogs"][0], &galleries);
    for _ in 0..most {
        assert_eq!(answer(&team, &started, std::slice::from_ref(&first)).await.status, 200);
    }
    let refused = answer(&team, &started, &[first]).await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert!(refused.json["detail"].as_str().unwrap().contains("several dialogs in one request"));
    let file = team.upload("dialog", b"{}".to_vec()).await;
    assert_eq!(file.status, 409, "{}", file.text);
    let other = team.post("/api/v1/challenges/fiq/phases/dev/dialogs", &Value::Null).await;
    assert_eq!(other.status, 409, "{}", other.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogs_are_published_once_the_phase_has_closed() {
    let tester = tester("closes = 2026-11-25T00:00:00Z").await;
    let team = tester.team("Atelier").await;
    let started = start(&team).await;
    play(&team, &started).await;
    let page = format!("/c/fiq/submissions/{}", started["submission"].as_str().unwrap());
    let transcript = format!("{page}/transcript");
    assert_eq!(tester.get(&transcript).await.status, 404);
    assert!(!tester.get(&page).await.text.contains("/transcript"));
    tester.clock.advance(12 * 3600);
    assert!(tester.get(&page).await.text.contains("/transcript"));
    let read = tester.get(&transcript).await;
    assert_eq!(read.status, 200, "{}", read.text);
    assert_eq!(read.json["simulator"], "template 1");
    let turns = read.json["dialogs"][0]["turns"].as_array().unwrap();
    assert_eq!(turns.len(), 3);
    assert_eq!(turns[1]["shown"], turns[0]["ranking"][0]);
    let own = team.get(&format!("{}/transcript", started["link"].as_str().unwrap())).await;
    assert_eq!(own.json, read.json);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_phase_says_how_to_play_and_its_agent_plays() {
    let tester = tester("").await;
    let guide = tester.get("/c/fiq/dialog/take-part").await.text;
    for own in
        ["12 dialogs of 3 turns: 4 in each of dress, shirt and toptee", "template 1", "/agent.py"]
    {
        assert!(guide.contains(own), "{own} is not in {guide}");
    }
    assert!(tester.get("/c/fiq/dialog").await.text.contains("is played as dialogs"));
    assert!(tester.get("/c/fiq/dialogs").await.text.contains("best log rank integral"));
    let program = tester.get("/c/fiq/agent.py").await;
    assert!(program.text.lines().count() <= 100);
    let file = tester.world.path().join("agent.py");
    std::fs::write(&file, &program.bytes).unwrap();
    let token = tester.token("Atelier").await;
    let (address, method) = (tester.address.clone(), "wörter 🧥");
    let run = move || {
        let mut python = std::process::Command::new("python3");
        let arguments = [file.to_str().unwrap(), &address, "fiq", "dialog", method];
        python.args(arguments).env("FASHION_IQ_TOKEN", &token).output().unwrap()
    };
    for _ in 0..2 {
        let done = tokio::task::spawn_blocking(run.clone()).await.unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}");
        let result: Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(
            (&result["state"], &result["method"]),
            (&json!("scored"), &json!(method)),
            "{said}"
        );
        // It finds more than chance: ten of 130 items in each of three turns.
        assert!(result["scorecard"]["overall"].as_f64().unwrap() > 0.4, "{result}");
    }
}
