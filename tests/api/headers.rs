//! The headers of every response, and of invalid requests.

use system_tests::{Browser, PASSWORD, Program, Tester, Wire, World};

/// The whole answer to a request that is written by hand.
async fn raw(base: &str, request: String) -> String {
    let mut wire = Wire::open(base);
    let answer = move || {
        wire.send(request);
        wire.rest().to_ascii_lowercase()
    };
    tokio::task::spawn_blocking(answer).await.unwrap()
}

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_its_headers_whoever_makes_it() {
    let tester = Tester::start().await;
    for path in
        ["/c/fiq/test", "/c/%ff/x", "/%ff", "/api/v1/%ff", "/api/v1/challenges/%ff", "/a%00"]
    {
        let answer = raw(&tester.address, get(path, "Host: test\r\n")).await;
        for header in
            ["x-content-type-options: nosniff", "referrer-policy: same-origin", "x-request-id: "]
        {
            assert!(answer.contains(header), "{path} lacks {header}: {answer}");
        }
        assert!(!answer.starts_with("http/1.1 5"), "{path}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host() {
    let tester = Tester::start().await;
    for path in ["/c/fiq/test", "/api/v1/challenges"] {
        for hosts in ["", "Host: a\r\nHost: b\r\n", "Host: user@a\r\n", "Host: a b\r\n"] {
            let answer = raw(&tester.address, get(path, hosts)).await;
            assert!(answer.starts_with("http/1.1 400"), "{path} {hosts:?}: {answer}");
            assert!(answer.contains("host header"), "{path} {hosts:?}: {answer}");
        }
        let answer = raw(&tester.address, get(path, "Host: [::1]:8080\r\n")).await;
        assert!(answer.starts_with("http/1.1 200"), "{path}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_the_session_is_this_hosts_alone_and_browsers_are_told_to_stay_there() {
    let tester = Tester::with("", |settings| {
        settings.public_url = Some("https://fiq.example.org".to_owned());
        settings.hsts_seconds = Some(86_400);
    })
    .await;
    tester.person("Ada").await;
    let mut browser = Browser::new(&tester);
    let typed = [("email", "ada@example.org"), ("password", PASSWORD)];
    let signed_in = browser.post("/sign-in", &typed).await;
    let cookie = signed_in.cookies.iter().find(|it| it.contains("fiq_session=")).unwrap();
    assert!(cookie.starts_with("__Host-fiq_session="), "{cookie}");
    for part in ["Secure", "HttpOnly", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(browser.get("/account").await.status, 200);
    // a cookie name that another host of the domain could set is ignored
    let key = browser.cookie("__Host-fiq_session").unwrap().to_owned();
    let mut other = Browser::new(&tester);
    other.set_cookie("fiq_session", &key);
    assert_eq!(other.get("/account").await.status, 401);

    let answer = raw(&tester.address, get("/c/fiq/test", "Host: fiq.example.org\r\n")).await;
    assert!(answer.contains("strict-transport-security: max-age=86400"), "{answer}");
    let plain = Tester::start().await;
    let answer = raw(&plain.address, get("/c/fiq/test", "Host: test\r\n")).await;
    assert!(!answer.contains("strict-transport-security"), "{answer}");
}

#[test]
fn no_secret_of_an_address_is_logged_however_it_is_written() {
    let world = World::always_open("");
    let log = world.path().join("log");
    let program = Program::serve_logging(&world.data_dir(), &log);
    let secret = "5ec2e7".repeat(10) + "abcd";
    let pairs: Vec<String> = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let encoded = format!("%{}", pairs.join("%"));
    for path in [
        format!("/reset/{secret}"),
        format!("//reset/{secret}"),
        format!("/%72eset/{secret}"),
        format!("/reset//{secret}"),
        format!("/RESET/{}", secret.to_uppercase()),
        format!("/reset/{encoded}"),
        format!("/reset%2F{secret}"),
        format!("/c/fiq/fiq_{}", &secret[..32]),
        format!("/api/v1/{secret}?token={secret}"),
    ] {
        let mut wire = Wire::open(&program.address);
        wire.send(get(&path, "Host: test\r\n"));
        assert!(!wire.rest().is_empty(), "{path}");
    }
    assert_eq!(program.terminate(), Some(0));
    let log = std::fs::read_to_string(&log).unwrap().to_lowercase();
    assert!(log.matches("answered").count() >= 9, "{log}");
    for told in [secret.as_str(), &encoded, &secret[..32]] {
        assert!(!log.contains(told), "{told} in {log}");
    }
}
