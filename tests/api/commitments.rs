//! Commitments to hidden targets: published before anyone submits, opened by the reveal.

use std::collections::BTreeMap;
use std::fs;

use dataset::{Folder, Protocol};
use domain::challenges::Definition;
use domain::entities::commitment;
use domain::entities::role::Role;
use domain::moderation;
use domain::plans::{Application, Plan};
use scoring::{Benchmark, FASHION_IQ};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::Value;
use system_tests::{Tester, World};

const PHASE: &str = "/api/v1/challenges/fiq/phases/test";

/// Freezes and reveals a day apart.
const REVEAL: &str = "freezes = 2026-11-25T00:00:00Z\nreveals = 2026-11-26T00:00:00Z";

/// Another phase on the same targets, which is never revealed.
const ANOTHER: &str = "\n[[phase]]\nname = \"again\"\ntitle = \"Again\"\nbenchmark = \"test\"\n\
                       opens = 2026-11-01T00:00:00Z\n";

async fn published(tester: &Tester) -> Vec<Value> {
    let phase = tester.get(PHASE).await;
    assert_eq!(phase.status, 200, "{}", phase.text);
    phase.json["commitments"].as_array().unwrap().clone()
}

async fn stored(tester: &Tester) -> Vec<commitment::Model> {
    let rows = commitment::Entity::find().order_by_asc(commitment::Column::Id);
    rows.all(&tester.app.db).await.unwrap()
}

/// What anybody computes who has the public data, the targets and the salt.
fn computed(salt: &Value) -> String {
    let folder = World::test_folder();
    let mut split = Folder::new(&folder).split("test", Protocol::Original).unwrap();
    split.read_targets(&folder.with_file_name("targets.json")).unwrap();
    let benchmark =
        Benchmark::new(&FASHION_IQ, split, Protocol::Original, dataset::Elsewhere::default());
    let salt = hex::decode(salt.as_str().unwrap()).unwrap().try_into().unwrap();
    benchmark.commitment(&salt).unwrap()
}

/// Applies the challenge.toml with a reason.
async fn apply(tester: &Tester, reason: &str) -> Plan {
    let definition = Definition::read(&tester.world.definition()).unwrap();
    let (db, ambient) = (&tester.app.db, &tester.app.ambient);
    let application = Application::prepare(db, ambient, definition).await.unwrap();
    moderation::apply_definition(&tester.app, &application, None, reason).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_are_committed_to_before_anyone_submits_and_the_reveal_opens_it() {
    let tester = Tester::of(World::with_more("", REVEAL), |_| {}).await;
    let before = published(&tester).await;
    assert_eq!(before.len(), 1);
    let digest = before[0]["digest"].as_str().unwrap();
    assert!(before[0].get("salt").is_none() && before[0].get("reason").is_none(), "{before:?}");
    let board = tester.get("/c/fiq/test").await.text;
    assert!(board.contains(&format!("title=\"{digest}\"")), "{board}");
    let dev = tester.get("/api/v1/challenges/fiq/phases/dev").await;
    assert_eq!(dev.json["commitments"], Value::Array(vec![]), "public targets need none");

    let team = tester.team("Atelier").await;
    let sent = team.upload("test", tester.test.run(|_| Some(1))).await;
    let receipt = team.get(&format!("{}/receipt", sent.json["link"].as_str().unwrap())).await;
    assert!(receipt.text.contains(digest), "a receipt names the targets it was scored on");

    tester.clock.advance(86_400);
    assert!(published(&tester).await[0].get("salt").is_none(), "it is only frozen");
    tester.clock.advance(86_400);
    let after = published(&tester).await;
    assert_eq!(after[0]["digest"], digest);
    assert_eq!(computed(&after[0]["salt"]), digest);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_salt_is_nowhere_while_a_phase_on_the_same_targets_is_not_revealed() {
    let world = World::with_more("", REVEAL);
    let text = fs::read_to_string(world.definition()).unwrap();
    fs::write(world.definition(), text + ANOTHER).unwrap();
    let tester = Tester::of(world, |_| {}).await;
    let mut organiser = tester.organiser("Otto", Role::Owner).await;
    tester.clock.advance(10 * 86_400);
    let salt = stored(&tester).await[0].salt.0.clone();
    for path in [
        "/api/v1/challenges",
        PHASE,
        "/api/v1/challenges/fiq/phases/again",
        "/c/fiq/test",
        "/c/fiq/organise/log",
        "/c/fiq/organise/definition",
        "/c/fiq/organise/export.json?phase=test",
        "/account/data",
    ] {
        let answer = organiser.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert!(!answer.text.contains(&salt), "{path}");
    }
    assert!(!format!("{:?}", stored(&tester).await).contains(&salt));
}

#[tokio::test(flavor = "multi_thread")]
async fn corrected_targets_get_a_new_commitment_with_its_reason_and_the_old_one_stays() {
    let tester = Tester::start().await;
    let first = published(&tester).await;
    assert!(apply(&tester, "nothing").await.is_empty(), "the same targets need no new one");

    // the targets of two queries were exchanged
    let targets = World::test_folder().with_file_name("targets.json");
    let mut all: BTreeMap<String, Value> =
        serde_json::from_slice(&fs::read(&targets).unwrap()).unwrap();
    let (one, other) = ("dress.test.0", "dress.test.1");
    let (a, b) = (all[one].clone(), all[other].clone());
    assert_ne!(a, b);
    all.extend([(one.to_owned(), b), (other.to_owned(), a)]);
    let corrected = tester.world.path().join("corrected.json");
    fs::write(&corrected, serde_json::to_vec(&all).unwrap()).unwrap();
    tester.world.edit(&targets.display().to_string(), &corrected.display().to_string());
    tester.clock.advance(60);
    let plan = apply(&tester, "two targets were exchanged").await.to_string();
    assert!(plan.contains("commitment") && plan.contains("with your reason"), "{plan}");

    let now = published(&tester).await;
    assert_eq!((now.len(), &now[0]), (2, &first[0]));
    assert_eq!(now[1]["reason"], "two targets were exchanged");
    assert_ne!(now[1]["digest"], first[0]["digest"]);
    let rows = stored(&tester).await;
    assert_ne!(rows[0].salt, rows[1].salt, "each has its own");
    assert!(apply(&tester, "again").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_benchmark_of_an_earlier_release_gets_its_commitment_when_it_is_applied() {
    let tester = Tester::start().await;
    commitment::Entity::delete_many().exec(&tester.app.db).await.unwrap();
    assert!(published(&tester).await.is_empty());
    let plan = apply(&tester, "an upgrade").await.to_string();
    assert!(plan.contains("a commitment to its targets is published"), "{plan}");
    let now = published(&tester).await;
    assert_eq!((now.len(), now[0].get("reason")), (1, None), "{now:?}");
}
