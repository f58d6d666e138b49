//! The report of a challenge, as a page and as Markdown.

use web::report::ReportPage;

use crate::{HOSTILE, attributes, between, html, sample};

#[test]
fn a_row_of_the_standings_tells_score_interval_and_ranks() {
    let html = html(&sample::report());
    let standings = between(&html, "<h2 id=\"standings\">", "</section>");
    insta::assert_snapshot!(between(standings, "<tbody>\n", "\n"), @r#"<tr><td class="num rank">1</td><th scope="row"><bdi>Team A</bdi> <bdi class="method">composed queries, reranked</bdi></th><td class="num total" data-label="score">63.40</td><td class="num" data-label="95 %">62.3 to 64.6</td><td class="num" data-label="ranks">1 to 2</td><td class="num quiet" data-label="submissions">14</td></tr>"#);
    assert!(standings.contains("<tr class=\"unranked\"><td class=\"num rank\">baseline</td>"));
    assert!(
        html.contains("7 teams were ranked by mean recall on 6,118 queries; 1,166 submissions")
    );
}

#[test]
fn an_item_of_the_design_keeps_its_paragraphs() {
    let html = html(&sample::report());
    insta::assert_snapshot!(between(&html, "<dt>Data</dt>", "</div>"), @r"
    <dd><p>6,118 queries in three categories, drawn from product pages.</p><p>Captions were written by paid annotators; each describes
    one difference or several.</p></dd>
    ");
}

#[test]
fn figures_have_a_title_a_description_and_a_table() {
    let html = html(&sample::report());
    for id in ["rank-stability", "significance", "scored-over-time", "best-over-time"] {
        let labelled = format!("role=\"img\" aria-labelledby=\"{id}-title {id}-desc\"");
        assert!(html.contains(&labelled), "{id}");
        assert!(!between(&html, &format!("<desc id=\"{id}-desc\">"), "</desc>").is_empty());
    }
    let stability =
        between(&html, "<caption class=\"unseen\">Rank stability</caption>", "</table>");
    insta::assert_snapshot!(between(stability, "<tbody>\n", "\n"), @r#"<tr><td class="num rank">1</td><th scope="row"><bdi>Team A</bdi></th><td data-label="Most often">1 (88 %)</td><td data-label="In 95 of 100"><bdi>1 to 2</bdi></td></tr>"#);
    let pairs = between(&html, "<caption class=\"unseen\">Significance</caption>", "</table>");
    assert!(pairs.contains("<bdi>🧵 Nähstübchen 👩\u{200d}🔬👗</bdi></td></tr>"), "{pairs}");
}

#[test]
fn one_team_has_nothing_to_be_compared_with() {
    let html = html(&sample::report_of_one());
    assert!(html.contains("One team was ranked by mean recall"));
    assert!(html.contains("One team has no rank to lose."));
    assert!(html.contains("There are no two teams to compare."));
    assert!(!html.contains("class=\"chart pairs"));
    assert!(!html.contains("NaN"));
}

#[test]
fn a_challenge_without_submissions_has_a_report_without_tables() {
    let html = html(&sample::report_of_none());
    assert!(html.contains("No team was ranked") && html.contains("No submission was scored."));
    assert!(!html.contains("<table") && !html.contains("class=\"chart"));
}

#[test]
fn of_two_hundred_teams_thirty_are_shown_and_the_others_counted() {
    let page = html(&sample::report_of_many());
    let standings = between(&page, "<h2 id=\"standings\">", "</section>");
    assert_eq!(standings.matches("<td class=\"num rank\">").count(), 30);
    assert!(standings.contains("The first 30 of 200 rows of the standings are shown."));
    assert_eq!(page.matches("The first 30 of 200 teams are shown.").count(), 4);
    let chart = between(&page, "<svg class=\"chart ranks\"", "</svg>");
    assert!(chart.contains(">&#62;30</text>"), "a column for all further ranks");
    let report = sample::report_of_many().to_markdown().unwrap();
    assert_eq!(report.text.matches("The first 30 of 200 ").count(), 5);
}

#[test]
fn the_markdown_refers_to_exactly_its_figures_which_stand_alone() {
    let report = sample::report().to_markdown().unwrap();
    assert_eq!(report.figures.len(), 4);
    assert_eq!(report.text.matches("![").count(), 4);
    for figure in report.figures {
        assert!(report.text.contains(&format!("]({})", figure.file)), "{}", figure.file);
        assert!(figure.svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
        assert!(!figure.svg.contains("var(--"), "{}", figure.file);
    }
}

#[test]
fn the_markdown_has_every_section() {
    let text = sample::report().to_markdown().unwrap().text.replace('\u{a0}', " ");
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
    insta::assert_snapshot!(headings.join("\n"), @r"
    # Report of the Fashion IQ Challenge
    ## Design
    ### Task
    ### Data
    ### Targets
    ### Metrics
    ### Ranking
    ### Phases and limits
    ### Organisers
    ## Standings
    ## Rank stability
    ## Significance
    ## Values by group and subset
    ### Recall@10
    ### Recall@50
    ## Tries over time
    ## The final board
    ## How to cite
    ");
    insta::assert_snapshot!(between(&text, "## Standings", "| 2 |"), @r"
    Score: mean recall, in percent, with its 95 % interval. Ranks: the ranks that the team could have, at 95 %, on other queries of the same kind. Equal scores share a rank. Baselines, probes and guests have none.

    | Rank | Team | Method | Score | 95 % interval | Ranks | Submissions |
    |---|---|---|--:|--:|--:|--:|
    | 1 | Team A | composed queries, reranked | 63.40 | 62.3 to 64.6 | 1 to 2 | 14 |
    ");
    insta::assert_snapshot!(between(&text, "## The final board", "```"), @r"
    - As of: 6 Dec 2026, 12:00:00 UTC
    - Address: <https://fashion-iq.example/c/fashion-iq/test/final>
    - SHA-256: `9f3c0d5577aa4be1c2d09b6e7f1a83d45c6e0f9182a7b3c4d5e6f708192a3be1`

    ## How to cite
    ");
}

#[test]
fn every_table_of_the_markdown_has_as_many_cells_in_each_row() {
    for report in [sample::report(), sample::report_of_one(), sample::report_of_many()] {
        let text = report.to_markdown().unwrap().text.replace("\\|", "");
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair.iter().all(|it| it.starts_with('|'))) {
            assert_eq!(pair[0].matches('|').count(), pair[1].matches('|').count(), "{pair:?}");
        }
    }
}

#[test]
fn what_people_type_is_text_in_the_markdown_and_in_every_figure() {
    let report = ReportPage { summary: HOSTILE.to_owned(), ..hostile() };
    let report = report.to_markdown().unwrap();
    let prose = report.text.replace("```", "");
    assert!(!prose.contains("<script>") && prose.contains("&lt;script&gt;alert(1)"), "{prose}");
    assert!(prose.contains("a\\|b \\*c\\*"), "{prose}");
    for figure in report.figures {
        assert!(!figure.svg.contains("<script>"), "{}", figure.file);
        assert!(attributes(&figure.svg, "onclick").is_empty());
    }
}

/// A report with names that are markup.
pub fn hostile() -> ReportPage {
    let mut report = sample::report();
    report.standings[0].team = format!("{HOSTILE} a|b\n*c*");
    report.standings[0].method = Some(HOSTILE.to_owned());
    report.design[0].text = String::from(HOSTILE);
    report.stability.as_mut().unwrap().teams[0].0 = String::from(HOSTILE);
    report.significance.as_mut().unwrap().teams[1].0 = String::from(HOSTILE);
    report.values[0].subsets[0].name = String::from(HOSTILE);
    report
}
