//! The connection to the database, the unit of work that writes to it, and the removal of deleted
//! data from its files.

mod json;
mod revisions;
mod unit;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use migrations::Migrator;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigratorTrait, SchemaManager};

use crate::error::{Error, Result};
use crate::private;

pub use json::{from_json, to_json};
pub use revisions::Revisions;
pub use unit::{Change, Extent, Notice, UnitOfWork};

/// The number of connections; SQLite serves readers next to its single writer.
const CONNECTIONS: u32 = 8;

/// How often to retry a new database that another server holds, and the pause between tries.
const MOST_TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// Opens the database in a file, creates it if it does not exist, and brings its schema up to date.
///
/// `synchronous=FULL`: an accepted submission survives a power failure. `secure_delete`: deleted
/// data is overwritten.
pub async fn open(file: &Path) -> Result<DatabaseConnection> {
    // SQLite gives the files next to it the permissions of the database itself.
    private::create_file(file)
        .map_err(|e| Error::io(&format!("open the database {}", file.display()), e))?;
    for beside in files(file).into_iter().skip(1).filter(|beside| beside.exists()) {
        private::narrow(&beside)
            .map_err(|e| Error::io(&format!("make {} private", beside.display()), e))?;
    }
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
                .pragma("secure_delete", "ON")
                .busy_timeout(Duration::from_secs(10))
        });
    let db = connect(options).await?;
    // Migrations take no lock: two servers starting on one empty database would both create its
    // tables.
    let transaction = begin(&db).await?;
    let schema = SchemaManager::new(&transaction);
    let before_secure_delete =
        schema.has_table("submission").await? && !schema.has_table("upload_store").await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    if before_secure_delete && overwrite_free_pages(&db).await.is_err() {
        let repair = "run `fashion-iq doctor --repair`";
        tracing::warn!("deleted data is still in the database file; {repair}");
    }
    Ok(db)
}

/// The file of a database and the files that SQLite keeps next to it.
pub fn files(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = OsString::from(file);
        name.push(end);
        PathBuf::from(name)
    })
}

/// Opens a database that exists without changing anything in it, not even its schema.
pub async fn open_read_only(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new("sqlite::memory:");
    let file = file.to_owned();
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |o| {
        o.filename(&file)
            .in_memory(false)
            .shared_cache(false)
            .read_only(true)
            .busy_timeout(Duration::from_secs(10))
    });
    connect(options).await
}

/// Removes deleted data from the database's files: moves the write-ahead log into the database and
/// empties it. Call it after a deletion is committed. It waits for readers and writers, and returns
/// false if they did not finish in time; the next call does the rest.
pub async fn scrub(db: &DatabaseConnection) -> Result<bool> {
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    let checkpoint = Statement::from_string(db.get_database_backend(), checkpoint);
    let row = db.query_one_raw(checkpoint).await?;
    let busy = row.map(|row| row.try_get_by_index::<i32>(0)).transpose()?.unwrap_or_default();
    if busy != 0 {
        tracing::warn!(
            "the write-ahead log is in use and was not emptied; the server will try again"
        );
    }
    Ok(busy == 0)
}

/// Overwrites data deleted before [`open`] set `secure_delete`, by rewriting the database.
pub async fn overwrite_free_pages(db: &DatabaseConnection) -> Result<()> {
    db.execute_unprepared("VACUUM").await?;
    Ok(())
}

/// Connects. While another server creates the same new database, it can't be switched to WAL, and
/// SQLite fails at once instead of waiting, so we retry.
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

/// Begins a transaction that holds the write lock from its start, so that the values it reads
/// (limits, leases) are still true when it writes. Actions open a [`UnitOfWork`] instead.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(immediate).await
}
