//! Scoring all submissions again after the targets or the scorer were corrected.

use std::time::Duration;

use domain::accounts::{self, Email};
use domain::ambient::Instant;
use domain::challenges;
use domain::entities::corrected_targets::SecretTargets;
use domain::entities::rescoring::State;
use domain::entities::role::Role;
use domain::entities::{
    challenge, corrected_targets, notice, rescored_ranks, rescoring, scorecard, user,
};
use domain::moderation::{self, Correction, Decision, Preview};
use domain::standings::Placed;
use domain::submissions::{self, CURRENT_SCORER};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use server::App;
use system_tests::{Answer, Browser, Questions, Team, Tester, World};
use time::macros::datetime;

const LEADERBOARD: &str = "/api/v1/challenges/fiq/phases/test/leaderboard";
const PAGE: &str = "/c/fiq/organise/rescoring";

/// The targets of phase `test`, of which every second one is another item.
pub(crate) fn corrected(world: &World) -> Vec<u8> {
    let file = world.datasets().join("targets.json");
    let mut targets: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let targets_of = targets.as_object_mut().unwrap();
    for group in World::test().groups() {
        for (q, query) in group.queries.iter().enumerate().filter(|(q, _)| q % 2 == 0) {
            let old = group.targets.as_ref().unwrap().of(q)[0] as usize;
            let new = group.gallery.item(((old + 1) % group.gallery.len()) as u32);
            targets_of.insert(query.id.clone(), new.into());
        }
    }
    serde_json::to_vec(&targets).unwrap()
}

/// Waits until a set is computed by a server.
pub(crate) async fn ready(app: &App, id: i32) {
    for _ in 0..300 {
        let set = rescoring::Entity::find_by_id(id).one(&app.db).await.unwrap().unwrap();
        if set.state == State::Ready {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("rescoring {id} is not computed");
}

/// A challenge whose test targets turn out to be wrong: Ada's team follows the wrong ones, Ben's the
/// right ones, and Cleo's does neither.
struct Story {
    tester: Tester,
    otto: user::Model,
    browser: Browser,
    teams: [Team; 3],
    sent: [Answer; 3],
    /// The queries with the right targets.
    right: Questions,
    corrected: Vec<u8>,
}

impl Story {
    async fn new() -> Self {
        Self::of(World::new("")).await
    }

    async fn of(world: World) -> Self {
        let tester = Tester::of(world, |_| {}).await;
        let browser = tester.organiser("Otto", Role::Organiser).await;
        let email = Email::read("otto@example.org").unwrap();
        let otto = accounts::user_with(&tester.app.db, &email).await.unwrap().unwrap();
        let corrected = corrected(&tester.world);
        let file = tester.world.path().join("corrected.json");
        std::fs::write(&file, &corrected).unwrap();
        let right = Questions::read(&World::test_folder(), "test", Some(&file));
        let mut teams = Vec::new();
        for (person, team) in [("Ada", "Atelier"), ("Ben", "Bureau"), ("Cleo", "Cabinet")] {
            tester.member(person, Some(team)).await;
            teams.push(tester.program_of(person).await);
        }
        let teams: [Team; 3] = teams.try_into().ok().unwrap();
        let runs = [
            tester.test.run(|_| Some(1)),
            right.run(|_| Some(1)),
            tester.test.run(|q| (q % 5 == 0).then_some(30)),
        ];
        let mut sent = Vec::new();
        for (team, run) in teams.iter().zip(runs) {
            let answer = team.upload("test", run).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            sent.push(answer);
            tester.clock.advance(1);
        }
        let sent: [Answer; 3] = sent.try_into().ok().unwrap();
        Self { tester, otto, browser, teams, sent, right, corrected }
    }

    async fn challenge(&self) -> challenge::Model {
        challenges::find(&self.tester.app.db, "fiq").await.unwrap()
    }

    async fn create(&self, targets: &[u8]) -> domain::Result<i32> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        let correction = Correction::Targets(SecretTargets(targets.to_vec()));
        let what = ("test", correction);
        let by = Some(&self.otto);
        let set = moderation::create_rescoring(app, by, &challenge, what, "wrong targets").await?;
        ready(app, set.id).await;
        Ok(set.id)
    }

    async fn preview(&self, id: i32) -> Preview {
        let challenge = self.challenge().await;
        moderation::preview_rescoring(&self.tester.app, &challenge, id).await.unwrap()
    }

    async fn apply(&self, id: i32) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        moderation::apply_rescoring(app, Some(&self.otto), &challenge, id, "wrong targets").await
    }

    async fn cancel(&self, id: i32) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        moderation::cancel_rescoring(app, Some(&self.otto), &challenge, id, "not needed").await
    }

    /// Undoes the newest event.
    async fn undo(&self) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        let newest = moderation::events_of(&app.db, challenge.id, None, None, 1).await?;
        let why = ("", "they were right");
        moderation::undo(app, &self.otto, &challenge, newest[0].id, why).await
    }

    async fn board(&self) -> Value {
        let mut board = self.tester.get(LEADERBOARD).await.json;
        board.as_object_mut().unwrap().remove("made_at");
        board
    }

    /// The notices about rescorings, each with the id of its team.
    async fn told(&self) -> Vec<(i32, String)> {
        let told = notice::Entity::find().filter(notice::Column::Kind.eq("rescored"));
        let told = told.order_by_asc(notice::Column::Id).all(&self.tester.app.db).await.unwrap();
        told.into_iter().map(|row| (row.team_id, row.text)).collect()
    }

    async fn own(&self, team: usize) -> Value {
        let link = self.sent[team].json["link"].as_str().unwrap();
        self.teams[team].get(link).await.json
    }
}

/// The board of phase `test` in short: `1 Atelier 100.00`.
fn short(board: &Value) -> Vec<String> {
    let row = |row: &Value| {
        let score = 100.0 * row["scorecard"]["overall"].as_f64().unwrap();
        format!("{} {} {score:.2}", row["rank"], row["team"].as_str().unwrap())
    };
    board["rows"].as_array().unwrap().iter().map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn corrected_targets_move_a_board_only_when_they_are_applied_and_can_be_undone() {
    let story = Story::new().await;
    let before = story.board().await;
    let places = short(&before);
    assert!(places[0].starts_with("1 Atelier 100.00"), "{places:?}");
    let own = story.own(0).await;

    let id = story.create(&story.corrected).await.unwrap();
    assert_eq!(story.board().await, before, "the board is as it was");
    assert_eq!(story.own(0).await, own, "and so is what a team sees");
    assert_eq!(story.told().await, []);
    let preview = story.preview(id).await;
    assert_eq!((preview.submissions, preview.missing, preview.in_force), (3, 0, false));
    let [phase] = &preview.phases[..] else { panic!("{preview:?}") };
    assert_eq!((phase.phase.name.as_str(), phase.frozen), ("test", false));
    let place = |placed: Option<Placed>| {
        placed.map(|it| format!("{} {:.2}", it.rank.unwrap(), 100.0 * it.score)).unwrap()
    };
    let would_be: Vec<String> = phase
        .moves
        .iter()
        .map(|it| format!("{}: {} → {}", it.team.name, place(it.before), place(it.after)))
        .collect();
    let (ben, ada) = (&phase.moves[0], &phase.moves[1]);
    assert_eq!((ben.team.name.as_str(), ada.team.name.as_str()), ("Bureau", "Atelier"));
    assert!(would_be[0].ends_with("→ 1 100.00"), "{would_be:?}");
    assert!(would_be[1].starts_with("Atelier: 1 100.00 → "), "{would_be:?}");
    assert!(phase.ranks() >= 2, "{would_be:?}");

    story.apply(id).await.unwrap();
    let after = story.board().await;
    assert!(short(&after)[0].starts_with("1 Bureau 100.00"), "{after}");
    for it in &phase.moves {
        let row = format!("{} {}", it.after.unwrap().rank.unwrap(), it.team.name);
        assert!(short(&after).iter().any(|own| own.starts_with(&row)), "{row} is in {after}");
    }
    let told = story.told().await;
    assert_eq!(told.len(), phase.moves.len());
    let (_, to_ada) = told.iter().find(|(team, _)| *team == ada.team.id).unwrap();
    let rank = ada.after.unwrap().rank.unwrap();
    let expected = format!("Test were scored again: your rank 1 → {rank}, your score 100.00 → ");
    assert!(to_ada.contains(&expected) && to_ada.contains("Reason: wrong targets"), "{to_ada}");
    let mail = story.tester.mail_to("ada@example.org").await;
    assert!(mail.contains(to_ada.as_str()), "{mail}");

    let now = story.own(0).await;
    let earlier = &now["earlier_scorecards"];
    assert_eq!(earlier.as_array().unwrap().len(), 1, "{now}");
    assert_eq!(earlier[0]["scorecard"], own["scorecard"], "the old card is still there");
    assert_ne!(now["scorecard"], own["scorecard"]);

    story.undo().await.unwrap();
    assert_eq!(story.board().await, before, "everything is back");
    assert_eq!(story.own(0).await, own);
    let told = story.told().await;
    let (_, last) = told.iter().rfind(|(team, _)| *team == ada.team.id).unwrap();
    let expected = format!("rescoring of Test was undone: your rank {rank} → 1");
    assert!(last.contains(&expected) && last.contains("they were right"), "{last}");
    story.apply(id).await.unwrap();
    assert_eq!(story.board().await, after, "and can be applied again");
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_that_arrive_meanwhile_are_included_and_new_ones_get_the_right_targets() {
    let story = Story::new().await;
    let id = story.create(&story.corrected).await.unwrap();
    let cleo = &story.teams[2];
    let late = cleo.upload("test", story.tester.test.run(|q| Some(q % 3 + 1))).await;
    assert_eq!(late.status, 201, "{}", late.text);
    story.apply(id).await.unwrap();
    let row = |board: &Value, team: &str| {
        short(board).into_iter().find(|row| row.contains(team)).unwrap()
    };
    assert_eq!(story.preview(id).await.missing, 0);

    let other = story.tester.beside().await;
    let run = story.right.run(|q| Some(if q % 4 == 0 { 20 } else { 1 }));
    let newest = cleo.at(&other).upload("test", run).await;
    assert_eq!(newest.status, 201, "{}", newest.text);
    let overall = newest.json["scorecard"]["overall"].as_f64().unwrap();
    assert!(overall > 0.75, "scored against the right targets: {overall}");
    tokio::time::sleep(Duration::from_millis(150)).await;
    let there = other.anyone.clone();
    let there = tokio::task::spawn_blocking(move || there.get(LEADERBOARD)).await.unwrap().json;
    assert_eq!(short(&there), short(&story.board().await), "both servers show the same");

    story.undo().await.unwrap();
    let back = story.board().await;
    let first = late.json["scorecard"]["overall"].as_f64().unwrap();
    let expected = format!("{:.2}", 100.0 * first);
    assert!(row(&back, "Cabinet").ends_with(&expected), "{back}: {expected}");
    let (benchmark, db) = (story.preview(id).await.benchmark, &story.tester.app.db);
    let missing = submissions::missing(db, &benchmark, false).await.unwrap();
    assert_eq!(missing, 0, "the newest has a score for the old targets too");
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_set_leaves_nothing() {
    let story = Story::new().await;
    let (db, before) = (&story.tester.app.db, story.board().await);
    let cards = || scorecard::Entity::find().count(db);
    assert_eq!(cards().await.unwrap(), 3);
    let id = story.create(&story.corrected).await.unwrap();
    assert_eq!(cards().await.unwrap(), 6);
    assert_eq!(rescored_ranks::Entity::find().count(db).await.unwrap(), 3);
    story.cancel(id).await.unwrap();
    assert_eq!(cards().await.unwrap(), 3);
    assert_eq!(rescored_ranks::Entity::find().count(db).await.unwrap(), 0);
    assert_eq!(corrected_targets::Entity::find().count(db).await.unwrap(), 0);
    assert_eq!(story.board().await, before);
    let refused = story.apply(id).await.unwrap_err().detail;
    assert_eq!(refused, format!("rescoring {id} was cancelled; create a new one"));
    let refused = story.cancel(id).await.unwrap_err().detail;
    assert!(refused.contains("already cancelled"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cant_be_used_is_named_and_changes_nothing() {
    let story = Story::new().await;
    let (db, before) = (&story.tester.app.db, story.board().await);
    let first: Value = serde_json::from_slice(&story.corrected).unwrap();
    let query = first.as_object().unwrap().keys().next().unwrap().clone();
    let with = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
        let mut targets = first.clone();
        change(targets.as_object_mut().unwrap());
        serde_json::to_vec(&targets).unwrap()
    };
    let unknown = with(&|all| drop(all.insert("nobody-1".to_owned(), "B0".into())));
    let elsewhere = with(&|all| drop(all.insert(query.clone(), "no-item".into())));
    let incomplete = with(&|all| drop(all.remove(&query)));
    let present = std::fs::read(story.tester.world.datasets().join("targets.json")).unwrap();
    for (targets, expected) in [
        (unknown, "nobody-1 is not a query"),
        (elsewhere, "a target is not in the gallery"),
        (incomplete, "has no target"),
        (b"[]".to_vec(), "can’t be used"),
        (present, "the same targets as those in force"),
    ] {
        let refused = story.create(&targets).await.unwrap_err().detail;
        assert!(refused.contains(expected), "{refused}");
    }
    let challenge = story.challenge().await;
    let scorer = async |benchmark: &str| {
        let what = (benchmark, Correction::Scorer);
        let by = Some(&story.otto);
        let made = moderation::create_rescoring(&story.tester.app, by, &challenge, what, "a fix");
        made.await.unwrap_err().detail
    };
    assert!(scorer("nothing").await.contains("benchmark `nothing` not found"));
    assert!(scorer("test").await.contains("come from the present scorer"));
    assert_eq!(rescoring::Entity::find().count(db).await.unwrap(), 0);
    assert_eq!(story.board().await, before);

    // a set that was made before another was applied
    let one = story.create(&story.corrected).await.unwrap();
    let other = story.create(&unlike(&story.corrected)).await.unwrap();
    story.apply(one).await.unwrap();
    let refused = story.apply(other).await.unwrap_err().detail;
    assert!(refused.contains("created before another rescoring was applied"), "{refused}");
    let refused = story.apply(one).await.unwrap_err().detail;
    assert!(refused.contains("already in force"), "{refused}");
    let refused = story.cancel(one).await.unwrap_err().detail;
    assert!(refused.contains("undo that in the log first"), "{refused}");
}

/// The same targets with those of two queries of a group exchanged.
fn unlike(targets: &[u8]) -> Vec<u8> {
    let mut all: Value = serde_json::from_slice(targets).unwrap();
    let questions = World::test();
    let ids = &questions.groups()[0].queries;
    let (one, other) = (all[&ids[0].id].clone(), all[&ids[1].id].clone());
    (all[&ids[0].id], all[&ids[1].id]) = (other, one);
    serde_json::to_vec(&all).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_upload_is_named_and_its_submission_must_be_removed_first() {
    let story = Story::new().await;
    let (app, before) = (&story.tester.app, story.board().await);
    let lost = story.sent[2].json["id"].as_str().unwrap();
    std::fs::remove_file(app.settings.upload_dir().join(lost)).unwrap();
    let id = story.create(&story.corrected).await.unwrap();
    let preview = story.preview(id).await;
    assert_eq!((preview.missing, preview.failed.len()), (1, 1));
    assert_eq!(preview.failed[0].submission.to_string(), lost);
    let refused = story.apply(id).await.unwrap_err().detail;
    assert!(refused.contains("1 submission has no score there"), "{refused}");
    assert_eq!(story.board().await, before);
    let (challenge, run) = (story.challenge().await, submissions::id(lost).unwrap());
    let disqualify = Decision::Disqualify;
    moderation::decide(app, &story.otto, &challenge, run, disqualify, "lost").await.unwrap();
    story.apply(id).await.unwrap();
    assert_eq!(short(&story.board().await).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_scorer_rescores_from_ranks_without_reading_uploads() {
    let story = Story::new().await;
    let (app, before) = (&story.tester.app, story.board().await);
    let older = scorecard::Entity::update_many()
        .col_expr(scorecard::Column::ScorerVersion, Expr::value(CURRENT_SCORER - 1));
    older.exec(&app.db).await.unwrap();
    for answer in &story.sent {
        let upload = app.settings.upload_dir().join(answer.json["id"].as_str().unwrap());
        std::fs::remove_file(upload).unwrap();
    }
    let challenge = story.challenge().await;
    let what = ("test", Correction::Scorer);
    let made = moderation::create_rescoring(app, Some(&story.otto), &challenge, what, "a fix");
    let id = made.await.unwrap().id;
    ready(app, id).await;
    let preview = story.preview(id).await;
    assert_eq!((preview.missing, preview.failed.len()), (0, 0));
    assert_eq!(preview.phases[0].moves, [], "the scorers agree");
    story.apply(id).await.unwrap();
    assert_eq!(short(&story.board().await), short(&before));
    assert_eq!(story.told().await, [], "nothing changed for anyone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_board_stays_and_no_notice_tells_a_hidden_rank() {
    let world =
        World::with_more("", "freezes = 2026-12-01T00:00:00Z\nreveals = 2026-12-15T00:00:00Z");
    let story = Story::of(world).await;
    let clock = &story.tester.clock;
    clock.set(Instant::of(datetime!(2026-12-02 0:00 UTC)));
    let frozen = story.board().await;
    let id = story.create(&story.corrected).await.unwrap();
    assert!(story.preview(id).await.phases[0].frozen);
    story.apply(id).await.unwrap();
    assert_eq!(story.board().await, frozen);
    let told = story.told().await;
    assert_eq!(told.len(), 3, "every team, whether its score changed or not");
    let same = "The submissions to Test were scored again. Reason: wrong targets";
    assert!(told.iter().all(|(_, text)| text == same), "{told:?}");
    clock.set(Instant::of(datetime!(2026-12-16 0:00 UTC)));
    assert!(short(&story.board().await)[0].starts_with("1 Bureau 100.00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_does_it_all_in_a_browser() {
    let mut story = Story::new().await;
    let before = story.board().await;
    let otto = &mut story.browser;
    let fields = [("benchmark", "test"), ("reason", "wrong targets")];
    let refused = otto.submit(PAGE, &fields, b"{}").await;
    assert!(refused.status == 400 && refused.text.contains("has no target"), "{}", refused.text);
    let made = otto.submit(PAGE, &fields, &story.corrected).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let there = made.location.unwrap();
    assert_eq!(there, format!("{PAGE}/1"));
    ready(&story.tester.app, 1).await;
    let page = otto.get(&there).await.text;
    assert!(page.contains("Bureau") && page.contains("New rank"), "{page}");
    let list = otto.get(PAGE).await.text;
    assert!(list.contains("rescoring 1") && list.contains("wrong targets"), "{list}");
    let silent = otto.post(&format!("{there}/apply"), &[("reason", " ")]).await;
    assert!(silent.status == 400 && silent.text.contains("write a reason"), "{}", silent.text);
    let applied = otto.post(&format!("{there}/apply"), &[("reason", "wrong targets")]).await;
    assert_eq!(applied.status, 303, "{}", applied.text);
    let log = otto.get("/c/fiq/organise/log").await.text;
    assert!(log.contains("applied rescoring 1 of benchmark test"), "{log}");
    let run = story.sent[0].json["id"].as_str().unwrap();
    let submission = otto.get(&format!("/c/fiq/organise/submissions/{run}")).await.text;
    assert!(submission.contains("Other scorecards"), "{submission}");
    assert_ne!(story.board().await, before);
}
