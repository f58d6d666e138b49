//! What holds for every page, and what each of them says.

use std::collections::HashSet;

use web::Page;
use web::pages::{BoardPage, Complaints, Facts, Outcome, Sort, SubmitPage, Targets, Typed};

#[path = "../examples/preview/sample.rs"]
mod sample;

const HOSTILE: &str = "\"'><script>alert(1)</script><b style=x onclick=y>\u{202e}";

/// The page, with every space an ordinary one.
fn html(page: &dyn Page) -> String {
    page.render().unwrap().replace('\u{a0}', " ")
}

/// What stands between the first `from` and the next `to`, without line breaks at its ends.
fn between<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = html.split_once(from).unwrap_or_else(|| panic!("no {from} in {html}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to} after {from}")).0.trim()
}

/// Every tag's inside, such as `a href="/"` or `/a`.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|tag| tag.split_once('>').unwrap().0).collect()
}

/// Every value of an attribute.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    tags(html)
        .into_iter()
        .filter_map(|tag| Some(tag.split_once(&start)?.1.split_once('"')?.0))
        .collect()
}

#[test]
fn every_page_keeps_to_the_policy() {
    for (name, page) in sample::pages() {
        let html = html(page.as_ref());
        for tag in tags(&html) {
            let element = tag.split_whitespace().next().unwrap();
            assert!(!["script", "style", "iframe", "object", "base"].contains(&element), "{name}");
            assert!(!tag.contains(" style="), "{name}: <{tag}>");
            let handler = |word: &str| word.starts_with("on") && word.contains("=\"");
            assert!(!tag.split_whitespace().any(handler), "{name}: <{tag}>");
        }
        for address in ["href", "src", "action"].iter().flat_map(|a| attributes(&html, a)) {
            let ours = address.is_empty() || address.starts_with(['/', '#']);
            assert!(ours && !address.starts_with("//"), "{name} leads to {address}");
        }
    }
}

#[test]
fn every_page_is_well_formed_and_has_its_landmarks() {
    const VOID: [&str; 4] = ["meta", "link", "input", "!doctype"];
    for (name, page) in sample::pages() {
        let html = html(page.as_ref());
        let mut open = Vec::new();
        for tag in tags(&html) {
            let element = tag.split_whitespace().next().unwrap();
            if let Some(closed) = element.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed), "{name}");
            } else if !tag.ends_with('/') && !VOID.contains(&element) {
                open.push(element);
            }
        }
        assert!(open.is_empty(), "{name} leaves {open:?} open");
        for once in ["<html lang=\"en\">", "<main ", "<h1", "<title>", "class=\"skip\""] {
            assert_eq!(html.matches(once).count(), 1, "{name}: {once}");
        }
        assert!(!between(&html, "<title>", "</title>").is_empty(), "{name}");
    }
}

#[test]
fn every_reference_to_an_id_finds_exactly_one() {
    for (name, page) in sample::pages() {
        let html = html(page.as_ref());
        let ids = attributes(&html, "id");
        let distinct: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), distinct.len(), "{name}: {ids:?}");
        let inner = ["href", "fill"].iter().flat_map(|a| attributes(&html, a));
        let inner = inner.filter_map(|v| {
            v.strip_prefix('#').or_else(|| v.strip_prefix("url(#")?.strip_suffix(')'))
        });
        let named = ["for", "aria-labelledby", "aria-describedby"];
        let named = named.iter().flat_map(|a| attributes(&html, a));
        for id in inner.chain(named.flat_map(str::split_whitespace)) {
            assert!(distinct.contains(id), "{name} refers to {id}");
        }
    }
}

#[test]
fn what_a_team_types_is_text_on_every_page() {
    let hostile = || HOSTILE.to_owned();
    let mut board = sample::board();
    board.rows[0].team = hostile();
    board.rows[0].method = Some(hostile());
    board.rows[0].href = Some(hostile());
    board.groups[0] = hostile();
    board.sort = Sort::parse(Some(&format!("{HOSTILE}-10")), None, &board.groups);
    let mut scored = sample::submission(Outcome::Scored(sample::scorecard()), sample::warnings());
    scored.team = hostile();
    scored.method = Some(hostile());
    scored.file = Some(hostile());
    let mut problems = sample::problems();
    problems[0].places[0].what = hostile();
    problems[0].places[0].at = hostile();
    let invalid = sample::submission(Outcome::Invalid(problems), Vec::new());
    let mut form = sample::submit_again();
    form.typed = Typed { token: hostile(), method: hostile() };
    form.complaints.form = Some(hostile());
    let mut error = sample::error();
    error.sentence = hostile();
    let mut text = sample::text();
    text.title = hostile();
    let mut challenges = sample::challenges();
    challenges.challenges[0].title = hostile();

    let pages: [&dyn Page; 7] = [&board, &scored, &invalid, &form, &error, &text, &challenges];
    for page in pages {
        let html = html(page);
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("<b style"), "{html}");
        assert!(html.contains("&#60;script&#62;alert(1)"), "{html}");
        assert!(attributes(&html, "onclick").is_empty());
    }
}

#[test]
fn names_cannot_turn_the_text_around_them() {
    let mut board = sample::board();
    board.rows[0].team = "\u{202e}evil".to_owned();
    let html = html(&board);
    assert!(html.contains("<bdi>\u{202e}evil</bdi>"));
    assert_eq!(html.matches('\u{202e}').count(), 1);
}

#[test]
fn a_row_tells_rank_names_score_and_recalls() {
    let mut board = sample::board();
    board.rows.truncate(1);
    insta::assert_snapshot!(between(&html(&board), "<tbody>", "</tbody>"), @r#"
    <tr>
    <td class="rank">1</td>
    <th class="team" scope="row"><a href="/c/fashion-iq/submissions/0199"><bdi>Team A</bdi></a> <bdi class="method">composed queries, reranked</bdi></th>
    <td class="overall"><span class="score">63.40</span> <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" y="3" width="100" height="2"/><rect class="fill" y="1" width="90.6" height="6"/></svg></td>
    <td class="num first" data-label="dress R@10">48.2</td>
    <td class="num" data-label="dress R@50">71.9</td>
    <td class="num first" data-label="shirt R@10">53.1</td>
    <td class="num" data-label="shirt R@50">73.0</td>
    <td class="num first" data-label="toptee R@10">56.8</td>
    <td class="num" data-label="toptee R@50">77.4</td>
    <td class="num first quiet" data-label="runs">14</td>
    <td class="num quiet" data-label="best run"><time datetime="2026-11-24T05:00:00Z" title="24 Nov 2026, 05:00:00 UTC">3 h ago</time></td>
    </tr>
    "#);
}

#[test]
fn a_baseline_is_marked_and_has_no_rank() {
    let mut board = sample::board();
    board.rows.retain(|row| row.team == "Reference model");
    insta::assert_snapshot!(between(&html(&board), "<tbody>", "<td class=\"overall\">"), @r#"
    <tr class="unranked">
    <td class="rank"><span aria-hidden="true">–</span><span class="unseen">not ranked</span></td>
    <th class="team" scope="row"><a href="/c/fashion-iq/submissions/0199"><bdi>Reference model</bdi></a> <span class="mark">baseline</span> <bdi class="method">attributes and captions, gated</bdi></th>
    "#);
}

#[test]
fn phases_say_whether_they_take_runs() {
    let html = html(&sample::board());
    insta::assert_snapshot!(between(&html, "<ul class=\"tabs\">", "</ul>"), @r#"
    <li><a href="/c/fashion-iq/test" aria-current="page"><b>Test</b> <span class="state open">open</span> <small>closes in 12 d 4 h</small></a></li>
    <li><a href="/c/fashion-iq/development"><b>Development</b> <span class="state open">open</span> <small>no closing date</small></a></li>
    <li><a href="/c/fashion-iq/final"><b>Final</b> <span class="state">not open yet</span> <small>opens in 13 d 4 h</small></a></li>
    "#);
    insta::assert_snapshot!(between(&html, "<p class=\"facts\">", "</p>"), @r#"
    This phase takes runs for another 12 d 4 h, until <time datetime="2026-12-06T12:00:00Z">6 Dec 2026, 12:00 UTC</time>, which is <span class="whole">5 Dec 2026, 24:00 AoE</span>.
    Recall in percent on 6,118 queries, protocol <b>original</b>, gallery <code title="9f3c0d5577aa4be1c2d09b6e7f1a83d45c6e0f9182a7b3c4d5e6f708192a3be1">9f3c0d…3be1</code>.
    "#);
}

#[test]
fn equal_scores_share_a_rank_and_say_so() {
    let html = html(&sample::board());
    let ranks: Vec<&str> = html
        .split("<td class=\"rank\">")
        .skip(1)
        .map(|cell| cell.split_once("</td>").unwrap().0)
        .filter(|cell| !cell.contains("not ranked"))
        .collect();
    assert_eq!(ranks, ["1", "2", "3=", "3=", "5", "6", "7"]);
}

fn teams(board: &BoardPage) -> Vec<String> {
    let html = html(board);
    let bodies = html.split("<th class=\"team\" scope=\"row\">").skip(1);
    bodies.map(|row| between(row, "<bdi>", "</bdi>").to_owned()).collect()
}

fn sorted_by(sort: &str, dir: Option<&str>) -> BoardPage {
    let board = sample::board();
    BoardPage { sort: Sort::parse(Some(sort), dir, &board.groups), ..board }
}

#[test]
fn the_board_keeps_the_order_of_the_standings_until_asked_otherwise() {
    let given: Vec<String> = sample::board().rows.into_iter().map(|row| row.team).collect();
    assert_eq!(teams(&sample::board()), given);
    assert_eq!(teams(&sorted_by("no-such-column", Some("asc"))), given);
    let best_runs = teams(&sorted_by("runs", None));
    assert_eq!(best_runs[..3], ["Team B", "Team D", "Team A"]);
    let worst = teams(&sorted_by("overall", Some("asc")));
    assert_eq!(worst[0], "Chance");
    assert_eq!(teams(&sorted_by("best", None))[0], "Team A");
}

#[test]
fn exactly_the_sorted_column_says_so_and_its_link_turns_it_round() {
    for (sort, says, link) in [
        ("overall", "descending", "?sort=overall&#38;dir=asc#standings"),
        ("shirt-50", "descending", "?sort=shirt-50&#38;dir=asc#standings"),
        ("team", "ascending", "?sort=team&#38;dir=desc#standings"),
    ] {
        let html = html(&sorted_by(sort, None));
        assert_eq!(attributes(&html, "aria-sort"), [says]);
        assert!(attributes(&html, "href").iter().any(|href| href.ends_with(link)), "{sort}");
    }
}

#[test]
fn only_a_board_with_public_targets_warns_that_anyone_can_score_everything() {
    let warned = |targets| {
        let board = sample::board();
        let facts = Facts { targets, ..board.facts };
        html(&BoardPage { facts, ..sample::board() }).contains("anyone can score 100 %")
    };
    assert!(warned(Targets::Public));
    assert!(!warned(Targets::Hidden));
    assert!(!warned(Targets::Absent));
}

#[test]
fn a_board_without_runs_invites_the_first_only_while_it_is_open() {
    let empty = BoardPage { rows: Vec::new(), ..sample::board() };
    assert!(html(&empty).contains("No run has been scored yet. The first one leads."));
    let closed = BoardPage { now: sample::NOW + time::Duration::days(90), ..empty };
    let closed = html(&closed);
    assert!(closed.contains("No run has been scored yet.</p>"));
    assert!(!closed.contains("/test/submit\">Submit a run</a></p>"));
}

#[test]
fn a_kind_of_problem_has_its_exact_count_and_a_list_that_says_what_it_leaves_out() {
    let page = sample::submission(Outcome::Invalid(sample::problems()), Vec::new());
    let html = html(&page);
    assert!(html.contains("<h1>1,191 problems in this file</h1>"));
    insta::assert_snapshot!(between(&html, "<section class=\"problem\">", "</section>"), @r#"
    <h3>A ranking holds an item that is not in the gallery of its group.</h3>
    <p class="count">1,188 times <code>item-outside-gallery</code></p>
    <ul>
    <li><b>dress, query 17</b> <bdi>B00AAAAA01 at place 3</bdi></li>
    <li><b>dress, query 18</b> <bdi>B00AAAAA02 at place 44</bdi></li>
    <li><b>shirt, query 2</b> <bdi>B00AAAAA03 at place 1</bdi></li>
    <li><b>shirt, query 1204</b> <bdi>B00AAAAA03 at place 9</bdi></li>
    <li class="more">and 1,184 more</li>
    </ul>
    "#);
}

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
