//! A team without a shell: the form, the session, and the page of a submission.

use system_tests::{Browser, Tester};

#[tokio::test(flavor = "multi_thread")]
async fn a_team_signs_in_with_its_token_uploads_and_reads_its_score() {
    let tester = Tester::with_limits("per_day = 5").await;
    let token = tester.token("Atelier").await;
    let mut browser = Browser::new(&tester);
    let form = browser.get("/c/fiq/test/submit").await;
    assert_eq!(form.status, 200);
    assert!(form.text.contains("type=\"password\""), "it asks for the token");
    let run = tester.test.zipped(|_| Some(7));
    let fields = [("token", token.as_str()), ("method", "two-stage")];
    let sent = browser.submit("/c/fiq/test/submit", &fields, &run).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let page = browser.get(sent.location.as_deref().unwrap()).await;
    assert!(page.text.contains("100.00") && page.text.contains("two-stage"), "{}", page.text);

    // signed in now: no token is asked for, and what is left is known
    let form = browser.get("/c/fiq/test/submit").await;
    assert!(!form.text.contains("type=\"password\"") && form.text.contains("4 of 5"));
    let sent = browser.submit("/c/fiq/test/submit", &[], b"\x80\x04\x95\x0c").await;
    let page = browser.get(sent.location.as_deref().unwrap()).await;
    assert!(page.text.contains("This is neither JSON nor a zip"), "{}", page.text);
    assert!(page.cache.contains("private"), "{}", page.cache);

    // others see what the board shows, and nothing of an invalid upload
    let link = sent.location.unwrap();
    assert_eq!(tester.get(&link).await.status, 404);

    let out = browser.post_form("/sign-out", &[]).await;
    assert_eq!(out.status, 303);
    assert_eq!(browser.get(&link).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_stand_beside_their_field_and_what_was_typed_is_kept() {
    let tester = Tester::start().await;
    let token = tester.token("Atelier").await;
    let mut browser = Browser::new(&tester);
    let run = tester.test.zipped(|_| Some(7));
    browser.get("/c/fiq/test/submit").await;
    let fields = [("token", "fiq_wrong"), ("method", "kept <as> typed")];
    let sent = browser.submit("/c/fiq/test/submit", &fields, &run).await;
    assert_eq!(sent.status, 401);
    assert!(sent.text.contains("id=\"token-complaint\""), "{}", sent.text);
    assert!(!sent.text.contains("fiq_wrong"), "a token is never echoed");
    let long = "x".repeat(81);
    let fields = [("token", token.as_str()), ("method", long.as_str())];
    let sent = browser.submit("/c/fiq/test/submit", &fields, &run).await;
    assert_eq!(sent.status, 400);
    assert!(sent.text.contains("id=\"method-complaint\"") && sent.text.contains(&long));
    assert!(tester.board("test").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_from_elsewhere_does_nothing() {
    let tester = Tester::start().await;
    let token = tester.token("Atelier").await;
    let mut browser = Browser::new(&tester);
    browser.get("/c/fiq/test/submit").await;
    browser.forget_csrf();
    let run = tester.test.zipped(|_| Some(7));
    let sent = browser.submit("/c/fiq/test/submit", &[("token", &token)], &run).await;
    assert_eq!(sent.status, 403, "{}", sent.text);
    assert!(tester.board("test").await.is_empty());
    browser.forget_csrf();
    let out = browser.post_form("/sign-out", &[]).await;
    assert_eq!(out.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_and_scoring_are_pages_under_a_strict_policy() {
    let tester = Tester::start().await;
    for path in ["/c/fiq/rules", "/c/fiq/scoring", "/c/fiq/test", "/c/fiq/test/submit"] {
        let page = tester.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.policy.starts_with("default-src 'none'"), "{path}: {}", page.policy);
    }
    assert!(tester.get("/c/fiq/scoring").await.text.contains("Recall@"));
}
