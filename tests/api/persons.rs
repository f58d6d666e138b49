//! Quotas, refusals and former roles follow the person across accounts.

use domain::accounts::{self, Email};
use domain::challenges;
use domain::entities::role::Role;
use domain::entities::team;
use sea_orm::EntityTrait;
use system_tests::{Answer, Browser, PASSWORD, Tester, World};

const PEOPLE: &str = "/c/fiq/organise/people";

/// Submits another file to a phase.
async fn submit(tester: &Tester, browser: &mut Browser, phase: &str, seed: usize) -> Answer {
    let file = tester.test.zipped(move |_| Some(seed));
    browser.submit(&format!("/c/fiq/{phase}/submit"), &[], &file).await
}

async fn delete_account(browser: &mut Browser) {
    let gone = browser.post("/account/delete", &[("password", PASSWORD), ("runs", "keep")]).await;
    assert_eq!(gone.status, 303, "{}", gone.text);
}

async fn accept_rules(browser: &mut Browser) {
    let joined = browser.post("/c/fiq/join", &[("version", "1"), ("accept", "on")]).await;
    assert_eq!(joined.status, 303, "{}", joined.text);
}

/// Takes a role away from the person with that address.
async fn take_role(tester: &Tester, address: &str) {
    let (db, now) = (&tester.app.db, tester.app.ambient.now());
    let email = Email::read(address).unwrap();
    let user = accounts::user_with(db, &email).await.unwrap().unwrap();
    let challenge = challenges::find(db, "fiq").await.unwrap();
    accounts::take_role(db, &user, Some(&challenge), now).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_up_again_with_the_same_address_does_not_reset_limits() {
    let tester = Tester::with_limits("total = 2").await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    for seed in 1..=2 {
        assert_eq!(submit(&tester, &mut ada, "test", seed).await.status, 303);
    }
    delete_account(&mut ada).await;

    let mut again = tester.member("Ada", Some("Second Try")).await;
    assert!(again.get("/c/fiq/test/submit").await.text.contains("0 of 2"));
    assert_eq!(submit(&tester, &mut again, "test", 9).await.status, 429);
    // and not at the third time either
    delete_account(&mut again).await;
    let mut third = tester.member("Ada", Some("Third Try")).await;
    assert_eq!(submit(&tester, &mut third, "test", 9).await.status, 429);
    // another person with a similar name is another person
    let mut ida = tester.member("Ida", Some("Idaho")).await;
    assert_eq!(submit(&tester, &mut ida, "test", 9).await.status, 303);
}

/// Asks for another address and follows the link of the mail.
async fn change_address(tester: &Tester, browser: &mut Browser, new: &str) {
    let typed = [("email", new), ("password", PASSWORD)];
    let asked = browser.post("/account/email", &typed).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    let mail = tester.mail_to(new).await;
    let link = mail.lines().find_map(|line| line.strip_prefix(&tester.address)).unwrap();
    assert!(browser.get(link).await.text.contains(new));
    assert_eq!(browser.post(link, &[]).await.status, 303);
    assert_eq!(browser.post(link, &[]).await.status, 410, "a link works once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_address_takes_the_history_along_and_the_old_one_keeps_it() {
    let tester = Tester::with_limits("total = 2").await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    for seed in 1..=2 {
        assert_eq!(submit(&tester, &mut ada, "test", seed).await.status, 303);
    }
    change_address(&tester, &mut ada, "lovelace@example.org").await;
    assert_eq!(submit(&tester, &mut ada, "test", 9).await.status, 429);
    // the old mailbox is still the same person's, who is in a team already
    let mut again = tester.member("Ada", None).await;
    let founds = async |browser: &mut Browser, name: &str| {
        browser.post("/c/fiq/team", &[("name", name)]).await.status
    };
    assert_eq!(founds(&mut again, "Second Try").await, 409);
    // and so is the new one, once it is left as well
    change_address(&tester, &mut ada, "third@example.org").await;
    let mut lovelace = tester.member("Lovelace", None).await;
    assert_eq!(founds(&mut lovelace, "Third Try").await, 409);
    delete_account(&mut ada).await;
    assert_eq!(founds(&mut again, "Second Try").await, 303);
    assert_eq!(submit(&tester, &mut again, "test", 9).await.status, 429);
    delete_account(&mut again).await;
    assert_eq!(founds(&mut lovelace, "Third Try").await, 303);
    assert_eq!(submit(&tester, &mut lovelace, "test", 9).await.status, 429);
    // another person who changes to an address that they had before brings their history too
    let mut ida = tester.member("Ida", Some("Idaho")).await;
    assert_eq!(submit(&tester, &mut ida, "test", 7).await.status, 303);
    delete_account(&mut ida).await;
    let mut eve = tester.member("Eve", Some("Evening")).await;
    change_address(&tester, &mut eve, "ida@example.org").await;
    assert!(eve.get("/c/fiq/test/submit").await.text.contains("1 of 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_changes_only_for_who_knows_the_password_and_has_the_mailbox() {
    let tester = Tester::start().await;
    let mut ada = tester.person("Ada").await;
    let mut eve = tester.person("Eve").await;
    for (typed, field) in [
        ([("email", "new@example.org"), ("password", "something else")], "password"),
        ([("email", "nothing"), ("password", PASSWORD)], "email"),
        ([("email", "ADA@example.org"), ("password", PASSWORD)], "email"),
    ] {
        let refused = ada.post("/account/email", &typed).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(refused.text.contains(&format!("{field}-complaint")), "{}", refused.text);
    }
    // another person's address: the same response, and another mail
    let typed = [("email", "eve@example.org"), ("password", PASSWORD)];
    assert_eq!(ada.post("/account/email", &typed).await.status, 200);
    assert!(tester.mail_to("eve@example.org").await.contains("has an account"));

    let typed = [("email", "new@example.org"), ("password", PASSWORD)];
    assert_eq!(ada.post("/account/email", &typed).await.status, 200);
    let mail = tester.mail_to("new@example.org").await;
    let link = mail.lines().find_map(|line| line.strip_prefix(&tester.address)).unwrap();
    assert_eq!(tester.get(link).await.status, 401);
    assert_eq!(eve.post(link, &[]).await.status, 410);
    let signs_in = async |email: &str| {
        let typed = [("email", email), ("password", PASSWORD)];
        Browser::new(&tester).post("/sign-in", &typed).await.status == 303
    };
    assert!(signs_in("ada@example.org").await && !signs_in("new@example.org").await);
    assert_eq!(ada.post(link, &[]).await.status, 303);
    assert!(!signs_in("ada@example.org").await && signs_in("new@example.org").await);
    assert!(tester.mail_to("ada@example.org").await.contains("was changed to new@example.org"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_a_tag_is_the_same_person() {
    let tester = Tester::with_limits("total = 2").await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut tagged = tester.member("Ada+1", None).await;
    let second = tagged.post("/c/fiq/team", &[("name", "Second Try")]).await;
    assert_eq!(second.status, 409, "{}", second.text);
    assert!(second.text.contains("with another account of yours"), "{}", second.text);

    for seed in 1..=2 {
        assert_eq!(submit(&tester, &mut ada, "test", seed).await.status, 303);
    }
    assert_eq!(ada.post("/c/fiq/team/leave", &[]).await.status, 303);
    assert_eq!(tagged.post("/c/fiq/team", &[("name", "Second Try")]).await.status, 303);
    assert_eq!(submit(&tester, &mut tagged, "test", 9).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_organisers_refused_stays_refused_under_another_account() {
    let tester = Tester::start().await;
    let mut eve = tester.member("Eve", None).await;
    let mut tagged = tester.member("Eve+2", Some("Before")).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let refuse = [("participation", "1"), ("state", "refused"), ("reason", "shared the targets")];
    assert_eq!(otto.post(&format!("{PEOPLE}/decide"), &refuse).await.status, 303);
    assert_eq!(submit(&tester, &mut tagged, "test", 1).await.status, 403);

    delete_account(&mut eve).await;
    let mut again = tester.person("Eve").await;
    accept_rules(&mut again).await;
    let founded = again.post("/c/fiq/team", &[("name", "Second Try")]).await;
    assert_eq!(founded.status, 403, "{}", founded.text);
    assert!(founded.text.contains("have decided that you can’t take part"), "{}", founded.text);

    // organisers can change their mind, for all accounts at once
    let page = otto.get(PEOPLE).await.text;
    let newest = page.rsplit("<option value=\"").find(|part| part.contains("Eve, eve@")).unwrap();
    let newest = newest.split('"').next().unwrap();
    let approve = [("participation", newest), ("state", "approved"), ("reason", "a mistake")];
    assert_eq!(otto.post(&format!("{PEOPLE}/decide"), &approve).await.status, 303);
    assert_eq!(tagged.post("/c/fiq/team/leave", &[]).await.status, 303);
    assert_eq!(again.post("/c/fiq/team", &[("name", "Second Try")]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_could_see_the_targets_is_in_no_ranked_team_afterwards() {
    let tester = Tester::start().await;
    let mut otto = tester.organiser("Otto", Role::Auditor).await;
    accept_rules(&mut otto).await;
    let team = |name: &'static str| [("name", name)];
    assert_eq!(otto.post("/c/fiq/team", &team("Insiders")).await.status, 403);

    take_role(&tester, "otto@example.org").await;
    let refused = otto.post("/c/fiq/team", &team("Insiders")).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    assert!(
        refused.text.contains("are or were an organiser of this challenge"),
        "{}",
        refused.text
    );
    // they can take part out of competition, and nobody can make that team ranked
    let guests = [("name", "Insiders"), ("guest", "on")];
    assert_eq!(otto.post("/c/fiq/team", &guests).await.status, 303);
    let mut olga = tester.organiser("Olga", Role::Owner).await;
    // PostgreSQL doesn't give the number of a refused team again.
    let insiders = team::Entity::find().one(&tester.app.db).await.unwrap().unwrap();
    let id = insiders.id.to_string();
    let ranked = [("team", id.as_str()), ("kind", "team"), ("reason", "why not")];
    assert_eq!(olga.post("/c/fiq/organise/teams/kind", &ranked).await.status, 409);

    // neither a new account nor another address of the same mailbox changes that
    assert_eq!(otto.post("/c/fiq/team/leave", &[]).await.status, 303);
    let mut tagged = tester.member("Otto+team", None).await;
    assert_eq!(tagged.post("/c/fiq/team", &team("Tagged")).await.status, 403);
    delete_account(&mut otto).await;
    let mut again = tester.member("Otto", None).await;
    assert_eq!(again.post("/c/fiq/team", &team("Again")).await.status, 403);
    // nothing changes for a person who never organised anything
    tester.member("Ada", Some("Atelier")).await;
}

const LATE: &str = "[[phase]]\nname = \"late\"\ntitle = \"Late\"\nbenchmark = \"test\"\n\
                    opens = 2026-11-01T00:00:00Z\nlimits = { total = 2 }\n";

#[tokio::test(flavor = "multi_thread")]
async fn phases_on_hidden_targets_share_their_limits() {
    let tester = Tester::of(World::with_more("total = 2", LATE), |_| {}).await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    assert_eq!(submit(&tester, &mut ada, "test", 1).await.status, 303);
    assert_eq!(submit(&tester, &mut ada, "late", 2).await.status, 303);
    for phase in ["test", "late"] {
        let page = ada.get(&format!("/c/fiq/{phase}/submit")).await.text;
        assert!(page.contains("0 of 2"), "{page}");
        assert_eq!(submit(&tester, &mut ada, phase, 3).await.status, 429, "{phase}");
    }
    // a benchmark with public targets has its own limits
    let dev = tester.dev.zipped(|_| Some(1));
    assert_eq!(ada.submit("/c/fiq/dev/submit", &[], &dev).await.status, 303);
    // the page of limits says so
    let limits = tester.get("/c/fiq/limits").await.text;
    assert!(limits.contains("Submissions to Late count here too"), "{limits}");
    assert!(limits.contains("Submissions to Test count here too"), "{limits}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_can_say_that_its_phases_count_for_themselves() {
    let world = World::with_more("total = 1", LATE);
    world.edit("publish = \"official\"\n", "publish = \"official\"\nshared_limits = false\n");
    let tester = Tester::of(world, |_| {}).await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    assert_eq!(submit(&tester, &mut ada, "test", 1).await.status, 303);
    assert_eq!(submit(&tester, &mut ada, "late", 2).await.status, 303);
    assert_eq!(submit(&tester, &mut ada, "test", 3).await.status, 429);
    assert!(!tester.get("/c/fiq/limits").await.text.contains("count here too"));
}
