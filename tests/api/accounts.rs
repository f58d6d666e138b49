//! Accounts: signing up, in and out, and everything that mails.

use system_tests::{Browser, PASSWORD, Tester};

/// The address in a mail, within the server.
fn link(mail: &str, base: &str) -> String {
    let line = mail.lines().find(|line| line.starts_with(base) && line.len() > base.len() + 20);
    line.unwrap_or_else(|| panic!("no link in {mail}")).replacen(base, "", 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_up_confirms_signs_out_and_in() {
    let tester = Tester::start().await;
    let mut browser = Browser::new(&tester);
    let typed = [("name", "Ada"), ("email", "Ada@Example.org"), ("password", PASSWORD)];
    let sent = browser.post("/sign-up", &typed).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert!(sent.text.contains("printed in its log"), "it says where the mail went");

    // not before the address is confirmed
    let typed = [("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &typed).await.status, 400);
    let confirm = link(&tester.mail_to("ada@example.org").await, &tester.address);
    assert_eq!(browser.get(&confirm).await.status, 200);
    assert_eq!(browser.post(&confirm, &[("password", "something else")]).await.status, 400);
    let done = browser.post(&confirm, &[("password", PASSWORD)]).await;
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/account")));
    assert!(browser.get("/account").await.text.contains("ada@example.org"));
    assert_eq!(browser.post(&confirm, &[("password", PASSWORD)]).await.status, 410);

    browser.post("/sign-out", &[]).await;
    assert_eq!(browser.get("/account").await.status, 401);
    assert_eq!(browser.post("/sign-in", &typed).await.status, 303);
    assert_eq!(browser.get("/account").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_work_do_not_tell_whether_an_account_exists() {
    let tester = Tester::start().await;
    tester.person("Ada").await;
    let mut browser = Browser::new(&tester);
    let worked = || tester.app.passwords.worked();
    let mut told = Vec::new();
    for email in ["ada@example.org", "eve@example.org"] {
        let before = worked();
        let wrong = [("email", email), ("password", "something else")];
        let in_ = browser.post("/sign-in", &wrong).await;
        let up = [("name", "Ada"), ("email", email), ("password", "five gloves on a shelf")];
        let up = browser.post("/sign-up", &up).await;
        let forgot = browser.post("/forgot", &[("email", email)]).await;
        let mails = {
            use domain::entities::mail;
            use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
            let to = mail::Entity::find().filter(mail::Column::Address.eq(email));
            to.count(&tester.app.db).await.unwrap()
        };
        let text = |text: &str| text.replace(email, "someone");
        let answers = [in_, up, forgot].map(|a| (a.status, text(&a.text)));
        told.push((answers, worked() - before, mails));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!((told[0].1, told[0].2), (2, 2), "two hashes and two mails each");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_mail_and_all_browsers_are_signed_out() {
    let tester = Tester::start().await;
    let mut lost = tester.person("Ada").await;
    let mut browser = Browser::new(&tester);
    browser.post("/forgot", &[("email", "ada@example.org")]).await;
    let reset = link(&tester.mail_to("ada@example.org").await, &tester.address);
    assert_eq!(browser.post(&reset, &[("password", "1234567890")]).await.status, 400);
    let new = "seven buttons and a zip";
    assert_eq!(browser.post(&reset, &[("password", new)]).await.status, 303);
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(lost.get("/account").await.status, 401);
    assert_eq!(browser.get(&reset).await.status, 410, "once");
    assert!(tester.mail_to("ada@example.org").await.contains("was changed"));
    for (password, status) in [(PASSWORD, 401), (new, 303)] {
        let typed = [("email", "ada@example.org"), ("password", password)];
        assert_eq!(lost.post("/sign-in", &typed).await.status, status);
    }
    // an older link, and one that has expired
    browser.post("/forgot", &[("email", "ada@example.org")]).await;
    let old = link(&tester.mail_to("ada@example.org").await, &tester.address);
    browser.post("/forgot", &[("email", "ada@example.org")]).await;
    let newest = link(&tester.mail_to("ada@example.org").await, &tester.address);
    assert_eq!(browser.get(&old).await.status, 410);
    tester.clock.advance(3600);
    assert_eq!(browser.get(&newest).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_stopped_at_an_account_and_from_an_address_and_goes_on_later() {
    let tester = Tester::with("", |settings| settings.attempts.guesses_per_address = 50).await;
    tester.person("Ada").await;
    let mut browser = Browser::new(&tester);
    for email in ["ada@example.org", "nobody@example.org"] {
        let typed = [("email", email), ("password", "something else")];
        for _ in 0..10 {
            assert_eq!(browser.post("/sign-in", &typed).await.status, 401);
        }
        let stopped = browser.post("/sign-in", &typed).await;
        assert_eq!(stopped.status, 429, "{}", stopped.text);
    }
    // the right password does not help either, until the time is over
    let right = [("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &right).await.status, 429);
    tester.clock.advance(901);
    assert_eq!(browser.post("/sign-in", &right).await.status, 303);
    // from one address, whatever accounts are tried and whatever is said of where it comes from
    tester.clock.advance(901);
    let mut statuses = Vec::new();
    for n in 0..51 {
        let email = format!("nobody{n}@example.org");
        let typed = [("email", email.as_str()), ("password", "something else")];
        statuses.push(browser.post("/sign-in", &typed).await.status);
    }
    assert_eq!((statuses[49], statuses[50]), (401, 429));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_up_with_anothers_address_gets_nothing_when_its_owner_comes() {
    let tester = Tester::start().await;
    let mut squatter = Browser::new(&tester);
    let taken = [("name", "Eve"), ("email", "ada@example.org"), ("password", "five gloves on it")];
    squatter.post("/sign-up", &taken).await;
    let mut owner = Browser::new(&tester);
    let own = [("name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)];
    owner.post("/sign-up", &own).await;
    squatter.post("/sign-up", &taken).await;
    // the owner follows the last link, and their own password does not open what Eve typed
    let confirm = link(&tester.mail_to("ada@example.org").await, &tester.address);
    assert_eq!(owner.post(&confirm, &[("password", PASSWORD)]).await.status, 400);
    owner.post("/sign-up", &own).await;
    let confirm = link(&tester.mail_to("ada@example.org").await, &tester.address);
    assert_eq!(owner.post(&confirm, &[("password", PASSWORD)]).await.status, 303);
    let typed = [("email", "ada@example.org"), ("password", "five gloves on it")];
    assert_eq!(squatter.post("/sign-in", &typed).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_new_at_each_sign_in_and_can_be_ended_elsewhere() {
    let tester = Tester::start().await;
    let mut first = tester.person("Ada").await;
    let fixed = first.cookie("fiq_session").unwrap().to_owned();
    let mut second = Browser::new(&tester);
    second.set_cookie("fiq_session", &"a".repeat(64));
    let typed = [("email", "ada@example.org"), ("password", PASSWORD)];
    let signed_in = second.post("/sign-in", &typed).await;
    let cookie = signed_in.cookies.iter().find(|c| c.starts_with("fiq_session=")).unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_ne!(second.cookie("fiq_session"), Some("a".repeat(64).as_str()));

    // signing in again ends what the browser was in before
    first.post("/sign-in", &typed).await;
    let mut thief = Browser::new(&tester);
    thief.set_cookie("fiq_session", &fixed);
    assert_eq!(thief.get("/account").await.status, 401);

    let page = second.get("/account").await.text;
    let end = page.split("action=\"/account/sessions/").nth(1).unwrap();
    let end = format!("/account/sessions/{}", end.split('"').next().unwrap());
    let mut other = tester.person("Eve").await;
    other.post(&end, &[]).await;
    assert_eq!(first.get("/account").await.status, 200, "it is not Eve’s to end");
    assert_eq!(second.post(&end, &[]).await.status, 303);
    assert_eq!(first.get("/account").await.status, 401);
}
