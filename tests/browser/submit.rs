//! From the form to the score, or to every problem.

use system_tests::{Tester, zip};

use crate::chromium::{Chromium, LOOKS, ask, choose, follow, reads_well, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_member_signs_in_chooses_a_file_and_reads_the_score() {
    let tester = Tester::with_limits("per_day = 5, invalid_per_day = 9").await;
    tester.member("Ada", Some("Atelier")).await;
    let chromium = Chromium::start().await;
    let page = chromium.open("about:blank", LOOKS[0]).await;
    sign_in(&page, &tester, "ada@example.org").await;
    page.close().await.unwrap();
    let form = format!("{}/c/fiq/test/submit", tester.address);
    for (n, look) in LOOKS.into_iter().enumerate() {
        let file = tester.world.path().join(format!("run-{n}.zip"));
        // every second target among the first ten, the others among the first fifty
        let run = tester.test.zipped(move |q| Some(if q % 2 == 0 { 10 - n } else { 50 - n }));
        std::fs::write(&file, run).unwrap();
        let page = chromium.open(&form, look).await;
        let method = page.find_element("#method").await.unwrap();
        method.click().await.unwrap().type_str("two-stage").await.unwrap();
        choose(&page, "#file", &file).await;
        follow(&page, "form.main button").await;

        let heading: String = ask(&page, "document.querySelector('h1').innerText").await;
        assert!(heading.starts_with("75.00"), "{heading}");
        let text: String = ask(&page, "document.querySelector('main').innerText").await;
        assert!(text.contains("two-stage") && text.contains("Atelier"), "{text}");
        reads_well(&page, "submission", look).await;
        page.close().await.unwrap();
    }
    assert_eq!(tester.board("test").await, ["1 Atelier 0.7500"]);
    for look in LOOKS {
        let page = chromium.open(&form, look).await;
        let text: String = ask(&page, "document.body.innerText").await;
        assert!(text.contains("2 of 5"), "{text}");
        reads_well(&page, "submit", look).await;
        page.close().await.unwrap();
    }
    chromium.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_file_gets_all_its_problems_on_one_page() {
    let tester = Tester::start().await;
    tester.member("Ada", Some("Atelier")).await;
    let file = tester.world.path().join("broken.zip");
    // one category is missing, one is empty, one ranks items that are in no gallery
    let dress = String::from_utf8(tester.test.run(|_| Some(1))).unwrap();
    let dress: serde_json::Value = serde_json::from_str(&dress).unwrap();
    let dress =
        dress["dress"].to_string().replacen("\"ranking\":[\"", "\"ranking\":[\"B0NOWHERE0\",\"", 5);
    let files = [("dress.predict.json", dress.as_str()), ("shirt.predict.json", "[]")];
    let broken = zip(files.iter().map(|(name, text)| (*name, text.as_bytes())));
    std::fs::write(&file, broken).unwrap();

    let chromium = Chromium::start().await;
    let page = chromium.open("about:blank", LOOKS[0]).await;
    sign_in(&page, &tester, "ada@example.org").await;
    let form = format!("{}/c/fiq/test/submit", tester.address);
    page.goto(form).await.unwrap().wait_for_navigation().await.unwrap();
    choose(&page, "#file", &file).await;
    follow(&page, "form.main button").await;
    let address = page.url().await.unwrap().unwrap();
    assert!(address.contains("/c/fiq/submissions/"), "{address}");
    page.close().await.unwrap();
    for look in LOOKS {
        let page = chromium.open(&address, look).await;
        let text: String = ask(&page, "document.querySelector('main').innerText").await;
        for problem in ["toptee.predict.json", "shirt.predict.json", "B0NOWHERE0 is not in the"] {
            assert!(text.contains(problem), "{problem} is not shown: {text}");
        }
        reads_well(&page, "problems", look).await;
        page.close().await.unwrap();
    }
    assert!(tester.board("test").await.is_empty());
    chromium.close().await;
}
