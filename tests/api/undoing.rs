//! The log of organisers' changes, and undoing them: each change is recorded with its type and reverted
//! alone.

use domain::accounts::{self, Email};
use domain::ambient::Ambient;
use domain::challenges;
use domain::database::{Bounds, Postgres};
use domain::entities::participation::Joining;
use domain::entities::role::Role;
use domain::entities::team::TeamKind;
use domain::entities::{
    announcement, challenge, participation, quota_grant, submission, team, user,
};
use domain::moderation::{self, Change, Decision, Event, Grant, Names, Proposal};
use migrations::Migrator;
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, ConnectionTrait, Database, EntityTrait, QueryFilter, QueryOrder};
use sea_orm_migration::MigratorTrait;
use server::config::Settings;
use system_tests::{PostgresServer, Tester, World, on_postgres};

/// A challenge with a scored submission, and its organiser.
struct Desk {
    tester: Tester,
    otto: user::Model,
    submission: Uuid,
}

impl Desk {
    async fn new() -> Self {
        let tester = Tester::with_limits("per_day = 5").await;
        let mut ada = tester.member("Ada", Some("Atelier")).await;
        let run = tester.test.zipped(|_| Some(1));
        let sent = ada.submit("/c/fiq/test/submit", &[("method", "two-stage")], &run).await;
        let submission = sent.location.unwrap().rsplit('/').next().unwrap().parse().unwrap();
        tester.organiser("Otto", Role::Organiser).await;
        let email = Email::read("otto@example.org").unwrap();
        let otto = accounts::user_with(&tester.app.db, &email).await.unwrap().unwrap();
        tester.clock.advance(60);
        Self { tester, otto, submission }
    }

    async fn challenge(&self) -> challenge::Model {
        challenges::find(&self.tester.app.db, "fiq").await.unwrap()
    }

    async fn log(&self) -> Vec<Event> {
        let challenge = self.challenge().await;
        moderation::events_of(&self.tester.app.db, challenge.id, None, None, 100).await.unwrap()
    }

    /// The newest event in words.
    async fn newest(&self) -> String {
        let event = self.log().await.remove(0);
        let challenge = self.challenge().await;
        let names = Names::load(&self.tester.app.db, &challenge, std::slice::from_ref(&event));
        let sentences = names.await.unwrap().sentences(&event.change, event.at);
        sentences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    async fn decide(&self, decision: Decision) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        moderation::decide(app, &self.otto, &challenge, self.submission, decision, "why").await
    }

    async fn participation(&self, state: Joining) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        let why = (state, "why");
        moderation::decide_participation(app, &self.otto, &challenge, 1, why).await
    }

    async fn team(&self, kind: TeamKind) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        moderation::change_team(app, &self.otto, &challenge, 1, (kind, "why")).await
    }

    async fn grant(&self) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        let phase = challenges::find_phase(&app.db, &challenge, "test").await.unwrap();
        let grant = Grant { per_day: 2, total: 5, until: None };
        moderation::grant(app, &self.otto, &phase, 1, (grant, "why")).await
    }

    async fn announce(&self) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        let said = ("A longer night", "We close later.");
        moderation::announce(app, &self.otto, &challenge, said, false).await
    }

    /// Changes the definition by replacing words of its text.
    async fn define(&self, from: &str, to: &str) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        let text = challenges::shown_as_toml(&app.db, &challenge).await.unwrap().to_string();
        assert!(text.contains(from), "{from} in {text}");
        let text = text.replacen(from, to, 1);
        let proposal = Proposal::read(app, &self.otto, Some(&challenge), &text).await?;
        let seal = proposal.seal();
        proposal.apply(app, &self.otto, &seal, "why").await.map(drop)
    }

    async fn undo(&self, id: i32) -> domain::Result<()> {
        let (app, challenge) = (&self.tester.app, self.challenge().await);
        let undoing = moderation::undoing(app, &self.otto, &challenge, id).await?;
        let seal = undoing.proposal.map(|proposal| proposal.seal()).unwrap_or_default();
        moderation::undo(app, &self.otto, &challenge, id, (&seal, "a mistake")).await
    }

    /// Everything that changes change.
    async fn state(&self) -> String {
        let (db, challenge) = (&self.tester.app.db, self.challenge().await);
        let run = submission::Entity::find_by_id(self.submission).one(db).await.unwrap().unwrap();
        let rulings = [run.disqualified_at, run.hidden_at].map(|at| at.map(|at| at.0)).to_vec();
        let whys = [run.disqualified_why, run.hidden_why];
        let part = participation::Entity::find_by_id(1).one(db).await.unwrap().unwrap();
        let team = team::Entity::find_by_id(1).one(db).await.unwrap().unwrap();
        let in_force = quota_grant::Entity::find()
            .filter(quota_grant::Column::RevokedAt.is_null())
            .order_by_asc(quota_grant::Column::Id);
        let in_force: Vec<i32> =
            in_force.all(db).await.unwrap().into_iter().map(|row| row.id).collect();
        let news = moderation::announcements_of(db, &challenge).await.unwrap();
        let news: Vec<i32> = news.into_iter().map(|row: announcement::Model| row.id).collect();
        let definition = challenges::shown_as_toml(db, &challenge).await.unwrap();
        format!(
            "{rulings:?} {whys:?} {:?} {:?} {:?} {in_force:?} {news:?}\n{definition}",
            part.state, part.decided_at, team.kind
        )
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_change_is_recorded_as_what_it_is_and_undone() {
    let desk = Desk::new().await;
    let check = async |done: domain::Result<()>, before: String, words: &str| {
        done.unwrap();
        assert_eq!(desk.newest().await, words);
        let event = desk.log().await.remove(0);
        assert!(event.is_undoable(), "{words}");
        assert_ne!(desk.state().await, before, "{words} changes something");
        desk.undo(event.id).await.unwrap();
        assert_eq!(desk.state().await, before, "{words} is undone");
        let undid = desk.newest().await;
        assert_eq!(undid, format!("undid: {}", words.replace("; ", "; undid: ")));
        assert!(desk.log().await.iter().any(|own| own.id == event.id && own.undone));
    };
    let before = desk.state().await;
    let done = desk.decide(Decision::Disqualify).await;
    check(done, before.clone(), "disqualified two-stage of Atelier").await;
    let done = desk.decide(Decision::Hide).await;
    check(done, before.clone(), "hid two-stage of Atelier").await;
    let done = desk.participation(Joining::Refused).await;
    check(done, before.clone(), "refused Ada").await;
    let done = desk.team(TeamKind::Guest).await;
    check(done, before.clone(), "made Atelier out of competition").await;
    let done = desk.grant().await;
    check(done, before.clone(), "granted Atelier 2 more a day and 5 more in total in Test").await;
    let done = desk.announce().await;
    check(done, before.clone(), "published the announcement “A longer night”").await;
    let done = desk.define("per_day = 5", "per_day = 6").await;
    check(done, before.clone(), "submissions a day of Test 5 → 6").await;
    // one event, several fields; and a part that comes and goes
    let done = desk.define("per_day = 5", "per_day = 7\ntotal = 70").await;
    check(
        done,
        before.clone(),
        "submissions a day of Test 5 → 7; submissions in total of Test none → 70",
    )
    .await;
    let more = "[[phase]]\nname = \"late\"\ntitle = \"Late\"\nbenchmark = \"test\"\n\
                opens = 2027-02-01T00:00:00Z\n\n[[phase]]\nname = \"test\"";
    let text = challenges::shown_as_toml(&desk.tester.app.db, &desk.challenge().await).await;
    let block = text.unwrap().to_string();
    assert!(block.contains("[[phase]]"), "{block}");
    let first = block.find("[[phase]]").map(|at| block[at..].lines().nth(1).unwrap().to_owned());
    let from = format!("[[phase]]\n{}", first.unwrap());
    let to = format!("{}{from}", more.trim_end_matches("[[phase]]\nname = \"test\""));
    let done = desk.define(&from, &to).await;
    done.unwrap();
    assert_eq!(desk.newest().await, "added Late");
    let event = desk.log().await.remove(0);
    desk.undo(event.id).await.unwrap();
    assert_eq!(desk.state().await, before);
    assert_eq!(desk.newest().await, "undid: added the phase late");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_is_refused_where_a_later_change_set_the_same_and_names_it() {
    let desk = Desk::new().await;
    desk.define("per_day = 5", "per_day = 6").await.unwrap();
    let first = desk.log().await[0].id;
    desk.define("per_day = 6", "per_day = 8").await.unwrap();
    let second = desk.log().await[0].id;
    let refused = desk.undo(first).await.unwrap_err().detail;
    for part in ["submissions a day of phase test was changed again later", "6 → 8", "Otto"] {
        assert!(refused.contains(part), "{refused}");
    }
    desk.undo(second).await.unwrap();
    desk.undo(first).await.unwrap();
    let again = desk.undo(first).await.unwrap_err().detail;
    assert!(again.contains("already undone"), "{again}");

    desk.decide(Decision::Disqualify).await.unwrap();
    let first = desk.log().await[0].id;
    desk.decide(Decision::Reinstate).await.unwrap();
    let refused = desk.undo(first).await.unwrap_err().detail;
    assert!(refused.contains("reinstated two-stage of Atelier"), "{refused}");
    // a decision about something else doesn't matter
    desk.decide(Decision::Disqualify).await.unwrap();
    let disqualified = desk.log().await[0].id;
    desk.decide(Decision::Hide).await.unwrap();
    desk.undo(disqualified).await.unwrap();
    assert!(desk.state().await.contains("[None, Some("), "it stays hidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_survives_the_undo_of_an_older_change() {
    let desk = Desk::new().await;
    desk.define("per_day = 5", "per_day = 6").await.unwrap();
    let limit = desk.log().await[0].id;
    let mut otto = desk.tester.organiser("Olga", Role::Organiser).await;
    let freeze = "/c/fiq/organise/phases/test/freeze";
    assert_eq!(otto.post(freeze, &[("reason", "the last days")]).await.status, 303);
    assert_eq!(desk.newest().await, "froze Test");
    let board = desk.tester.get("/c/fiq/test").await.text;
    assert!(board.contains("frozen"), "{board}");
    desk.undo(limit).await.unwrap();
    let board = desk.tester.get("/c/fiq/test").await.text;
    assert!(board.contains("frozen"), "the board stays frozen");
    let log = otto.get("/c/fiq/organise/log").await.text;
    for part in ["undid:", "froze</bdi>", "href=\"/c/fiq/organise/phases/test\"", "5 → 6"] {
        assert!(log.contains(part), "{part}: {log}");
    }
}

/// Applied and undone newest first, any changes leave everything as it was.
#[tokio::test(flavor = "multi_thread")]
async fn any_changes_undone_newest_first_leave_everything_as_it_was() {
    let desk = Desk::new().await;
    let mut chance: u64 = 42;
    let mut next = move |most: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (chance >> 33) % most
    };
    let mut states = Vec::new();
    let mut limit = 5;
    for _ in 0..30 {
        desk.tester.clock.advance(60);
        let before = desk.state().await;
        let new_limit = 6 + next(40);
        let done = match next(7) {
            0 => desk.decide(Decision::ALL[next(4) as usize]).await,
            1 => desk.participation([Joining::Approved, Joining::Refused][next(2) as usize]).await,
            2 => desk.team([TeamKind::Team, TeamKind::Guest][next(2) as usize]).await,
            3 => desk.grant().await,
            4 => desk.announce().await,
            _ => {
                let (from, to) = (format!("per_day = {limit}"), format!("per_day = {new_limit}"));
                let done = desk.define(&from, &to).await;
                limit = if done.is_ok() { new_limit } else { limit };
                done
            }
        };
        // an action that changes nothing is refused, and leaves no event
        if done.is_ok() {
            states.push((desk.log().await[0].id, before));
        }
    }
    assert!(states.len() > 15, "{} changes", states.len());
    for (event, before) in states.into_iter().rev() {
        desk.undo(event).await.unwrap();
        assert_eq!(desk.state().await, before);
    }
}

/// Events as the version before typed changes kept them.
const OLD_EVENTS: [(&str, &str, &str, &str); 4] = [
    (
        "disqualify",
        "submission 01999999-0000-7000-8000-000000000001",
        r#"{"disqualified_at":null}"#,
        r#"{"disqualified_at":7,"disqualified_why":"copied"}"#,
    ),
    (
        "define",
        "challenge fiq",
        r#"{"definition":"[[phase]]\nname = \"test\"\n[phase.limits]\nper_day = 5\n"}"#,
        r#"{"definition":"[[phase]]\nname = \"test\"\n[phase.limits]\nper_day = 6\n"}"#,
    ),
    (
        "undo",
        "submission 01999999-0000-7000-8000-000000000001",
        r#"{"disqualified_at":7,"disqualified_why":"copied"}"#,
        r#"{"disqualified_at":null}"#,
    ),
    ("conjure", "rabbit 1", "{}", "{}"),
];

#[tokio::test(flavor = "multi_thread")]
async fn events_of_an_earlier_version_are_understood() {
    let world = World::new("");
    std::fs::create_dir_all(world.data_dir()).unwrap();
    let mut settings = Settings::new(world.data_dir());
    let file = format!("sqlite://{}?mode=rwc", settings.database_file().display());
    let db = if on_postgres() {
        let url = PostgresServer::shared().empty_database("earlier_events");
        settings.postgres = Some(Postgres::read(&url, Bounds::default()).unwrap());
        Database::connect(url).await.unwrap()
    } else {
        Database::connect(file).await.unwrap()
    };
    let steps = Migrator::migrations();
    let before = steps.iter().position(|step| step.name() == "m2026_11_29_changes").unwrap();
    Migrator::up(&db, Some(before as u32)).await.unwrap();
    let made = "INSERT INTO challenge (id, name, title, summary, text, rules, revision, created_at) \
                VALUES (1, 'fiq', 'Fashion IQ', '', '', '', 0, 1)";
    db.execute_unprepared(made).await.unwrap();
    for (action, subject, before, after) in OLD_EVENTS {
        let insert = format!(
            "INSERT INTO event (challenge_id, at, action, subject, reason, before, after) \
             VALUES (1, 5, '{action}', '{subject}', 'why', '{before}', '{after}')"
        );
        db.execute_unprepared(&insert).await.unwrap();
    }
    db.execute_unprepared("UPDATE event SET undone_by = 3 WHERE id = 1").await.unwrap();
    db.close().await.unwrap();

    let app = server::App::open(settings, Ambient::system()).await.unwrap();
    let challenge = challenges::find(&app.db, "fiq").await.unwrap();
    let log = moderation::events_of(&app.db, challenge.id, None, None, 4).await.unwrap();
    let names = Names::load(&app.db, &challenge, &log).await.unwrap();
    let words = |event: &Event| {
        let sentences = names.sentences(&event.change, event.at);
        sentences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let disqualified = "disqualified the submission 01999999-0000-7000-8000-000000000001";
    assert_eq!(words(&log[3]), disqualified);
    assert_eq!(words(&log[2]), "submissions a day of the phase test 5 → 6");
    assert!(log[2].is_undoable(), "a change of then is undone like one of today");
    assert_eq!(words(&log[1]), format!("undid: {disqualified}"));
    assert!(matches!(&log[0].change, Change::Legacy { text } if text.contains("conjure rabbit 1")));
    assert!(log[3].undone && !log[0].is_undoable());
}
