//! Organisers: their decisions, reasons and the effects.

use domain::entities::role::Role;
use system_tests::{Answer, Browser, Tester};

const HOME: &str = "/c/fiq/organise";

/// The id of the submission that a browser has just made.
fn run(sent: &Answer) -> String {
    sent.location.as_deref().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// The number of the first event in the log that can be undone.
async fn undoable(browser: &mut Browser) -> String {
    let log = browser.get(&format!("{HOME}/log")).await.text;
    let action = log.split(&format!("{HOME}/log/")).nth(1).unwrap();
    action.split('/').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disqualified_run_leaves_the_board_its_team_is_told_why_and_undoing_puts_it_back() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let best = tester.test.zipped(|_| Some(1));
    let sent = ada.submit("/c/fiq/test/submit", &[("method", "copied")], &best).await;
    let second = tester.test.zipped(|_| Some(30));
    ada.submit("/c/fiq/test/submit", &[], &second).await;
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);

    let page = format!("{HOME}/submissions/{}", run(&sent));
    let no_reason = otto.post(&format!("{page}/disqualify"), &[("reason", " ")]).await;
    assert_eq!(no_reason.status, 400);
    assert!(no_reason.text.contains("disqualify-reason-complaint"), "{}", no_reason.text);
    let why = [("reason", "made with the test’s pictures")];
    assert_eq!(otto.post(&format!("{page}/disqualify"), &why).await.status, 303);
    assert_eq!(tester.board("test").await, ["1 Atelier 0.5000"]);
    assert_eq!(tester.get(sent.location.as_deref().unwrap()).await.status, 404);
    let mail = tester.mail_to("ada@example.org").await;
    assert!(mail.contains("was disqualified: made with the test’s pictures"), "{mail}");
    assert_eq!(otto.post(&format!("{page}/disqualify"), &why).await.status, 409, "it is already");

    let log = otto.get(&format!("{HOME}/log")).await.text;
    for part in ["Otto", "disqualified", "made with the test’s pictures", &run(&sent)] {
        assert!(log.contains(part), "{part}: {log}");
    }
    let undo = format!("{HOME}/log/{}/undo", undoable(&mut otto).await);
    assert_eq!(otto.post(&undo, &[("reason", "they were public")]).await.status, 303);
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
    assert_eq!(otto.post(&undo, &[("reason", "again")]).await.status, 409);
    let log = otto.get(&format!("{HOME}/log")).await.text;
    assert!(log.contains("they were public") && log.contains("undone"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_run_is_nowhere_public_until_it_is_shown_again() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let sent = ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(1))).await;
    let page = format!("{HOME}/submissions/{}", run(&sent));
    otto.post(&format!("{page}/hide"), &[("reason", "a rude name")]).await;
    assert!(tester.board("test").await.is_empty());
    otto.post(&format!("{page}/show"), &[("reason", "it was changed")]).await;
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_is_changed_once_it_was_seen_what_that_does() {
    let tester = Tester::with_limits("per_day = 3").await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(1))).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let fields = [
        ("title", "The test"),
        ("opens", "2026-11-01 00:00"),
        ("closes", "2027-01-01 00:00"),
        ("per_day", "1"),
        ("reset_hour", "0"),
        ("reset_zone", "UTC"),
        ("public", "overall"),
        ("team", "overall"),
        ("probes", "on"),
    ];
    let address = format!("{HOME}/phases/test");
    let plan = otto.post(&address, &fields).await;
    assert_eq!(plan.status, 200, "{}", plan.text);
    assert!(plan.text.contains("1 team gets no more submissions today"), "{}", plan.text);
    assert!(ada.get("/c/fiq/test/submit").await.text.contains("2 of 3"), "nothing changed yet");

    let definition_page = format!("{HOME}/definition");
    let refused = otto.send_as_shown(&plan, &definition_page, &[("reason", "")]).await;
    assert_eq!(refused.status, 400, "without a reason");
    let meanwhile = [("seal", "another"), ("reason", "why")];
    let again = otto.send_as_shown(&refused, &definition_page, &meanwhile).await;
    assert_eq!(again.status, 409, "another plan was seen");
    assert!(again.text.contains("1 team gets no more"), "the plan of now: {}", again.text);
    let why = [("reason", "fewer tries")];
    let done = otto.send_as_shown(&again, &definition_page, &why).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(otto.get(&definition_page).await.text.contains("The changes are applied"));
    assert!(!otto.get(&definition_page).await.text.contains("The changes are applied"), "once");
    assert!(ada.get("/c/fiq/test/submit").await.text.contains("0 of 1"));
    assert!(tester.get("/c/fiq/test").await.text.contains("The test"));

    let undo = format!("{HOME}/log/{}/undo", undoable(&mut otto).await);
    let plan = otto.get(&undo).await;
    assert!(plan.text.contains("1 → 3"), "{}", plan.text);
    let undone = otto.send_as_shown(&plan, &undo, &[("reason", "too few")]).await;
    assert_eq!(undone.status, 303, "{}", undone.text);
    assert!(ada.get("/c/fiq/test/submit").await.text.contains("2 of 3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_frozen_and_revealed_by_a_button() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(30))).await;
    tester.clock.advance(60);
    let page = format!("{HOME}/phases/test");
    let frozen = otto.post(&format!("{page}/freeze"), &[("reason", "the last days")]).await;
    assert_eq!(frozen.status, 303, "{}", frozen.text);
    ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(1))).await;
    assert_eq!(tester.board("test").await, ["1 Atelier 0.5000"]);
    tester.clock.advance(60);
    let revealed = otto.post(&format!("{page}/reveal"), &[("reason", "the workshop")]).await;
    assert_eq!(revealed.status, 303, "{}", revealed.text);
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn organisers_decide_who_takes_part_and_owners_who_organises() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut olga = tester.organiser("Olga", Role::Owner).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let people = format!("{HOME}/people");
    let refuse = [("participation", "1"), ("state", "refused"), ("reason", "two accounts")];
    assert_eq!(otto.post(&format!("{people}/decide"), &refuse).await.status, 303);
    assert!(tester.mail_to("ada@example.org").await.contains("two accounts"));
    let run = tester.test.zipped(|_| Some(1));
    assert_eq!(ada.submit("/c/fiq/test/submit", &[], &run).await.status, 403);
    let approve = [("participation", "1"), ("state", "approved"), ("reason", "one, after all")];
    otto.post(&format!("{people}/decide"), &approve).await;
    assert_eq!(ada.submit("/c/fiq/test/submit", &[], &run).await.status, 303);

    tester.person("Uma").await;
    let role = format!("{people}/role");
    let audit = [("email", "uma@example.org"), ("role", "auditor"), ("reason", "she checks")];
    assert_eq!(otto.post(&role, &audit).await.status, 403, "only owners");
    assert_eq!(olga.post(&role, &audit).await.status, 303);
    let ranked = [("email", "ada@example.org"), ("role", "organiser"), ("reason", "she helps")];
    let refused = olga.post(&role, &ranked).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("is in the ranked team"), "{}", refused.text);
    // out of competition she can
    let guest = [("team", "1"), ("kind", "guest"), ("reason", "she organises")];
    assert_eq!(otto.post(&format!("{HOME}/teams/kind"), &guest).await.status, 303);
    assert_eq!(tester.board("test").await, ["- Atelier 1.0000"]);
    assert_eq!(olga.post(&role, &ranked).await.status, 303);
    let again = [("team", "1"), ("kind", "team"), ("reason", "back")];
    assert_eq!(otto.post(&format!("{HOME}/teams/kind"), &again).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_refused_keeps_what_was_typed() {
    let tester = Tester::start().await;
    tester.member("Ada", Some("Atelier")).await;
    let mut olga = tester.organiser("Olga", Role::Owner).await;
    let grant = [
        ("team", "1"),
        ("phase", "test"),
        ("total", "7"),
        ("until", "soon"),
        ("reason", "a lost day"),
    ];
    let refused = olga.post(&format!("{HOME}/grants"), &grant).await;
    assert_eq!(refused.status, 400);
    for kept in ["value=\"7\"", "value=\"soon\"", "value=\"a lost day\"", "grant-until-complaint"] {
        assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
    }
    let role = [("email", "nobody@example.org"), ("role", "auditor"), ("reason", "she checks")];
    let refused = olga.post(&format!("{HOME}/people/role"), &role).await;
    for kept in
        ["value=\"nobody@example.org\"", "value=\"auditor\" selected", "role-email-complaint"]
    {
        assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn news_are_read_by_all_and_mailed_to_who_takes_part_and_wants_that() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", None).await;
    tester.member("Eve", None).await;
    tester.person("Kim").await;
    ada.post("/account/name", &[("name", "Ada")]).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let text = "The gallery is [here](https://example.org) <script>alert(1)</script>";
    let news = [("title", "New gallery"), ("text", text), ("mailed", "on")];
    assert_eq!(otto.post(&format!("{HOME}/news"), &news).await.status, 303);
    let page = tester.get("/c/fiq/news").await.text;
    assert!(
        page.contains("New gallery") && page.contains("href=\"https://example.org\""),
        "{page}"
    );
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(tester.mail_to("eve@example.org").await.contains("New gallery"));
    for unmailed in ["ada@example.org", "kim@example.org"] {
        assert!(!tester.mail_to(unmailed).await.contains("New gallery"), "{unmailed}");
    }
    otto.post(&format!("{HOME}/news/1/remove"), &[("reason", "wrong")]).await;
    assert!(!tester.get("/c/fiq/news").await.text.contains("New gallery"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_beside_its_run() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut eve = tester.member("Eve", Some("Nine")).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let sent = ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(1))).await;
    let page = sent.location.clone().unwrap();
    let ask = format!("{page}/question");
    assert_eq!(eve.post(&ask, &[("text", "Mine?")]).await.status, 404);
    assert_eq!(ada.post(&ask, &[("text", "Why so <good>?")]).await.status, 303);
    assert!(tester.mail_to("otto@example.org").await.contains("Why so <good>?"));
    assert!(otto.get(HOME).await.text.contains("Why so"));
    let answer = [("answer", "We wonder too.")];
    assert_eq!(otto.post(&format!("{HOME}/questions/1/answer"), &answer).await.status, 303);
    assert!(ada.get(&page).await.text.contains("We wonder too."));
    assert!(tester.mail_to("ada@example.org").await.contains("We wonder too."));
    assert!(!eve.get(&page).await.text.contains("We wonder"), "it is the team’s");
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_found_by_what_is_known_of_them_and_tell_nothing_wider_than_is_published() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let mut eve = tester.member("Eve", Some("Nine")).await;
    let mut uma = tester.organiser("Uma", Role::Auditor).await;
    let sent = ada
        .submit("/c/fiq/test/submit", &[("method", "two-stage")], &tester.test.zipped(|_| Some(7)))
        .await;
    eve.submit("/c/fiq/test/submit", &[("method", "one-stage")], b"{}").await;
    for (query, found, not) in [
        ("words=atel", "two-stage", "one-stage"),
        ("words=one-st", "one-stage", "two-stage"),
        ("state=invalid", "one-stage", "two-stage"),
        ("phase=test&state=scored", "two-stage", "one-stage"),
    ] {
        let list = uma.get(&format!("{HOME}/submissions?{query}")).await;
        assert_eq!(list.status, 200, "{}", list.text);
        assert!(list.text.contains(found) && !list.text.contains(not), "{query}");
    }
    let by_id = uma.get(&format!("{HOME}/submissions?words={}", run(&sent))).await.text;
    assert!(by_id.contains("two-stage") && by_id.contains("1 found"), "{by_id}");
    let page = uma.get(&format!("{HOME}/submissions/{}", run(&sent))).await.text;
    assert!(page.contains("100.00") && page.contains("Ada"), "{page}");
    for wider in ["MRR", "nDCG", "edian"] {
        assert!(!page.contains(wider), "{wider} of a hidden benchmark");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_made_in_the_browser_from_data_of_the_servers_folder() {
    let tester = Tester::with("", |settings| {
        settings.datasets_dir = settings.data_dir.parent().unwrap().join("datasets");
    })
    .await;
    let datasets = tester.app.settings.datasets_dir.clone();
    std::fs::create_dir_all(&datasets).unwrap();
    let copied = std::process::Command::new("cp")
        .args(["-r", &system_tests::World::dev_folder().display().to_string()])
        .arg(datasets.join("garments"))
        .status();
    assert!(copied.unwrap().success());
    let mut olga = tester.organiser("Olga", Role::Owner).await;
    let definition = |folder: &str| {
        format!(
            "name = \"second\"\ntitle = \"Second\"\n[[benchmark]]\nname = \"val\"\nfolder = {folder:?}\n\
             split = \"val\"\ntargets = \"public\"\n[[phase]]\nname = \"dev\"\ntitle = \"Dev\"\n\
             benchmark = \"val\"\nopens = 2026-11-01T00:00:00Z\n"
        )
    };
    let good = definition("garments");
    assert_eq!(olga.post("/organise", &[("definition", &good)]).await.status, 403, "of one only");
    tester.own_everything("Olga").await;
    for out in ["/etc", "../data", "garments/../.."] {
        let refused = olga.post("/organise", &[("definition", &definition(out))]).await;
        assert_eq!(refused.status, 422, "{out}: {}", refused.text);
        assert!(refused.text.contains("does not exist in this server"), "{out}");
    }
    let plan = olga.post("/organise", &[("definition", &good)]).await;
    assert_eq!(plan.status, 200, "{}", plan.text);
    assert_eq!(tester.get("/c/second").await.status, 404, "it was only shown");
    let why = [("reason", "for practice")];
    let made = olga.send_as_shown(&plan, "/organise", &why).await;
    assert_eq!(made.location.as_deref(), Some("/c/second/organise"), "{}", made.text);
    assert_eq!(tester.get("/c/second/dev").await.status, 200);
}
