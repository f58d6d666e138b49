//! People in a browser: accounts, teams, invitations.

use chromiumoxide::Page;
use system_tests::{PASSWORD, Tester};

use crate::chromium::{Chromium, LOOKS, ask, fill, follow, reads_well, sign_in};

/// The text of the page.
async fn text(page: &Page) -> String {
    ask(page, "document.querySelector('main').innerText").await
}

async fn open(page: &Page, tester: &Tester, path: &str) {
    let address = format!("{}{path}", tester.address);
    page.goto(address).await.unwrap().wait_for_navigation().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_up_makes_a_team_and_invites_another() {
    let tester = Tester::start().await;
    let chromium = Chromium::start().await;
    let page = chromium.open(&format!("{}/sign-up", tester.address), LOOKS[0]).await;
    fill(&page, "#name", "Ada").await;
    fill(&page, "#email", "ada@example.org").await;
    fill(&page, "#password", PASSWORD).await;
    follow(&page, "form.main button").await;
    assert!(text(&page).await.contains("sent an e-mail"), "{}", text(&page).await);

    let mail = tester.mail_to("ada@example.org").await;
    let link = mail.lines().find(|line| line.contains("/confirm/")).unwrap();
    page.goto(link).await.unwrap().wait_for_navigation().await.unwrap();
    fill(&page, "#password", PASSWORD).await;
    follow(&page, "form.main button").await;
    assert!(text(&page).await.contains("ada@example.org"), "{}", text(&page).await);

    open(&page, &tester, "/c/fiq/team").await;
    page.find_element("#accept").await.unwrap().click().await.unwrap();
    follow(&page, "form.main button").await;
    fill(&page, "#name", "Atelier").await;
    follow(&page, "form.main button").await;
    fill(&page, "#invite-email", "eve@example.org").await;
    follow(&page, "form[action$='/team/invites'] button").await;
    let invitation: String = ask(&page, "document.querySelector('.copied').innerText").await;
    page.close().await.unwrap();

    tester.member("Eve", None).await;
    let other = Chromium::start().await;
    let page = other.open("about:blank", LOOKS[0]).await;
    sign_in(&page, &tester, "eve@example.org").await;
    page.goto(invitation).await.unwrap().wait_for_navigation().await.unwrap();
    follow(&page, "form.main button").await;
    let members = text(&page).await;
    assert!(members.contains("Ada") && members.contains("Eve"), "{members}");
    page.close().await.unwrap();
    other.close().await;

    for look in LOOKS {
        for (path, name) in [("/c/fiq/team", "team"), ("/account", "account")] {
            let page = chromium.open(&format!("{}{path}", tester.address), look).await;
            reads_well(&page, name, look).await;
            page.close().await.unwrap();
        }
        for (path, name) in [("/privacy", "privacy"), ("/c/fiq/published", "published")] {
            let page = chromium.open(&format!("{}{path}", tester.address), look).await;
            reads_well(&page, name, look).await;
            page.close().await.unwrap();
        }
    }
    chromium.close().await;
}
