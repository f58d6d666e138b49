//! A person's tokens: what they allow, and for how long.

use serde_json::Value;
use system_tests::{Answer, Browser, Client, Tester};

const OWN: &str = "/api/v1/challenges/fiq/phases/test/submissions";

/// A new token of the person who is signed in.
async fn token(browser: &mut Browser, scopes: &[&str], days: &str) -> String {
    let mut typed = vec![("name", "cluster"), ("days", days)];
    typed.extend(scopes.iter().map(|scope| ("scopes", *scope)));
    let page = browser.post("/account/tokens", &typed).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.cache.contains("no-store"), "{}", page.cache);
    let digits = page.text.split("fiq_").nth(1).unwrap().split('<').next().unwrap();
    assert!(digits.len() == 32 && digits.bytes().all(|c| c.is_ascii_hexdigit()), "{digits}");
    format!("fiq_{digits}")
}

async fn read(tester: &Tester, token: &str) -> Answer {
    let client = tester.anyone.with_token(token);
    tokio::task::spawn_blocking(move || client.get(OWN)).await.unwrap()
}

async fn submit(tester: &Tester, token: &str) -> Answer {
    let (client, run) = (tester.anyone.with_token(token), tester.test.zipped(|_| Some(3)));
    let sent = move || client.post(&Client::intake("test"), &run, &[]).unwrap();
    tokio::task::spawn_blocking(sent).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_what_its_scopes_say() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let reads = token(&mut ada, &["read"], "").await;
    let submits = token(&mut ada, &["submit"], "").await;
    let organises = token(&mut ada, &["organise"], "").await;
    assert_eq!(read(&tester, &reads).await.status, 200);
    for (lacking, scope) in [(&reads, "submit"), (&organises, "submit")] {
        let refused = submit(&tester, lacking).await;
        assert_eq!((refused.status, &refused.json["code"]), (403, &Value::from("forbidden")));
        assert!(refused.text.contains(scope), "{}", refused.text);
    }
    assert_eq!(submit(&tester, &submits).await.status, 201);
    assert_eq!(read(&tester, &submits).await.status, 403);
    // unknown scopes are ignored, and a token without a scope is not created
    for scopes in [vec![], vec![("scopes", "everything")]] {
        let typed: Vec<_> = [("name", "cluster")].into_iter().chain(scopes).collect();
        let refused = ada.post("/account/tokens", &typed).await;
        assert_eq!(refused.status, 400);
        assert!(refused.text.contains("scopes-complaint"), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_when_it_expires_and_when_it_is_revoked() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let short = token(&mut ada, &["read"], "1").await;
    let account = ada.get("/account").await.text;
    assert!(!account.contains(&short), "it is shown once");
    let tokens = |page: &str| page.split("id=\"tokens\"").nth(1).unwrap().to_owned();
    let unused = tokens(&account);
    assert_eq!(read(&tester, &short).await.status, 200);
    let used = tokens(&ada.get("/account").await.text);
    assert_ne!(unused, used, "its last use is shown");
    assert!(used.contains("2026-11-24"), "{used}");
    tester.clock.advance(86_399);
    assert_eq!(read(&tester, &short).await.status, 200);
    tester.clock.advance(1);
    assert_eq!(read(&tester, &short).await.status, 401);

    let endless = token(&mut ada, &["read"], "").await;
    tester.clock.advance(20 * 86_400);
    assert_eq!(read(&tester, &endless).await.status, 200);
    let page = ada.get("/account").await.text;
    let id = page.split("/account/tokens/").nth(1).unwrap().split('/').next().unwrap();
    let revoke = format!("/account/tokens/{id}/revoke");
    let mut eve = tester.person("Eve").await;
    eve.post(&revoke, &[]).await;
    assert_eq!(read(&tester, &endless).await.status, 200, "it is not Eve’s to revoke");
    assert_eq!(ada.post(&revoke, &[]).await.status, 303);
    assert_eq!(read(&tester, &endless).await.status, 401);
    for days in ["0", "-1", "many", "99999999999"] {
        let typed = [("name", "cluster"), ("scopes", "read"), ("days", days)];
        let refused = ada.post("/account/tokens", &typed).await;
        assert_eq!(refused.status, 400, "{days}");
        assert!(refused.text.contains("days-complaint"), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_acts_for_the_team_its_person_is_in_now() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let own = token(&mut ada, &["read", "submit"], "").await;
    assert_eq!(submit(&tester, &own).await.status, 201);
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
    ada.post("/c/fiq/team/leave", &[]).await;
    let refused = read(&tester, &own).await;
    assert_eq!((refused.status, &refused.json["code"]), (403, &Value::from("no-team")));
    assert_eq!(submit(&tester, &own).await.status, 403);
}
