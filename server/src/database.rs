//! The connection to the database, and the one kind of transaction that writes.

use std::path::Path;
use std::time::Duration;

use migrations::Migrator;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

/// SQLite serves readers beside its one writer from so many connections.
const CONNECTIONS: u32 = 8;

/// How often a new database that another server holds is tried again, and after which pause.
const MOST_TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// Opens the database in a file, which is made if it is not there, and brings its schema up to date.
///
/// `synchronous=FULL`: an accepted submission survives the power.
pub async fn open(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new("sqlite::memory:");
    let file = file.to_owned();
    options
        .max_connections(CONNECTIONS)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |o| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            o.filename(&file)
                .in_memory(false)
                .shared_cache(false)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
        });
    let db = connect(options).await?;
    // Migrations take no lock of their own: two servers starting on one empty database would both
    // create its tables.
    let transaction = begin(&db).await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    Ok(db)
}

/// Connects. While another server makes the same new database, it can't be turned to WAL, and SQLite
/// says so at once instead of waiting: so it is tried again.
async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    let mut tries = 0;
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if tries < MOST_TRIES && error.to_string().contains("is locked") => {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
            }
            connected => return connected,
        }
    }
}

/// Begins a transaction that means to write: it holds the write lock from its start, so that what it
/// reads (limits, leases) is still true when it writes.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(immediate).await
}
