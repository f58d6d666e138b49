//! The pages of a data set: read, searched, and checked for people who can't see or point.

use system_tests::{Tester, World};

use crate::chromium::{Chromium, LOOKS, ask, fill, follow, reads_well};

/// Two submissions of phase `dev`, one of which finds each second target.
async fn filled() -> (Tester, [String; 2]) {
    let tester = Tester::start().await;
    let mut ids = [String::new(), String::new()];
    for (n, name) in
        ["Näherei 🧵 & Söhne", "Donaudampfschifffahrtsgesellschaft"].into_iter().enumerate()
    {
        let run = World::dev().zipped(move |query| (query % 2 == n).then_some(1 + query % 9));
        let sent = tester.team(name).await.upload("dev", run).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        sent.json["id"].as_str().unwrap().clone_into(&mut ids[n]);
    }
    (tester, ids)
}

/// The pages, each with a name.
fn pages(ids: &[String; 2]) -> [(&'static str, String); 6] {
    let [a, b] = ids;
    [
        ("data", "/c/fiq/data".to_owned()),
        ("statistics", "/c/fiq/dev/statistics".to_owned()),
        ("explore", "/c/fiq/dev/explore?words=sleeve".to_owned()),
        ("explore-hidden", "/c/fiq/test/explore".to_owned()),
        ("explore-refused", "/c/fiq/dev/explore?group=trousers".to_owned()),
        ("query", format!("/c/fiq/dev/queries/dress.val.1?a={a}&b={b}&order=disagreed")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_searches_opens_a_query_and_compares_what_two_submissions_answer() {
    let (tester, _) = filled().await;
    let chromium = Chromium::start().await;
    let page = chromium.open(&format!("{}/c/fiq/dev", tester.address), LOOKS[0]).await;
    follow(&page, "header nav a[href$='/data']").await;
    follow(&page, "a[href$='/dev/explore']").await;
    fill(&page, "#words", "sleeve").await;
    let choose = "document.querySelector('#order').value = 'disagreed'";
    let _: String = ask(&page, choose).await;
    follow(&page, "form.explore button").await;
    let found: String = ask(&page, "document.querySelector('main p[role=status]').innerText").await;
    assert!(found.contains("quer"), "{found}");
    follow(&page, ".asks .ids a").await;
    for (select, option) in [("a", 1), ("b", 2)] {
        let choose = format!("document.querySelector('[name={select}]').selectedIndex = {option}");
        let _: i32 = ask(&page, &choose).await;
    }
    follow(&page, "form.pick button").await;
    let strips: i32 = ask(&page, "document.querySelectorAll('.strip-items').length").await;
    let targets: i32 = ask(&page, "document.querySelectorAll('.is-target').length").await;
    assert_eq!((strips, targets), (2, 1), "the one that finds it has it among the first ten");
    follow(&page, "nav.pages a[rel=next]").await;
    let strips: i32 = ask(&page, "document.querySelectorAll('.strip-items').length").await;
    assert_eq!(strips, 2, "the next query, with the same submissions");
    page.close().await.unwrap();
    chromium.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_a_data_set_read_well_on_a_desk_and_on_a_phone_by_day_and_by_night() {
    let (tester, ids) = filled().await;
    let chromium = Chromium::start().await;
    for look in LOOKS {
        for (name, path) in pages(&ids) {
            let page = chromium.open(&format!("{}{path}", tester.address), look).await;
            reads_well(&page, name, look).await;
            page.close().await.unwrap();
        }
    }
    chromium.close().await;
}

/// 320, 768 and 1440 px wide, in both schemes, without a violation that axe-core finds.
#[cfg(feature = "axe")]
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_the_pages_of_a_data_set() {
    use crate::chromium::{Look, violations};

    let (tester, ids) = filled().await;
    let chromium = Chromium::start().await;
    let mut all = Vec::new();
    for width in [320, 768, 1440] {
        for scheme in ["light", "dark"] {
            for (name, path) in pages(&ids) {
                let look = Look { name: scheme, width, scheme };
                let page = chromium.open(&format!("{}{path}", tester.address), look).await;
                let wide: i64 = ask(&page, "document.documentElement.scrollWidth").await;
                assert!(wide <= width, "{name} is {wide} wide at {width}");
                let found = violations(&page).await.into_iter();
                all.extend(found.map(|it| format!("{name}, {width} px, {scheme}: {it}")));
                page.close().await.unwrap();
            }
        }
    }
    chromium.close().await;
    assert!(all.is_empty(), "{}", all.join("\n"));
}
