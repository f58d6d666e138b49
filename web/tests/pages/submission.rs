//! One submission: its scorecard, as far as it is shown, or all of its problems.

use web::pages::{Outcome, Scorecard, Standing};

use crate::{attributes, between, html, sample};

#[test]
fn a_kind_of_problem_has_its_exact_count_and_a_list_that_says_what_it_leaves_out() {
    let page = sample::submission(Outcome::Invalid(sample::problems()), Vec::new());
    let html = html(&page);
    assert!(html.contains("<h1>1,191 problems in this file</h1>"));
    insta::assert_snapshot!(between(&html, "id=\"problem-1\">", "</section>"), @r#"
    <h3>A ranking holds an item that is not in the gallery of its group.</h3>
    <p class="count">1,188 times <code>item-outside-gallery</code></p>
    <ul>
    <li><b><bdi>dress, query 17</bdi></b> <bdi>B00AAAAA01 at place 3</bdi></li>
    <li><b><bdi>dress, query 18</bdi></b> <bdi>B00AAAAA02 at place 44</bdi></li>
    <li><b><bdi>shirt, query 2</bdi></b> <bdi>B00AAAAA03 at place 1</bdi></li>
    <li><b><bdi>shirt, query 1204</bdi></b> <bdi>B00AAAAA03 at place 9</bdi></li>
    <li class="more">and 1,184 more</li>
    </ul>
    "#);
}

#[test]
fn a_cause_of_most_problems_heads_the_page() {
    let mut problems = sample::problems();
    problems[0].is_cause = true;
    let html = html(&sample::submission(Outcome::Invalid(problems.clone()), Vec::new()));
    assert!(html.contains(&format!("<h1>{}</h1>", problems[0].sentence)), "{html}");
}

#[test]
fn many_kinds_of_problems_are_listed_first_and_each_leads_to_its_places() {
    let problems = sample::nasty_problems();
    let kinds = problems.len();
    let html = html(&sample::submission(Outcome::Invalid(problems), sample::warnings()));
    let list = between(&html, "<ol class=\"kinds\">", "</ol>");
    assert_eq!(list.matches("<li>").count(), kinds);
    assert!(list.contains("<a href=\"#problem-3\">Rankings of the wrong length</a>"));
    for kind in 1..=kinds {
        assert!(attributes(&html, "id").contains(&format!("problem-{kind}").as_str()));
    }
}

#[test]
fn a_long_list_of_places_is_folded_and_says_what_even_the_fold_leaves_out() {
    let html = html(&sample::submission(Outcome::Invalid(sample::nasty_problems()), Vec::new()));
    let section = between(&html, "id=\"problem-3\">", "</section>");
    let (open, folded) = section.split_once("<details>").unwrap();
    assert_eq!(open.matches("<li>").count(), 6);
    assert!(folded.contains("<summary>44 more places</summary>"));
    assert_eq!(folded.matches("<li>").count(), 44);
    assert!(folded.contains("and 6,068 more"));
    let short = between(&html, "id=\"problem-4\">", "</section>");
    assert!(!short.contains("<details>") && short.matches("<li>").count() == 7);
}

#[test]
fn a_scorecard_without_groups_tells_the_overall_score_and_nothing_more() {
    let card = Scorecard { measures: Vec::new(), ..sample::scorecard() };
    let html = html(&sample::submission(Outcome::Scored(card), Vec::new()));
    assert!(html.contains("63.40") && !html.contains("R@10"));
    assert!(html.contains("This phase shows the overall score only."));
}

#[test]
fn a_withheld_score_is_not_on_the_page_of_its_run() {
    let html = html(&sample::submission(Outcome::Withheld, Vec::new()));
    assert!(html.contains("<h1>Scored</h1>"));
    assert!(html.contains("The scores of this phase are not shown yet."));
    assert!(html.contains("<dt>State</dt><dd>scored</dd>"));
    assert!(!html.contains("R@10"));
}

#[test]
fn public_targets_tell_every_metric_of_each_group() {
    let html = html(&sample::submission(Outcome::Scored(sample::full()), Vec::new()));
    insta::assert_snapshot!(between(&html, "<th scope=\"row\">toptee</th>", "</tr>"), @r#"
    <td class="num quiet" data-label="queries">1,966</td><td class="num" data-label="R@10">56.8 <span class="spread" title="95 % interval: 54.7 to 59.0 %"><span aria-hidden="true">±</span><span class="unseen">plus or minus </span>2.2</span></td><td class="num" data-label="R@50">77.4 <span class="spread" title="95 % interval: 75.3 to 79.6 %"><span aria-hidden="true">±</span><span class="unseen">plus or minus </span>2.2</span></td><td class="num" data-label="MRR@50">28.4</td><td class="num" data-label="nDCG@10">34.1</td><td class="num" data-label="median">&#62;50</td>
    "#);
}

#[test]
fn a_run_says_where_it_stands() {
    let told = |standing| {
        let card = Scorecard { standing, ..sample::scorecard() };
        let html = html(&sample::submission(Outcome::Scored(card), Vec::new()));
        let board = "<a href=\"/c/fashion-iq/test\">";
        between(&html, "<p class=\"lede\">", "</p>").replace(board, "").replace("</a>", "")
    };
    assert_eq!(
        told(Standing::Rank(3)),
        "This submission puts <bdi>Team A</bdi> at rank 3 on the board."
    );
    assert!(told(Standing::Surpassed).ends_with("each team’s best submission counts."));
    assert!(told(Standing::Unranked).ends_with("It is on the board without a rank."));
    assert!(told(Standing::NotShown).ends_with("The board does not show it."));
}
