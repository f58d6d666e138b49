//! Malicious input and requests.

use system_tests::{Browser, Client, PASSWORD, Program, Tester, Wire, World};

const SCRIPT: &str = "<script>alert(1)</script>";
const TURNED: &str = "gnp.\u{202e}exe";

/// Every form with a name in it: where it is sent, its field, and the others it needs.
const NAMES: [(&str, &str, &str); 4] = [
    ("/account/name", "name", ""),
    ("/account/tokens", "name", "scopes=read"),
    ("/c/fiq/team/name", "name", "anonymity=none"),
    ("/c/fiq/team/name", "pseudonym", "name=Atelier&anonymity=always"),
];

async fn send(browser: &mut Browser, form: (&str, &str, &str), value: &str) -> (u16, String) {
    let (path, field, others) = form;
    let mut fields: Vec<_> = others.split('&').filter_map(|pair| pair.split_once('=')).collect();
    fields.push((field, value));
    let sent = browser.post(path, &fields).await;
    (sent.status, sent.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_in_names_stay_text_and_what_turns_text_around_is_refused() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let long = "x".repeat(61);
    for form in NAMES {
        for bad in [TURNED, "a\u{200b}b", "a\nb", "\u{3164}", &long, ""] {
            let (status, page) = send(&mut ada, form, bad).await;
            assert_eq!(status, 400, "{form:?} {bad:?}");
            assert!(page.contains(&format!("{}-complaint", form.1)), "{form:?} {bad:?}: {page}");
        }
    }
    for form in NAMES {
        let (status, page) = send(&mut ada, form, SCRIPT).await;
        assert!(status < 400, "{form:?}: {status} {page}");
    }
    ada.post("/c/fiq/team/name", &[("name", SCRIPT), ("anonymity", "none")]).await;
    let run = tester.test.zipped(|_| Some(3));
    let sent = ada.submit("/c/fiq/test/submit", &[("method", SCRIPT)], &run).await;
    let run = sent.location.unwrap();
    let invite = ada.post("/c/fiq/team/invites", &[("email", "eve@example.org")]).await.text;
    let invite = invite.split("/invites/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut eve = tester.member("Eve", None).await;
    let invited = eve.get(&format!("/invites/{invite}")).await;
    let mut pages = vec![invited];
    for path in
        ["/account", "/c/fiq/team", "/c/fiq/test", "/c/fiq/submissions", "/c/fiq/test/submit"]
    {
        pages.push(ada.get(path).await);
    }
    pages.push(ada.get(&run).await);
    for page in pages {
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("<script>alert"), "{}", page.text);
        assert!(page.text.contains("alert(1)"), "it is shown, as text: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_looks_like_anothers_is_taken() {
    let tester = Tester::start().await;
    tester.member("Ada", Some("Atelier")).await;
    let mut eve = tester.member("Eve", None).await;
    for name in ["Atelier", "atelier", "Ate1ier", "\u{410}telier", "At\u{435}lier", "A-t-e-l-i-e-r"]
    {
        let founded = eve.post("/c/fiq/team", &[("name", name)]).await;
        assert_eq!(founded.status, 409, "{name}: {}", founded.text);
        assert!(founded.text.contains("name-complaint"), "{}", founded.text);
    }
    assert_eq!(eve.post("/c/fiq/team", &[("name", "Nine")]).await.status, 303);
    for (field, value) in
        [("name", "Ate1ier"), ("pseudonym", "Ate1ier"), ("pseudonym", "N\u{456}ne")]
    {
        let others = if field == "name" { "anonymity=none" } else { "name=Nine&anonymity=always" };
        let (status, page) = send(&mut eve, ("/c/fiq/team/name", field, others), value).await;
        assert!((400..500).contains(&status), "{field} {value}: {page}");
    }
}

#[test]
fn ten_megabytes_in_any_form_are_refused_and_take_no_memory() {
    let world = World::always_open("");
    world.with_a_team("Atelier");
    let program = Program::serve(&world.data_dir());
    let client = Client::new(&program.address);
    assert_eq!(client.get("/sign-up").status, 200);
    let before = program.peak_memory();
    let posts = server::pages::ADDRESSES.iter().filter(|(_, methods)| methods.contains(&"post"));
    let mut count = 0;
    for (path, _) in posts {
        let path = path.replace(":challenge", "fiq").replace(":phase", "test");
        let path = path.replace([':'], "");
        let body = [b"name=".to_vec(), vec![b'x'; 10 << 20]].concat();
        let media_type = [("Content-Type", "application/x-www-form-urlencoded")];
        let sent = client.post(&path, &body, &media_type).unwrap();
        // routes that require signing in don't read the body, and neither does signing out
        let refused = (400..500).contains(&sent.status) || path == "/sign-out";
        assert!(refused, "{path}: {} {}", sent.status, sent.text);
        assert!(sent.bytes.len() < 100_000, "{path}: it is not sent back");
        count += 1;
    }
    assert!(count > 20, "{count}");
    let grown = program.peak_memory() - before;
    assert!(grown < 24 << 20, "{grown} bytes more");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_is_not_heard_for_longer_either() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let long = "x".repeat(10 << 20);
    for form in NAMES {
        let (status, page) = send(&mut ada, form, &long).await;
        assert_eq!(status, 413, "{form:?}");
        assert!(page.len() < 100_000, "{form:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_stands_in_its_header_and_nowhere_else() {
    let tester = Tester::start().await;
    let token = tester.token("Atelier").await;
    let path = "/api/v1/challenges/fiq/phases/test/submissions";
    let known = tester.anyone.with_token(&token);
    let own = path.to_owned();
    let told = tokio::task::spawn_blocking(move || known.get(&own)).await.unwrap();
    assert_eq!(told.status, 200);
    for name in ["token", "access_token", "api_key", "Authorization"] {
        let told = tester.get(&format!("{path}?{name}={token}")).await;
        assert_eq!(told.status, 401, "{name}");
    }
    for (name, value) in [
        ("Authorization", token.clone()),
        ("Authorization", format!("Basic {token}")),
        ("X-Api-Key", token.clone()),
        ("Cookie", format!("token={token}; fiq_session={token}")),
    ] {
        let anyone = tester.anyone.clone();
        let told = move || anyone.get_with(path, &[(name, &value)]);
        assert_eq!(tokio::task::spawn_blocking(told).await.unwrap().status, 401, "{name}");
    }
    // and a browser's session opens no API, so no page of another site can use it
    let mut ada = tester.member("Ada", Some("Nine")).await;
    assert_eq!(ada.get(path).await.status, 401);
}

#[test]
fn links_with_secrets_are_neither_logged_nor_told_to_other_sites() {
    let world = World::always_open("");
    world.with_a_team("Atelier");
    let log = world.path().join("log");
    let program = Program::serve_logging(&world.data_dir(), &log);
    let secret = "5ec4e75ec4e75ec4e75ec4e75ec4e75e";
    let paths = ["/confirm/", "/reset/", "/set-up/", "/invites/"];
    for path in paths {
        let mut wire = Wire::open(&program.address);
        wire.ask(&format!("{path}{secret}"));
        let answer = wire.rest().to_lowercase();
        assert!(answer.contains("referrer-policy: same-origin"), "{path}: {answer}");
    }
    for path in ["/sign-in", "/c/fiq/test", "/api/v1/challenges"] {
        let mut wire = Wire::open(&program.address);
        wire.ask(&format!("{path}?token={secret}&next={secret}"));
        assert!(wire.rest().to_lowercase().contains("referrer-policy: same-origin"), "{path}");
    }
    assert_eq!(program.terminate(), Some(0));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(!log.contains(secret), "{log}");
    for path in paths {
        assert!(log.contains(&format!("{path}…")), "that it was asked is recorded: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_signing_in_nobody_is_sent_elsewhere() {
    let tester = Tester::start().await;
    let mut ada = tester.person("Ada").await;
    for (next, there) in [
        ("/c/fiq/team", "/c/fiq/team"),
        ("https://elsewhere.example", "/account"),
        ("//elsewhere.example", "/account"),
        ("/\\elsewhere.example", "/account"),
        ("\\\\elsewhere.example", "/account"),
        ("/\t/elsewhere.example", "/account"),
        ("javascript:alert(1)", "/account"),
        ("elsewhere.example", "/account"),
        ("/c\r\nSet-Cookie: a=b", "/account"),
    ] {
        let typed = [("email", "ada@example.org"), ("password", PASSWORD), ("next", next)];
        let sent = ada.post("/sign-in", &typed).await;
        assert_eq!(sent.location.as_deref(), Some(there), "{next:?}");
        assert!(sent.cookies.iter().all(|cookie| !cookie.starts_with("a=")), "{next:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_made_of_the_public_address_whatever_a_request_calls_the_host() {
    let public = "https://fashion-iq.example.org";
    let tester = Tester::with("", |settings| settings.public_url = Some(public.to_owned())).await;
    tester.person("Ada").await;
    for (host, more) in [
        ("elsewhere.example", ""),
        ("fashion-iq.example.org", "X-Forwarded-Host: elsewhere.example\r\n"),
        ("fashion-iq.example.org", "Forwarded: host=elsewhere.example\r\n"),
    ] {
        let (address, body) = (tester.address.clone(), "email=ada%40example.org");
        let request = format!(
            "POST /forgot HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = tokio::task::spawn_blocking(move || {
            let mut wire = Wire::open(&address);
            wire.send(request);
            wire.rest()
        });
        assert!(answer.await.unwrap().starts_with("HTTP/1.1 200"));
        let mail = tester.mail_to("ada@example.org").await;
        assert!(mail.contains(&format!("{public}/reset/")), "{mail}");
        assert!(!mail.contains("elsewhere"), "{mail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_somebody_claims_to_come_from_counts_only_if_a_proxy_says_so() {
    for (trusted, last) in [(false, 429), (true, 401)] {
        let tester = Tester::with("", |settings| {
            settings.attempts.guesses_per_address = 50;
            if trusted {
                settings.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
            }
        })
        .await;
        let client = tester.anyone.clone();
        let statuses = tokio::task::spawn_blocking(move || {
            let guess = |n: u32| {
                let body = format!("email=nobody{n}%40example.org&password=something+else");
                let from = format!("198.51.100.{n}");
                let headers = [
                    ("Content-Type", "application/x-www-form-urlencoded"),
                    ("X-Forwarded-For", from.as_str()),
                ];
                client.post("/sign-in", body.as_bytes(), &headers).unwrap().status
            };
            (0..51).map(guess).collect::<Vec<_>>()
        });
        assert_eq!(statuses.await.unwrap().last(), Some(&last), "trusted: {trusted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_somebody_chose_before_is_not_the_one_that_begins() {
    let tester = Tester::start().await;
    tester.person("Ada").await;
    let mut ada = Browser::new(&tester);
    let fixed = "f".repeat(64);
    ada.set_cookie("fiq_session", &fixed);
    ada.post("/forgot", &[("email", "ada@example.org")]).await;
    let mail = tester.mail_to("ada@example.org").await;
    let reset = mail.split("/reset/").nth(1).unwrap().split_whitespace().next().unwrap();
    let set =
        ada.post(&format!("/reset/{reset}"), &[("password", "seven buttons and a zip")]).await;
    assert_eq!(set.status, 303);
    assert_ne!(ada.cookie("fiq_session"), Some(fixed.as_str()));
    let mut eve = Browser::new(&tester);
    eve.set_cookie("fiq_session", &fixed);
    assert_eq!(eve.get("/account").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_cookies_travel_over_tls_only() {
    let public = "https://fashion-iq.example.org".to_owned();
    let tester = Tester::with("", |settings| settings.public_url = Some(public)).await;
    tester.newcomer("Ada").await;
    let mut browser = Browser::new(&tester);
    let set_up = domain::accounts::set_up_link(&tester.app).await.unwrap().unwrap();
    let path = set_up.replace("https://fashion-iq.example.org", "");
    let typed = [("name", "Olga"), ("email", "olga@example.org"), ("password", PASSWORD)];
    let founded = browser.post(&path, &typed).await;
    assert_eq!(founded.status, 303, "{}", founded.text);
    assert!(founded.cookies[0].contains("Secure"), "{:?}", founded.cookies);
}
