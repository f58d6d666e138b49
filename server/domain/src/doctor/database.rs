//! The database: whether it is intact, how far its schema is, and which library reads it.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::Finding;
use crate::database::{self, Place};
use crate::error::Result;

/// The first version of SQLite without the error that could damage a database in WAL mode while
/// several processes write to it.
const LEAST_SQLITE: [u32; 3] = [3, 51, 3];

/// Opens the database without changing it; or the problem with it.
pub(super) async fn open(place: &Place) -> Result<DatabaseConnection, Finding> {
    let problem = |found| {
        let advice = "correct `data_dir` or `database`, restore a backup, or start `fashion-iq serve`, \
                      which creates a database in an empty folder";
        Finding::problem("database", found, advice)
    };
    match database::exists(place).await {
        Ok(true) => database::open_read_only(place).await.map_err(|e| problem(e.detail)),
        Ok(false) => Err(problem(format!("database {place} does not exist"))),
        Err(error) => Err(problem(error.detail)),
    }
}

/// Whether the database's pages are intact.
pub(super) async fn integrity(db: &DatabaseConnection) -> Result<Finding> {
    if db.get_database_backend() != DbBackend::Sqlite {
        // PostgreSQL checks the pages that it reads, if its cluster was made so.
        db.ping().await?;
        return Ok(Finding::ok("database", "the database server answers"));
    }
    let said = texts(db, "PRAGMA quick_check").await;
    match said {
        Ok(said) if said == ["ok"] => Ok(Finding::ok("database", "the database is intact")),
        Ok(said) => Ok(damaged().with(said)),
        Err(error) => Ok(damaged().with([error.to_string()])),
    }
}

fn damaged() -> Finding {
    Finding::problem("database", "the database is damaged", "restore a backup or a snapshot")
}

/// Which version of SQLite reads the file; none on PostgreSQL.
pub(super) async fn library(db: &DatabaseConnection) -> Result<Option<Finding>> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(None);
    }
    let version = texts(db, "select sqlite_version()").await?.concat();
    let parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found = format!("SQLite {version}");
    let [a, b, c] = LEAST_SQLITE;
    let advice = format!("use a build of this program with SQLite {a}.{b}.{c} or newer");
    Ok(Some(if parts.ge(LEAST_SQLITE) {
        Finding::ok("sqlite", found)
    } else {
        Finding::problem("sqlite", found, &advice)
    }))
}

/// How far the schema is, and whether it is the present one.
pub(super) async fn version(db: &DatabaseConnection, place: &Place) -> Result<(Finding, bool)> {
    let version = database::version(db).await?;
    let check = "schema";
    let steps = format!("{} of {} steps of the schema", version.taken, version.known);
    if let Some(step) = &version.unknown {
        let found = format!(
            "the database was upgraded by {} (step `{step}`), and this is release {}",
            version.release.as_deref().unwrap_or("a newer release"),
            env!("CARGO_PKG_VERSION")
        );
        let advice = "use that release or a newer one, or restore the snapshot or backup from before \
                      the upgrade";
        return Ok((Finding::problem(check, found, advice), false));
    }
    if version.missing() > 0 {
        let found = format!("the database is of {} ({steps})", version.made_by());
        let advice = match place {
            Place::File(_) => {
                "`--fix` or the next start of this release upgrades it, and keeps a snapshot"
            }
            Place::Server(_) => {
                "make a backup with the earlier release; then `--fix` or the next start upgrades it"
            }
        };
        return Ok((Finding::warning(check, found, advice), false));
    }
    Ok((Finding::ok(check, format!("{steps}, by {}", version.made_by())), true))
}

async fn texts(db: &DatabaseConnection, query: &str) -> Result<Vec<String>, DbErr> {
    let query = Statement::from_string(db.get_database_backend(), query);
    let rows = db.query_all_raw(query).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
