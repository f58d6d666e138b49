//! Two submissions side by side.

use web::pages::{ComparePage, Compared, Comparison, Interval, PBand, PValue, Value};

use crate::{attributes, between, html, sample};

fn two(page: &mut ComparePage) -> &mut Comparison {
    let Compared::Two(two) = &mut page.compared else { panic!("nothing is compared") };
    two
}

fn verdict(page: &ComparePage) -> String {
    between(&html(page), "<p class=\"lede verdict\">", "</p>").to_owned()
}

#[test]
fn a_clear_difference_is_said_in_a_sentence() {
    insta::assert_snapshot!(verdict(&sample::compare_hidden()), @"<bdi>Team A</bdi> scores 1.6 points higher (95&nbsp;%: 0.7 to 2.5). That is more than chance explains.");
    insta::assert_snapshot!(verdict(&sample::compare_public()), @"<bdi>Team B</bdi> scores 1.5 points higher (95&nbsp;%: 0.6 to 2.4). That is more than chance explains.");
}

#[test]
fn two_that_cannot_be_told_apart_are_not_ranked() {
    let mut page = sample::compare_close();
    insta::assert_snapshot!(verdict(&page), @"These two can’t be told apart. <bdi>Submission B</bdi> scores 0.1 points higher (95&nbsp;%: −0.8 to 1.0). Chance alone explains a difference of this size.");
    let first = &mut two(&mut page).measures[0];
    first.difference.as_mut().unwrap().by = 0.0;
    assert_eq!(verdict(&page), "These two can’t be told apart: both have the same score.");
    two(&mut page).measures[0].difference = None;
    assert_eq!(verdict(&page), "Their scores are not shown.");
}

#[test]
fn a_measure_shows_both_values_their_difference_and_how_sure_it_is() {
    let html = html(&sample::compare_hidden());
    insta::assert_snapshot!(between(&html, "<tr class=\"overall\">", "</tr>"), @r#"
    <th scope="row">mean recall <span class="quiet">overall</span></th>
    <td class="num a" data-label="A">63.40</td><td class="num b" data-label="B">61.83</td>
    <td class="num by" data-label="A less B">+1.6</td>
    <td class="num quiet range" data-label="95 %">+0.7 to +2.5</td>
    <td class="axis"><svg class="apart for-a" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><path class="zero" d="M50 0V12"/><path class="whisker" d="M56.7 6H74.7M56.7 3V9M74.7 3V9"/><path class="point" d="M65.7 1V11"/></svg></td>
    <td class="num p" data-label="p">&#60; 0.01</td>
    <td class="num effect" data-label="effect">+0.03</td>
    "#);
    assert!(html.contains("A p-value is shown as a band while the targets are hidden."));
}

#[test]
fn of_a_median_rank_the_lower_is_better_and_no_whisker_is_drawn() {
    let html = html(&sample::compare_public());
    let row = between(&html, "<bdi>dress</bdi> median</th>", "</tr>");
    assert!(
        row.contains(">11</td>") && row.contains(">8</td>") && row.contains(">+3</td>"),
        "{row}"
    );
    assert!(row.contains("<td class=\"axis\"></td>"), "{row}");
}

#[test]
fn columns_that_nobody_may_see_are_not_there() {
    let page = html(&sample::compare_close());
    assert!(!page.contains(">Effect</th>") && !page.contains(">p</th>"));
    assert!(!page.contains("shown as a band"));
    assert!(!page.contains("Query by query") && !page.contains("Recall against K"));
}

#[test]
fn public_targets_show_curves_with_a_table_and_single_queries() {
    let html = html(&sample::compare_public());
    let chart = between(&html, "<svg class=\"chart curves\"", "</svg>");
    assert!(chart.contains(">Team A</text>") && chart.contains(">Team B</text>"), "{chart}");
    let described = "Team A ends at 71.0 % at 50, Team B at 73.5 % at 50.";
    assert!(chart.contains(described), "{chart}");
    assert!(html.contains("<tr><th scope=\"row\">10</th><td>40.4</td><td>41.9</td></tr>"));
    let won = between(&html, "<section id=\"won\"", "</section>");
    assert_eq!(won.matches("<li>").count(), 3);
    assert!(won.contains("11 to 13 of 612") && won.contains("rel=\"next\""), "{won}");
    insta::assert_snapshot!(between(won, "<p class=\"found\">", "</p>"), @r#"<span>target’s rank: <b class="letter a">A</b> <b>1</b></span> <span><b class="letter b">B</b> <b>&#62;50</b></span>"#);
}

#[test]
fn a_picture_has_a_text_and_none_is_no_broken_picture() {
    let html = html(&sample::compare_public());
    let [won, lost] =
        ["won", "lost"].map(|id| between(&html, &format!("<section id=\"{id}\""), "</section>"));
    assert!(
        won.contains("alt=\"reference B00AAAAA00\"") && won.contains("alt=\"target B00BBBBB00\"")
    );
    assert!(!lost.contains("<img"));
}

#[test]
fn what_cannot_be_compared_is_said_above_the_form_which_keeps_what_was_asked_for() {
    let same = html(&sample::compare_same());
    assert!(same.contains("Choose two different submissions; this one was chosen twice.</p>"));
    assert!(same.contains("<title>Error: Compare two submissions"));
    assert_eq!(same.matches("<option value=\"0199\" selected>").count(), 2);
    let unknown = html(&sample::compare_unknown());
    assert!(unknown.contains("<option value=\"0777\" selected>0777</option>"));
    assert!(unknown.contains("<option value=\"0199\" selected>"));
    assert!(!unknown.contains("<table"));
}

#[test]
fn nothing_chosen_asks_to_choose_and_complains_of_nothing() {
    let page = html(&sample::compare_start());
    assert_eq!(page.matches("<option value=\"\" selected>choose a submission</option>").count(), 2);
    assert!(!page.contains("role=\"alert\"") && !page.contains(">Swap<"));
}

#[test]
fn the_two_can_be_swapped() {
    let mut page = sample::compare_hidden();
    page.b = "a&b".to_owned();
    let html = html(&page);
    let swapped = "/c/fashion-iq/test/compare?a=a%26b&#38;b=0199";
    assert!(attributes(&html, "href").contains(&swapped), "{html}");
}

#[test]
fn a_band_and_an_interval_that_disagree_claim_nothing() {
    let mut page = sample::compare_hidden();
    let first = two(&mut page).measures[0].difference.as_mut().unwrap();
    first.interval = Some(Interval { low: -0.001, high: 0.03 });
    first.p = Some(PValue::Band(PBand::OneToFivePercent));
    assert!(verdict(&page).starts_with("These two can’t be told apart."));
    two(&mut page).measures[0].a = Value::Share(f64::NAN);
    two(&mut page).measures[0].difference.as_mut().unwrap().by = f64::NAN;
    assert!(!html(&page).contains("NaN"));
}
