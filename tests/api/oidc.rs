//! Signing in with a provider, against a real one. The test is the browser.

use domain::ambient::Ambient;
use domain::entities::user;
use sea_orm::{EntityTrait, PaginatorTrait};
use server::config::Settings;
use server::oidc::{Flow, ProviderSettings};
use system_tests::{Answer, Browser, PASSWORD, Provider, Tester};

const ADA: &str =
    r#"{"sub": "ada", "email": "Ada@example.org", "email_verified": true, "name": "Ada L."}"#;
const EVE: &str = r#"{"sub": "eve", "email": "eve@example.org", "email_verified": true}"#;
const ZOE: &str = r#"{"sub": "zoe", "email": "zoe@example.org", "email_verified": false}"#;

fn set(name: &str, issuer: &str) -> ProviderSettings {
    ProviderSettings {
        name: name.to_owned(),
        title: format!("The {name}"),
        issuer: issuer.to_owned(),
        client_id: "fashion-iq".to_owned(),
        client_secret: "hush hush".to_owned(),
        trusts_email: false,
    }
}

/// A server with one provider, whose clock is the machine's: the provider knows no other.
async fn with_campus() -> (Tester, Provider) {
    let provider = Provider::start(&[ADA, EVE, ZOE]);
    let issuer = provider.issuer.clone();
    let tester = on_time(|settings| settings.oidc = vec![set("campus", &issuer)]).await;
    (tester, provider)
}

async fn on_time(change: impl FnOnce(&mut Settings)) -> Tester {
    let tester = Tester::with("", change).await;
    tester.clock.set(Ambient::system().now());
    tester
}

/// From the button to where the provider sends the browser back to.
async fn way_back(
    tester: &Tester,
    provider: &Provider,
    browser: &mut Browser,
    subject: &str,
) -> String {
    let away = browser.get("/sign-in/with/campus").await;
    assert_eq!(away.status, 303, "{}", away.text);
    provider.agree(&away.location.unwrap(), subject, &tester.address)
}

async fn sign_in(
    tester: &Tester,
    provider: &Provider,
    browser: &mut Browser,
    subject: &str,
) -> Answer {
    let back = way_back(tester, provider, browser, subject).await;
    browser.get(&back).await
}

/// Adds the provider to the account of the person who is signed in.
async fn link(
    tester: &Tester,
    provider: &Provider,
    browser: &mut Browser,
    subject: &str,
) -> Answer {
    let page = browser.post("/account/link/campus", &[]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let back = provider.agree(&away(&page, provider), subject, &tester.address);
    browser.get(&back).await
}

/// The link on a page that leads to the provider.
fn away(page: &Answer, provider: &Provider) -> String {
    let begin = page.text.find(&format!("href=\"{}", provider.issuer)).unwrap() + 6;
    let link = page.text[begin..].split('"').next().unwrap();
    link.replace("&amp;", "&").replace("&#38;", "&")
}

/// The address of the form that removes a provider, on the account's page.
async fn removing(browser: &mut Browser) -> String {
    let page = browser.get("/account").await.text;
    let id = page.split("/account/identities/").nth(1).unwrap_or_else(|| panic!("{page}"));
    format!("/account/identities/{}", id.split('"').next().unwrap())
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

async fn persons(tester: &Tester) -> u64 {
    user::Entity::find().count(&tester.app.db).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_gets_an_account_and_comes_back_to_it() {
    let (tester, provider) = with_campus().await;
    let mut browser = Browser::new(&tester);
    let form = browser.get("/c/fiq/team").await;
    assert!(form.text.contains("Sign in with The campus"), "{}", form.text);
    assert!(form.text.contains("/sign-in/with/campus?next=%2Fc%2Ffiq%2Fteam"), "{}", form.text);

    let away = browser.get("/sign-in/with/campus?next=%2Fc%2Ffiq%2Fteam").await;
    let cookie = away.cookies.iter().find(|cookie| cookie.starts_with("fiq_way=")).unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let way = away.location.unwrap();
    for part in ["response_type=code", "code_challenge_method=S256", "state=", "nonce=", "openid"] {
        assert!(way.contains(part), "{way}");
    }
    let secret = browser.cookie("fiq_way").unwrap().split('.').next().unwrap();
    assert!(!way.contains("hush") && !way.contains(secret), "{way}");
    let back = provider.agree(&way, "ada", &tester.address);
    let signed_in = browser.get(&back).await;
    assert_eq!(
        (signed_in.status, signed_in.location.as_deref()),
        (303, Some("/c/fiq/team")),
        "{}",
        signed_in.text
    );
    assert_eq!(browser.cookie("fiq_way"), None, "it is over");
    let account = browser.get("/account").await;
    assert!(account.text.contains("Ada L., ada@example.org"), "{}", account.text);

    // elsewhere, later: the same account
    let mut other = Browser::new(&tester);
    assert_eq!(sign_in(&tester, &provider, &mut other, "ada").await.status, 303);
    assert!(other.get("/account").await.text.contains("ada@example.org"));
    assert_eq!(persons(&tester).await, 1);

    // the last way in stays, until there is another
    let remove = removing(&mut other).await;
    let refused = other.post(&remove, &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.text.contains("set a password first"), "{}", refused.text);
    let chosen = other.post("/account/password", &[("password", PASSWORD)]).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text);
    assert_eq!(other.post(&remove, &[]).await.status, 303);
    let known = sign_in(&tester, &provider, &mut Browser::new(&tester), "ada").await;
    assert_eq!(known.status, 409, "an account is there, and this provider opens it no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_not_taken_over_but_linked_by_who_is_signed_in() {
    let (tester, provider) = with_campus().await;
    let mut ada = tester.person("Ada").await;
    let mut browser = Browser::new(&tester);
    let told = sign_in(&tester, &provider, &mut browser, "ada").await;
    assert_eq!(told.status, 409);
    assert!(told.text.contains("action=\"/sign-in\"") && told.text.contains("ada@example.org"));
    assert!(!is_in(&mut browser).await);

    let linked = link(&tester, &provider, &mut ada, "ada").await;
    assert_eq!(linked.location.as_deref(), Some("/account#identities"), "{}", linked.text);
    assert!(tester.mail_to("ada@example.org").await.contains("The campus"));
    assert_eq!(sign_in(&tester, &provider, &mut browser, "ada").await.status, 303);
    assert!(browser.get("/account").await.text.contains("Ada, ada@example.org"));
    assert_eq!(persons(&tester).await, 1);

    // nobody can add or remove another person's identity
    let mut eve = tester.person("Eve").await;
    assert_eq!(link(&tester, &provider, &mut eve, "ada").await.status, 409);
    let remove = removing(&mut ada).await;
    eve.post(&remove, &[]).await;
    assert!(ada.get("/account").await.text.contains(&remove));
    assert_eq!(ada.post(&remove, &[]).await.status, 303);
    assert!(!ada.get("/account").await.text.contains(&remove));

    // and a deleted person is deleted here too
    assert_eq!(link(&tester, &provider, &mut ada, "ada").await.status, 303);
    assert_eq!(ada.post("/account/delete", &[("password", PASSWORD)]).await.status, 303);
    assert_eq!(sign_in(&tester, &provider, &mut browser, "ada").await.status, 303);
    assert!(browser.get("/account").await.text.contains("Ada L., ada@example.org"), "a new one");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_the_provider_does_not_vouch_for_opens_and_makes_nothing() {
    let (tester, provider) = with_campus().await;
    tester.person("Zoe").await;
    let mut browser = Browser::new(&tester);
    let told = sign_in(&tester, &provider, &mut browser, "zoe").await;
    assert_eq!(told.status, 403, "{}", told.text);
    assert!(told.text.contains("sign up"), "{}", told.text);
    // of whom the provider knows an address without having asked
    assert_eq!(sign_in(&tester, &provider, &mut browser, "new@example.org").await.status, 403);
    assert!(!is_in(&mut browser).await);
    assert_eq!(persons(&tester).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_taken_once_and_only_in_the_browser_that_waits_for_it() {
    let (tester, provider) = with_campus().await;
    let (mut eve, mut ada) = (Browser::new(&tester), Browser::new(&tester));
    // Eve would like Ada to be signed in as Eve
    let back = way_back(&tester, &provider, &mut eve, "eve").await;
    assert_eq!(ada.get(&back).await.status, 400);
    ada.get("/sign-in/with/campus").await;
    assert_eq!(ada.get(&back).await.status, 400);
    assert!(!is_in(&mut ada).await);

    let waiting = eve.cookie("fiq_way").unwrap().to_owned();
    assert_eq!(eve.get(&back).await.status, 303);
    eve.post("/sign-out", &[]).await;
    assert_eq!(eve.get(&back).await.status, 400, "the browser waits no more");
    eve.set_cookie("fiq_way", &waiting);
    assert_eq!(eve.get(&back).await.status, 400, "the code was redeemed");
    assert!(!is_in(&mut eve).await);

    // with another state, without one, or with a code that the provider never gave
    for change in [("state=", "state=0"), ("state=", "stat="), ("code=", "code=0")] {
        let back = way_back(&tester, &provider, &mut eve, "eve").await;
        assert_eq!(eve.get(&back.replace(change.0, change.1)).await.status, 400, "{change:?}");
    }
    let back = way_back(&tester, &provider, &mut eve, "eve").await;
    assert_eq!(eve.get(&format!("{back}&iss=https%3A%2F%2Felsewhere.example")).await.status, 400);

    let back = way_back(&tester, &provider, &mut eve, "eve").await;
    tester.clock.advance(600);
    assert_eq!(eve.get(&back).await.status, 400, "too late");
    assert!(!is_in(&mut eve).await);
    let away = eve.get("/sign-in/with/campus").await.location.unwrap();
    assert_eq!(eve.get(&provider.deny(&away, &tester.address)).await.status, 400);
    assert_eq!(sign_in(&tester, &provider, &mut eve, "eve").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_added_to_an_account_was_asked_for_in_its_session() {
    let (tester, provider) = with_campus().await;
    let (mut ada, mut eve) = (tester.person("Ada").await, tester.person("Eve").await);
    // Eve puts her cookie into Ada's browser, and sends her where her own way leads back to
    let page = eve.post("/account/link/campus", &[]).await;
    let back = provider.agree(&away(&page, &provider), "eve", &tester.address);
    ada.set_cookie("fiq_way", eve.cookie("fiq_way").unwrap());
    assert_eq!(ada.get(&back).await.status, 400);
    assert!(!ada.get("/account").await.text.contains("/account/identities/"));
    // nor does a page of another site begin it
    ada.on_another_site();
    assert_eq!(ada.post("/account/link/campus", &[]).await.status, 403);
    assert_eq!(Browser::new(&tester).post("/account/link/campus", &[]).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_providers_are_not_taken_for_each_other() {
    let same = r#"{"sub": "ada", "email": "else@example.org", "email_verified": true}"#;
    let (campus, works) = (Provider::start(&[ADA]), Provider::start(&[same]));
    let issuers = [campus.issuer.clone(), works.issuer.clone()];
    let tester = on_time(|settings| {
        settings.oidc = vec![set("campus", &issuers[0]), set("works", &issuers[1])];
    })
    .await;
    let mut browser = Browser::new(&tester);
    let back = way_back(&tester, &campus, &mut browser, "ada").await;
    let mixed_up = back.replace("/back/campus", "/back/works");
    assert_eq!(browser.get(&mixed_up).await.status, 400);
    assert!(!is_in(&mut browser).await);

    assert_eq!(sign_in(&tester, &campus, &mut browser, "ada").await.status, 303);
    let mut other = Browser::new(&tester);
    let away = other.get("/sign-in/with/works").await.location.unwrap();
    let back = works.agree(&away, "ada", &tester.address);
    assert_eq!(other.get(&back).await.status, 303);
    assert!(other.get("/account").await.text.contains("else@example.org"), "another person");
    assert_eq!(persons(&tester).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_elsewhere_and_a_provider_that_fails_is_named() {
    let (mut tester, provider) = with_campus().await;
    let mut browser = Browser::new(&tester);
    for next in ["https%3A%2F%2Felsewhere.example", "%2F%2Felsewhere.example", "%2F%5Celsewhere"] {
        let away = browser.get(&format!("/sign-in/with/campus?next={next}")).await;
        let back = provider.agree(&away.location.unwrap(), "eve", &tester.address);
        assert_eq!(browser.get(&back).await.location.as_deref(), Some("/account"), "{next}");
    }
    assert_eq!(browser.get("/sign-in/with/nobody").await.status, 404);

    // a way that was begun before the provider went away, and one that begins then
    let back = way_back(&tester, &provider, &mut browser, "eve").await;
    let issuer = provider.issuer.clone();
    drop(provider);
    let broken = browser.get(&back).await;
    assert_eq!(broken.status, 502, "{}", broken.text);
    assert!(broken.text.contains("The campus"), "{}", broken.text);
    tester.clock.advance(3600);
    assert_eq!(browser.get("/sign-in/with/campus").await.status, 502);
    assert_eq!(browser.get("/sign-in").await.status, 200);
    tester.ask_to_stop().await;

    // it has to call itself as the settings do
    let other = Provider::start(&[ADA]);
    assert_ne!(other.issuer, issuer);
    let slash = format!("{}/", other.issuer);
    let tester = on_time(|settings| settings.oidc = vec![set("campus", &slash)]).await;
    let mut browser = Browser::new(&tester);
    assert_eq!(browser.get("/sign-in/with/campus").await.status, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_asked_only_so_often_from_one_address() {
    let provider = Provider::start(&[ADA]);
    let issuer = provider.issuer.clone();
    let tester = on_time(|settings| {
        settings.oidc = vec![set("campus", &issuer)];
        settings.attempts.provider_questions_per_address = 20;
    })
    .await;
    let mut browser = Browser::new(&tester);
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(browser.get("/sign-in/with/campus").await.status);
    }
    assert_eq!(statuses, [303; 20]);
    let waiting = browser.cookie("fiq_way").unwrap().to_owned();
    assert_eq!(browser.get("/sign-in/with/campus").await.status, 429);
    // nor by made-up answers
    let flow = Flow::read(&waiting, tester.app.ambient.now()).unwrap();
    let made_up = format!("/sign-in/back/campus?code=0&state={}", flow.state("campus", ""));
    assert_eq!(browser.get(&made_up).await.status, 429);
    tester.clock.advance(901);
    assert_eq!(browser.get("/sign-in/with/campus").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_the_way_is_kept_under_a_name_that_no_other_host_may_set() {
    let provider = Provider::start(&[ADA]);
    let issuer = provider.issuer.clone();
    let tester = on_time(|settings| {
        settings.oidc = vec![set("campus", &issuer)];
        settings.public_url = Some("https://fashion-iq.example.org".to_owned());
    })
    .await;
    let mut browser = Browser::new(&tester);
    let away = browser.get("/sign-in/with/campus").await;
    let way = away.location.unwrap();
    let back = "redirect_uri=https%3A%2F%2Ffashion-iq.example.org%2Fsign-in%2Fback%2Fcampus";
    assert!(way.contains(back), "{way}");
    let kept = &away.cookies[0];
    assert!(kept.starts_with("__Host-fiq_way=") && kept.contains("Secure"), "{kept}");
    let back = provider.agree(&way, "ada", "https://fashion-iq.example.org");
    assert_eq!(browser.get(&back).await.status, 303);
    assert_eq!(browser.cookie("__Host-fiq_way"), None);
    assert!(is_in(&mut browser).await);
}
