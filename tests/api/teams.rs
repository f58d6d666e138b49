//! Joining a challenge, and teams of persons.

use domain::challenges;
use domain::entities::challenge;
use domain::entities::participation::{self, Joining};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use system_tests::{Browser, Program, Tester};

/// Changes how one joins the challenge.
async fn joining(tester: &Tester, change: impl FnOnce(&mut challenge::Model)) {
    let db = &tester.app.db;
    let mut row = challenges::find(db, "fiq").await.unwrap();
    change(&mut row);
    row.into_active_model().reset_all().update(db).await.unwrap();
}

/// A person makes a link into their team.
async fn invitation(tester: &Tester, browser: &mut Browser) -> String {
    let made = browser.post("/c/fiq/team/invites", &[]).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let start = format!("{}/invites/", tester.address);
    let secret = made.text.split(&start).nth(1).unwrap().split('<').next().unwrap();
    format!("/invites/{secret}")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_part_accepts_the_rules_as_they_stand() {
    let tester = Tester::start().await;
    let mut ada = tester.person("Ada").await;
    assert!(ada.get("/c/fiq/team").await.text.contains("Rules, version 1"));
    let no_rules = ada.post("/c/fiq/team", &[("name", "Atelier")]).await;
    assert_eq!(no_rules.status, 403, "{}", no_rules.text);
    assert_eq!(ada.post("/c/fiq/join", &[("version", "1")]).await.status, 400);

    joining(&tester, |row| row.rules_version = 2).await;
    let old = ada.post("/c/fiq/join", &[("version", "1"), ("accept", "on")]).await;
    assert_eq!(old.status, 409, "{}", old.text);
    let new = [("version", "2"), ("accept", "on")];
    assert_eq!(ada.post("/c/fiq/join", &new).await.status, 303);
    assert_eq!(ada.post("/c/fiq/team", &[("name", "Atelier")]).await.status, 303);

    // rules that change later are shown again, and block nobody in the meantime
    joining(&tester, |row| row.rules_version = 3).await;
    assert!(ada.get("/c/fiq/team").await.text.contains("have changed since you accepted"));
    let run = tester.test.zipped(|_| Some(1));
    assert_eq!(ada.submit("/c/fiq/test/submit", &[], &run).await.status, 303);
    ada.post("/c/fiq/join", &[("version", "3"), ("accept", "on")]).await;
    assert!(!ada.get("/c/fiq/team").await.text.contains("have changed since"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_may_be_for_some_domains_and_for_whom_its_organisers_let_in() {
    let tester = Tester::start().await;
    let accept = [("version", "1"), ("accept", "on")];
    joining(&tester, |row| row.email_domains = "example.com uni.example".to_owned()).await;
    let mut ada = tester.person("Ada").await;
    let refused = ada.post("/c/fiq/join", &accept).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("example.com, uni.example"), "{}", refused.text);

    joining(&tester, |row| {
        row.email_domains = "example.org".to_owned();
        row.approval = true;
    })
    .await;
    assert_eq!(ada.post("/c/fiq/join", &accept).await.status, 303);
    assert!(ada.get("/c/fiq/team").await.text.contains("The organisers decide"));
    assert_eq!(ada.post("/c/fiq/team", &[("name", "Atelier")]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_of_several_hands_in_together_and_whoever_leaves_sees_it_no_more() {
    let tester = Tester::with_limits("per_day = 3").await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut eve = tester.member("Eve", None).await;
    let link = invitation(&tester, &mut ada).await;
    assert!(eve.get(&link).await.text.contains("Ada invites you to join the team"));
    let joined = eve.post(&link, &[]).await;
    assert_eq!((joined.status, joined.location.as_deref()), (303, Some("/c/fiq/team")));
    let run = tester.test.zipped(|_| Some(3));
    let sent = eve.submit("/c/fiq/test/submit", &[], &run).await;
    let page = sent.location.unwrap();
    assert_eq!(ada.get(&page).await.status, 200);
    assert!(ada.get("/c/fiq/test/submit").await.text.contains("2 of 3"));
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);

    assert_eq!(eve.post("/c/fiq/team/leave", &[]).await.status, 303);
    assert_eq!(eve.get("/c/fiq/submissions").await.status, 303);
    let renamed = [("name", "Atelier Nord"), ("anonymity", "none")];
    assert_eq!(ada.post("/c/fiq/team/name", &renamed).await.status, 303);
    assert_eq!(tester.board("test").await, ["1 Atelier Nord 1.0000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_team_is_no_new_quota() {
    let tester = Tester::with_limits("total = 2").await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut eve = tester.member("Eve", None).await;
    let link = invitation(&tester, &mut ada).await;
    eve.post(&link, &[]).await;
    for seed in 1..=2 {
        let run = tester.test.zipped(move |_| Some(seed));
        assert_eq!(ada.submit("/c/fiq/test/submit", &[], &run).await.status, 303);
    }
    // Eve submitted nothing, but was in the team when Ada did
    eve.post("/c/fiq/team/leave", &[]).await;
    eve.post("/c/fiq/team", &[("name", "Second Try")]).await;
    assert!(eve.get("/c/fiq/test/submit").await.text.contains("0 of 2"));
    let run = tester.test.zipped(|_| Some(9));
    assert_eq!(eve.submit("/c/fiq/test/submit", &[], &run).await.status, 429);
    // a team that lets her in is bound by it
    let mut kim = tester.member("Kim", Some("Third")).await;
    let link = invitation(&tester, &mut kim).await;
    eve.post("/c/fiq/team/leave", &[]).await;
    eve.post(&link, &[]).await;
    assert_eq!(kim.submit("/c/fiq/test/submit", &[], &run).await.status, 429);
    eve.post("/c/fiq/team/leave", &[]).await;
    assert_eq!(kim.submit("/c/fiq/test/submit", &[], &run).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_organisers_refuse_later_hands_in_nothing_more() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let run = tester.test.zipped(|_| Some(1));
    let all = participation::Entity::update_many()
        .col_expr(participation::Column::State, Expr::value(Joining::Refused));
    all.exec(&tester.app.db).await.unwrap();
    let sent = ada.submit("/c/fiq/test/submit", &[], &run).await;
    assert_eq!(sent.status, 403);
    assert!(sent.text.contains("have decided that you can’t take part"), "{}", sent.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_was_made_in_a_shell_gets_its_members_by_a_link_of_the_shell() {
    let tester = Tester::start().await;
    tester.token("Atelier").await;
    let (data_dir, address) = (tester.world.data_dir(), tester.address.clone());
    let ran = tokio::task::spawn_blocking(move || {
        Program::run(&data_dir, &["team", "invite", "Atelier", "--public-url", &address])
    });
    let link = String::from_utf8(ran.await.unwrap().stdout).unwrap();
    let link = link.trim().replacen(&tester.address, "", 1);
    let mut ada = tester.member("Ada", None).await;
    assert!(ada.get(&link).await.text.contains("The organisers invite you"));
    assert_eq!(ada.post(&link, &[]).await.status, 303);
    assert!(ada.get("/c/fiq/team").await.text.contains("Atelier"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_has_no_more_members_than_the_challenge_says() {
    let tester = Tester::start().await;
    joining(&tester, |row| row.team_size = Some(2)).await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    for (name, status) in [("Eve", 303), ("Kim", 409)] {
        let link = invitation(&tester, &mut ada).await;
        let mut other = tester.member(name, None).await;
        assert_eq!(other.post(&link, &[]).await.status, status, "{name}");
    }
}
