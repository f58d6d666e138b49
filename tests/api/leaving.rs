//! What is stored about a person, and what remains after they delete their account.

use std::collections::BTreeSet;

use domain::entities::role::Role;
use system_tests::{Browser, Client, PASSWORD, Tester, columns_of};

/// Where the download has a table's data about a person. Their row in `user` is at the top.
const TOLD: [(&str, &str); 16] = [
    ("announcement", "announcements"),
    ("device", "devices"),
    ("draft", "drafts"),
    ("event", "actions"),
    ("identity", "identities"),
    ("invite", "invites"),
    ("mail", "mails"),
    ("membership", "teams"),
    ("participation", "participations"),
    ("question", "questions"),
    ("role", "roles"),
    ("role_history", "role_history"),
    ("session", "browsers"),
    ("submission", "submissions"),
    ("submission_edit", "edits"),
    ("token", "tokens"),
];

/// Tables that reference a person but have no data about them: links are digests of secrets.
const NOTHING: [&str; 1] = ["link"];

#[tokio::test(flavor = "multi_thread")]
async fn the_download_tells_of_every_table_that_knows_persons() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(3))).await;
    ada.post("/account/tokens", &[("name", "cluster"), ("scopes", "read")]).await;
    ada.post("/forgot", &[("email", "ada@example.org")]).await;
    ada.post("/c/fiq/team/invites", &[("email", "eve@example.org")]).await;
    let known = ada.get("/account/data").await;
    assert_eq!((known.status, known.media_type.as_str()), (200, "application/json"));
    for (field, count) in [
        ("browsers", 1),
        ("tokens", 1),
        ("teams", 1),
        ("participations", 1),
        ("submissions", 1),
        ("mails", 1),
        ("invites", 1),
        ("identities", 0),
        ("roles", 0),
    ] {
        let told =
            known.json[field].as_array().unwrap_or_else(|| panic!("{field}: {}", known.text));
        assert_eq!(told.len(), count, "{field}: {}", known.text);
    }
    assert_eq!(known.json["email"], "ada@example.org");
    for secret in ["argon2", "fiq_", "digest"] {
        assert!(!known.text.contains(secret), "{secret}: {}", known.text);
    }
    let columns = columns_of(&tester.app.db).await;
    let named = |column: &str| matches!(column, "user_id" | "invited_by" | "address");
    let tables: BTreeSet<String> =
        columns.into_iter().filter(|(_, column)| named(column)).map(|(table, _)| table).collect();
    let known_tables = TOLD.iter().map(|(table, _)| *table).chain(NOTHING);
    assert_eq!(tables, known_tables.map(str::to_owned).collect());
    for (_, field) in TOLD {
        assert!(known.json[field].is_array(), "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_is_out_everywhere_and_their_runs_stay_or_go() {
    for (runs, board) in [("keep", vec!["1 Atelier 1.0000"]), ("withdraw", vec![])] {
        let tester = Tester::start().await;
        let mut ada = tester.member("Ada", Some("Atelier")).await;
        ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(3))).await;
        let made = [("name", "cluster"), ("scopes", "read"), ("days", "")];
        let page = ada.post("/account/tokens", &made).await.text;
        let token =
            format!("fiq_{}", page.split("fiq_").nth(1).unwrap().split('<').next().unwrap());
        let mut elsewhere = Browser::new(&tester);
        let typed = [("email", "ada@example.org"), ("password", PASSWORD)];
        elsewhere.post("/sign-in", &typed).await;
        let client = tester.anyone.with_token(&token);
        let read = async |client: &Client| {
            let client = client.clone();
            let path = "/api/v1/challenges/fiq/phases/test/submissions";
            tokio::task::spawn_blocking(move || client.get(path)).await.unwrap().status
        };
        assert_eq!(read(&client).await, 200);

        let wrong = [("password", "something else"), ("runs", runs)];
        assert_eq!(ada.post("/account/delete", &wrong).await.status, 400);
        assert_eq!(read(&client).await, 200);
        let right = [("password", PASSWORD), ("runs", runs)];
        assert_eq!(ada.post("/account/delete", &right).await.location.as_deref(), Some("/"));
        assert_eq!(read(&client).await, 401);
        assert_eq!(ada.get("/account").await.status, 401);
        assert_eq!(elsewhere.get("/account").await.status, 401);
        assert_eq!(elsewhere.post("/sign-in", &typed).await.status, 401);
        assert_eq!(tester.board("test").await, board, "{runs}");
        // the address is free again, and nothing comes back with it
        let mut again = tester.person("Ada").await;
        assert!(!again.get("/c/fiq/team").await.text.contains("Atelier"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_owner_stays_until_there_is_another() {
    let tester = Tester::start().await;
    let link = domain::accounts::set_up_link(&tester.app).await.unwrap().unwrap();
    let mut olga = Browser::new(&tester);
    let typed = [("name", "Olga"), ("email", "olga@example.org"), ("password", PASSWORD)];
    let founded = olga.post(&link.replace(&tester.address, ""), &typed).await;
    assert_eq!(founded.status, 303, "{}", founded.text);
    let go = [("password", PASSWORD)];
    let refused = olga.post("/account/delete", &go).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("only owner"), "{}", refused.text);
    assert_eq!(olga.get("/account").await.status, 200);

    // an owner of one challenge is not an owner of the server
    tester.organiser("Otto", Role::Owner).await;
    assert_eq!(olga.post("/account/delete", &go).await.status, 409);
    let db = &tester.app.db;
    let email = domain::accounts::Email::read("otto@example.org").unwrap();
    let otto = domain::accounts::user_with(db, &email).await.unwrap().unwrap();
    let now = tester.app.ambient.now();
    domain::accounts::give_role(db, &otto, None, Role::Owner, None, now).await.unwrap();
    assert_eq!(olga.post("/account/delete", &go).await.status, 303);
}
