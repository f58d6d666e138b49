//! The forms: their fields and their errors.

use web::pages::SubmitPage;

use crate::{attributes, between, html, sample};

#[test]
fn a_complaint_stands_beside_its_field_and_what_was_typed_is_kept() {
    let html = html(&sample::submit_again());
    insta::assert_snapshot!(between(&html, "<label for=\"file\">", "</div>"), @r#"
    File</label>
    <p class="hint" id="file-hint">A zip; at most 64 MB.</p>
    <p class="complaint" id="file-complaint"><span aria-hidden="true">✕ </span>Choose a file.</p>

    <input id="file" name="file" type="file" autocomplete="off" required aria-invalid="true" aria-describedby="file-complaint file-hint">
    "#);
    assert!(html.contains("value=\"composed queries\""));
    assert!(html.contains("<title>Error: Make a submission"));
    assert!(html.contains("enctype=\"multipart/form-data\""));
}

#[test]
fn an_untouched_form_complains_of_nothing() {
    let html = html(&sample::submit());
    assert!(!html.contains("aria-invalid"));
    assert!(!html.contains("role=\"alert\""));
    assert!(!html.contains("<title>Error"));
}

#[test]
fn a_limit_that_is_reached_is_told_above_the_fields() {
    let mut page = sample::submit();
    page.form.complain(Some("elsewhere"), "all 5 runs of today are used");
    let html = html(&page);
    let alert = between(&html, "<p class=\"complaint\" role=\"alert\">", "</p>");
    assert!(alert.ends_with("All 5 runs of today are used."), "{alert}");
}

#[test]
fn a_phase_that_is_not_open_has_no_form() {
    let ahead = SubmitPage { phase: sample::phases().remove(2), ..sample::submit() };
    let html = html(&ahead);
    assert!(!html.contains("<form"));
    assert!(html.contains("This phase opens in 13 d 4 h, on"));
}

#[test]
fn signing_in_leads_back() {
    let page = html(&sample::sign_in(None));
    assert_eq!(attributes(&page, "action"), ["/sign-in"]);
    assert!(page.contains("name=\"next\" value=\"/c/fashion-iq/submissions\""));
    assert!(!page.contains("aria-invalid"));
    let again = html(&sample::sign_in(Some("it is not the one")));
    assert!(again.contains("</span>It is not the one.</p>"));
    assert!(again.contains("aria-describedby=\"password-complaint\""));
    assert!(again.contains("<title>Error: Sign in</title>"));
}

#[test]
fn of_several_forms_on_a_page_no_two_fields_have_one_id() {
    let page = html(&sample::desk());
    let mut ids = attributes(&page, "id");
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
    assert!(page.contains("id=\"all-name\"") && page.contains("for=\"all-name\""));
}
