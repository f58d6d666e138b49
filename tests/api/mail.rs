//! Mails, sent to a real mail server.

use domain::database::UnitOfWork;
use domain::entities::mail;
use domain::mail::Letter;
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use server::config::Settings;
use server::postman::MailSettings;
use system_tests::{Browser, MailServer, PASSWORD, Tester, eventually, free_port, text_of, until};

fn to(port: u16) -> impl FnOnce(&mut Settings) {
    move |settings| {
        settings.mail_every = std::time::Duration::from_millis(100);
        settings.mail = Some(MailSettings {
            server: format!("smtp://127.0.0.1:{port}"),
            from: "Fashion IQ <noreply@example.org>".parse().unwrap(),
        });
    }
}

/// The path of the link in a mail.
fn link(mail: &str, base: &str) -> String {
    let text = text_of(mail);
    let line = text.lines().find(|line| line.starts_with(base) && line.len() > base.len() + 20);
    line.unwrap_or_else(|| panic!("no link in {text}")).replacen(base, "", 1)
}

fn header<'a>(mail: &'a str, name: &str) -> Option<&'a str> {
    let head = mail.split("\n\n").next().unwrap();
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::trim)
}

async fn send(tester: &Tester, address: &str, subject: &str) {
    let mut unit = UnitOfWork::begin(&tester.app).await.unwrap();
    let letter = Letter::new(address, subject, "Good day.\n.\nA line that is one dot.\n");
    unit.mail(letter);
    unit.commit().await.unwrap();
}

async fn last(tester: &Tester) -> mail::Model {
    let newest = mail::Entity::find().order_by_desc(mail::Column::Id);
    newest.one(&tester.app.db).await.unwrap().unwrap()
}

/// The last mail once it is so.
async fn once(tester: &Tester, is_so: impl Fn(&mail::Model) -> bool) -> mail::Model {
    eventually("the last mail is so", async || Some(last(tester).await).filter(&is_so)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_up_gets_a_mail_and_follows_its_link() {
    let port = free_port();
    let mails = MailServer::start(port);
    let tester = Tester::with("", to(port)).await;
    let mut browser = Browser::new(&tester);
    let typed = [("name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)];
    let sent = browser.post("/sign-up", &typed).await;
    assert_eq!(sent.status, 200);
    assert!(!sent.text.contains("printed in its log"), "{}", sent.text);

    until("the mail is there", || mails.mails().len() == 1).await;
    let mail = mails.mails().remove(0).replace("\r\n", "\n");
    assert_eq!(header(&mail, "To"), Some("ada@example.org"), "{mail}");
    assert_eq!(header(&mail, "Subject"), Some("Confirm your address"), "{mail}");
    let id = header(&mail, "Message-ID").unwrap();
    assert!(id.starts_with('<') && id.ends_with("@example.org>"), "{mail}");
    assert_eq!(header(&mail, "Auto-Submitted"), Some("auto-generated"), "{mail}");
    assert!(header(&mail, "Date").is_some(), "{mail}");
    assert!(header(&mail, "From").unwrap().contains("noreply@example.org"), "{mail}");
    let confirm = link(&mail, &tester.address);
    assert_eq!(browser.post(&confirm, &[("password", PASSWORD)]).await.status, 303);
    assert_eq!(browser.get("/account").await.status, 200);
    let sent = once(&tester, |row| row.sent_at.is_some()).await;
    assert_eq!(sent.text, "", "what was sent is not kept");

    // and adds another person to the team
    browser.post("/c/fiq/join", &[("version", "1"), ("accept", "on")]).await;
    browser.post("/c/fiq/team", &[("name", "Atelier „Nadel“")]).await;
    browser.post("/c/fiq/team/invites", &[("email", "eve@example.org")]).await;
    until("the invite is there", || mails.mails().len() == 2).await;
    let mail = mails.mails().into_iter().find(|mail| mail.contains("eve@example.org")).unwrap();
    assert!(text_of(&mail).contains("Atelier „Nadel“"), "{mail}");
    let mut eve = tester.member("Eve", None).await;
    assert_eq!(eve.post(&link(&mail, &tester.address), &[]).await.status, 303);
    assert!(eve.get("/c/fiq/team").await.text.contains("Atelier"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_while_the_mail_server_is_away_and_is_sent_once_it_is_back() {
    let port = free_port();
    let tester = Tester::with("", to(port)).await;
    let mut browser = Browser::new(&tester);
    let typed = [("name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-up", &typed).await.status, 200, "it is none of Ada's business");
    let failed = once(&tester, |row| row.failure.is_some()).await;
    assert!(failed.attempts == 1 && failed.sent_at.is_none(), "{failed:?}");
    assert!(failed.text.contains("/confirm/"), "{failed:?}");
    // it waits twice as long each time
    for (attempts, seconds) in [(2, 30), (3, 60)] {
        tester.clock.advance(seconds);
        once(&tester, |row| row.attempts == attempts).await;
    }
    let later = tester.app.ambient.now().plus_seconds(120);
    once(&tester, |row| row.due_at == later).await;

    let mails = MailServer::start(port);
    tester.clock.advance(120);
    until("the mail is there", || mails.mails().len() == 1).await;
    let sent = once(&tester, |row| row.sent_at.is_some()).await;
    assert!(sent.attempts == 4 && sent.failure.is_none(), "{sent:?}");
    let confirm = link(&mails.mails()[0], &tester.address);
    assert_eq!(browser.post(&confirm, &[("password", PASSWORD)]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_typed_becomes_a_header_or_another_mail() {
    let port = free_port();
    let mails = MailServer::start(port);
    let tester = Tester::with("", to(port)).await;
    let mut browser = Browser::new(&tester);
    for (name, email) in [
        ("Ada\r\nBcc: eve@example.org", "ada@example.org"),
        ("Ada", "ada@example.org\r\nBcc: eve@example.org"),
        ("Ada", "ada@example.org, eve@example.org"),
        ("Ada", "Ada <ada@example.org>"),
    ] {
        let typed = [("name", name), ("email", email), ("password", PASSWORD)];
        let sent = browser.post("/sign-up", &typed).await;
        assert_eq!(sent.status, 400, "{name:?} {email:?}");
    }
    // nor does what got in otherwise
    send(&tester, "ada@example.org", "Hello\r\nBcc: eve@example.org\r\n\r\nbuy this").await;
    until("the mail is there", || mails.mails().len() == 1).await;
    let mail = mails.mails().remove(0).replace("\r\n", "\n");
    let (head, body) = mail.split_once("\n\n").unwrap();
    let begins = |line: &str| line.to_lowercase().starts_with("bcc");
    assert!(!head.lines().any(begins) && !body.contains("buy this"), "{mail}");
    assert!(body.contains("\n.\nA line that is one dot."), "{mail}");

    send(&tester, "ada@example.org\r\nRCPT TO:<eve@example.org>", "Hello").await;
    let failed = once(&tester, |row| row.failure.is_some()).await;
    assert!(failed.sent_at.is_none(), "{failed:?}");
    assert_eq!(mails.mails().len(), 1);
    mails.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_send_each_mail_once() {
    let port = free_port();
    let mails = MailServer::start(port);
    let tester = Tester::with("", to(port)).await;
    let other = tester.beside().await;
    for n in 0..20 {
        send(&tester, "ada@example.org", &format!("Number {n}.")).await;
    }
    until("all mails are there", || mails.mails().len() >= 20).await;
    let mut subjects: Vec<_> =
        mails.mails().iter().map(|mail| header(mail, "Subject").unwrap().to_owned()).collect();
    subjects.sort();
    subjects.dedup();
    assert_eq!((subjects.len(), mails.mails().len()), (20, 20));
    assert_eq!(mail::Entity::find().count(&tester.app.db).await.unwrap(), 20);
    other.stop().await;
}
