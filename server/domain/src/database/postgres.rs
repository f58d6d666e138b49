//! A database of a PostgreSQL server.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, SqlxPostgresConnector};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::place::Postgres;
use crate::error::{Error, Result};

/// The oldest version whose every feature that is used here exists.
const LEAST_VERSION: i32 = 13;

/// The lock that a writer holds, as SQLite's single writer does: the letters of `fashioniq`.
const WRITE_LOCK: i64 = 0x6661_7368_696f_6e69;

/// Connects. What can be wrong with the setting is said at once, in a sentence that names it.
pub(super) async fn open(place: &Postgres) -> Result<DatabaseConnection> {
    connect(place, PgConnectOptions::clone(&place.options), place.bounds.connections).await
}

/// Connects without the right to change anything.
pub(super) async fn open_read_only(place: &Postgres) -> Result<DatabaseConnection> {
    let reading =
        PgConnectOptions::clone(&place.options).options([("default_transaction_read_only", "on")]);
    connect(place, reading, 1).await
}

async fn connect(
    place: &Postgres,
    options: PgConnectOptions,
    connections: u32,
) -> Result<DatabaseConnection> {
    let bounds = place.bounds;
    let millis = |time: Duration| time.as_millis().to_string();
    let options = options
        .application_name("fashion-iq")
        .options([
            ("statement_timeout", millis(bounds.statement)),
            ("lock_timeout", millis(bounds.wait)),
            // A client that is gone for that long holds no lock any more.
            ("idle_in_transaction_session_timeout", millis(bounds.statement)),
        ])
        .disable_statement_logging();
    check(place, &options).await?;
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(bounds.wait)
        .test_before_acquire(false)
        .connect_lazy_with(options);
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// Tries one connection: a pool would try until its time is up, and then say only that.
async fn check(place: &Postgres, options: &PgConnectOptions) -> Result<()> {
    let wait = place.bounds.wait;
    let wrong = |what: String| Error::unusable(format!("setting `database` ({place}): {what}"));
    let mut tried = match tokio::time::timeout(wait, PgConnection::connect_with(options)).await {
        Ok(Ok(tried)) => tried,
        Ok(Err(error)) => return Err(wrong(why_not(&error))),
        Err(_) => {
            return Err(wrong(format!(
                "the server did not answer within {} s; check the host, and that nothing blocks \
                 the way to it",
                wait.as_secs()
            )));
        }
    };
    let asked = "select current_setting('server_version_num')::int / 10000, \
                 current_setting('server_encoding')";
    let (version, encoding): (i32, String) =
        sqlx::query_as(asked).fetch_one(&mut tried).await.map_err(|e| wrong(why_not(&e)))?;
    // The answer to goodbye changes nothing.
    let _ = tried.close().await;
    if version < LEAST_VERSION {
        let rule = format!("it is PostgreSQL {version}; {LEAST_VERSION} or newer is needed");
        return Err(wrong(rule));
    }
    if encoding != "UTF8" {
        return Err(wrong(format!(
            "its encoding is {encoding}; create one with `createdb --template=template0 \
             --encoding=UTF8 --locale=C`"
        )));
    }
    Ok(())
}

/// Why there is no connection, and what to do. Nothing of this repeats a password.
fn why_not(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) => {
            format!("the server can't be reached ({error}); check host and port, and that it runs")
        }
        sqlx::Error::Tls(error) => format!(
            "no TLS connection ({error}); check sslmode and sslrootcert at the end of the URL"
        ),
        sqlx::Error::Database(error) => match error.code().as_deref() {
            Some("28P01" | "28000") => {
                format!(
                    "the server refuses this user ({}); check user and password",
                    error.message()
                )
            }
            Some("3D000") => {
                format!("{}; create it with `createdb --encoding=UTF8`", error.message())
            }
            _ => format!("the server answers: {}", error.message()),
        },
        error => format!("{error}"),
    }
}

/// Takes the write lock until the end of the transaction.
pub(super) async fn lock(transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
    let lock = format!("select pg_advisory_xact_lock({WRITE_LOCK})");
    transaction.execute_unprepared(&lock).await.map(drop)
}

/// Lifts the timeouts until the end of the transaction: a step of the schema may take long, and so
/// may another server's.
pub(super) async fn be_patient(transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
    for timeout in ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"] {
        transaction.execute_unprepared(&format!("set local {timeout} = 0")).await?;
    }
    Ok(())
}
