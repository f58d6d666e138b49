//! The connection to the database, the unit of work that writes to it, and the removal of deleted
//! data from its files.
//!
//! A database is in a file of SQLite or on a PostgreSQL server ([`Place`]). Both are used in the same
//! way: one writer at a time, which holds the write lock from the start of its transaction.

mod copy;
mod json;
mod place;
mod pool;
mod postgres;
mod revisions;
mod schema;
pub mod signals;
pub mod snapshot;
mod sqlite;
mod unit;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::ambient::Instant;
use crate::error::Result;

pub use copy::{CopiedTable, copy, tables};
pub use json::{from_json, to_json};
pub use place::{Bounds, Place, Postgres};
pub use pool::{Pool, pool};
pub use revisions::Revisions;
pub use schema::{Version, version};
pub use signals::Signal;
pub use sqlite::files;
pub use unit::{Change, Extent, Notice, UnitOfWork};

/// Opens a database, creates it if it is a file that does not exist, and brings its schema up to
/// date. A file is copied before that ([`snapshot`]). A database of a newer release is refused.
pub async fn open(place: &Place, now: Instant) -> Result<DatabaseConnection> {
    let db = match place {
        Place::File(file) => sqlite::open(file).await?,
        Place::Server(server) => postgres::open(server).await?,
    };
    schema::bring_up_to_date(&db, place, now).await?;
    Ok(db)
}

/// Opens a database that exists without changing anything in it, not even its schema.
pub async fn open_read_only(place: &Place) -> Result<DatabaseConnection> {
    match place {
        Place::File(file) => Ok(sqlite::open_read_only(file).await?),
        Place::Server(server) => postgres::open_read_only(server).await,
    }
}

/// Opens a database that exists to copy it: it is locked against writers, and not changed.
pub async fn open_source(place: &Place) -> Result<DatabaseConnection> {
    match place {
        Place::File(file) => sqlite::open(file).await,
        Place::Server(server) => postgres::open(server).await,
    }
}

/// Whether a place holds a database of this program already.
pub async fn exists(place: &Place) -> Result<bool> {
    if let Place::File(file) = place {
        return Ok(file.exists());
    }
    let db = open_read_only(place).await?;
    let there = schema::is_there(&db).await;
    db.close().await?;
    Ok(there?)
}

/// Removes deleted data from a database's files. Call it after a deletion is committed. It waits for
/// readers and writers, and returns false if they did not finish in time; the next call does the
/// rest. PostgreSQL does this by itself (autovacuum).
pub async fn scrub(db: &DatabaseConnection) -> Result<bool> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(true);
    }
    let emptied = sqlite::empty_log(db).await?;
    if !emptied {
        tracing::warn!(
            "the write-ahead log is in use and was not emptied; the server will try again"
        );
    }
    Ok(emptied)
}

/// Rewrites a database, so that nothing is left of data that was deleted before `secure_delete` was
/// set, or on PostgreSQL before it was vacuumed.
pub async fn overwrite_free_pages(db: &DatabaseConnection) -> Result<()> {
    let rewrite =
        if db.get_database_backend() == DbBackend::Sqlite { "VACUUM" } else { "VACUUM FULL" };
    db.execute_unprepared(rewrite).await?;
    Ok(())
}

/// Begins a transaction that holds the write lock from its start, so that the values it reads
/// (limits, leases) are still true when it writes. Actions open a [`UnitOfWork`] instead.
///
/// PostgreSQL shows each statement of it what was committed before that statement, and since writers
/// wait for the lock, nothing is committed between two of them.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = db.begin_with_options(immediate).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        postgres::lock(&transaction).await?;
    }
    Ok(transaction)
}
