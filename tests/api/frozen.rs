//! From its freeze to its reveal a board doesn't change, whatever happens behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ambient::Instant;
use domain::challenges::{self, Definition};
use domain::database::UnitOfWork;
use domain::entities::role::Role;
use domain::entities::submission::{Column, Entity, State};
use domain::entities::{frozen, team::TeamKind};
use domain::moderation;
use domain::plans::Application;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;
use server::pages::ADDRESSES;
use system_tests::{Answer, Client, Team, Tester, World};
use time::OffsetDateTime;
use time::macros::datetime;

const FREEZES: OffsetDateTime = datetime!(2026-12-01 0:00 UTC);
const REVEALS: OffsetDateTime = datetime!(2026-12-15 0:00 UTC);
const LINES: &str = "freezes = 2026-12-01T00:00:00Z\nreveals = 2026-12-15T00:00:00Z\nfinals = 1";
const PHASE: &str = "/api/v1/challenges/fiq/phases/test";

fn id(answer: &Answer) -> String {
    answer.json["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

/// A run that ranks this many of ten targets first, and the others not at all.
fn run(tester: &Tester, tenths: usize, seed: usize) -> Vec<u8> {
    tester.test.run(move |q| (q % 10 < tenths).then_some(1 + seed % 9))
}

/// The response that everyone gets for an address.
type Told = (u16, String, Option<String>, Option<String>, String, Vec<u8>);

fn told(answer: Answer) -> Told {
    let Answer { status, media_type, location, tag, cache, bytes, .. } = answer;
    (status, media_type, location, tag, cache, bytes)
}

/// Every address that answers GET, from the specification and the table of pages, with the names of
/// this world in it. Event streams don't end, and are looked at by themselves.
async fn addresses(tester: &Tester, ids: &[String]) -> Vec<String> {
    let spec = tester.get("/api/openapi.json").await.json;
    let paths = spec["paths"].as_object().unwrap();
    let of_api = paths.iter().filter(|(_, operations)| !operations["get"].is_null());
    let of_api = of_api.map(|(path, _)| format!("/api/v1{}", path.replace(['{', '}'], "")));
    let of_api = of_api.map(|path| {
        let word = |part: &str| match part {
            "challenge" | "phase" | "id" | "group" => format!(":{part}"),
            part => part.to_owned(),
        };
        // literal words come first: `/challenges/challenge/phases/phase`
        path.split('/').map(word).collect::<Vec<_>>().join("/")
    });
    let pages = ADDRESSES.iter().filter(|(_, methods)| methods.contains(&"get"));
    // The zip has the server's own address in it, compressed.
    let pages = pages.filter(|(path, _)| !path.ends_with("/report.zip"));
    let pages = pages.map(|(path, _)| (*path).to_owned());
    let mut all = Vec::new();
    for path in of_api.chain(pages).filter(|path| !path.ends_with("/events")) {
        for phase in ["test", "dev"] {
            for id in ids {
                let filled = path.replace(":challenge", "fiq").replace(":phase", phase);
                let filled = filled.replace(":id", id).replace(":group", "dress");
                let filled = filled.replace(":secret", "nothing").replace(":provider", "nobody");
                let filled = filled.replace(":query", "dress.test.0").replace(":item", "nothing");
                all.push(filled.replace(":name", "nothing.css").replace(":file", "document.json"));
            }
        }
    }
    all.extend(["/c/fiq/test?sort=team", "/healthz", "/readyz", "/c/second"].map(str::to_owned));
    all.extend(["/api/openapi.json", "/c/nowhere"].map(str::to_owned));
    all.sort();
    all.dedup();
    let unfilled = all.iter().find(|path| path.contains([':', '{']));
    assert!(unfilled.is_none(), "{unfilled:?} has a parameter that this test does not know");
    all
}

async fn walk(server: &Client, addresses: &[String]) -> BTreeMap<String, Told> {
    let (server, addresses) = (server.clone(), addresses.to_vec());
    let walk = move || {
        let walked = addresses.into_iter().map(|path| {
            let mut told = told(server.get(&path));
            // Each server shows its own address in instructions.
            if let Ok(text) = String::from_utf8(told.5.clone()) {
                told.5 = text.replace(server.address(), "http://here").into_bytes();
            }
            (path, told)
        });
        walked.collect()
    };
    tokio::task::spawn_blocking(walk).await.unwrap()
}

fn must_be_same(before: &BTreeMap<String, Told>, after: &BTreeMap<String, Told>) {
    assert_eq!(before.len(), after.len());
    for (path, old) in before {
        let new = &after[path];
        if old != new {
            let text = |told: &Told| String::from_utf8_lossy(&told.5).into_owned();
            panic!("{path} has changed:\n{}\n-- and is now\n{}", text(old), text(new));
        }
    }
}

/// What an organiser does, or a fault of ours.
async fn mark(tester: &Tester, id: &str, column: Column, value: Expr) {
    let id = Uuid::try_parse(id).unwrap();
    let update = Entity::update_many().col_expr(column, value).filter(Column::Id.eq(id));
    update.exec(&tester.app.db).await.unwrap();
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let mut unit = UnitOfWork::begin(&tester.app).await.unwrap();
    unit.changes(challenge.id);
    unit.commit().await.unwrap();
}

/// A second challenge, so that the start page lists them.
async fn add_second_challenge(tester: &Tester) {
    let text = std::fs::read_to_string(tester.world.definition()).unwrap();
    let text = text.replacen("name = \"fiq\"", "name = \"second\"", 1);
    let definition = Definition::parse(&text, tester.world.path()).unwrap();
    let (db, ambient) = (&tester.app.db, &tester.app.ambient);
    let application = Application::prepare(db, ambient, definition).await.unwrap();
    moderation::apply_definition(&tester.app, &application, None, "a test").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_public_changes_while_a_board_is_frozen() {
    let tester = Tester::of(World::with_more("", LINES), |_| {}).await;
    add_second_challenge(&tester).await;
    let (first, second) = (tester.team("First").await, tester.team("Second").await);
    let reference = tester.entrant("Reference", TeamKind::Baseline).await;
    let leading = first.upload("test", run(&tester, 8, 0)).await;
    let surpassed = first.upload("test", run(&tester, 4, 0)).await;
    let taken_back = first.upload("test", run(&tester, 9, 0)).await;
    first.withdraw(&id(&taken_back)).await;
    let standing = second.upload("test", run(&tester, 6, 1)).await;
    let lesser = second.upload("test", run(&tester, 5, 1)).await;
    let chosen = second.choose(&id(&standing)).await;
    assert_eq!(chosen.status, 200, "{}", chosen.text);
    reference.upload("test", run(&tester, 3, 2)).await;
    let broken = second.upload("test", b"{}".to_vec()).await;
    let before_freeze = tester.board("test").await;

    tester.clock.set(Instant::of(FREEZES));
    assert_eq!(tester.board("test").await, before_freeze);
    assert_eq!(frozen::Entity::find().count(&tester.app.db).await.unwrap(), 1, "it is kept");
    tester.clock.advance(3600);
    let mut ids: Vec<String> =
        [&leading, &surpassed, &taken_back, &standing, &lesser, &broken].map(id).to_vec();
    ids.push(Uuid::nil().to_string());
    let addresses = addresses(&tester, &ids).await;
    let mut events = tester.anyone.wire();
    events.ask(&format!("{PHASE}/events"));
    let first_event = events.line_with("data:").unwrap();
    let here = walk(&tester.anyone, &addresses).await;
    assert!(here.len() > 40, "{} addresses", here.len());
    let page = &here[&format!("/c/fiq/submissions/{}", id(&leading))];
    assert_eq!(page.0, 200, "submissions on the board can be viewed");
    assert_eq!(here[&format!("/c/fiq/submissions/{}", id(&taken_back))].0, 404);
    let other = tester.beside().await;
    let there = walk(&other.anyone, &addresses).await;

    // uploads, a new team, choices, withdrawals, problems, failures: behind the board
    let newcomer = tester.team("Newcomer").await;
    let news = [
        first.upload("test", run(&tester, 10, 0)).await,
        newcomer.upload("test", run(&tester, 9, 1)).await,
        second.upload("test", b"[]".to_vec()).await,
        second.upload("test", run(&tester, 7, 1)).await,
    ];
    let failed = reference.upload("test", run(&tester, 1, 5)).await;
    mark(&tester, &id(&failed), Column::State, Expr::value(State::Failed)).await;
    assert_eq!(first.withdraw(&id(&leading)).await.status, 200);
    assert_eq!(first.restore(&id(&taken_back)).await.status, 200);
    assert_eq!(second.give_up(&id(&standing)).await.status, 200);
    assert_eq!(second.choose(&id(&lesser)).await.status, 200);

    must_be_same(&here, &walk(&tester.anyone, &addresses).await);
    must_be_same(&there, &walk(&other.anyone, &addresses).await);
    let fresh = tester.beside().await;
    must_be_same(&here, &walk(&fresh.anyone, &addresses).await);
    let mut events = fresh.anyone.wire();
    events.ask(&format!("{PHASE}/events"));
    assert_eq!(events.line_with("data:").unwrap(), first_event);
    // people who have the page already see it
    let (anyone, tag) = (tester.anyone.clone(), here["/c/fiq/test"].3.clone().unwrap());
    let asked = move || anyone.get_with("/c/fiq/test", &[("If-None-Match", &tag)]).status;
    assert_eq!(tokio::task::spawn_blocking(asked).await.unwrap(), 304);
    // the new runs are there for their teams alone
    for news in &news {
        let page = format!("/c/fiq/submissions/{}", id(news));
        assert_eq!(tester.get(&page).await.status, 404);
    }
    let own = first.get(news[0].json["link"].as_str().unwrap()).await;
    assert_eq!(own.json["scorecard"]["overall"], 1.0, "{}", own.text);

    tester.clock.set(Instant::of(REVEALS));
    let revealed = tester.board("test").await;
    let names: Vec<&str> = revealed.iter().map(|row| row.rsplit_once(' ').unwrap().0).collect();
    assert_eq!(names, ["1 First", "2 Newcomer", "3 Second", "- Reference"], "{revealed:?}");
    let rows = tester.get(&format!("{PHASE}/leaderboard")).await.json["rows"].clone();
    assert_eq!(rows[2]["submission"], id(&lesser).as_str(), "what Second chose counts");
    other.stop().await;
    fresh.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_frozen_board_tells_of_time_does_not_tell_when_something_happened() {
    let tester = Tester::of(World::with_more("", LINES), |_| {}).await;
    let team = tester.team("Atelier").await;
    team.upload("test", run(&tester, 5, 0)).await;
    // in four seconds the run is a minute old
    tester.clock.set(Instant(Instant::of(FREEZES).0 - 56_000_000));
    team.upload("test", run(&tester, 6, 0)).await;
    tester.clock.set(Instant::of(FREEZES));
    let before = told(tester.get("/c/fiq/test").await);
    assert!(String::from_utf8_lossy(&before.5).contains("just now"));
    tester.clock.advance(5);
    team.upload("test", run(&tester, 7, 0)).await;
    assert_eq!(told(tester.get("/c/fiq/test").await), before);
    tester.clock.advance(5);
    assert_ne!(told(tester.get("/c/fiq/test").await), before, "on the grid it does change");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_events_is_silent_while_the_board_is_frozen() {
    let tester = Tester::of(World::with_more("", LINES), |_| {}).await;
    let team = tester.team("Atelier").await;
    team.upload("test", run(&tester, 5, 0)).await;
    tester.clock.set(Instant::of(FREEZES));
    let mut events = tester.anyone.wire();
    events.ask(&format!("{PHASE}/events"));
    let first = events.line_with("data:").unwrap();
    assert!(first.contains("\"scored\":1"), "{first}");
    team.upload("test", run(&tester, 6, 0)).await;
    tester.clock.set(Instant::of(REVEALS));
    let next = tokio::task::spawn_blocking(move || events.line_with("data:").unwrap());
    assert!(next.await.unwrap().contains("\"scored\":2"), "the next is that of the reveal");
}

#[tokio::test(flavor = "multi_thread")]
async fn organisers_take_rows_out_of_a_frozen_board_and_nobody_moves_up() {
    let tester = Tester::of(World::with_more("", LINES), |_| {}).await;
    let (first, second) = (tester.team("First").await, tester.team("Second").await);
    let third = tester.team("Third").await;
    let best = first.upload("test", run(&tester, 8, 0)).await;
    first.upload("test", run(&tester, 7, 0)).await;
    second.upload("test", run(&tester, 6, 0)).await;
    let last = third.upload("test", run(&tester, 5, 0)).await;
    tester.clock.set(Instant::of(FREEZES));
    let whole = tester.board("test").await;
    assert_eq!(whole.len(), 3);
    let counters = |text: &str| text.split("class=\"counters\"").nth(1).unwrap()[..300].to_owned();
    let before = counters(&tester.get("/c/fiq/test").await.text);

    tester.clock.advance(60);
    let now = Expr::value(tester.app.ambient.now());
    mark(&tester, &id(&best), Column::DisqualifiedAt, now.clone()).await;
    assert_eq!(
        tester.board("test").await,
        whole[1..],
        "the ranks stay, and the lesser run is not there"
    );
    let page = format!("/c/fiq/submissions/{}", id(&best));
    assert_eq!(tester.get(&page).await.status, 404);
    mark(&tester, &id(&last), Column::HiddenAt, now).await;
    assert_eq!(tester.board("test").await, whole[1..2]);
    assert_eq!(counters(&tester.get("/c/fiq/test").await.text), before);
    // undone, it is what it was
    for (run, column) in [(&best, Column::DisqualifiedAt), (&last, Column::HiddenAt)] {
        mark(&tester, &id(run), column, Expr::value(Option::<i64>::None)).await;
    }
    assert_eq!(tester.board("test").await, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_received_before_the_freeze_is_on_the_frozen_board_once_it_is_scored() {
    let tester = Tester::of(World::with_more("", LINES), |settings| {
        settings.patience = std::time::Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await;
    let score = async || assert!(tester.app.worker.step(&tester.app).await.unwrap());
    let kept = async || frozen::Entity::find().count(&tester.app.db).await.unwrap();
    let team = tester.team("Atelier").await;
    let first = team.upload("test", run(&tester, 5, 0)).await;
    let second = team.upload("test", run(&tester, 4, 0)).await;
    score().await;
    score().await;
    team.withdraw(&id(&first)).await;
    team.upload("test", run(&tester, 3, 0)).await;

    tester.clock.set(Instant::of(FREEZES));
    let late = team.upload("test", run(&tester, 9, 0)).await;
    assert_eq!(late.status, 202);
    assert_eq!(tester.board("test").await.len(), 1);
    assert_eq!(kept().await, 0, "a run of before still waits");
    // what would leave no trace has to wait; what leaves one has no effect
    let refused = team.restore(&id(&first)).await;
    assert_eq!((refused.status, &refused.json["code"]), (409, &Value::from("freezing")));
    let before = tester.board("test").await;
    assert_eq!(team.withdraw(&id(&second)).await.status, 200);
    assert_eq!(tester.board("test").await, before);
    score().await;
    let leaderboard = tester.get(&format!("{PHASE}/leaderboard")).await;
    assert_eq!(leaderboard.json["rows"][0]["tries"], 3, "{}", leaderboard.text);
    assert_eq!(leaderboard.json["frozen_at"], "2026-12-01T00:00:00Z");
    assert_eq!(kept().await, 1);
    score().await;
    assert_eq!(team.restore(&id(&first)).await.status, 200);
    assert_eq!(tester.get(&format!("{PHASE}/leaderboard")).await.json, leaderboard.json);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_sees_its_new_scores_beside_the_frozen_board_and_no_new_rank() {
    let tester = Tester::of(World::with_more("", LINES), |_| {}).await;
    let mut member = tester.member("Ada", Some("Atelier")).await;
    let sent = member.submit("/c/fiq/test/submit", &[], &run(&tester, 5, 0)).await;
    let earlier = sent.location.unwrap();
    assert!(member.get(&earlier).await.text.contains("</bdi> at rank 1"));
    tester.clock.set(Instant::of(FREEZES));
    let sent = member.submit("/c/fiq/test/submit", &[], &run(&tester, 10, 0)).await;
    let later = member.get(sent.location.as_deref().unwrap()).await;
    assert!(later.text.contains("100.00") && later.text.contains("is frozen"), "{}", later.text);
    assert!(!later.text.contains("</bdi> at rank"), "{}", later.text);
    assert!(member.get(&earlier).await.text.contains("</bdi> at rank 1"));
    let list = member.get("/c/fiq/submissions").await.text;
    assert!(list.contains("100.00") && list.contains("The board is frozen"), "{list}");
    assert!(tester.get("/c/fiq/test").await.text.contains("The board is frozen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_score_before_the_reveal_and_then_everybody_does() {
    let lines = "shown = { public = [], team = [] }\nreveals = 2026-12-15T00:00:00Z";
    let tester = Tester::of(World::with_more("", lines), |_| {}).await;
    let team: Team = tester.team("Atelier").await;
    let made = team.upload("test", run(&tester, 5, 0)).await;
    assert!(made.json["scorecard"].is_null(), "{}", made.text);
    assert!(tester.board("test").await.is_empty());
    tester.clock.set(Instant(Instant::of(REVEALS).0 - 1));
    assert!(tester.board("test").await.is_empty());
    let link = made.json["link"].as_str().unwrap();
    assert!(team.get(link).await.json["scorecard"].is_null());
    tester.clock.set(Instant::of(REVEALS));
    let overall = team.get(link).await.json["scorecard"]["overall"].as_f64().unwrap();
    assert_eq!(tester.board("test").await, [format!("1 Atelier {overall:.4}")]);
    let phase = tester.get(PHASE).await.json;
    assert_eq!(phase["shown"]["public"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_that_is_moved_gives_the_board_of_its_new_instant_and_one_that_is_lifted_the_present()
 {
    let tester = Tester::of(World::with_more("", LINES), |_| {}).await;
    let team = tester.team("Atelier").await;
    let runs = async || {
        let told = tester.get(&format!("{PHASE}/leaderboard")).await.json;
        (told["rows"][0]["tries"].as_u64().unwrap(), told["frozen_at"].as_str().map(str::to_owned))
    };
    let moved = async |from: &str, to: &str| {
        tester.world.edit(from, to);
        tester.apply().await;
    };
    team.upload("test", run(&tester, 4, 0)).await;
    tester.clock.set(Instant::of(datetime!(2026-11-28 0:00 UTC)));
    team.upload("test", run(&tester, 5, 0)).await;
    tester.clock.set(Instant::of(datetime!(2026-12-02 0:00 UTC)));
    team.upload("test", run(&tester, 6, 0)).await;
    let at = |day: &str| Some(format!("2026-{day}T00:00:00Z"));
    assert_eq!(runs().await, (2, at("12-01")));
    moved("freezes = 2026-12-01", "freezes = 2026-11-26").await;
    assert_eq!(runs().await, (1, at("11-26")));
    moved("freezes = 2026-11-26", "freezes = 2026-12-01").await;
    assert_eq!(runs().await, (2, at("12-01")));
    moved("freezes = 2026-12-01T00:00:00Z\n", "").await;
    assert_eq!(runs().await, (3, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_anew_for_what_happens_behind_a_frozen_board() {
    let tester = Tester::of(World::with_more("", LINES), |_| {}).await;
    let team = tester.team("Atelier").await;
    let first = team.upload("test", run(&tester, 5, 0)).await;
    let second = team.upload("test", run(&tester, 4, 0)).await;
    tester.clock.set(Instant::of(FREEZES));
    let other = tester.beside().await;
    let apps = [&tester.app, &other.app];
    let boards = async || {
        let mut boards = Vec::new();
        for app in apps {
            for phase in ["test", "dev"] {
                boards.push(app.boards.get(app, "fiq", phase).await.unwrap());
            }
        }
        boards
    };
    let before = boards().await;
    let revision = challenges::find(&tester.app.db, "fiq").await.unwrap().revision;

    team.upload("test", run(&tester, 9, 0)).await;
    team.upload("test", b"{}".to_vec()).await;
    tester.team("Newcomer").await.upload("test", run(&tester, 10, 1)).await;
    assert_eq!(team.withdraw(&id(&first)).await.status, 200);
    assert_eq!(team.choose(&id(&second)).await.status, 200);

    // requests get the board that was made before, because a new one would take time
    for (before, after) in before.iter().zip(boards().await) {
        assert!(Arc::ptr_eq(before, &after), "{} was made again", after.phase.name);
    }
    let after = challenges::find(&tester.app.db, "fiq").await.unwrap().revision;
    assert_eq!(after, revision, "other servers have no reason to look either");
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_keeps_its_name_of_the_freeze_on_every_page() {
    let tester = Tester::of(World::with_more("", LINES), |_| {}).await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let best = ada.submit("/c/fiq/test/submit", &[], &run(&tester, 8, 0)).await.location.unwrap();
    let lesser = ada.submit("/c/fiq/test/submit", &[], &run(&tester, 4, 0)).await.location.unwrap();
    tester.clock.set(Instant::of(FREEZES));

    let rename = [("name", "Nordlicht"), ("anonymity", "none")];
    assert_eq!(ada.post("/c/fiq/team/name", &rename).await.status, 303);
    let best = best.rsplit('/').next().unwrap();
    let disqualify = format!("/c/fiq/organise/submissions/{best}/disqualify");
    let why = [("reason", "made with the test’s pictures")];
    assert_eq!(otto.post(&disqualify, &why).await.status, 303);

    assert!(tester.board("test").await.is_empty(), "the row of the best run is gone");
    let page = tester.get(&lesser).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("Atelier") && !page.text.contains("Nordlicht"), "{}", page.text);
    assert!(ada.get(&lesser).await.text.contains("Nordlicht"), "its members know the new name");
    tester.clock.set(Instant::of(REVEALS));
    assert!(tester.get(&lesser).await.text.contains("Nordlicht"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_not_renamed_before_the_frozen_board_is_kept() {
    let tester = Tester::of(World::with_more("", LINES), |settings| {
        settings.patience = std::time::Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    ada.submit("/c/fiq/test/submit", &[], &run(&tester, 5, 0)).await;
    tester.clock.set(Instant::of(FREEZES));
    let rename = [("name", "Nordlicht"), ("anonymity", "none")];
    assert_eq!(ada.post("/c/fiq/team/name", &rename).await.status, 409);
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    assert_eq!(ada.post("/c/fiq/team/name", &rename).await.status, 303);
    assert!(tester.board("test").await[0].starts_with("1 Atelier "));
}
