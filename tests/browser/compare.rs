//! Two submissions side by side, and the report of a phase.

use domain::ambient::Instant;
use system_tests::{Tester, World};
use time::macros::datetime;

use crate::chromium::{Chromium, LOOKS, ask, follow, reads_well};

/// The button of the form.
const COMPARE: &str = "form button[type=submit]";

/// Three teams in phase `dev`, whose targets are public, with names that are hard to show.
async fn filled() -> Tester {
    let tester = Tester::start().await;
    for (n, name) in ["Näherei 🧵 & Söhne", "Donaudampfschifffahrtsgesellschaft", "ط فريق"]
        .into_iter()
        .enumerate()
    {
        let run = World::dev()
            .zipped(move |query| (query % (n + 2) == 0).then_some(1 + (query * 7 + n) % 50));
        assert_eq!(tester.team(name).await.upload("dev", run).await.status, 201);
    }
    tester
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_comes_from_the_board_and_compares_two_submissions() {
    let tester = filled().await;
    let chromium = Chromium::start().await;
    let page = chromium.open(&format!("{}/c/fiq/dev", tester.address), LOOKS[0]).await;
    follow(&page, "p.facts a[href$='/compare']").await;
    for (select, option) in [("a", 1), ("b", 3)] {
        let choose = format!("document.querySelector('[name={select}]').selectedIndex = {option}");
        let _: i32 = ask(&page, &choose).await;
    }
    follow(&page, COMPARE).await;
    let heading: String = ask(&page, "document.querySelector('h1').innerText").await;
    assert!(heading.contains("Näherei 🧵 & Söhne"), "{heading}");
    let won = "document.querySelector('#won h3 small').innerText";
    let before: String = ask(&page, won).await;
    follow(&page, "#won a[href*='won=2']").await;
    let after: String = ask(&page, won).await;
    assert_eq!(before, after, "the same list, another page of it");
    // The same one twice: a sentence, and the form keeps what was chosen.
    let twice = "document.querySelector('[name=b]').value = \
                 document.querySelector('[name=a]').value";
    let _: String = ask(&page, twice).await;
    follow(&page, COMPARE).await;
    let said: String = ask(&page, "document.querySelector('.complaint').innerText").await;
    assert!(said.contains("Choose two different submissions"), "{said}");
    page.close().await.unwrap();
    chromium.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn comparison_and_report_read_well_on_a_desk_and_on_a_phone_by_day_and_by_night() {
    let tester = filled().await;
    tester.clock.set(Instant::of(datetime!(2026-11-25 12:00 UTC)));
    let board = "/api/v1/challenges/fiq/phases/dev/leaderboard";
    let rows = tester.get(board).await.json["rows"].clone();
    let id = |row: usize| rows[row]["submission"].as_str().unwrap().to_owned();
    let compare = format!("/c/fiq/dev/compare?a={}&b={}", id(0), id(2));
    let chromium = Chromium::start().await;
    for look in LOOKS {
        for (name, path) in [("compare", compare.as_str()), ("report", "/c/fiq/dev/report")] {
            let page = chromium.open(&format!("{}{path}", tester.address), look).await;
            reads_well(&page, name, look).await;
            page.close().await.unwrap();
        }
    }
    chromium.close().await;
}
