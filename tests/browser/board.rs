//! The board.

use server::entities::team::TeamKind;
use system_tests::Tester;

use crate::chromium::{Chromium, LOOKS, ask, keep};

/// What sticks out at the right.
const OUTSIDE: &str = "[...document.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + '.' + e.className)";

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
        let path =
            format!("{}?method={}", system_tests::Client::intake("test"), method.replace(' ', "+"));
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
        let outside: Vec<String> = ask(&page, OUTSIDE).await;
        let wide: i64 = ask(&page, "document.documentElement.scrollWidth").await;
        assert!(wide <= look.width, "{}: {wide} wide: {outside:?}", look.name);
        let rows: Vec<String> =
            ask(&page, "[...document.querySelectorAll('tbody th')].map(th => th.innerText)").await;
        assert_eq!(rows.len(), 4, "{rows:?}");
        assert!(rows[0].contains("Atelier"), "{rows:?}");
        let scripts: i64 = ask(&page, "document.scripts.length").await;
        assert_eq!(scripts, 0);
        // last: a picture of the whole page ends the look
        keep(&page, &format!("board-{}", look.name)).await;
        page.close().await.unwrap();
    }
    chromium.close().await;
}
