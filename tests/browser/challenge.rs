//! A whole challenge in browsers, from an empty database to the reveal.

use system_tests::Tester;

use crate::person::Person;

const DEFINITION: &str = r#"name = "fiq"
title = "Fashion IQ Challenge"
summary = "Find the garment."
rules = "Play fair."

[joining]
approval = false
email_domains = []
team_size = 3

[[benchmark]]
name = "test"
folder = "garments"
split = "test"
targets = "hidden"
targets_file = "targets.json"
publish = "official"

[[phase]]
name = "test"
title = "Test"
benchmark = "test"
opens = 2026-12-01T00:00:00Z
closes = 2027-01-01T00:00:00Z
limits = { per_day = 5 }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_goes_from_an_empty_database_to_its_reveal() {
    let tester = Tester::empty().await;

    // the organiser signs up by the link of the log, makes a challenge and opens its phase
    let olga = Person::new(&tester).await;
    olga.set_up(&tester, "Olga", "olga@example.org").await;
    olga.reads("New challenge").await;
    olga.paste("#definition", DEFINITION).await;
    olga.press("form.main button").await;
    olga.reads("phase test").await;
    olga.fill("#reason", "the workshop").await;
    olga.press("form.main button").await;
    olga.reads("Your role: owner").await;
    olga.open("/c/fiq/organise/phases/test").await;
    olga.fill("#opens", "2026-11-24 12:00").await;
    olga.press("form[action$=\"/phases/test\"] button").await;
    olga.reads("it takes submissions from now on").await;
    olga.fill("#reason", "all is ready").await;
    olga.press("form.main button").await;

    // a team is made, and a member invited
    let ada = Person::new(&tester).await;
    ada.sign_up(&tester, "Ada", "ada@example.org").await;
    ada.join().await;
    ada.fill("#name", "Atelier").await;
    ada.press("form.main button").await;
    let eve = Person::new(&tester).await;
    eve.sign_up(&tester, "Eve", "eve@example.org").await;
    eve.join().await;
    ada.fill("#invite-email", "eve@example.org").await;
    ada.press("form[action$=\"/team/invites\"] button").await;
    let mail = tester.mail_to("eve@example.org").await;
    eve.open(mail.lines().find(|line| line.contains("/invites/")).unwrap()).await;
    eve.press("form.main button").await;
    eve.reads("Ada").await;

    // a run is uploaded, disqualified and reinstated
    let file = tester.world.path().join("run.zip");
    let run = tester.test.zipped(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    std::fs::write(&file, run).unwrap();
    eve.open("/c/fiq/test/submit").await;
    eve.fill("#method", "two-stage").await;
    eve.upload(&file).await;
    eve.reads("75.00").await;
    let address = eve.page.url().await.unwrap().unwrap();
    let id = address.rsplit('/').next().unwrap().to_owned();
    assert_eq!(tester.board("test").await, ["1 Atelier 0.7500"]);

    let page = format!("/c/fiq/organise/submissions/{id}");
    olga.open(&page).await;
    olga.for_a_reason("/disqualify", "the file of another team").await;
    assert!(tester.board("test").await.is_empty());
    eve.open(&format!("/c/fiq/submissions/{id}")).await;
    eve.reads("the file of another team").await;
    olga.look_at(&page, "organise-submission").await;
    olga.open(&page).await;
    olga.for_a_reason("/reinstate", "it was theirs").await;
    assert_eq!(tester.board("test").await, ["1 Atelier 0.7500"]);

    // the board freezes while submissions continue, and is revealed
    tester.clock.advance(3600);
    olga.open("/c/fiq/organise/phases/test").await;
    olga.for_a_reason("/freeze", "the last week").await;
    std::fs::write(&file, tester.test.zipped(|_| Some(1))).unwrap();
    ada.open("/c/fiq/test/submit").await;
    ada.upload(&file).await;
    ada.reads("100.00").await;
    assert_eq!(tester.board("test").await, ["1 Atelier 0.7500"]);
    ada.look_at("/c/fiq/test", "board-frozen").await;
    tester.clock.advance(3600);
    olga.open("/c/fiq/organise/phases/test").await;
    olga.for_a_reason("/reveal", "the workshop begins").await;
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);

    for (tab, name) in [
        ("", "organise-overview"),
        ("/phases/test", "organise-phase"),
        ("/submissions", "organise-submissions"),
        ("/teams", "organise-teams"),
        ("/people", "organise-people"),
        ("/news", "organise-news"),
        ("/tools", "organise-tools"),
        ("/tools/adversarial?phase=test", "organise-adversarial"),
        ("/definition", "organise-definition"),
        ("/log", "organise-log"),
    ] {
        olga.look_at(&format!("/c/fiq/organise{tab}"), name).await;
    }
    ada.look_at("/c/fiq/test", "board-revealed").await;
    ada.look_at("/c/fiq/submissions", "submissions").await;
    for person in [olga, ada, eve] {
        person.leave().await;
    }
}
