//! The forms: what they ask for, and what they complain of.

use web::pages::{Complaints, SubmitPage};

use crate::{attributes, between, html, sample};

#[test]
fn a_complaint_stands_beside_its_field_and_what_was_typed_is_kept() {
    let html = html(&sample::submit_again());
    insta::assert_snapshot!(between(&html, "<label for=\"file\">", "</div>"), @r#"
    File</label>
    <p class="hint" id="file-hint">A zip with one prediction file a group, or a single JSON; gzip or zstd are fine. At most 64 MB. <a href="/c/fashion-iq/scoring#format">The format</a></p>
    <p class="complaint" id="file-complaint"><span aria-hidden="true">✕ </span>Choose a file.</p>

    <input id="file" name="file" type="file" accept=".zip,.json,.gz,.zst" required aria-invalid="true" aria-describedby="file-complaint file-hint">
    "#);
    assert!(html.contains("value=\"composed queries\""));
    assert!(html.contains("<title>Error: Submit a run"));
}

#[test]
fn an_untouched_form_complains_of_nothing() {
    let html = html(&sample::submit());
    assert!(!html.contains("aria-invalid"));
    assert!(!html.contains("role=\"alert\""));
    assert!(!html.contains("<title>Error"));
}

#[test]
fn a_limit_that_is_reached_is_told_above_the_form() {
    let form = Some("All 5 runs of today are used.".to_owned());
    let complaints = Complaints { form, ..Complaints::default() };
    let html = html(&SubmitPage { complaints, ..sample::submit() });
    let alert = between(&html, "role=\"alert\">", "</div>");
    assert_eq!(alert, "<p><b>Nothing was handed in.</b> All 5 runs of today are used.</p>");
}

#[test]
fn a_phase_that_is_not_open_has_no_form() {
    let ahead = SubmitPage { phase: sample::phases().remove(2), ..sample::submit() };
    let html = html(&ahead);
    assert!(!html.contains("<form"));
    assert!(html.contains("This phase takes runs in 13 d 4 h, from"));
}

#[test]
fn signing_in_asks_for_the_token_and_leads_back() {
    let page = html(&sample::sign_in(None));
    assert_eq!(attributes(&page, "action"), ["/sign-in"]);
    insta::assert_snapshot!(between(&page, "action=\"/sign-in\">", "<div"), @r#"
    <input type="hidden" name="csrf_token" value="c3Jm">
    <input type="hidden" name="next" value="/c/fashion-iq/submissions">
    "#);
    assert!(!page.contains("aria-invalid"));
    let again = html(&sample::sign_in(Some("no team has this token")));
    assert!(again.contains("</span>No team has this token.</p>"));
    assert!(again.contains("aria-describedby=\"token-complaint token-hint\""));
    assert!(again.contains("<title>Error: Sign in</title>"));
}

#[test]
fn signing_out_is_sent_as_the_server_reads_it() {
    let signed_in = Some("Team A".to_owned());
    let html = html(&SubmitPage { signed_in, ..sample::submit() });
    let form = between(&html, "<form id=\"sign-out\"", "</form>");
    assert!(form.contains("action=\"/sign-out\" enctype=\"multipart/form-data\""));
}
