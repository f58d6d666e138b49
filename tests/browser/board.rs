//! The board.

use domain::entities::team::TeamKind;
use system_tests::{Client, Tester, World};

use crate::chromium::{Chromium, LOOKS, ask, follow, reads_well};

/// The names on the board, from the top.
const NAMES: &str = "[...document.querySelectorAll('tbody th.team a')].map(a => a.innerText)";

async fn filled() -> Tester {
    let tester = Tester::start().await;
    for (name, kind, method, share) in [
        ("Atelier", TeamKind::Team, "two-stage", 2),
        ("Threadbare", TeamKind::Team, "one tower", 3),
        ("Reference only", TeamKind::Baseline, "nearest by attributes", 5),
        ("Random", TeamKind::Baseline, "chance", 40),
    ] {
        let entrant = tester.entrant(name, kind).await;
        let run = tester.test.zipped(move |q| (q % share == 0).then_some(1 + q % 50));
        let path = format!("{}?method={}", Client::intake("test"), method.replace(' ', "+"));
        let client = entrant.client.clone();
        let sent = tokio::task::spawn_blocking(move || client.post(&path, &run, &[]).unwrap());
        assert_eq!(sent.await.unwrap().status, 201);
        tester.clock.advance(3600);
    }
    tester
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_reads_well_on_a_desk_and_on_a_phone_by_day_and_by_night() {
    let tester = filled().await;
    let chromium = Chromium::start().await;
    for look in LOOKS {
        let page = chromium.open(&format!("{}/c/fiq/test", tester.address), look).await;
        let names: Vec<String> = ask(&page, NAMES).await;
        assert_eq!(names.len(), 4, "{names:?}");
        assert_eq!(names[0], "Atelier");
        let marked: Vec<String> = ask(
            &page,
            "[...document.querySelectorAll('tbody tr')].filter(tr => tr.querySelector('.mark'))
                .map(tr => tr.querySelector('th a').innerText + ': ' + tr.querySelector('.mark').innerText)",
        )
        .await;
        assert_eq!(marked, ["Reference only: baseline", "Random: baseline"]);
        reads_well(&page, "board", look).await;
        page.close().await.unwrap();
    }
    chromium.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sorts_the_board_and_turns_to_another_phase() {
    let tester = filled().await;
    let chromium = Chromium::start().await;
    let desk = LOOKS[0];
    let page = chromium.open(&format!("{}/c/fiq/test", tester.address), desk).await;
    let best: Vec<String> = ask(&page, NAMES).await;
    follow(&page, "table.board thead th.team a").await;
    let by_name: Vec<String> = ask(&page, NAMES).await;
    let mut sorted = best.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    assert_eq!(by_name, sorted);
    let ranks: Vec<String> = ask(
        &page,
        "[...document.querySelectorAll('tbody td.rank')].map(td => td.innerText.trim()[0])",
    )
    .await;
    let position = by_name.iter().position(|name| name == "Atelier").unwrap();
    assert_eq!(ranks[position], "1", "a rank stays what it is in another order: {ranks:?}");
    reads_well(&page, "board-by-name", desk).await;

    let page = chromium.open(&format!("{}/c/fiq/test", tester.address), desk).await;
    follow(&page, "a[href='/c/fiq/dev']").await;
    let text: String = ask(&page, "document.body.innerText").await;
    assert!(text.contains("The targets of this phase are public"), "{text}");
    assert!(text.contains("No submissions have been scored yet"), "{text}");
    reads_well(&page, "board-empty", desk).await;
    chromium.close().await;
}

/// A phase that freezes in three days, and asks whether a run is zero-shot.
const ASKING: &str = r#"
freezes = 2026-11-27T12:00:00Z
reveals = 2026-12-20T12:00:00Z

[[phase.field]]
name = "zero-shot"
label = "Zero-shot"
kind = "yes-no"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_board_reads_well_is_filtered_and_tells_the_viewers_own_time() {
    let tester = Tester::of(World::with_more("", ASKING), |_| {}).await;
    for (name, answer, share) in [("Atelier", true, 2), ("Threadbare", false, 3)] {
        let run = tester.test.zipped(move |q| (q % share == 0).then_some(1));
        let details = format!("{{\"zero-shot\": {answer}}}");
        let sent = tester.team(name).await.upload_told("test", run, &details).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
    }
    tester.clock.advance(4 * 86_400);
    let late = tester.team("Latecomer").await.upload("test", tester.test.run(|_| Some(1))).await;
    assert_eq!(late.status, 201);
    let chromium = Chromium::start().await;
    for look in LOOKS {
        let page = chromium.open(&format!("{}/c/fiq/test", tester.address), look).await;
        page.emulate_timezone("Asia/Tokyo").await.unwrap();
        page.reload().await.unwrap().wait_for_navigation().await.unwrap();
        let notice: String = ask(&page, "document.querySelector('.notice').innerText").await;
        assert!(notice.contains("27 Nov 2026, 12:00 UTC"), "{notice}");
        assert!(notice.contains("27 Nov 2026, 21:00 GMT+9, your time"), "{notice}");
        let names: Vec<String> = ask(&page, NAMES).await;
        assert_eq!(names, ["Atelier", "Threadbare"]);
        page.evaluate("document.querySelector('.filters select').value = 'no'").await.unwrap();
        follow(&page, ".filters button").await;
        let names: Vec<String> = ask(&page, NAMES).await;
        assert_eq!(names, ["Threadbare"]);
        reads_well(&page, "board-frozen", look).await;
        page.close().await.unwrap();
    }
    chromium.close().await;
}
