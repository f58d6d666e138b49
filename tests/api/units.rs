//! The unit of work: an action takes effect completely or not at all.

use domain::accounts::{self, Email};
use domain::challenges;
use domain::database::{Notice, UnitOfWork};
use domain::entities::role::Role;
use domain::entities::team::{self, TeamKind};
use domain::entities::{event, mail, notice};
use domain::mail::Letter;
use domain::moderation;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait};
use system_tests::Tester;

/// How many events, mails and notices there are, and the challenge's revision.
async fn traces(tester: &Tester) -> (u64, u64, u64, i64) {
    let db = &tester.app.db;
    let revision = challenges::find(db, "fiq").await.unwrap().revision;
    let events = event::Entity::find().count(db).await.unwrap();
    let mails = mail::Entity::find().count(db).await.unwrap();
    (events, mails, notice::Entity::find().count(db).await.unwrap(), revision)
}

async fn first_team(tester: &Tester) -> team::Model {
    team::Entity::find_by_id(1).one(&tester.app.db).await.unwrap().unwrap()
}

/// A unit with everything that an action can add to it.
async fn unit(tester: &Tester) -> UnitOfWork<'_> {
    let mut unit = UnitOfWork::begin(&tester.app).await.unwrap();
    let team = team::Entity::find_by_id(1).one(unit.db()).await.unwrap().unwrap();
    let renamed = team::Model { name: "Salon".to_owned(), ..team.clone() };
    renamed.into_active_model().reset_all().update(unit.db()).await.unwrap();
    unit.changes(team.challenge_id);
    let text = "Something happened.".to_owned();
    unit.notify(Notice { team_id: 1, kind: "test".to_owned(), text, submission: None });
    unit.mail(Letter::new("eve@example.org", "Hello", "Good day.\n"));
    unit
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_is_not_committed_leaves_no_trace_and_one_that_is_leaves_all() {
    let tester = Tester::start().await;
    tester.member("Ada", Some("Atelier")).await;
    let before = traces(&tester).await;
    drop(unit(&tester).await);
    unit(&tester).await.cancel().await.unwrap();
    assert_eq!(traces(&tester).await, before);
    assert_eq!(first_team(&tester).await.name, "Atelier");

    unit(&tester).await.commit().await.unwrap();
    let (events, mails, notices, revision) = before;
    assert_eq!(traces(&tester).await, (events, mails + 2, notices + 1, revision + 1));
    assert_eq!(first_team(&tester).await.name, "Salon");
    let mail = tester.mail_to("ada@example.org").await;
    assert!(mail.contains("Something happened.") && mail.contains("“Salon”"), "{mail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_that_is_refused_half_way_leaves_no_trace() {
    let tester = Tester::start().await;
    tester.member("Ada", Some("Atelier")).await;
    tester.organiser("Otto", Role::Owner).await;
    let email = Email::read("otto@example.org").unwrap();
    let otto = accounts::user_with(&tester.app.db, &email).await.unwrap().unwrap();
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let (app, guest) = (&tester.app, (TeamKind::Guest, "she organises"));
    moderation::change_team(app, &otto, &challenge, 1, guest).await.unwrap();
    let role = (Some(Role::Organiser), "she helps");
    moderation::set_role(app, &otto, &challenge, "ada@example.org", role).await.unwrap();
    let before = traces(&tester).await;
    // the change is looked at, begun, and refused by the last of its rules
    let ranked = moderation::change_team(app, &otto, &challenge, 1, (TeamKind::Team, "back"));
    assert!(ranked.await.unwrap_err().detail.contains("is or was an organiser of this challenge"));
    assert_eq!(traces(&tester).await, before);
    assert_eq!(first_team(&tester).await.kind, TeamKind::Guest);
}
