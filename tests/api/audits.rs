//! What a benchmark gives away, and whether submissions used it: for organisers.

use domain::entities::role::Role;
use system_tests::{Tester, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_is_run_by_organisers_and_everyone_sees_that_it_ran() {
    let tester = Tester::start().await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let mut eve = tester.organiser("Eve", Role::Auditor).await;
    let page = "/c/fiq/organise/tools/audit?phase=test";
    let before = otto.get(page).await.text;
    assert!(before.contains("Run the audit") && !before.contains("What to do"), "{before}");
    assert!(!tester.get("/c/fiq/test").await.text.contains("was audited"));

    let run = "/c/fiq/organise/tools/audit";
    assert_eq!(eve.post(run, &[("phase", "test")]).await.status, 403, "an auditor changes nothing");
    let done = otto.post(run, &[("phase", "test")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let after = eve.get(page).await.text;
    for there in ["What to do", "rows with the same reference", "R@10 alone"] {
        assert!(after.contains(there), "{there}: {after}");
    }
    assert!(!after.contains("Run the audit"), "an auditor has no form: {after}");
    let board = tester.get("/c/fiq/test").await.text;
    assert!(board.contains("The benchmark was audited on"), "{board}");
    assert!(!board.contains("R@10 alone"), "what it found is for organisers");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_near_the_place_of_the_target_are_noticed_and_honest_ones_are_not() {
    let tester = Tester::start().await;
    let questions = World::test();
    let honest = tester.team("Honest").await;
    let any = questions.beginning_with(|group, query| query * 7919 % group.gallery.len());
    let sent = honest.upload("test", any).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    // Every answer is where the order of the files would have the target.
    let by_order = questions.beginning_with(|group, query| {
        (query + 1) * (group.gallery.len() + 1) / (group.queries.len() + 1)
    });
    let sly = tester.team("Sly").await.upload("test", by_order).await;
    assert_eq!(sly.status, 201, "{}", sly.text);
    let mut otto = tester.organiser("Otto", Role::Auditor).await;
    let page = otto.get("/c/fiq/organise/tools/misses?phase=test").await.text;
    let row = |team: &str| {
        let rows = page.split("<tr>").filter(|row| row.contains(team));
        rows.last().unwrap_or_else(|| panic!("{page}")).to_owned()
    };
    assert!(row("Sly").contains("conspicuous</"), "{}", row("Sly"));
    assert!(row("Honest").contains("no sign"), "{}", row("Honest"));
    assert_eq!(page.matches("<circle").count(), 2, "a dot for each: {page}");
    assert_eq!(otto.get("/c/fiq/organise/tools/misses?phase=none").await.status, 404);
}
