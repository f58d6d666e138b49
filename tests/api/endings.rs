//! What ends when a membership, a password or an account ends.

use std::collections::BTreeMap;

use domain::entities::role::Role;
use sea_orm::{ConnectionTrait, Statement};
use system_tests::{Browser, PASSWORD, Tester, columns_of, on_postgres};

const PHASE: &str = "/api/v1/challenges/fiq/phases/test/submissions";

/// The status that a program gets for a team's submissions.
async fn read(tester: &Tester, token: &str) -> u16 {
    let client = tester.anyone.with_token(token);
    tokio::task::spawn_blocking(move || client.get(PHASE).status).await.unwrap()
}

async fn new_token(browser: &mut Browser) -> String {
    let made = [("name", "cluster"), ("scopes", "read"), ("days", "")];
    let page = browser.post("/account/tokens", &made).await.text;
    format!("fiq_{}", page.split("fiq_").nth(1).unwrap().split('<').next().unwrap())
}

/// Chooses another password by mail.
async fn reset(tester: &Tester, fields: &[(&str, &str)]) {
    let mut browser = Browser::new(tester);
    browser.post("/forgot", &[("email", "ada@example.org")]).await;
    let mail = tester.mail_to("ada@example.org").await;
    let link = mail.lines().find(|line| line.contains("/reset/")).unwrap();
    let link = link.trim().replace(&tester.address, "");
    let done = browser.post(&link, fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_password_ends_tokens_that_are_not_kept_on_purpose() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let token = new_token(&mut ada).await;
    assert_eq!(read(&tester, &token).await, 200);
    reset(&tester, &[("password", "seven buttons and a zip"), ("keep_tokens", "on")]).await;
    assert_eq!(read(&tester, &token).await, 200, "kept on purpose");
    reset(&tester, &[("password", "eleven hooks and an eye")]).await;
    assert_eq!(read(&tester, &token).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_the_set_up_link_takes_over_keeps_no_session_and_no_token() {
    let tester = Tester::start().await;
    let mut before = tester.person("Olga").await;
    let token = new_token(&mut before).await;
    assert_ne!(read(&tester, &token).await, 401);
    assert_eq!(before.get("/account").await.status, 200);
    let link = domain::accounts::set_up_link(&tester.app).await.unwrap().unwrap();
    let mut olga = Browser::new(&tester);
    let typed =
        [("name", "Olga"), ("email", "olga@example.org"), ("password", "seven buttons and a zip")];
    let made = olga.post(&link.replace(&tester.address, ""), &typed).await;
    assert_eq!(made.status, 303, "{}", made.text);
    assert_eq!(read(&tester, &token).await, 401);
    assert_eq!(before.get("/account").await.status, 401, "signed out");
    assert_eq!(olga.get("/organise").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_tokens_that_are_not_kept_on_purpose() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let token = new_token(&mut ada).await;
    let (second, third) = ("seven buttons and a zip", "eleven hooks and an eye");
    let keep = [("old", PASSWORD), ("password", second), ("keep_tokens", "on")];
    assert_eq!(ada.post("/account/password", &keep).await.status, 303);
    assert_eq!(read(&tester, &token).await, 200, "kept on purpose");
    assert!(tester.mail_to("ada@example.org").await.contains("still work"));
    let end = [("old", second), ("password", third)];
    assert_eq!(ada.post("/account/password", &end).await.status, 303);
    assert_eq!(read(&tester, &token).await, 401);
    assert!(tester.mail_to("ada@example.org").await.contains("were revoked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_ends_with_the_membership_of_whoever_made_it() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut eve = tester.member("Eve", None).await;
    let invitation = async |browser: &mut Browser| {
        let made = browser.post("/c/fiq/team/invites", &[]).await;
        assert_eq!(made.status, 200, "{}", made.text);
        let secret = made.text.split("/invites/").nth(1).unwrap().split('<').next().unwrap();
        format!("/invites/{secret}")
    };
    let into_team = invitation(&mut ada).await;
    assert_eq!(eve.post(&into_team, &[]).await.status, 303);
    let by_eve = invitation(&mut eve).await;
    let by_ada = invitation(&mut ada).await;
    let mut kim = tester.member("Kim", None).await;
    assert_eq!(kim.get(&by_eve).await.status, 200);
    assert!(ada.get("/c/fiq/team").await.text.matches("/revoke\"").count() >= 2);

    // Eve leaves, and joins another team: her link no longer works
    assert_eq!(eve.post("/c/fiq/team/leave", &[]).await.status, 303);
    assert_eq!(kim.post(&by_eve, &[]).await.status, 410);
    assert_eq!(eve.post("/c/fiq/team", &[("name", "Second")]).await.status, 303);
    assert_eq!(kim.post(&by_eve, &[]).await.status, 410);
    assert_eq!(ada.get("/c/fiq/team").await.text.matches("/revoke\"").count(), 1);
    assert_eq!(kim.post(&by_ada, &[]).await.status, 303);
}

/// Every text of every table that could name a person.
async fn rows(tester: &Tester) -> String {
    let db = &tester.app.db;
    let ask = |sql: &str| Statement::from_string(db.get_database_backend(), sql);
    let mut all = String::new();
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in columns_of(db).await {
        tables.entry(table).or_default().push(column);
    }
    for (table, columns) in tables {
        let texts: Vec<String> =
            columns.iter().map(|name| format!("coalesce(cast(\"{name}\" AS text), '')")).collect();
        let sql = format!("SELECT {} AS row FROM \"{table}\"", texts.join(" || ' ' || "));
        for row in db.query_all_raw(ask(&sql)).await.unwrap() {
            let row = row.try_get::<String>("", "row").unwrap_or_default();
            all.extend([table.as_str(), ": ", &row, "\n"]);
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_names_a_person_who_is_gone() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Quintessa", Some("Atelier")).await;
    let mut olga = tester.organiser("Olga", Role::Owner).await;
    // she is invited, invites, is made an auditor and no longer one, asks, and is written to
    ada.post("/c/fiq/team/invites", &[("email", "eve@example.org")]).await;
    ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(3))).await;
    ada.post("/c/fiq/team/leave", &[]).await;
    for role in ["auditor", ""] {
        let given = [("email", "quintessa@example.org"), ("role", role), ("reason", "to help")];
        let given = olga.post("/c/fiq/organise/people/role", &given).await;
        assert_eq!(given.status, 303, "{}", given.text);
    }
    ada.post("/forgot", &[("email", "quintessa@example.org")]).await;
    let before = rows(&tester).await.to_lowercase();
    assert!(before.contains("quintessa"), "{before}");

    let gone = ada.post("/account/delete", &[("password", PASSWORD), ("runs", "keep")]).await;
    assert_eq!(gone.status, 303, "{}", gone.text);
    let after = rows(&tester).await.to_lowercase();
    let named: Vec<&str> = after.lines().filter(|line| line.contains("quintessa")).collect();
    assert!(named.is_empty(), "{named:?}");
    // nor does a byte of the database's files
    let database = tester.app.settings.database_file();
    for suffix in ["", "-wal", "-shm"].iter().filter(|_| !on_postgres()) {
        let file = format!("{}{suffix}", database.display());
        let bytes = std::fs::read(&file).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!text.contains("quintessa"), "{file}");
    }
    // what she did and what was decided is still known, by number
    let log = olga.get("/c/fiq/organise/log").await.text;
    assert!(
        log.contains("gave</bdi>") && log.contains("the role auditor") && log.contains("to help"),
        "{log}"
    );
}
