//! A team without a shell: the form, and the page of a submission.

use system_tests::{Browser, Tester};

#[tokio::test(flavor = "multi_thread")]
async fn a_member_uploads_in_the_browser_and_reads_the_score() {
    let tester = Tester::with_limits("per_day = 5").await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let form = browser.get("/c/fiq/test/submit").await;
    assert!(form.text.contains("5 of 5") && form.text.contains("Atelier"), "{}", form.text);
    let run = tester.test.zipped(|_| Some(7));
    let sent = browser.submit("/c/fiq/test/submit", &[("method", "two-stage")], &run).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let page = browser.get(sent.location.as_deref().unwrap()).await;
    assert!(page.text.contains("100.00") && page.text.contains("two-stage"), "{}", page.text);
    assert!(browser.get("/c/fiq/test/submit").await.text.contains("4 of 5"));

    let sent = browser.submit("/c/fiq/test/submit", &[], b"\x80\x04\x95\x0c").await;
    let page = browser.get(sent.location.as_deref().unwrap()).await;
    assert!(page.text.contains("This is neither JSON nor a zip"), "{}", page.text);
    assert!(page.cache.contains("private"), "{}", page.cache);

    // others see what the board shows, and nothing of an invalid upload
    let link = sent.location.unwrap();
    assert_eq!(tester.get(&link).await.status, 404);
    assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
    assert_eq!(browser.get(&link).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_unknown_signs_in_first_and_whoever_has_no_team_makes_one() {
    let tester = Tester::start().await;
    let form = tester.get("/c/fiq/test/submit").await;
    assert_eq!(form.status, 401);
    assert!(form.text.contains("name=\"next\" value=\"/c/fiq/test/submit\""), "{}", form.text);
    let mut browser = tester.person("Ada").await;
    for path in ["/c/fiq/test/submit", "/c/fiq/submissions"] {
        let sent = browser.get(path).await;
        let there = format!("/c/fiq/team?next={}", path.replace('/', "%2F"));
        assert_eq!((sent.status, sent.location), (303, Some(there)), "{path}");
    }
    let run = tester.test.zipped(|_| Some(7));
    let sent = browser.submit("/c/fiq/test/submit", &[], &run).await;
    assert_eq!(sent.status, 403, "{}", sent.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_what_is_left_and_when_the_next_run_may_come_before_a_file_is_chosen() {
    let tester = Tester::with_limits("per_day = 2").await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let form = "/c/fiq/test/submit";
    for rank in [3, 4] {
        let sent = browser.submit(form, &[], &tester.test.zipped(|_| Some(rank))).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let page = browser.get(form).await.text;
        let left = rank == 3;
        assert!(page.contains(if left { "1 of 2 left" } else { "0 of 2 left" }), "{page}");
        assert!(page.contains(if left { "1 used" } else { "2 used" }), "{page}");
        assert_eq!(page.contains("You can’t submit right now."), !left, "{page}");
    }
    let page = browser.get(form).await.text;
    assert!(page.contains("all 2 submissions for today. You can submit again in"), "{page}");
    assert!(page.contains("2026-11-25T00:00:00Z"), "{page}");
    // the form that is refused keeps what was typed, and says which file to choose again
    let refused =
        browser.submit(form, &[("method", "third")], &tester.test.zipped(|_| Some(5))).await;
    assert_eq!(refused.status, 429);
    assert!(refused.text.contains("value=\"third\""), "{}", refused.text);
    assert!(refused.text.contains("Choose run.zip again."), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_behind_a_field_that_is_wrong_is_kept_too() {
    let tester = Tester::start().await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let long = "x".repeat(100_000);
    let sent = browser.submit("/c/fiq/test/submit", &[("method", &long)], b"{}").await;
    assert_eq!(sent.status, 400, "{}", sent.text);
    assert!(sent.text.contains("Choose run.zip again."), "{}", sent.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_is_shown_in_the_line_that_keeps_it_for_a_shell() {
    let tester = Tester::start().await;
    let mut browser = tester.member("Ada", None).await;
    let made = browser.post("/account/tokens", &[("name", "laptop"), ("scopes", "submit")]).await;
    let (_, line) = made.text.split_once("export FASHION_IQ_TOKEN=fiq_").expect("the whole line");
    assert!(line.chars().take_while(char::is_ascii_alphanumeric).count() > 20, "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_stand_beside_their_field_and_what_was_typed_is_kept() {
    let tester = Tester::start().await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let run = tester.test.zipped(|_| Some(7));
    let long = format!("kept &lt;as&gt; typed{}", "x".repeat(81));
    let typed = long.replace("&lt;", "<").replace("&gt;", ">");
    let sent = browser.submit("/c/fiq/test/submit", &[("method", &typed)], &run).await;
    assert_eq!(sent.status, 400);
    let kept = sent.text.replace("&#60;", "&lt;").replace("&#62;", "&gt;");
    assert!(kept.contains("id=\"method-complaint\"") && kept.contains(&long), "{kept}");
    assert!(kept.contains("Choose run.zip again."), "{kept}");
    assert!(tester.board("test").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_does_nothing() {
    let tester = Tester::start().await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    browser.on_another_site();
    let run = tester.test.zipped(|_| Some(7));
    let sent = browser.submit("/c/fiq/test/submit", &[], &run).await;
    assert_eq!(sent.status, 403, "{}", sent.text);
    assert!(tester.board("test").await.is_empty());
    assert_eq!(browser.post("/sign-out", &[]).await.status, 403);
    assert_eq!(browser.get("/account").await.status, 200, "still signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_and_scoring_are_pages_under_a_strict_policy() {
    let tester = Tester::start().await;
    let mut anyone = Browser::new(&tester);
    for path in ["/c/fiq/rules", "/c/fiq/scoring", "/c/fiq/test", "/privacy", "/sign-in"] {
        let page = anyone.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.policy.starts_with("default-src 'none'"), "{path}: {}", page.policy);
    }
    assert!(tester.get("/c/fiq/scoring").await.text.contains("Recall@"));
    let published = tester.get("/c/fiq/published").await.text;
    assert!(
        published.contains("None of it was measured by this server") && published.contains("TIRG")
    );
}
