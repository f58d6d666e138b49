//! The pages of a data set.

use super::{between, html, sample};

#[test]
fn an_item_without_a_picture_shows_its_words_and_one_with_a_picture_has_a_fixed_size() {
    let page = html(&sample::explore());
    let with = "<img src=\"/c/fashion-iq/dev/pictures/dress/B0000000A1\" alt=\"Reference: dress, striped, \
                sleeveless\" width=\"120\" height=\"168\" loading=\"lazy\" decoding=\"async\">";
    assert!(page.contains(with), "{page}");
    assert!(page.contains("<span class=\"worded\""), "{page}");
    assert!(page.contains("2,017 queries, 25 to 26 of 2,017"), "{page}");
    assert!(page.contains("(an empty caption)"), "{page}");
    let hidden = html(&sample::explore_hidden());
    assert!(!hidden.contains("class=\"target\"") && hidden.contains("they are hidden"), "{hidden}");
}

#[test]
fn nothing_found_and_nothing_allowed_lead_back() {
    let nothing = html(&sample::explore_nothing());
    let said = between(&nothing, "<p role=\"status\">", "</p>");
    assert_eq!(
        said,
        "No query has all of these words. <a href=\"/c/fashion-iq/dev/explore\">Show all queries</a>"
    );
    let refused = html(&sample::explore_refused());
    assert!(between(&refused, "role=\"alert\">", "</p>").contains("Group `trousers` not found"));
}

#[test]
fn the_target_is_framed_in_the_strip_that_has_it() {
    let page = html(&sample::query_view());
    assert_eq!(page.matches("class=\"is-target\"").count(), 1);
    assert!(page.contains("The target is at rank 3."), "{page}");
    assert!(page.contains("The target is not among the first 50."), "{page}");
    assert!(!html(&sample::query_hidden()).contains("<select"));
}

#[test]
fn every_chart_has_a_title_a_description_and_its_numbers_as_a_table() {
    let page = html(&sample::statistics());
    for number in 1..=4 {
        let labels = format!("aria-labelledby=\"figure-{number}-title figure-{number}-desc\"");
        assert!(page.contains(&labels), "{labels}: {page}");
    }
    assert_eq!(page.matches("<svg class=\"chart").count(), 4);
    assert_eq!(page.matches("<table").count(), 5, "one for each chart, and one of its own");
    let later = html(&sample::statistics_later());
    assert!(later.contains("Reload this page in a moment"), "{later}");
}
