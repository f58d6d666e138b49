//! A database of an earlier version is upgraded with all its content.

use std::path::Path;

use domain::database::Place;
use migrations::Migrator;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use sea_orm_migration::MigratorTrait;
use system_tests::{Client, Program, Tester, World};

/// The tables of the first migration, in an order in which they can be filled.
const TABLES: [&str; 8] =
    ["challenge", "benchmark", "phase", "team", "token", "submission", "scorecard", "ranks"];

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_of_the_first_migration_keeps_its_board_teams_and_limits() {
    let tester = Tester::of(World::new("total = 2"), |_| {}).await;
    let team = tester.team("Atelier").await;
    let run = || tester.test.run(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    let first = team.upload("test", run()).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let board = tester.board("test").await;

    let old = World::new("total = 2");
    let data = old.data_dir();
    std::fs::create_dir_all(&data).unwrap();
    let rows = tester.app.settings.database_file();
    let database = data.join("fashion-iq.sqlite");
    of_the_first_migration(&database.display().to_string(), &rows.display().to_string()).await;
    copy_files(&tester.app.settings.upload_dir(), &data.join("uploads"));

    let upgraded = tester.beside_with(|settings| settings.data_dir.clone_from(&data)).await;
    let team = team.at(&upgraded);
    let leaderboard = "/api/v1/challenges/fiq/phases/test/leaderboard";
    assert_eq!(team.get(leaderboard).await.json, tester.get(leaderboard).await.json);
    assert_eq!(board, ["1 Atelier 0.7500"]);
    let told = team.get(first.location.as_deref().unwrap()).await;
    assert_eq!((told.status, &told.json), (200, &first.json));
    assert_eq!(team.upload("test", run()).await.status, 200, "the same bytes are known");
    assert_eq!(team.upload("test", tester.test.run(|_| Some(1))).await.status, 201);
    assert_eq!(team.upload("test", tester.test.run(|_| Some(2))).await.status, 429);
    upgraded.stop().await;
}

/// A data folder as the first program left it, with one scored submission.
async fn of_the_first_program(tester: &Tester) -> World {
    let team = tester.team("Atelier").await;
    let run = tester.test.run(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    assert_eq!(team.upload("test", run).await.status, 201);
    let old = World::new("total = 2");
    let data = old.data_dir();
    std::fs::create_dir_all(&data).unwrap();
    let (database, rows) = (data.join("fashion-iq.sqlite"), tester.app.settings.database_file());
    of_the_first_migration(&database.display().to_string(), &rows.display().to_string()).await;
    copy_files(&tester.app.settings.upload_dir(), &data.join("uploads"));
    old
}

/// The snapshots of a data folder, oldest first.
fn snapshots(data: &Path) -> Vec<String> {
    let names = std::fs::read_dir(data).unwrap().map(|file| file.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.contains(".before-")).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_on_an_older_sqlite_file_keeps_a_snapshot_from_which_one_can_go_back() {
    let tester = Tester::of(World::new("total = 2"), |_| {}).await;
    let old = of_the_first_program(&tester).await;
    let data = old.data_dir();
    let own = env!("CARGO_PKG_VERSION");
    for earlier in ["0.0.1-20200101T000000Z", "0.0.9-20210101T000000Z", "0.0.10-20220101T000000Z"] {
        std::fs::write(data.join(format!("fashion-iq.sqlite.before-{earlier}")), "").unwrap();
    }
    let doctor = Program::run(&data, &["doctor"]);
    let said = String::from_utf8(doctor.stdout).unwrap();
    assert!(
        said.contains("warning  schema: the database is of an earlier release (1 of"),
        "{said}"
    );
    assert_eq!(snapshots(&data).len(), 3, "a check changes nothing");

    let log = old.path().join("log");
    let program = Program::serve_logging(&data, &log);
    let leaderboard = "/api/v1/challenges/fiq/phases/test/leaderboard";
    let shown = Client::new(&program.address).get(leaderboard);
    assert_eq!(shown.json["rows"][0]["team"], "Atelier", "{}", shown.text);
    program.terminate();
    let kept = snapshots(&data);
    assert_eq!(kept.len(), 3, "the newest three are kept: {kept:?}");
    assert!(kept[..2].iter().all(|name| name.contains("before-0.0.")), "{kept:?}");
    assert!(kept.iter().all(|name| !name.contains("0.0.1-")), "the oldest is gone: {kept:?}");
    let made = &kept[2];
    assert!(made.starts_with(&format!("fashion-iq.sqlite.before-{own}-")), "{made}");
    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        log.contains("upgrading the database of an earlier release") && log.contains(made),
        "{log}"
    );

    // A restart upgrades nothing, and makes none.
    Program::serve(&data).terminate();
    assert_eq!(snapshots(&data), kept);
    // The snapshot is the database from before.
    let back = Database::connect(format!("sqlite://{}", data.join(made).display())).await.unwrap();
    assert_eq!(Migrator::get_applied_migrations(&back).await.unwrap().len(), 1);
    let count = "select cast(count(*) as text) from submission";
    assert_eq!(texts(&back, count).await, ["1"]);
    back.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_that_can_not_be_copied_first_is_not_upgraded() {
    let tester = Tester::of(World::new("total = 2"), |_| {}).await;
    let old = of_the_first_program(&tester).await;
    let data = old.data_dir();
    let file = data.join("fashion-iq.sqlite");
    let now = tester.app.ambient.now();
    // Something is in the way of the copy.
    let at = now.utc();
    let (day, hour) = (at.date().to_string().replace('-', ""), at.time());
    let name = format!(
        "fashion-iq.sqlite.before-{}-{day}T{:02}{:02}{:02}Z",
        env!("CARGO_PKG_VERSION"),
        hour.hour(),
        hour.minute(),
        hour.second()
    );
    std::fs::create_dir_all(data.join(&name).join("full")).unwrap();
    let error = domain::database::open(&Place::File(file.clone()), now).await.unwrap_err();
    assert!(
        error.detail.contains(&name) && error.detail.contains("nothing was changed"),
        "{error}"
    );
    let db = Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    assert_eq!(Migrator::get_applied_migrations(&db).await.unwrap().len(), 1);
    db.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_of_any_migration_keeps_every_row() {
    let tester = Tester::start().await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    ada.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(1))).await;
    let rows = tester.app.settings.database_file().display().to_string();
    let steps = Migrator::migrations().len();
    for step in 1..steps {
        let database = tester.world.path().join(format!("step-{step}.sqlite"));
        let db = of_migration(step as u32, &database.display().to_string()).await;
        db.execute_unprepared("pragma foreign_keys = off").await.unwrap();
        db.execute_unprepared(&format!("attach database '{rows}' as later")).await.unwrap();
        let mut counts = Vec::new();
        for table in texts(&db, TABLES_THERE).await {
            counts.push((copy_rows(&db, &table).await, table));
        }
        // a form that kept the line ends of a browser
        let crlf = "update challenge set rules = 'one' || char(13) || char(10) || 'two'";
        db.execute_unprepared(crlf).await.unwrap();
        Migrator::up(&db, None).await.unwrap_or_else(|error| panic!("after {step}: {error}"));
        for (count, table) in counts {
            let now = texts(&db, &format!("select cast(count(*) as text) from {table}")).await;
            assert_eq!(now, [count.to_string()], "{table} after {step}");
        }
        let broken = "select \"table\" from pragma_foreign_key_check";
        assert_eq!(texts(&db, broken).await, [""; 0], "after {step}");
        let rules = if step < of_line_ends() { "one\ntwo" } else { "one\r\ntwo" };
        assert_eq!(texts(&db, "select rules from challenge").await, [rules], "after {step}");
        db.close().await.unwrap();
    }
}

/// The tables of a database, without those that belong to the database and the migrations, and without
/// sessions: those of the first migration were of teams, and ended.
const TABLES_THERE: &str = "select name from main.sqlite_master where type = 'table' \
                            and name not like 'sqlite%' and name not in ('seaql_migrations', 'session')";

/// How many migrations there are up to the one that fixes line ends.
fn of_line_ends() -> usize {
    let names = Migrator::migrations();
    1 + names.iter().position(|step| step.name().ends_with("draft")).unwrap()
}

/// Makes a database as the first program did, and puts another one's rows into it: of each table
/// the columns that there were then.
async fn of_the_first_migration(database: &str, rows: &str) {
    let db = of_migration(1, database).await;
    db.execute_unprepared(&format!("attach database '{rows}' as later")).await.unwrap();
    for table in TABLES {
        assert!(copy_rows(&db, table).await > 0, "{table} has rows");
    }
    db.close().await.unwrap();
}

/// A new database with the first migrations, on one connection: what is attached is attached to one.
async fn of_migration(steps: u32, database: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{database}?mode=rwc"));
    options.max_connections(1);
    let db = Database::connect(options).await.unwrap();
    Migrator::up(&db, Some(steps)).await.unwrap();
    db
}

/// Copies the rows of a table of the database `later`, and answers how many there are.
async fn copy_rows(db: &DatabaseConnection, table: &str) -> u64 {
    let columns = columns(db, table).await.join(", ");
    let copy = format!("insert into main.{table} ({columns}) select {columns} from later.{table}");
    db.execute_unprepared(&copy).await.unwrap().rows_affected()
}

async fn columns(db: &DatabaseConnection, table: &str) -> Vec<String> {
    texts(db, &format!("select '\"' || name || '\"' from pragma_table_info('{table}')")).await
}

/// The first column of what a query finds.
async fn texts(db: &DatabaseConnection, query: &str) -> Vec<String> {
    let query = sea_orm::Statement::from_string(db.get_database_backend(), query);
    let rows = db.query_all_raw(query).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

fn copy_files(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        // the first program knew of no identity
        if file.file_name() != ".identity" {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}
