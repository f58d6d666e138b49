//! A database in a file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{self, Connection};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};

use crate::error::{Error, Result};
use crate::private;

/// The number of connections; SQLite serves readers next to its single writer.
const CONNECTIONS: u32 = 8;

/// How often to retry a new database that another server holds, and the pause between tries.
const MOST_TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// Opens the database in a file, and creates it if it does not exist.
///
/// `synchronous=FULL`: an accepted submission survives a power failure. `secure_delete`: deleted
/// data is overwritten.
pub(super) async fn open(file: &Path) -> Result<DatabaseConnection> {
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
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(is_outside_of_transactions(connection)))
        })
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
    Ok(connect(options).await?)
}

/// Whether a connection can be used again. On a full disk SQLite ends a transaction by itself, which the
/// connection doesn't notice: it would begin the next one inside of that, and never end it. One such
/// connection would read old rows, or hold the write lock, for ever.
async fn is_outside_of_transactions(
    connection: &mut SqliteConnection,
) -> Result<bool, sqlx::Error> {
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // A rollback may still be on its way; the answer to a ping comes after it.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Opens a database that exists without changing anything in it, not even its schema.
pub(super) async fn open_read_only(file: &Path) -> Result<DatabaseConnection, DbErr> {
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

/// The file of a database and the files that SQLite keeps next to it.
pub fn files(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = OsString::from(file);
        name.push(end);
        PathBuf::from(name)
    })
}

/// Moves the write-ahead log into the database and empties it; false if it was in use for too long.
pub(super) async fn empty_log(db: &DatabaseConnection) -> Result<bool> {
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    let checkpoint = Statement::from_string(db.get_database_backend(), checkpoint);
    let row = db.query_one_raw(checkpoint).await?;
    let busy = row.map(|row| row.try_get_by_index::<i32>(0)).transpose()?.unwrap_or_default();
    Ok(busy == 0)
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
