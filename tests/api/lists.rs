//! The lists of organisers: paged, searched, and with the same few queries for any length.

use domain::entities::role::Role;
use system_tests::{Browser, Tester};

const HOME: &str = "/c/fiq/organise";

/// More than a page of people, each in a team of their own; the last is `Zoë 👗`.
async fn crowded() -> (Tester, Browser) {
    let tester = Tester::start().await;
    for number in 0..104 {
        let mut person = tester.newcomer(&format!("person{number}")).await;
        let team = format!("Team {number:03} of many");
        assert_eq!(person.post("/c/fiq/team", &[("name", &team)]).await.status, 303);
    }
    tester.member("Zoe", Some("Ângström 👗")).await;
    let otto = tester.organiser("Otto", Role::Organiser).await;
    (tester, otto)
}

fn rows(page: &str) -> usize {
    page.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap().matches("<tr>").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_pages_and_a_search_and_a_refused_form_keeps_what_was_chosen() {
    let (_tester, mut otto) = crowded().await;
    for list in ["people", "teams"] {
        let first = otto.get(&format!("{HOME}/{list}")).await.text;
        assert!(first.contains("1 to 100 of 105."), "{first}");
        assert_eq!(rows(&first), 100, "{list}");
        assert!(first.contains(&format!("{HOME}/{list}?page=2")), "{list}");
        let second = otto.get(&format!("{HOME}/{list}?page=2")).await.text;
        assert!(second.contains("101 to 105 of 105."), "{second}");
        assert_eq!(rows(&second), 5, "{list}");
        let beyond = otto.get(&format!("{HOME}/{list}?page=9999999999")).await;
        assert_eq!(beyond.status, 200);
        assert!(beyond.text.contains("105 in total, none on this page."), "{}", beyond.text);
    }
    // whatever the case, also of letters that a database doesn't know
    let found = otto.get(&format!("{HOME}/teams?words=%C3%A2NG")).await.text;
    assert!(found.contains("Ângström 👗") && rows(&found) == 1, "{found}");
    let found = otto.get(&format!("{HOME}/people?words=ZOE%40")).await.text;
    assert!(found.contains("zoe@example.org") && rows(&found) == 1, "{found}");

    // a form is refused: the team that was chosen, on the second page, is chosen still
    let second = otto.get(&format!("{HOME}/teams?page=2")).await.text;
    let option = second.split("Ângström 👗</option>").next().unwrap();
    let id = option.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned();
    let sent = [("team", id.as_str()), ("kind", "guest"), ("reason", " ")];
    let refused = otto.post(&format!("{HOME}/teams/kind"), &sent).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    let chosen = format!("<option value=\"{id}\" selected>");
    assert!(refused.text.contains(&chosen), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_have_pages_that_keep_the_search() {
    let tester = Tester::start().await;
    let atelier = tester.team("Atelier").await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    for number in 0..101 {
        let sent = atelier.upload("test", format!("no run, number {number}").into_bytes()).await;
        assert_eq!(sent.status, 422, "{}", sent.text);
    }
    let asked = "words=ATELIER&phase=test&state=invalid";
    let first = otto.get(&format!("{HOME}/submissions?{asked}")).await.text;
    assert!(first.contains("1 to 100 of 101.") && rows(&first) == 100, "{first}");
    let next = format!("{HOME}/submissions?{}&#38;page=2", asked.replace('&', "&#38;"));
    assert!(first.contains(&next), "{first}");
    let second = otto.get(&format!("{HOME}/submissions?{asked}&page=2")).await.text;
    assert_eq!(rows(&second), 1, "{second}");
    let other = otto.get(&format!("{HOME}/submissions?words=ATELIER&state=scored")).await.text;
    assert!(other.contains("0 found."), "{other}");
}
