//! Tests of every page, and of single pages.

use std::collections::HashSet;

use web::Page;
use web::pages::{Cell, Compared, Head, Outcome, Sort};

mod board;
mod compare;
mod data_set;
mod error;
mod forms;
mod report;
#[path = "../../examples/preview/sample.rs"]
mod sample;
mod submission;
mod take_part;
mod team;

const HOSTILE: &str = "\"'><script>alert(1)</script><b style=x onclick=y>\u{202e}";

/// The page with a visitor and a done-message, with ordinary spaces only.
fn html(page: &dyn Page) -> String {
    let (name, said) = (Some("Ada".to_owned()), Some("Saved.".to_owned()));
    let head = Head { name, said, here: "/c/fiq/test".to_owned(), organise: None };
    web::pages::around(&page.render().unwrap(), &head).unwrap().replace('\u{a0}', " ")
}

/// The text between the first `from` and the next `to`, trimmed.
fn between<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = html.split_once(from).unwrap_or_else(|| panic!("no {from} in {html}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to} after {from}")).0.trim()
}

/// The inside of every tag, such as `a href="/"` or `/a`.
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

/// The external addresses that our own texts link to.
const ELSEWHERE: [&str; 2] = ["https://rustup.rs", "https://example.org/server"];

#[test]
fn every_page_keeps_to_the_policy() {
    for (name, page) in sample::pages() {
        let html = html(page.as_ref());
        for tag in tags(&html) {
            let element = tag.split_whitespace().next().unwrap();
            assert!(!["style", "iframe", "object", "base"].contains(&element), "{name}");
            let ours = tag.starts_with("script defer src=\"/assets/");
            assert!(element != "script" || ours, "{name}: <{tag}>");
            assert!(!tag.contains(" style="), "{name}: <{tag}>");
            let handler = |word: &str| word.starts_with("on") && word.contains("=\"");
            assert!(!tag.split_whitespace().any(handler), "{name}: <{tag}>");
        }
        for address in ["href", "src", "action"].iter().flat_map(|a| attributes(&html, a)) {
            let ours = address.is_empty() || address.starts_with(['/', '#']);
            // a team's answer may link elsewhere, and then has `rel` set to not endorse it
            let vouched = html.contains(&format!("\"{address}\" rel=\"nofollow ugc noopener\""));
            let within = ours && !address.starts_with("//");
            assert!(vouched || within || ELSEWHERE.contains(&address), "{name} leads to {address}");
        }
    }
}

#[test]
fn every_page_is_well_formed_and_has_its_landmarks() {
    const VOID: [&str; 5] = ["meta", "link", "input", "img", "!doctype"];
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
        let within = attributes(&html, "href").into_iter().filter_map(|v| v.strip_prefix('#'));
        let painted = attributes(&html, "fill").into_iter();
        let painted = painted.filter_map(|v| v.strip_prefix("url(#")?.strip_suffix(')'));
        let inner = within.chain(painted);
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
    board.sort = Sort::parse(
        Some(&format!("{HOSTILE}-recall@10")),
        None,
        &board.groups,
        &board.scores.measures,
    );
    let mut scored = sample::submission(Outcome::Scored(sample::scorecard()), sample::warnings());
    scored.team = hostile();
    scored.method = Some(hostile());
    scored.file = Some(hostile());
    let mut problems = sample::problems();
    problems[0].places[0].what = hostile();
    problems[0].places[0].at = hostile();
    let invalid = sample::submission(Outcome::Invalid(problems), Vec::new());
    let mut form = sample::submit_again();
    form.form.fields[0].value = hostile();
    form.form.complaint = Some(hostile());
    let mut error = sample::error();
    error.sentence = hostile();
    let mut text = sample::text();
    text.title = hostile();
    let mut challenges = sample::challenges();
    challenges.challenges[0].title = hostile();

    let mut own = sample::submissions();
    own.team = hostile();
    own.phases[0].submissions[0].method = Some(hostile());
    own.phases[0].phase.name = hostile();
    let mut limits = sample::limits();
    limits.phases[0].phase.name = hostile();
    let mut take_part = sample::take_part();
    take_part.guide.query_example = hostile();
    take_part.curl_line = hostile();
    let mut sign_in = sample::sign_in(Some(HOSTILE));
    sign_in.sections[0].forms[0].hidden[0].1 = hostile();
    let mut desk = sample::desk();
    desk.heading = hostile();
    desk.sections[1].rows[0][1] = Cell::Many(vec![Cell::text(hostile()), Cell::Code(hostile())]);
    desk.sections[2].forms[0].fields[1].value = format!("</textarea>{HOSTILE}");

    let mut compare = sample::compare_public();
    compare.choices[1].label = hostile();
    compare.a = hostile();
    if let Compared::Two(two) = &mut compare.compared {
        two.a.team = hostile();
        two.b.method = Some(hostile());
        two.measures[1].group = Some(hostile());
        let queries = two.apart.as_mut().unwrap();
        queries.won.queries[0].captions[0] = hostile();
        queries.won.queries[0].reference.id = hostile();
        queries.won.queries[0].target.picture = Some(hostile());
    }
    let report = report::hostile();

    let pages: [&dyn Page; 14] = [
        &board,
        &scored,
        &invalid,
        &form,
        &error,
        &text,
        &challenges,
        &own,
        &limits,
        &take_part,
        &sign_in,
        &desk,
        &compare,
        &report,
    ];
    for page in pages {
        let html = html(page);
        assert!(!html.contains("<script>"), "{html}");
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
