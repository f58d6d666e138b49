//! A database that an earlier program has filled is brought up to date with all that is in it.

use migrations::Migrator;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use sea_orm_migration::MigratorTrait;
use system_tests::{Tester, World};

/// The tables of the first migration, in an order in which they can be filled.
const TABLES: [&str; 8] =
    ["challenge", "benchmark", "phase", "team", "token", "submission", "scorecard", "ranks"];

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_first_migration_keeps_its_board_teams_and_limits() {
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

/// Makes a database as the first program did, and puts another one's rows into it: of each table
/// the columns that there were then.
async fn of_the_first_migration(database: &str, rows: &str) {
    let mut options = ConnectOptions::new(format!("sqlite://{database}?mode=rwc"));
    // what is attached is attached to one connection
    options.max_connections(1);
    let db = Database::connect(options).await.unwrap();
    Migrator::up(&db, Some(1)).await.unwrap();
    db.execute_unprepared(&format!("attach database '{rows}' as later")).await.unwrap();
    for table in TABLES {
        let columns = columns(&db, table).await.join(", ");
        let copy =
            format!("insert into main.{table} ({columns}) select {columns} from later.{table}");
        let copied = db.execute_unprepared(&copy).await.unwrap();
        assert!(copied.rows_affected() > 0, "{table} has rows");
    }
    db.close().await.unwrap();
}

async fn columns(db: &DatabaseConnection, table: &str) -> Vec<String> {
    let ask = format!("select name from pragma_table_info('{table}')");
    let rows = sea_orm::Statement::from_string(db.get_database_backend(), ask);
    let rows = db.query_all_raw(rows).await.unwrap();
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
