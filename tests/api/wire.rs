//! Requests in the unusual forms that real clients and proxies send.

use domain::entities::role::Role;
use serde_json::Value;
use system_tests::{Answer, Browser, Form, PASSWORD, Tester, Wire};

const API: &str = "/api/v1/challenges/fiq/phases/test";

/// The head of the answer to a request that is written by hand, in lower case.
async fn raw(tester: &Tester, head: &[u8], body: &[u8]) -> String {
    let mut wire = Wire::open(&tester.address);
    let mut request = head.to_vec();
    let length =
        if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    request
        .extend_from_slice(format!("Host: test\r\nConnection: close\r\n{length}\r\n").as_bytes());
    request.extend_from_slice(body);
    let answer = move || {
        wire.send(request);
        wire.rest().to_ascii_lowercase()
    };
    tokio::task::spawn_blocking(answer).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_cookie_hides_no_session() {
    let tester = Tester::start().await;
    let ada = tester.person("Ada").await;
    let key = ada.cookie("fiq_session").unwrap().as_bytes().to_vec();
    for (before, after) in [
        (&b"Cookie: a=b; fiq_session="[..], &b"\r\n"[..]),
        (b"Cookie: a=\xc3\xb8; fiq_session=", b"\r\n"),
        (b"Cookie: fiq_session=", b"; a=\xf8\r\n"),
        (b"Cookie: a=\xf8\r\nCookie: fiq_session=", b"\r\n"),
        (b"Cookie: fiq_session=\"", b"\"\r\n"),
    ] {
        let head = [b"GET /account HTTP/1.1\r\n", before, &key, after].concat();
        let answer = raw(&tester, &head, b"").await;
        let sent = String::from_utf8_lossy(&head);
        assert!(answer.starts_with("http/1.1 200"), "{sent}: {answer:.200}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_read_in_any_case_and_a_key_is_never_dropped() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let token = team.client.token().unwrap().to_owned();
    let run = tester.test.zipped(|_| Some(7));
    let other = tester.test.zipped(|_| Some(6));
    let post = |scheme: &str, key: &[u8]| {
        let head = format!(
            "POST {API}/submissions/ HTTP/1.1\r\nAuthorization: {scheme}{token}\r\nIdempotency-Key: "
        );
        [head.as_bytes(), key, b"\r\n"].concat()
    };
    let first = raw(&tester, &post("bearer ", b"\"one\""), &run).await;
    assert!(first.starts_with("http/1.1 201"), "{first}");
    let again = raw(&tester, &post("BEARER   ", b"one"), &run).await;
    assert!(again.starts_with("http/1.1 200"), "{again}");
    // a key with a letter beyond ASCII is a key
    let first = raw(&tester, &post("Bearer ", "schlüssel".as_bytes()), &other).await;
    assert!(first.starts_with("http/1.1 201"), "{first}");
    let reused = raw(&tester, &post("Bearer ", "schlüssel".as_bytes()), &run).await;
    assert!(reused.starts_with("http/1.1 409") || reused.starts_with("http/1.1 422"), "{reused}");
    for bad in [&b"a\r\nIdempotency-Key: b"[..], b"a\xf8"] {
        let answer = raw(&tester, &post("Bearer ", bad), &other).await;
        assert!(answer.starts_with("http/1.1 400"), "{answer}");
        assert!(answer.contains("idempotency-key"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_at_the_end_is_the_same_page() {
    let tester = Tester::start().await;
    for path in ["/c/fiq/test/", "/c/fiq/test/?sort=overall", "/sign-in/", "/api/v1/challenges/"] {
        assert_eq!(tester.get(path).await.status, 200, "{path}");
    }
    assert_eq!(tester.get("/c/fiq/").await.status, 303);
    assert_eq!(tester.get("/account/").await.status, 401);
    assert_eq!(tester.get("/nothing/").await.status, 404);
    tester.person("Ada").await;
    let mut browser = Browser::new(&tester);
    let typed = [("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in/", &typed).await.status, 303);
    assert_eq!(browser.get("/account/").await.status, 200);
}

fn get_known(tester: &Tester, path: &str, headers: &[(&'static str, String)]) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    tester.anyone.get_with(path, &headers)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_it_already_gets_nothing_again() {
    let tester = Tester::start().await;
    tester.team("Atelier").await.upload("test", tester.test.zipped(|_| Some(7))).await;
    let asked = move || {
        for path in [
            "/c/fiq/test".to_owned(),
            format!("{API}/leaderboard"),
            format!("{API}/leaderboard.csv"),
            format!("{API}/leaderboard.eee.json"),
            format!("{API}/queries"),
            format!("{API}/gallery"),
        ] {
            let first = get_known(&tester, &path, &[]);
            let tag = first.tag.unwrap_or_else(|| panic!("{path} has no tag"));
            for known in [tag.clone(), format!("W/{tag}"), format!("\"a\", {tag}"), "*".to_owned()]
            {
                let again = get_known(&tester, &path, &[("If-None-Match", known.clone())]);
                assert_eq!((again.status, again.bytes.len()), (304, 0), "{path} {known}");
                assert_eq!(again.tag.as_deref(), Some(&*tag), "{path}");
            }
            let other = get_known(&tester, &path, &[("If-None-Match", "\"a\"".to_owned())]);
            assert_eq!(other.status, 200, "{path}");
        }
        // packed, the page has other bytes, so another tag
        let plain =
            get_known(&tester, "/c/fiq/test", &[("Accept-Encoding", "identity".to_owned())]);
        let packed = get_known(&tester, "/c/fiq/test", &[("Accept-Encoding", "gzip".to_owned())]);
        assert_ne!(plain.tag, packed.tag);
    };
    tokio::task::spawn_blocking(asked).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_after_the_file_counts_as_one_before_it() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let run = |n| tester.test.zipped(move |_| Some(n));
    let form = Form::default().file("file", &run(7)).text("method", "two-stage");
    let answer = team.upload_form("test", form).await;
    assert_eq!((answer.status, &answer.json["method"]), (201, &Value::from("two-stage")));
    for form in [
        Form::default().file("file", &run(6)).text("methods", "two-stage"),
        Form::default().file("file", &run(6)).file("file", &run(5)),
        Form::default().text("method", "a").file("file", &run(6)).text("method", "b"),
        Form::default().file("file", &run(6)).text("method", &"x".repeat(5000)),
        Form::default().file("file", &run(6)).text("method", "a\u{202e}b"),
    ] {
        let refused = team.upload_form("test", form).await;
        assert_eq!((refused.status, &refused.json["code"]), (400, &Value::from("invalid-field")));
    }
    assert_eq!(tester.kept_files(), 1);

    let mut ada = tester.member("Ada", Some("Stitch")).await;
    let form = Form::default().file("file", &run(4)).text("method", "from a page");
    let sent = ada.send_form("/c/fiq/test/submit", form).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let page = ada.get(sent.location.as_deref().unwrap()).await;
    assert!(page.text.contains("from a page"), "{}", page.text);
    let form = Form::default().file("file", &run(3)).text("method", &"y".repeat(81));
    let refused = ada.send_form("/c/fiq/test/submit", form).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("id=\"method-complaint\""), "{}", refused.text);
    assert!(refused.text.contains(&"y".repeat(81)), "what was typed is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_phase_of_a_trial_may_come_after_its_file() {
    let tester = Tester::start().await;
    let mut olga = tester.organiser("Olga", Role::Organiser).await;
    let file = |n| Form::default().file("file", &tester.test.zipped(move |_| Some(n)));
    let tools = "/c/fiq/organise/tools";
    let sent = olga.send_form(tools, file(7).text("phase", "test")).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(olga.get(sent.location.as_deref().unwrap()).await.text.contains("100.00"));
    for form in [file(6), file(6).text("phase", "nothing"), file(6).text("stage", "test")] {
        assert_eq!(olga.send_form(tools, form).await.status, 400);
    }
    assert_eq!(tester.kept_files(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_media_type_in_capitals_is_a_form_too() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let body = Form::default().file("file", &tester.test.zipped(|_| Some(7))).body();
    let media_type = Form::media_type().replace("multipart/form-data", "Multipart/Form-Data");
    let client = team.client.clone();
    let sent = move || {
        client.post(&format!("{API}/submissions"), &body, &[("Content-Type", &media_type)]).unwrap()
    };
    let answer = tokio::task::spawn_blocking(sent).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_drip_around_a_file_are_given_up_as_any_form_is() {
    let tester = Tester::with("", |settings| {
        settings.timeouts.form = std::time::Duration::from_millis(300);
    })
    .await;
    let team = tester.team("Atelier").await;
    let token = team.client.token().unwrap().to_owned();
    let whole = Form::default().file("file", &tester.test.zipped(|_| Some(7))).body();
    let last = whole.len() - "--\r\n".len();
    // the file has come whole; what follows it never ends
    let mut wire = Wire::open(&tester.address);
    let head = format!(
        "POST {API}/submissions HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: {}\r\nContent-Length: 9999999\r\nExpect: x\r\n\r\n",
        Form::media_type()
    );
    let answer = move || {
        wire.send(head);
        wire.send(&whole[..last]);
        wire.line()
    };
    let status = tokio::task::spawn_blocking(answer).await.unwrap();
    assert!(status.contains(" 408 "), "{status}");
    assert_eq!(tester.kept_files(), 0);
}
