//! After signing in, a person arrives where they were going, and pages show whether they are signed in.

use domain::entities::role::Role;
use system_tests::{Browser, PASSWORD, Tester};

/// The link of the last mail to an address, without the server's own address.
async fn link_to(tester: &Tester, address: &str, what: &str) -> String {
    let mail = tester.mail_to(address).await;
    let line = mail.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{mail}"));
    line.trim().replace(&tester.address, "")
}

/// Goes where an answer leads, as a browser does.
async fn follow(
    browser: &mut Browser,
    answer: &system_tests::Answer,
) -> (String, system_tests::Answer) {
    assert_eq!(answer.status, 303, "{}", answer.text);
    let mut there = answer.location.clone().unwrap();
    for _ in 0..5 {
        let page = browser.get(&there).await;
        match page.location.clone() {
            Some(next) if page.status == 303 => there = next,
            _ => return (there, page),
        }
    }
    panic!("it leads on and on: {there}");
}

/// The address behind a link of a page.
fn linked(page: &str, label: &str) -> String {
    let before = page.split(&format!(">{label}</a>")).next().unwrap();
    let href = before.rsplit("href=\"").next().unwrap();
    href.split('"').next().unwrap().replace("&#38;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_wants_to_submit_arrives_at_the_form() {
    let tester = Tester::start().await;
    let mut visitor = Browser::new(&tester);
    let form = "/c/fiq/test/submit";
    let first = visitor.get(form).await;
    assert_eq!(first.status, 401);
    let sign_up = linked(&first.text, "Sign up");
    let page = visitor.get(&sign_up).await;
    let typed = [("name", "Zoë 👗"), ("email", "zoe@example.org"), ("password", PASSWORD)];
    let sent = visitor.send_as_shown(&page, "/sign-up", &typed).await;
    assert_eq!(sent.status, 200, "{}", sent.text);

    // the mail is opened in another browser, as often happens
    let link = link_to(&tester, "zoe@example.org", "/confirm/").await;
    let mut zoe = Browser::new(&tester);
    let page = zoe.get(&link).await;
    let action = link.split('?').next().unwrap();
    let wrong = zoe.send_as_shown(&page, action, &[("password", "another one")]).await;
    assert_eq!(wrong.status, 400);
    let confirmed = zoe.send_as_shown(&wrong, action, &[("password", PASSWORD)]).await;
    let (there, rules) = follow(&mut zoe, &confirmed).await;
    assert!(there.starts_with("/c/fiq/team?next="), "{there}");
    assert!(rules.text.contains("Your address is confirmed"), "{}", rules.text);
    assert!(rules.text.contains("<bdi>Zoë 👗</bdi>"), "who is signed in: {}", rules.text);
    let joined = zoe.send_as_shown(&rules, "/c/fiq/join", &[("accept", "on")]).await;
    let (_, team) = follow(&mut zoe, &joined).await;
    assert!(team.text.contains("You are taking part"), "{}", team.text);
    let made = zoe.send_as_shown(&team, "/c/fiq/team", &[("name", "Atelier 🧵")]).await;
    let (there, page) = follow(&mut zoe, &made).await;
    assert_eq!(there, form);
    assert!(page.text.contains("Your team is created"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_says_who_invites_and_is_opened_once() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    ada.post("/c/fiq/team/invites", &[("email", "eve@example.org")]).await;
    let link = link_to(&tester, "eve@example.org", "/invites/").await;
    let mut eve = Browser::new(&tester);
    let page = eve.get(&link).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Ada invites you to join the team “Atelier”"), "{}", page.text);
    let page = eve.get(&linked(&page.text, "Sign up")).await;
    let typed = [("name", "Eve"), ("email", "eve@example.org"), ("password", PASSWORD)];
    eve.send_as_shown(&page, "/sign-up", &typed).await;
    let confirm = link_to(&tester, "eve@example.org", "/confirm/").await;
    let page = eve.get(&confirm).await;
    let action = confirm.split('?').next().unwrap();
    let confirmed = eve.send_as_shown(&page, action, &[("password", PASSWORD)]).await;
    let (there, page) = follow(&mut eve, &confirmed).await;
    assert_eq!(there, link);
    let unread = eve.send_as_shown(&page, &link, &[]).await;
    assert_eq!(unread.status, 400, "the rules are accepted on purpose");
    let joined = eve.send_as_shown(&unread, &link, &[("accept", "on")]).await;
    let (there, team) = follow(&mut eve, &joined).await;
    assert_eq!(there, "/c/fiq/team");
    assert!(team.text.contains("You are in the team"), "{}", team.text);
    assert_eq!(eve.get(&link).await.status, 410, "it is used");
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_in_or_not_is_seen_on_every_page() {
    let tester = Tester::start().await;
    let mut nobody = Browser::new(&tester);
    let mut ada = tester.person("Ada").await;
    let mut otto = tester.organiser("Otto", Role::Auditor).await;
    for path in ["/c/fiq/test", "/c/fiq/rules", "/c/fiq/test?sort=tries", "/privacy", "/c/fiq/none"]
    {
        let page = nobody.get(path).await.text;
        let back = format!("/sign-in?next={}", encoded(path));
        assert!(page.contains(&back) && page.contains(">Sign up</a>"), "{path}: {page}");
        let page = ada.get(path).await.text;
        assert!(
            page.contains("<bdi>Ada</bdi>") && !page.contains(">Sign in</a>"),
            "{path}: {page}"
        );
        assert!(!page.contains(">Organise</a>"), "{path}");
        let page = otto.get(path).await.text;
        assert!(page.contains(">Organise</a>"), "{path}: {page}");
    }
    let board = ada.get("/c/fiq/test").await;
    assert_eq!(board.cache, "private, no-store");
    let left = ada.post("/sign-out", &[]).await;
    let (_, board) = follow(&mut ada, &left).await;
    assert!(board.text.contains("You are signed out") && board.text.contains(">Sign in</a>"));
    let board = ada.get("/c/fiq/test").await;
    assert!(!board.text.contains("You are signed out"), "said once");
    assert_eq!(board.cache, "public, no-cache");
}

fn encoded(path: &str) -> String {
    path.replace('/', "%2F").replace('?', "%3F").replace('=', "%3D")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_member_who_leaves_is_warned_and_can_come_back() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let run = tester.test.zipped(|_| Some(3));
    ada.submit("/c/fiq/test/submit", &[], &run).await;
    let team = ada.get("/c/fiq/team").await;
    assert!(team.text.contains("You are its last member"), "{}", team.text);
    let left = ada.post("/c/fiq/team/leave", &[]).await;
    let (_, page) = follow(&mut ada, &left).await;
    assert!(page.text.contains("A team you left"), "{}", page.text);
    let mut eve = tester.member("Eve", None).await;
    assert!(!eve.get("/c/fiq/team").await.text.contains("A team you left"));
    let team = domain::accounts::find(
        &tester.app.db,
        domain::challenges::find(&tester.app.db, "fiq").await.unwrap().id,
        "Atelier",
    );
    let id = team.await.unwrap().unwrap().id.to_string();
    assert_eq!(eve.post("/c/fiq/team/back", &[("team", &id)]).await.status, 400, "it is not hers");
    let back = ada.send_as_shown(&page, "/c/fiq/team/back", &[]).await;
    let (_, page) = follow(&mut ada, &back).await;
    assert!(page.text.contains("You are in your team again"), "{}", page.text);
    let runs = ada.get("/c/fiq/submissions").await.text;
    assert!(runs.contains("Withdraw"), "its runs are there: {runs}");
}
