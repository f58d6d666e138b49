//! The desk of organisers with real text: unchanged fields are no change, and only changed fields
//! change.

use domain::entities::role::Role;
use system_tests::{Browser, Tester, World};

const HOME: &str = "/c/fiq/organise";

/// Rules as people write them.
const RULES: &str = "# Play fair ✨\n\n1. One account a person.\n2. No test pictures — \
                     не подглядывать.\n\n```\nnothing  <else> & \"quoted\"\n```\n\nA-very-long-word-";

/// A server whose challenge has texts of several lines, and an organiser of it.
async fn with_texts() -> (Tester, Browser) {
    let tester = Tester::start().await;
    let rules = format!("{RULES}{}", "x".repeat(400));
    let lines = format!(
        "summary = \"Find the garment.\"\nrules = '''\n{rules}\n'''\ntext = '''\nFind 👗,\n\nplease.'''"
    );
    tester.world.edit("summary = \"Find the garment.\"", &lines);
    tester.apply().await;
    let otto = tester.organiser("Otto", Role::Organiser).await;
    (tester, otto)
}

async fn rules_version(tester: &Tester) -> i32 {
    domain::challenges::find(&tester.app.db, "fiq").await.unwrap().rules_version
}

/// Does what a plan shows, as its organiser would.
async fn confirm(otto: &mut Browser, plan: &system_tests::Answer) {
    assert_eq!(plan.status, 200, "{}", plan.text);
    let definition = format!("{HOME}/definition");
    assert!(!plan.text.contains("name=\"definition\""), "no document is hidden in the form");
    let done = otto.send_as_shown(plan, &definition, &[("reason", "it was time 🕰️")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_as_it_is_shown_changes_nothing() {
    let (tester, mut otto) = with_texts().await;
    let version = rules_version(&tester).await;
    for page in ["definition", "phases/test"] {
        let address = format!("{HOME}/{page}");
        let shown = otto.get(&address).await;
        let sent = otto.send_as_shown(&shown, &address, &[]).await;
        assert_eq!(sent.status, 409, "{page}: {}", sent.text);
        assert!(sent.text.contains("This changes nothing"), "{page}: {}", sent.text);
    }
    assert_eq!(rules_version(&tester).await, version);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_of_a_phase_changes_alone() {
    let (tester, mut otto) = with_texts().await;
    let version = rules_version(&tester).await;
    let address = format!("{HOME}/phases/test");
    for (field, value, from_to) in [
        ("title", "Test 👗 <final>", "title"),
        ("opens", "2026-11-02 10:30", "opens"),
        ("closes", "2027-02-03 04:05", "closes"),
        ("freezes", "2027-01-05 00:00", "freezes"),
        ("reveals", "2027-03-05 00:00", "reveals"),
        ("per_day", "7", "limits.per_day"),
        ("total", "70", "limits.total"),
        ("at_once", "3", "limits.at_once"),
        ("invalid_per_day", "9", "limits.invalid_per_day"),
        ("reset_hour", "5", "reset.hour"),
        ("reset_zone", "Europe/Berlin", "reset.zone"),
        ("public", "overall", "shown.public"),
        ("team", "overall", "shown.team"),
        ("finals", "2", "finals"),
        ("probes", "", "probes"),
    ] {
        let shown = otto.get(&address).await;
        let plan = otto.send_as_shown(&shown, &address, &[(field, value)]).await;
        let fields: Vec<&str> = plan
            .text
            .split("data-label=\"\"><bdi>")
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .collect();
        assert_eq!(fields, [from_to], "{field}: {}", plan.text);
        confirm(&mut otto, &plan).await;
        let again = otto.get(&address).await;
        let unchanged = otto.send_as_shown(&again, &address, &[]).await;
        assert_eq!(unchanged.status, 409, "{field} stays as it was set: {}", unchanged.text);
    }
    assert_eq!(rules_version(&tester).await, version, "nobody has to accept anything again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_of_the_example_file_shows_no_change_that_nobody_made() {
    let tester = Tester::of(
        World::with_more(
            "",
            "[phase.shown]\npublic = [\"recall@50\", \"overall\", \"recall@10\"]\n",
        ),
        |_| {},
    )
    .await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let address = format!("{HOME}/phases/test");
    let shown = otto.get(&address).await;
    let plan = otto.send_as_shown(&shown, &address, &[("title", "Another")]).await;
    assert!(plan.text.contains("title") && !plan.text.contains("shown."), "{}", plan.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn undoing_shows_first_what_it_does_and_leaves_what_came_later() {
    let (tester, mut otto) = with_texts().await;
    let address = format!("{HOME}/phases/test");
    let mut events = Vec::new();
    for change in [("per_day", "4"), ("total", "40")] {
        let shown = otto.get(&address).await;
        let plan = otto.send_as_shown(&shown, &address, &[change]).await;
        confirm(&mut otto, &plan).await;
        let log = otto.get(&format!("{HOME}/log")).await.text;
        let latest = log.split("/organise/log/").nth(1).and_then(|rest| rest.split('/').next());
        events.push(latest.unwrap().to_owned());
    }
    tester.clock.advance(60);
    let frozen = otto.post(&format!("{address}/freeze"), &[("reason", "the last days")]).await;
    assert_eq!(frozen.status, 303, "{}", frozen.text);
    let undo = format!("{HOME}/log/{}/undo", events[0]);
    let plan = otto.get(&undo).await;
    assert!(plan.text.contains("limits.per_day"), "{}", plan.text);
    assert!(!plan.text.contains("limits.total") && !plan.text.contains("freezes"), "{}", plan.text);
    let undone = otto.send_as_shown(&plan, &undo, &[("reason", "a mistake")]).await;
    assert_eq!(undone.status, 303, "{}", undone.text);
    let phase = domain::challenges::find(&tester.app.db, "fiq").await.unwrap();
    let phase = domain::challenges::find_phase(&tester.app.db, &phase, "test").await.unwrap();
    assert_eq!((phase.limit_per_day, phase.limit_total), (None, Some(40)));
    assert!(phase.freeze_at.is_some(), "the board stays frozen");

    // if the same field was changed again, nothing is undone
    let shown = otto.get(&address).await;
    let plan = otto.send_as_shown(&shown, &address, &[("total", "50")]).await;
    confirm(&mut otto, &plan).await;
    let undo = format!("{HOME}/log/{}/undo", events[1]);
    let refused = otto.post(&undo, &[("reason", "a mistake"), ("seal", "")]).await;
    assert_eq!(refused.status, 409);
    for part in ["total of phase test was changed again later", "40 → 50", "Otto"] {
        assert!(refused.text.contains(part), "{part}: {}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_undone_easily_is_asked_first_and_said_afterwards() {
    let (_tester, mut otto) = with_texts().await;
    let page = format!("{HOME}/phases/test");
    let shown = otto.get(&page).await;
    for (opens, happens, yes) in [
        ("Freeze the board now", "Everyone sees the board as it is now", "Yes, freeze it now"),
        ("Reveal now", "only from people who have not looked yet", "Yes, reveal it now"),
    ] {
        let question = shown.text.split("<details").find(|part| part.contains(opens)).unwrap();
        assert!(question.contains(happens) && question.contains(yes), "{question}");
    }
    otto.post(&format!("{page}/freeze"), &[("reason", "the last days")]).await;
    assert!(otto.get(&page).await.text.contains("The board is frozen"));
    assert!(!otto.get(&page).await.text.contains("The board is frozen: everyone"), "said once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trials_team_is_no_team() {
    let (tester, mut otto) = with_texts().await;
    let tried = otto
        .submit(&format!("{HOME}/tools"), &[("phase", "test")], &tester.test.zipped(|_| Some(3)))
        .await;
    assert_eq!(tried.status, 303, "{}", tried.text);
    for page in ["teams", "submissions", "people", ""] {
        let shown = otto.get(&format!("{HOME}/{page}")).await.text;
        assert!(
            !shown.contains("trials</bdi>") && !shown.contains("Organisers’ trials"),
            "{page}: {shown}"
        );
    }
    let team = domain::accounts::find(
        &tester.app.db,
        domain::challenges::find(&tester.app.db, "fiq").await.unwrap().id,
        "Organisers’ trials",
    );
    let team = team.await.unwrap().unwrap().id.to_string();
    let ranked = [("team", team.as_str()), ("kind", "team"), ("reason", "why not")];
    assert_eq!(otto.post(&format!("{HOME}/teams/kind"), &ranked).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_and_the_form_have_every_setting_where_the_table_says() {
    let lines = "freezes = 2026-12-20T00:00:00Z\nreveals = 2027-02-01T00:00:00Z\n\
                 feedback_share = 40\nuploads = { days = 30, ranked_days = 60 }\n";
    let limits = "per_day = 3, total = 9, at_once = 2, invalid_per_day = 4";
    let tester = Tester::of(World::with_more(limits, lines), |_| {}).await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let phase = tester.get("/api/v1/challenges/fiq/phases/test").await.json;
    let form = otto.get(&format!("{HOME}/phases/test")).await.text;
    let dialogs = Tester::of(World::dialogs(""), |_| {}).await;
    let played = dialogs.get("/api/v1/challenges/fiq/phases/dialog").await.json;
    for setting in domain::challenges::PHASE_SETTINGS {
        let phase = if setting.name.starts_with("dialog.") { &played } else { &phase };
        assert!(
            phase.pointer(setting.api).is_some(),
            "{} at {} of {phase}",
            setting.name,
            setting.api
        );
        let field = format!("name=\"{}\"", setting.field);
        assert!(setting.field.is_empty() || form.contains(&field), "{field}: {form}");
    }
}
