//! Who is on a board, and under which name.

use domain::accounts;
use domain::ambient::Instant;
use domain::challenges;
use domain::database::UnitOfWork;
use domain::entities::submission::{Column, Entity};
use domain::entities::team::{Anonymity, TeamKind};
use domain::standings;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use system_tests::{Answer, Tester, World};
use time::macros::datetime;

fn id(answer: &Answer) -> String {
    answer.json["id"].as_str().unwrap().to_owned()
}

fn run(tester: &Tester, tenths: usize) -> Vec<u8> {
    tester.test.run(move |q| (q % 10 < tenths).then_some(1))
}

async fn mark(tester: &Tester, id: &str, column: Column, value: Expr) {
    let id = Uuid::try_parse(id).unwrap();
    let update = Entity::update_many().col_expr(column, value).filter(Column::Id.eq(id));
    update.exec(&tester.app.db).await.unwrap();
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let mut unit = UnitOfWork::begin(&tester.app).await.unwrap();
    unit.changes(challenge.id);
    unit.commit().await.unwrap();
}

/// Ranks and names.
async fn names(tester: &Tester) -> Vec<String> {
    let board = tester.board("test").await;
    board.iter().map(|row| row.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_are_shown_marked_and_take_no_rank() {
    let tester = Tester::start().await;
    let guest = tester.entrant("Visitors", TeamKind::Guest).await;
    let made = guest.upload("test", run(&tester, 9)).await;
    tester.team("Atelier").await.upload("test", run(&tester, 5)).await;
    assert_eq!(names(&tester).await, ["- Visitors", "1 Atelier"]);
    let page = tester.get("/c/fiq/test").await.text;
    assert!(page.contains("<span class=\"mark\">out of competition</span>"), "{page}");
    let page = tester.get(&format!("/c/fiq/submissions/{}", id(&made))).await;
    assert!(page.text.contains("out of competition"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_stand_there_only_where_the_phase_says_so() {
    let tester = Tester::start().await;
    let probe = tester.entrant("Order", TeamKind::Probe).await;
    let made = probe.upload("test", run(&tester, 1)).await;
    let page = format!("/c/fiq/submissions/{}", id(&made));
    assert_eq!(names(&tester).await, ["- Order"]);
    assert_eq!(tester.get(&page).await.status, 200);
    let text = std::fs::read_to_string(tester.world.definition()).unwrap();
    std::fs::write(tester.world.definition(), format!("{text}\nprobes = false\n")).unwrap();
    tester.apply().await;
    assert!(names(&tester).await.is_empty());
    assert_eq!(tester.get(&page).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_off_the_board_or_does_not_count_is_nowhere() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let mut made = Vec::new();
    for tenths in [9, 8, 7, 6] {
        made.push(id(&team.upload("test", run(&tester, tenths)).await));
    }
    let now = Expr::value(tester.app.ambient.now());
    mark(&tester, &made[0], Column::DisqualifiedAt, now.clone()).await;
    mark(&tester, &made[1], Column::HiddenAt, now).await;
    mark(&tester, &made[2], Column::Trial, Expr::value(true)).await;
    let board = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await;
    assert_eq!(board.json["rows"][0]["submission"], made[3].as_str(), "{}", board.text);
    assert_eq!(board.json["rows"][0]["tries"], 3, "a trial is no try; what was taken off is");
    for gone in &made[..3] {
        assert_eq!(tester.get(&format!("/c/fiq/submissions/{gone}")).await.status, 404);
        let own = team.get(&format!("/api/v1/challenges/fiq/submissions/{gone}")).await;
        assert_eq!(own.status, 200, "its team still sees it");
    }
    assert_eq!(tester.get(&format!("/c/fiq/submissions/{}", made[3])).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_stands_under_its_pseudonym_until_the_reveal_or_always() {
    let lines = "reveals = 2026-12-15T00:00:00Z";
    let tester = Tester::of(World::with_more("", lines), |_| {}).await;
    let mut members = Vec::new();
    for (person, name) in [("Ada", "Sewing Circle"), ("Eve", "Cutting Room")] {
        members.push(tester.member(person, Some(name)).await);
    }
    let db = &tester.app.db;
    let challenge = challenges::find(db, "fiq").await.unwrap();
    let veils = [
        ("Sewing Circle", Anonymity::Reveal, "Thimble"),
        ("Cutting Room", Anonymity::Always, "Scissors"),
    ];
    for (name, anonymity, pseudonym) in veils {
        let team = accounts::find(db, challenge.id, name).await.unwrap().unwrap();
        let mut unit = UnitOfWork::begin(&tester.app).await.unwrap();
        accounts::set_anonymity(&mut unit, &team, anonymity, pseudonym).await.unwrap();
        unit.commit().await.unwrap();
    }
    let mut pages = Vec::new();
    for (member, tenths) in members.iter_mut().zip([9, 5]) {
        let sent = member.submit("/c/fiq/test/submit", &[], &run(&tester, tenths)).await;
        pages.push(sent.location.unwrap());
    }
    let api = "/api/v1/challenges/fiq/phases/test/leaderboard";
    let mut public = vec!["/c/fiq/test".to_owned(), api.to_owned(), format!("{api}.csv")];
    public.extend(pages.clone());
    let told = async || {
        let mut all = String::new();
        for path in &public {
            let answer = tester.get(path).await;
            assert_eq!(answer.status, 200, "{path}");
            all += &answer.text;
        }
        ["Sewing Circle", "Thimble", "Cutting Room", "Scissors"].map(|name| all.contains(name))
    };
    assert_eq!(told().await, [false, true, false, true]);
    assert!(
        members[1].get(&pages[1]).await.text.contains("Cutting Room"),
        "its own name, to itself"
    );
    let phase = challenges::find_phase(db, &challenge, "test").await.unwrap();
    let benchmark = challenges::benchmark_by_id(db, phase.benchmark_id).await.unwrap();
    let full = standings::full_standings(db, &phase, &benchmark, tester.app.ambient.now()).await;
    assert_eq!(full.unwrap().rows[0].team.name, "Sewing Circle", "organisers see who it is");
    tester.clock.set(Instant::of(datetime!(2026-12-15 0:00 UTC)));
    assert_eq!(told().await, [true, false, false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_board_after_the_deadline_leaves_the_final_standings_as_they_are() {
    let world = World::with_more(
        "",
        "\n[[phase]]\nname = \"after\"\ntitle = \"After the deadline\"\nbenchmark = \"test\"\n\
         opens = 2027-01-01T00:00:00Z",
    );
    let tester = Tester::of(world, |_| {}).await;
    let (first, late) = (tester.team("First").await, tester.team("Late").await);
    first.upload("test", run(&tester, 5)).await;
    let standings = tester.board("test").await;
    tester.clock.set(Instant::of(datetime!(2027-01-01 0:00 UTC)));
    assert_eq!(late.upload("test", run(&tester, 9)).await.status, 409);
    for team in [&first, &late] {
        assert_eq!(team.upload("after", run(&tester, 9)).await.status, 201);
    }
    assert_eq!(tester.board("test").await, standings);
    assert_eq!(tester.board("after").await.len(), 2);
    tester.clock.advance(10 * 365 * 86_400);
    assert_eq!(late.upload("after", run(&tester, 10)).await.status, 201, "it never closes");
    assert_eq!(tester.board("test").await, standings);
    let home = tester.get("/c/fiq").await;
    assert_eq!(home.location.as_deref(), Some("/c/fiq/after"), "the open board comes first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_the_leaderboard_can_be_asked_for() {
    let tester = Tester::start().await;
    for (n, name) in ["Atelier", "Bobbin", "Crêpe"].into_iter().enumerate() {
        let rank = [Some(1), Some(11), None][n];
        tester.team(name).await.upload("test", tester.test.run(move |_| rank)).await;
    }
    let path = "/api/v1/challenges/fiq/phases/test/leaderboard";
    for (query, wanted) in [
        ("", &["Atelier", "Bobbin", "Crêpe"][..]),
        ("?limit=2", &["Atelier", "Bobbin"]),
        ("?limit=2&offset=2", &["Crêpe"]),
        ("?offset=99", &[]),
        ("?limit=0", &[]),
    ] {
        let answer = tester.get(&format!("{path}{query}")).await.json;
        let rows = answer["rows"].as_array().unwrap();
        let teams: Vec<&str> = rows.iter().map(|row| row["team"].as_str().unwrap()).collect();
        assert_eq!(
            (teams.as_slice(), &answer["total"]),
            (wanted, &serde_json::json!(3)),
            "{query}"
        );
    }
    assert_eq!(tester.get(&format!("{path}?limit=-1")).await.status, 400);
}
