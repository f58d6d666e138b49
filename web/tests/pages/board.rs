//! The board: the standings, and how much of them is shown.

use web::pages::{BoardPage, EarlierPlace, Entrant, Facts, Row, Share, Sort, Targets};

use crate::{attributes, between, html, sample};

#[test]
fn a_row_tells_rank_names_score_and_recalls() {
    let mut board = sample::board();
    board.rows.truncate(1);
    insta::assert_snapshot!(between(&html(&board), "<tbody>", "</tbody>"), @r#"
    <tr class="tied">
    <td class="rank">1 <span class="range" title="95 % interval of the rank"><span class="unseen">could be </span>1–2</span></td>
    <th class="team" scope="row"><a href="/c/fashion-iq/submissions/0199"><bdi>Team A</bdi></a> <bdi class="method">composed queries, reranked</bdi></th>
    <td class="overall"><span class="score">63.40</span> <span class="spread" title="95 % interval: 62.3 to 64.6 %"><span aria-hidden="true">±</span><span class="unseen">plus or minus </span>1.2</span> <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" y="3" width="100" height="2"/><rect class="fill" y="1" width="90.6" height="6"/><path class="whisker" d="M89.0 4H92.3M89.0 1V7M92.3 1V7"/></svg></td>
    <td class="num first" data-label="dress R@10">48.2</td>
    <td class="num" data-label="dress R@50">71.9</td>
    <td class="num first" data-label="shirt R@10">53.1</td>
    <td class="num" data-label="shirt R@50">73.0</td>
    <td class="num first" data-label="toptee R@10">56.8</td>
    <td class="num" data-label="toptee R@50">77.4</td>
    <td class="num first quiet" data-label="tries">14</td>
    <td class="num quiet" data-label="best"><time datetime="2026-11-24T05:00:00Z" title="24 Nov 2026, 05:00:00 UTC">3 h ago</time></td>
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
    insta::assert_snapshot!(between(&html, "<p class=\"facts\">", "</p>"), @r##"
    This phase accepts submissions for another 12 d 4 h, until <time datetime="2026-12-06T12:00:00Z" data-local>6 Dec 2026, 12:00 UTC</time>, which is <span class="whole">5 Dec 2026, 24:00 AoE</span>.
    Ranked by mean recall. Scores in percent on 2,447 of 6,118 queries, protocol <b>original</b>, gallery <code title="9f3c0d5577aa4be1c2d09b6e7f1a83d45c6e0f9182a7b3c4d5e6f708192a3be1">9f3c0d…3be1</code>, commitment to the targets <code title="9f3c0d5577aa4be1c2d09b6e7f1a83d45c6e0f9182a7b3c4d5e6f708192a3be1">9f3c0d…3be1</code>. This benchmark can tell two submissions apart from about 1.3 points on. The 2 teams on the tinted band can’t be told apart from the first. <a href="#reading">How to read this</a> · <a href="/c/fashion-iq/test/compare">Compare two submissions</a>
    "##);
}

#[test]
fn equal_scores_share_a_rank_and_say_so() {
    let html = html(&sample::board());
    let ranks: Vec<&str> = html
        .split("<td class=\"rank\">")
        .skip(1)
        .map(|cell| cell.split_once("</td>").unwrap().0)
        .map(|cell| cell.split_once(" <span class=\"range\"").map_or(cell, |(rank, _)| rank))
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
    BoardPage { sort: Sort::parse(Some(sort), dir, &board.groups, &board.scores.measures), ..board }
}

#[test]
fn the_board_keeps_the_order_of_the_standings_until_asked_otherwise() {
    let given: Vec<String> = sample::board().rows.into_iter().map(|row| row.team).collect();
    assert_eq!(teams(&sample::board()), given);
    assert_eq!(teams(&sorted_by("no-such-column", Some("asc"))), given);
    let best_runs = teams(&sorted_by("tries", None));
    assert_eq!(best_runs[..3], ["Team B", "Team D", "Team A"]);
    let worst = teams(&sorted_by("overall", Some("asc")));
    assert_eq!(worst[0], "Chance");
    assert_eq!(teams(&sorted_by("best", None))[0], "Team A");
}

#[test]
fn exactly_the_sorted_column_says_so_and_its_link_turns_it_round() {
    for (sort, says, link) in [
        ("overall", "descending", "?sort=overall&#38;dir=asc#standings"),
        ("shirt-recall@50", "descending", "?sort=shirt-recall%4050&#38;dir=asc#standings"),
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
    assert!(
        html(&empty).contains("No submissions have been scored yet. The first one takes the lead.")
    );
    let closed = BoardPage { now: sample::NOW + time::Duration::days(90), ..empty };
    let closed = html(&closed);
    assert!(closed.contains("No submissions have been scored yet.</p>"));
    assert!(!closed.contains("/test/submit\">Make a submission</a></p>"));
}

#[test]
fn a_board_of_overall_scores_draws_no_recall_and_sorts_by_none() {
    let overall =
        BoardPage { scores: sample::overall_alone(), ..sorted_by("shirt-recall@50", None) };
    let page = html(&overall);
    assert!(page.contains(">63.40<") && !page.contains("R@10") && !page.contains("48.2"));
    assert!(!page.contains("rowspan"));
    assert_eq!(attributes(&page, "aria-sort"), ["descending"]);
    assert_eq!(teams(&overall), teams(&sample::board()));
    let links = attributes(&page, "href");
    assert!(links.iter().any(|href| href.contains("sort=tries")));
    assert!(!links.iter().any(|href| href.contains("sort=shirt")));
}

#[test]
fn a_revealed_board_has_the_places_before_the_reveal_beside_it() {
    let mut board = sample::board();
    assert!(!html(&board).contains("Before"));
    let places = [(Some(3), 0.6), (Some(2), 0.5), (Some(1), 0.7)];
    for (row, (rank, overall)) in board.rows.iter_mut().zip(places) {
        row.earlier = Some(EarlierPlace { rank, overall });
    }
    let share = board.facts.share.take().map(|share| Share { is_revealed: true, ..share });
    board.facts = Facts { share, ..board.facts };
    let page = html(&board);
    assert!(page.contains("Final standings,") && page.contains("on the other 40 %"), "{page}");
    for told in [
        "3 · 60.00 <span class=\"moved\">▴2</span>",
        "2 · 50.00<",
        "1 · 70.00 <span class=\"moved\">▾2</span>",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
}

#[test]
fn a_board_whose_scores_are_withheld_tells_no_row_and_says_so() {
    let page = html(&BoardPage { scores: sample::nothing_shown(), ..sample::board() });
    for row in sample::board().rows {
        assert!(!page.contains(&format!("<bdi>{}</bdi>", row.team)), "{}", row.team);
    }
    assert!(!page.contains("63.40"));
    assert!(page.contains("The scores of this phase are not public yet."));
    assert!(page.contains("1,204 submissions have been scored."));
    assert!(page.contains("closes in 12 d 4 h") && page.contains("6,118 queries"));
}

#[test]
fn a_board_takes_any_number_of_rows_and_names_of_any_kind() {
    let page = html(&sample::board_of_oddities());
    assert_eq!(page.matches("<td class=\"rank\">").count(), 100, "a page of them");
    assert_eq!(page.matches("<small>opens in").count(), 10);
    assert!(page.contains("sort=forty-lettersforty-lettersforty-letters--recall%4010"));
}

#[test]
fn a_frozen_board_says_of_when_it_is_and_until_when_and_which_run_counts() {
    let html = html(&sample::board_frozen());
    assert!(html.contains("The board is frozen."), "{html}");
    assert!(html.contains("until the reveal on"), "{html}");
    assert!(html.contains("The best of up to 2 submissions that a team chose as final counts"));
    assert!(html.contains("out of competition") && html.contains("Out of competition"));
    let ahead = BoardPage {
        frozen: false,
        now: sample::NOW - time::Duration::days(9),
        ..sample::board_frozen()
    };
    assert!(self::html(&ahead).contains("The board freezes on"));
}

#[test]
fn filters_keep_the_order_and_the_order_keeps_the_filters() {
    let mut board = sample::board_frozen();
    let sort = Sort::parse(Some("team"), Some("asc"), &board.groups, &board.scores.measures);
    board.sort = sort;
    board.rows[1].is_wanted = false;
    let (gone, html) = (board.rows[1].team.clone(), html(&board));
    assert!(!html.contains(&format!("<bdi>{gone}</bdi>")), "{html}");
    assert!(html.contains("<input type=\"hidden\" name=\"sort\" value=\"team\">"), "{html}");
    assert!(html.contains("?data=public%20sets&#38;sort=shirt-recall%4050"), "{html}");
    assert!(html.contains("<option value=\"public sets\" selected>"), "{html}");
    board.rows.iter_mut().for_each(|row| row.is_wanted = false);
    assert!(self::html(&board).contains("No submissions match."));
}

#[test]
fn a_long_board_has_pages_and_the_visitors_own_row_is_on_each() {
    let mut board = sample::board();
    let row = board.rows[0].clone();
    board.rows = (0..250_u64)
        .map(|n| Row {
            team: format!("Team {n:03}"),
            entrant: Entrant::Team { rank: n + 1 },
            is_own: n == 170,
            ..row.clone()
        })
        .collect();
    let rows = |board: &BoardPage| html(board).matches("<bdi>Team ").count();
    assert_eq!(rows(&board), 101, "a hundred, and the own");
    let first = html(&board);
    assert!(first.contains("Rows 1 to 100 of 250") && first.contains("Team 170"), "{first}");
    assert!(first.contains("?page=2#standings") && !first.contains("rel=\"prev\""), "{first}");
    board.page = 2;
    let second = html(&board);
    assert!(second.contains("Rows 101 to 200 of 250") && second.contains("your team"), "{second}");
    assert_eq!(rows(&board), 100, "the own is among them");
    board.sort = Sort::parse(Some("team"), Some("desc"), &board.groups, &board.scores.measures);
    board.page = 99;
    let last = html(&board);
    assert!(last.contains("Rows 201 to 250 of 250"), "{last}");
    assert!(last.contains("?sort=team&#38;dir=desc&#38;page=2#standings"), "{last}");
}
