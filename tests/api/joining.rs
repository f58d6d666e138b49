//! People join a team by an invite, and in no other way.

use domain::accounts::{self, Email};
use domain::entities::role::Role;
use domain::entities::{challenge, membership, team};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use system_tests::{Browser, Tester};

/// A team's invite, as the address that its link leads to.
async fn invite(member: &mut Browser) -> String {
    let page = member.post("/c/fiq/team/invites", &[]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let secret = page.text.split("/invites/").nth(1).unwrap();
    format!("/invites/{}", secret.split('<').next().unwrap())
}

async fn present(tester: &Tester) -> u64 {
    let present = membership::Entity::find().filter(membership::Column::LeftAt.is_null());
    present.count(&tester.app.db).await.unwrap()
}

async fn follow_all(browsers: Vec<Browser>, links: Vec<String>) -> Vec<u16> {
    let follow = |(mut browser, link): (Browser, String)| {
        tokio::spawn(async move { browser.post(&link, &[]).await.status })
    };
    let following: Vec<_> = browsers.into_iter().zip(links).map(follow).collect();
    let mut statuses = Vec::new();
    for followed in following {
        statuses.push(followed.await.unwrap());
    }
    statuses.sort_unstable();
    statuses
}

async fn newcomers(tester: &Tester, count: usize) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for n in 0..count {
        browsers.push(tester.newcomer(&format!("Guest{n}")).await);
    }
    browsers
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_lets_one_person_in_once_and_only_while_it_is_open() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let (mut eve, mut zoe) = (tester.newcomer("Eve").await, tester.newcomer("Zoe").await);
    assert_eq!(eve.post(&format!("/invites/{}", "0".repeat(64)), &[]).await.status, 410);

    let link = invite(&mut ada).await;
    assert_eq!(Browser::new(&tester).post(&link, &[]).await.status, 401);
    assert_eq!(ada.post(&link, &[]).await.status, 409, "Ada is in a team");
    assert_eq!(eve.post(&link, &[]).await.location.as_deref(), Some("/c/fiq/team"));
    assert_eq!(zoe.post(&link, &[]).await.status, 410, "used");
    assert_eq!(eve.post(&link, &[]).await.status, 410);

    let link = invite(&mut ada).await;
    let page = ada.get("/c/fiq/team").await.text;
    let id = page.split("/team/invites/").nth(1).unwrap().split('/').next().unwrap();
    let revoke = format!("/c/fiq/team/invites/{id}/revoke");
    let mut other = tester.member("Mia", Some("Nine")).await;
    assert_eq!(other.post(&revoke, &[]).await.status, 303, "of their own team there is none");
    assert_eq!(zoe.get(&link).await.status, 200);
    assert_eq!(ada.post(&revoke, &[]).await.status, 303);
    assert_eq!(zoe.post(&link, &[]).await.status, 410, "revoked");

    let link = invite(&mut ada).await;
    tester.clock.advance(7 * 86_400);
    assert_eq!(zoe.post(&link, &[]).await.status, 410, "expired");
    assert_eq!(present(&tester).await, 3);

    // a person in another team has to leave it first
    let link = invite(&mut ada).await;
    let refused = other.post(&link, &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("Nine"), "{}", refused.text);
    other.post("/c/fiq/team/leave", &[]).await;
    assert_eq!(other.post(&link, &[]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_opens_nothing_to_whoever_has_not_joined_its_challenge() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let link = invite(&mut ada).await;
    tester.world.edit("name = \"fiq\"", "name = \"other\"");
    tester.apply().await;
    let mut eve = tester.person("Eve").await;
    let joined = eve.post("/c/other/join", &[("version", "1"), ("accept", "on")]).await;
    assert_eq!(joined.status, 303, "{}", joined.text);
    let refused = eve.post(&link, &[]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("Accept the rules"), "{}", refused.text);
    // a team of one challenge doesn't exist in another, under any URL
    assert_eq!(ada.post("/c/other/team/invites", &[]).await.status, 403);
    assert_eq!(ada.post("/c/other/team/name", &[("name", "Renamed")]).await.status, 403);
    assert_eq!(present(&tester).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_for_one_place_and_one_gets_it() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    challenge::Entity::update_many()
        .col_expr(challenge::Column::TeamSize, Expr::value(Some(2)))
        .exec(&tester.app.db)
        .await
        .unwrap();
    let browsers = newcomers(&tester, 20).await;
    let mut links = Vec::new();
    for _ in &browsers {
        links.push(invite(&mut ada).await);
    }
    let full = ada.post("/c/fiq/team/invites", &[]).await;
    assert_eq!(full.status, 409, "no more than twenty are open: {}", full.text);
    let statuses = follow_all(browsers, links).await;
    let wanted: Vec<u16> = [303].into_iter().chain([409; 19]).collect();
    assert_eq!(statuses, wanted);
    assert_eq!(present(&tester).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_with_one_invite_and_one_gets_in() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let browsers = newcomers(&tester, 20).await;
    let link = invite(&mut ada).await;
    let statuses = follow_all(browsers, vec![link; 20]).await;
    let wanted: Vec<u16> = [303].into_iter().chain([410; 19]).collect();
    assert_eq!(statuses, wanted);
    assert_eq!(present(&tester).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_founds_ten_teams_at_once_has_one() {
    let tester = Tester::start().await;
    let ada = tester.newcomer("Ada").await;
    let key = ada.cookie("fiq_session").unwrap();
    let found = |n: usize| {
        let mut browser = Browser::new(&tester);
        browser.set_cookie("fiq_session", key);
        let name =
            ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"][n];
        tokio::spawn(async move { browser.post("/c/fiq/team", &[("name", name)]).await.status })
    };
    let founding: Vec<_> = (0..10).map(found).collect();
    let mut statuses = Vec::new();
    for founded in founding {
        statuses.push(founded.await.unwrap());
    }
    statuses.sort_unstable();
    let wanted: Vec<u16> = [303].into_iter().chain([409; 9]).collect();
    assert_eq!(statuses, wanted);
    assert_eq!(present(&tester).await, 1);
    let teams = team::Entity::find().count(&tester.app.db).await.unwrap();
    assert_eq!(teams, 1, "the others were not left behind empty");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_can_see_the_targets_is_in_no_ranked_team() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    for role in [Role::Auditor, Role::Organiser, Role::Owner] {
        let mut organiser = tester.organiser(role.name(), role).await;
        organiser.post("/c/fiq/join", &[("version", "1"), ("accept", "on")]).await;
        let link = invite(&mut ada).await;
        assert_eq!(organiser.post(&link, &[]).await.status, 403, "{role:?}");
        let founded = organiser.post("/c/fiq/team", &[("name", "Nine")]).await;
        assert_eq!(founded.status, 403, "{role:?}");
        let name = format!("Guests of {}", role.name());
        let guest = [("name", name.as_str()), ("guest", "on")];
        assert_eq!(organiser.post("/c/fiq/team", &guest).await.status, 303, "out of competition");
    }
    // and the other way round
    let db = &tester.app.db;
    let user = accounts::user_with(db, &Email::read("ada@example.org").unwrap()).await.unwrap();
    let fiq = domain::challenges::find(db, "fiq").await.unwrap();
    let now = tester.app.ambient.now();
    for challenge in [Some(&fiq), None] {
        let user = user.as_ref().unwrap();
        let given = accounts::give_role(db, user, challenge, Role::Auditor, None, now).await;
        assert!(given.unwrap_err().detail.contains("Atelier"));
    }
    ada.post("/c/fiq/team/leave", &[]).await;
    let given = accounts::give_role(db, user.as_ref().unwrap(), None, Role::Auditor, None, now);
    given.await.unwrap();
}
