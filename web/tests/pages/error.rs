//! The error page, and its links to go on.

use web::pages::ErrorPage;

use crate::{between, html, sample};

#[test]
fn an_error_is_told_in_a_sentence_with_what_to_quote() {
    let html = html(&sample::error());
    assert!(html.contains("There is no submission `0199` in the Fashion IQ Challenge.</p>"));
    assert!(html.contains("quote <code>01JD-7Q2</code>"));
    assert!(!html.contains("Try again"));
}

#[test]
fn an_error_says_when_to_try_again_while_that_lies_ahead() {
    let busy = sample::busy();
    let said = html(&busy);
    insta::assert_snapshot!(between(&said, "<p>Try again", "</p>"), @r#"
    in less than a minute, at <time datetime="2026-11-24T08:00:30Z">24 Nov 2026, 08:00:30 UTC</time>.
    "#);
    let later = ErrorPage { now: busy.now + time::Duration::HOUR, ..busy };
    assert!(!html(&later).contains("Try again"));
}

#[test]
fn an_error_always_has_a_way_onward() {
    let html = html(&ErrorPage { onward: Vec::new(), ..sample::error() });
    assert!(html.contains("<a class=\"button\" href=\"/\">Go to the start page</a>"));
}
