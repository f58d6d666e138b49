//! The tools of organisers besides the board: grants, notices, trials, similar submissions, exports.

use std::time::Duration;

use domain::accounts::{self, Email};
use domain::ambient::Instant;
use domain::challenges;
use domain::entities::role::Role;
use domain::entities::{notice, phase, quota_grant, submission, team, user};
use domain::moderation::{self, Decision, Grant, Likeness};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use system_tests::{Browser, Tester, World, eventually};
use time::macros::datetime;

const DAY: i64 = 86_400;

async fn person(tester: &Tester, name: &str) -> user::Model {
    let email = Email::read(&format!("{}@example.org", name.to_lowercase())).unwrap();
    accounts::user_with(&tester.app.db, &email).await.unwrap().unwrap()
}

async fn phase(tester: &Tester, name: &str) -> phase::Model {
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    challenges::find_phase(&tester.app.db, &challenge, name).await.unwrap()
}

async fn team(tester: &Tester, name: &str) -> team::Model {
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    accounts::find(&tester.app.db, challenge.id, name).await.unwrap().unwrap()
}

/// The notices to a team, the first first: kind and text.
async fn told(tester: &Tester, name: &str) -> Vec<(String, String)> {
    let to = notice::Entity::find()
        .filter(notice::Column::TeamId.eq(team(tester, name).await.id))
        .order_by_asc(notice::Column::Id);
    let rows = to.all(&tester.app.db).await.unwrap();
    rows.into_iter().map(|row| (row.kind, row.text)).collect()
}

async fn kinds(tester: &Tester, name: &str) -> Vec<String> {
    told(tester, name).await.into_iter().map(|(kind, _)| kind).collect()
}

/// Gives a team one more submission in phase `test`, for this many seconds.
async fn give_one_more(tester: &Tester, name: &str, seconds: Option<i64>) {
    let by = person(tester, "Ada").await;
    let until = seconds.map(|seconds| tester.app.ambient.now().plus_seconds(seconds));
    let grant = Grant { per_day: 1, total: 1, until };
    let (phase, team) = (phase(tester, "test").await, team(tester, name).await);
    let given =
        moderation::grant(&tester.app, &by, &phase, team.id, (grant, "the server was down"));
    given.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_team_hands_in_one_more_until_the_grant_ends_or_is_revoked() {
    let tester = Tester::with_limits("per_day = 1, total = 3").await;
    tester.organiser("Ada", Role::Organiser).await;
    let (atelier, other) = (tester.team("Atelier").await, tester.team("Other").await);
    let run = |n: usize| tester.test.run(move |q| Some(1 + (q + n) % 60));
    assert_eq!(atelier.upload("test", run(0)).await.status, 201);
    assert_eq!(other.upload("test", run(0)).await.status, 201);
    give_one_more(&tester, "Atelier", Some(2 * 3600)).await;
    let limits = atelier.get(&system_tests::Client::intake("test")).await.json["limits"].clone();
    assert_eq!((&limits[0]["allowed"], &limits[0]["left"]), (&2.into(), &1.into()), "{limits}");
    assert_eq!((&limits[1]["allowed"], &limits[1]["left"]), (&4.into(), &3.into()), "{limits}");
    assert_eq!(other.upload("test", run(1)).await.status, 429, "it is given to one team");
    // at the instant at which it ends it holds no more
    tester.clock.advance(2 * 3600);
    assert_eq!(atelier.upload("test", run(1)).await.status, 429);
    give_one_more(&tester, "Atelier", None).await;
    assert_eq!(atelier.upload("test", run(1)).await.status, 201);
    assert_eq!(atelier.upload("test", run(2)).await.status, 429, "one more, and not two");

    tester.clock.advance(DAY);
    let (by, challenge) = (person(&tester, "Ada").await, "fiq");
    let challenge = challenges::find(&tester.app.db, challenge).await.unwrap();
    let last = quota_grant::Entity::find().order_by_desc(quota_grant::Column::Id);
    let last = last.one(&tester.app.db).await.unwrap().unwrap();
    assert_eq!(atelier.upload("test", run(2)).await.status, 201);
    let revoked = moderation::revoke_grant(&tester.app, &by, &challenge, last.id, "by mistake");
    revoked.await.unwrap();
    let refused = atelier.upload("test", run(3)).await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert!(told(&tester, "Atelier").await[0].1.contains("the server was down"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_makes_no_limit_where_the_phase_has_none() {
    let tester = Tester::with_limits("total = 1").await;
    tester.organiser("Ada", Role::Organiser).await;
    let atelier = tester.team("Atelier").await;
    give_one_more(&tester, "Atelier", None).await;
    let run = |n: usize| tester.test.run(move |q| Some(1 + (q + n) % 60));
    for (n, status) in [(0, 201), (1, 201), (2, 429)] {
        assert_eq!(atelier.upload("test", run(n)).await.status, status);
    }
    // and what is changed for all says so of a team by its own limits
    tester.world.edit("total = 1", "total = 2");
    let definition = domain::challenges::Definition::read(&tester.world.definition()).unwrap();
    let (db, ambient) = (&tester.app.db, &tester.app.ambient);
    let application = domain::plans::Application::prepare(db, ambient, definition).await.unwrap();
    let plan = application.preview(&tester.app).await.unwrap().to_string();
    assert!(plan.contains("1 team gets more submissions in this phase"), "{plan}");
}

/// A server that never finds a free place for an upload: everything goes through the queue.
async fn busy() -> Tester {
    Tester::with("", |settings| {
        settings.patience = Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_told_of_a_run_that_came_to_nothing_after_its_answer() {
    let tester = busy().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let program = tester.program_of("Ada").await;
    let (app, db) = (&tester.app, &tester.app.db);
    assert_eq!(program.upload("test", b"{}".to_vec()).await.status, 202);
    assert_eq!(program.upload("test", b"{}".to_vec()).await.status, 200, "the same again");
    assert_eq!(kinds(&tester, "Atelier").await, ["waiting"]);
    assert!(ada.get("/c/fiq/team").await.text.contains("waits for its score"));
    assert!(app.worker.step(app).await.unwrap());
    assert_eq!(kinds(&tester, "Atelier").await, ["invalid"], "what waited is shown in its place");
    assert!(tester.mail_to("ada@example.org").await.contains("Your submission is invalid"));
    let page = ada.get("/c/fiq/team").await.text;
    assert!(
        page.contains("Your submission is invalid") && page.contains("/c/fiq/submissions/"),
        "{page}"
    );

    // one that is scored after all needs no notice
    assert_eq!(program.upload("test", tester.test.run(|_| Some(3))).await.status, 202);
    assert!(app.worker.step(app).await.unwrap());
    assert_eq!(kinds(&tester, "Atelier").await, ["invalid"]);

    // one that we could not score, whatever was answered
    let failing = program.upload("test", tester.test.run(|_| Some(4))).await;
    let id = submission::Column::Id
        .eq(domain::submissions::id(failing.json["id"].as_str().unwrap()).unwrap());
    let tired = submission::Entity::update_many()
        .col_expr(submission::Column::Attempts, Expr::value(5))
        .filter(id);
    tired.exec(db).await.unwrap();
    assert!(app.worker.step(app).await.unwrap());
    assert_eq!(kinds(&tester, "Atelier").await, ["invalid", "failed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_whose_upload_was_answered_with_the_problems_is_not_told_again() {
    let tester = Tester::with("", |settings| {
        settings.patience = Duration::from_hours(1);
        settings.worker.at_once = 0;
    })
    .await;
    let team = tester.team("Atelier").await;
    // another server scores it while the first still waits for the answer
    let other = tester.beside_with(|settings| settings.worker.at_once = 1).await;
    assert_eq!(team.upload("test", b"{}".to_vec()).await.status, 422);
    assert_eq!(team.at(&other).upload("test", b"[]".to_vec()).await.status, 422);
    assert_eq!(kinds(&tester, "Atelier").await, [""; 0]);
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_whose_client_left_before_the_answer_is_told() {
    let tester = Tester::with("", |settings| {
        settings.patience = Duration::from_hours(1);
        settings.worker.at_once = 0;
    })
    .await;
    let token = tester.token("Atelier").await;
    let mut wire = tester.anyone.wire();
    let path = system_tests::Client::intake("test");
    wire.send(format!("POST {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n"));
    wire.send("Content-Length: 2\r\n\r\n{}");
    let accepted = async || submissions_of(&tester, "Atelier").await.pop();
    eventually("the upload is accepted", accepted).await;
    assert_eq!(kinds(&tester, "Atelier").await, [""; 0], "its client waits for the answer");
    drop(wire);
    let notice = async || kinds(&tester, "Atelier").await.pop();
    eventually("the team has a notice", notice).await;
    assert_eq!(kinds(&tester, "Atelier").await, ["waiting"]);
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    assert_eq!(kinds(&tester, "Atelier").await, ["invalid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_wants_no_mails_reads_notices_on_the_page() {
    let tester = busy().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    // the box is not ticked
    assert_eq!(ada.post("/account/name", &[("name", "Ada")]).await.status, 303);
    let sent = ada.submit("/c/fiq/test/submit", &[], b"{}").await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    assert!(!tester.mail_to("ada@example.org").await.contains("invalid"));
    assert!(ada.get("/c/fiq/team").await.text.contains("Your submission is invalid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_team_is_told_once_that_a_phase_opens_and_closes() {
    let world = World::new("");
    world.edit("opens = 2026-11-01T00:00:00Z", "opens = 2026-12-01T00:00:00Z");
    let tester = Tester::of(world, |_| {}).await;
    tester.member("Ada", Some("Atelier")).await;
    tester.team("Other").await;
    let other = tester.beside().await;
    let turn = async || {
        let (one, two) = (&tester.app, &other.app);
        let both = tokio::join!(
            Box::pin(moderation::turns::step(one)),
            Box::pin(moderation::turns::step(two))
        );
        both.0.and(both.1).unwrap();
    };
    turn().await;
    assert_eq!(
        kinds(&tester, "Atelier").await,
        [""; 0],
        "a phase that opened long ago gets no notice"
    );
    let opens = Instant::of(datetime!(2026-12-01 0:00 UTC));
    tester.clock.set(Instant(opens.0 - 1));
    turn().await;
    assert_eq!(kinds(&tester, "Atelier").await, [""; 0]);
    tester.clock.set(opens);
    turn().await;
    tester.clock.advance(60);
    tester.team("Newcomer").await;
    turn().await;
    for name in ["Atelier", "Other"] {
        assert_eq!(kinds(&tester, name).await, ["phase-opened test"], "{name}");
    }
    assert_eq!(kinds(&tester, "Newcomer").await, [""; 0], "it came later");
    let mail = tester.mail_to("ada@example.org").await;
    assert!(mail.contains("“Test” has opened"), "{mail}");

    tester.clock.set(Instant::of(datetime!(2027-01-01 0:00 UTC)));
    turn().await;
    // a server that starts afterwards sends no notice
    let fresh = tester.beside().await;
    turn().await;
    assert_eq!(kinds(&tester, "Newcomer").await, ["phase-closed test"]);
    assert_eq!(kinds(&tester, "Other").await, ["phase-opened test", "phase-closed test"]);
    other.stop().await;
    fresh.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_different_teams_that_are_alike_are_found_and_no_rank_is_told() {
    let tester = Tester::start().await;
    let (one, two) = (tester.team("Atelier").await, tester.team("Other").await);
    let third = tester.team("Third").await;
    // the same file, then one that differs in a single query, then one that differs everywhere
    let rank = |q: usize| Some(1 + q % 50);
    let same = tester.test.run(rank);
    for team in [&one, &two] {
        assert_eq!(team.upload("test", same.clone()).await.status, 201);
        tester.clock.advance(1);
    }
    let near = tester.test.run(|q| if q == 7 { Some(60) } else { rank(q) });
    assert_eq!(third.upload("test", near.clone()).await.status, 201);
    let own = tester.test.run(|q| if q == 8 { Some(61) } else { rank(q) });
    assert_eq!(
        third.upload("test", own).await.status,
        201,
        "similar to its own, which is not reported"
    );
    let far = tester.team("Far").await;
    assert_eq!(far.upload("test", tester.test.run(|q| Some(50 - q % 50))).await.status, 201);

    let pairs = moderation::duplicates(&tester.app, &phase(&tester, "test").await).await.unwrap();
    let names = |pair: &moderation::Pair| {
        let (later, earlier) = (&pair.later.1.name, &pair.earlier.1.name);
        format!("{later} and {earlier}")
    };
    assert_eq!(pairs[0].likeness, Likeness::SameFile);
    assert_eq!(names(&pairs[0]), "Other and Atelier");
    assert_eq!(pairs.len(), 5, "{:?}", pairs.iter().map(names).collect::<Vec<_>>());
    for pair in &pairs[1..] {
        assert!(names(pair).starts_with("Third and "), "{}", names(pair));
        let Likeness::SamePlaces(share) = pair.likeness else { panic!("{:?}", pair.likeness) };
        assert!((0.98..1.0).contains(&share), "{share}");
    }

    let mut ada = tester.organiser("Ada", Role::Auditor).await;
    let page = ada.get("/c/fiq/organise/tools/alike?phase=test").await;
    assert_eq!(page.status, 200, "{}", page.text);
    for told in ["Atelier", "Other", "Third", "the same file", "98.53"] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    assert!(!page.text.contains("Far"), "{}", page.text);
    assert_eq!(ada.get("/c/fiq/organise/tools/alike?phase=nothing").await.status, 404);
    let none = ada.get("/c/fiq/organise/tools/alike?phase=dev").await.text;
    assert!(none.contains("No similar submissions of different teams"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn weak_runs_are_not_alike_by_what_both_miss() {
    let tester = Tester::start().await;
    for (name, turn) in [("Atelier", 0), ("Other", 1)] {
        let team = tester.team(name).await;
        let run = tester.test.run(move |q| (q % 100 == turn).then_some(1));
        assert_eq!(team.upload("test", run).await.status, 201);
    }
    let pairs = moderation::duplicates(&tester.app, &phase(&tester, "test").await).await.unwrap();
    assert_eq!(pairs, []);
}

/// The head and the rows of a table.
fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let text = text.strip_prefix('\u{feff}').expect("spreadsheets see that it is UTF-8");
    let mut lines = text.lines().map(cells);
    (lines.next().unwrap(), lines.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_tells_all_of_the_submissions_and_nothing_wider_of_hidden_targets() {
    let lines = "field = [{ name = \"paper\", label = \"Paper\", kind = \"text\" }]";
    let world = World::with_more("", lines);
    let tester = Tester::of(world, |_| {}).await;
    let mut ada = tester.organiser("Ada", Role::Organiser).await;
    let team = tester.team("=cmd()").await;
    let run = tester.test.run(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    let scored = team.upload_told("test", run, "{\"paper\":\"+1\"}").await;
    assert_eq!(scored.status, 201, "{}", scored.text);
    tester.clock.advance(1);
    team.upload("test", b"{}".to_vec()).await;
    let id = domain::submissions::id(scored.json["id"].as_str().unwrap()).unwrap();
    let by = person(&tester, "Ada").await;
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let decided =
        moderation::decide(&tester.app, &by, &challenge, id, Decision::Disqualify, "@Eve saw it");
    decided.await.unwrap();

    let csv = ada.get("/c/fiq/organise/export.csv?phase=test").await;
    assert_eq!((csv.status, csv.media_type.as_str()), (200, "text/csv"), "{}", csv.text);
    assert_eq!(csv.cache, "private, no-store");
    let (head, rows) = table(&csv.text);
    let cell = |row: usize, name: &str| {
        let column = head.iter().position(|cell| cell == name);
        rows[row][column.unwrap_or_else(|| panic!("no {name} in {head:?}"))].as_str()
    };
    assert_eq!(rows.len(), 2);
    assert_eq!(cell(0, "team"), "'=cmd()");
    assert_eq!(cell(0, "details.paper"), "'+1");
    assert_eq!(cell(0, "disqualified_why"), "'@Eve saw it");
    assert_eq!((cell(0, "state"), cell(1, "state")), ("scored", "invalid"));
    assert_eq!((cell(0, "overall"), cell(1, "overall")), ("0.75", ""));
    assert_eq!((cell(0, "dress recall@10"), cell(0, "dress recall@50")), ("0.5", "1"));
    let wider = |text: &str| {
        ["mrr", "ndcg", "median", "rank", "target\""].into_iter().find(|word| text.contains(word))
    };
    assert_eq!(wider(&csv.text), None, "{}", csv.text);

    let json = ada.get("/c/fiq/organise/export.json?phase=test").await;
    assert_eq!((json.status, json.media_type.as_str()), (200, "application/json"), "{}", json.text);
    assert_eq!(json.json["submissions"][0]["details"]["paper"], "+1");
    assert_eq!(json.json["submissions"][0]["disqualified_why"], "@Eve saw it");
    assert_eq!(json.json["submissions"][0]["scorecard"]["overall"], 0.75);
    assert_eq!(wider(&json.text), None, "{}", json.text);
    // of public targets it tells all that is told of them
    let team = tester.team("Atelier").await;
    team.upload("dev", tester.dev.run(|_| Some(2))).await;
    let csv = ada.get("/c/fiq/organise/export.csv?phase=dev").await;
    assert!(csv.text.contains("dress mrr@50,dress ndcg@10,dress median_rank"), "{}", csv.text);
    assert_eq!(ada.get("/c/fiq/organise/export.csv").await.status, 404, "of no phase");

    // a program of theirs gets the same
    let path = "/api/v1/challenges/fiq/phases/test/export";
    let told = tester.program_with("Ada", "organise").await.get(path).await;
    assert_eq!((told.status, &told.json), (200, &json.json), "{}", told.text);
    assert_eq!(told.cache, "private, no-store");
    tester.member("Eve", Some("Eve’s")).await;
    for (who, status) in [
        (tester.program_with("Ada", "read submit").await, 403),
        (tester.program_with("Eve", "organise").await, 403),
        (team, 403),
    ] {
        assert_eq!(who.get(path).await.status, status);
    }
    assert_eq!(tester.get(path).await.status, 401);
}

async fn submissions_of(tester: &Tester, name: &str) -> Vec<submission::Model> {
    let of = submission::Entity::find();
    let of = of.filter(submission::Column::TeamId.eq(team(tester, name).await.id));
    of.all(&tester.app.db).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_goes_the_way_of_an_upload_and_counts_nowhere() {
    let world = World::with_more(
        "total = 1",
        "shown = { public = [], team = [\"overall\"] }\n\
         field = [{ name = \"paper\", label = \"Paper\", kind = \"text\", required = true }]",
    );
    let tester = Tester::of(world, |_| {}).await;
    let mut ada = tester.organiser("Ada", Role::Organiser).await;
    // before the phase opens, and more than its limit
    tester.clock.set(Instant::of(datetime!(2026-10-01 0:00 UTC)));
    let mut ada_then = Browser::new(&tester);
    let typed = [("email", "ada@example.org"), ("password", system_tests::PASSWORD)];
    assert_eq!(ada_then.post("/sign-in", &typed).await.status, 303);
    let tools = "/c/fiq/organise/tools";
    let run = tester.test.run(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    let sent = ada_then.submit(tools, &[("phase", "test")], &run).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let told = ada_then.get(sent.location.as_deref().unwrap()).await.text;
    assert!(told.contains("75.00") && told.contains("What a team would see"), "{told}");
    assert!(!told.contains("50.00") && !told.contains("100.00"), "as the team sees it: {told}");
    let sent = ada_then.submit(tools, &[("phase", "test")], b"{\"dress\":[]}").await;
    let told = ada_then.get(sent.location.as_deref().unwrap()).await.text;
    assert!(told.contains("The submission is invalid") && told.contains("shirt"), "{told}");
    assert!(ada_then.get(tools).await.text.matches("what a team would see").count() >= 2);

    let trials = submissions_of(&tester, "Organisers’ trials").await;
    assert_eq!(trials.len(), 2);
    assert!(trials.iter().all(|run| run.trial));
    assert_eq!(kinds(&tester, "Organisers’ trials").await, [""; 0]);
    let standings = moderation_standings(&tester).await;
    assert_eq!(standings, (0, 0), "it is on no board, not even the organisers’");
    let public = tester.get(&format!("/c/fiq/submissions/{}", trials[0].id)).await;
    assert_eq!(public.status, 404);

    // an error is shown next to its field
    let none = ada.submit(tools, &[("phase", "nothing")], &run).await;
    assert_eq!(none.status, 400);
    assert!(none.text.contains("phase-complaint"), "{}", none.text);
    let missing = ada.post(tools, &[("phase", "test")]).await;
    assert!((400..500).contains(&missing.status), "{}", missing.status);
    // nobody else can be that team
    let mut eve = tester.member("Eve", None).await;
    for name in ["Organisers’ trials", "organisers trials"] {
        assert_eq!(eve.post("/c/fiq/team", &[("name", name)]).await.status, 409, "{name}");
    }
}

/// Rows and scored runs of the organisers' own board of phase `test`.
async fn moderation_standings(tester: &Tester) -> (usize, usize) {
    let located = challenges::locate(&tester.app.db, "fiq", "test").await.unwrap();
    let now = tester.app.ambient.now();
    let (phase, benchmark) = (&located.phase, &located.benchmark);
    let board = domain::standings::full_standings(&tester.app.db, phase, benchmark, now);
    let board = board.await.unwrap();
    (board.rows.len(), board.scored)
}

#[tokio::test(flavor = "multi_thread")]
async fn organisers_see_what_teams_are_told_of_bad_files() {
    let tester = Tester::start().await;
    tester.organiser("Ada", Role::Organiser).await;
    for phase in ["test", "dev"] {
        let located = challenges::locate(&tester.app.db, "fiq", phase).await.unwrap();
        let tried = moderation::adversarial(&tester.app, &located.benchmark).await.unwrap();
        let told = |name: &str| {
            let tried = tried.iter().find(|tried| tried.name.contains(name));
            tried.unwrap_or_else(|| panic!("{name}")).told.clone().map_err(|e| e.to_string())
        };
        for valid in ["random", "same 50 items"] {
            assert!(told(valid).is_ok(), "{phase}: {valid}: {:?}", told(valid));
        }
        for (invalid, sentence) in [
            ("empty file", "empty"),
            ("another order", "captions"),
            ("another split", "dress"),
            ("49 items", "49 items"),
            ("another gallery", "gallery"),
            ("query missing", "no answer"),
        ] {
            let problems = told(invalid).unwrap_err();
            assert!(problems.contains(sentence), "{phase}: {invalid}: {problems}");
        }
        assert_eq!(told("49 items").unwrap_err().lines().count(), 1, "one problem, and no other");
        assert_eq!(told("another gallery").unwrap_err().lines().count(), 1);
    }
    // made of the data set's other split, as a team would mix them up
    let dev = challenges::locate(&tester.app.db, "fiq", "dev").await.unwrap();
    let tried = moderation::adversarial(&tester.app, &dev.benchmark).await.unwrap();
    let other = tried.iter().find(|tried| tried.name.contains("split")).unwrap();
    let sentence = other.told.clone().unwrap_err().to_string();
    assert!(sentence.contains("train"), "{sentence}");
    assert_eq!(submission::Entity::find().all(&tester.app.db).await.unwrap(), [], "none is kept");

    let mut eve = tester.organiser("Eve", Role::Auditor).await;
    let page = eve.get("/c/fiq/organise/tools/adversarial?phase=test").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("49 items") && page.text.contains("scored"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn auditors_look_and_change_nothing_and_others_see_nothing() {
    let tester = Tester::start().await;
    let mut ada = tester.organiser("Ada", Role::Organiser).await;
    let tools = "/c/fiq/organise/tools";
    let sent = ada.submit(tools, &[("phase", "test")], b"[]").await;
    let pages = [
        tools.to_owned(),
        sent.location.unwrap(),
        format!("{tools}/adversarial?phase=test"),
        format!("{tools}/alike?phase=test"),
        "/c/fiq/organise/export.csv?phase=test".to_owned(),
        "/c/fiq/organise/export.json?phase=test".to_owned(),
    ];
    let mut auditor = tester.organiser("Eve", Role::Auditor).await;
    let mut member = tester.member("Max", Some("Atelier")).await;
    let mut nobody = Browser::new(&tester);
    assert!(ada.get(tools).await.text.contains("Try it"));
    assert!(!auditor.get(tools).await.text.contains("Try it"), "it would be refused");
    for page in &pages {
        for (who, status) in
            [(&mut ada, 200), (&mut auditor, 200), (&mut member, 403), (&mut nobody, 401)]
        {
            let answer = who.get(page).await;
            assert_eq!(answer.status, status, "{page}");
            assert!(status != 200 || answer.cache == "private, no-store", "{page}");
        }
    }
    let before = tester.kept_files();
    for (who, status) in [(&mut auditor, 403), (&mut member, 403), (&mut nobody, 401)] {
        let sent = who.submit(tools, &[("phase", "test")], b"{}").await;
        assert_eq!(sent.status, status);
    }
    assert_eq!(tester.kept_files(), before);
    // a team's submission is never a trial, however it is requested
    let run = member.submit("/c/fiq/test/submit", &[], &tester.test.run(|_| Some(1))).await;
    let id = run.location.unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(ada.get(&format!("{tools}/trials/{id}")).await.status, 404);
}
