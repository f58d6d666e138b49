//! The schema of a database, brought up to date when it is opened.

use std::collections::BTreeSet;

use migrations::Migrator;
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ConnectionTrait, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoDatabaseExecutor, QueryOrder, Set,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigratorTrait, SchemaManager};

use super::{Place, overwrite_free_pages, postgres, snapshot};
use crate::ambient::Instant;
use crate::entities::release;
use crate::error::{Error, Result};

/// The table of the steps that were taken.
const STEPS: &str = "seaql_migrations";

/// The table of the releases that took them.
const RELEASES: &str = "release";

/// The version of this program.
pub(super) const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// How far the schema of a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The release that took the last step; none if that was before releases were recorded.
    pub release: Option<String>,
    /// How many of its steps this program knows.
    pub taken: usize,
    /// How many steps this program knows.
    pub known: usize,
    /// A step that this program doesn't know: a newer release took it.
    pub unknown: Option<String>,
}

impl Version {
    /// How many steps are missing.
    pub fn missing(&self) -> usize {
        self.known - self.taken
    }

    /// The release, as in a sentence.
    pub fn made_by(&self) -> String {
        self.release.as_ref().map_or("an earlier release".to_owned(), |it| format!("release {it}"))
    }

    fn refuse_newer(&self, place: &Place) -> Result<()> {
        match &self.unknown {
            Some(step) => Err(Error::newer_schema(place, self.release.as_deref(), step)),
            None => Ok(()),
        }
    }
}

/// Whether the tables of this program are there.
pub(super) async fn is_there<'c>(db: impl IntoDatabaseExecutor<'c>) -> Result<bool, DbErr> {
    SchemaManager::new(db).has_table(STEPS).await
}

/// Takes the steps that are missing, in one transaction. Two servers that start on one empty
/// database would both create its tables, so the write lock is taken first. A file that has tables is
/// copied before it is changed ([`snapshot`]).
pub(super) async fn bring_up_to_date(
    db: &DatabaseConnection,
    place: &Place,
    now: Instant,
) -> Result<()> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = db.begin_with_options(immediate).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        postgres::be_patient(&transaction).await?;
        postgres::lock(&transaction).await?;
    }
    let before = version(&transaction).await?;
    before.refuse_newer(place)?;
    if before.missing() == 0 {
        return Ok(transaction.rollback().await?);
    }
    if before.taken > 0 {
        secure(db, place, &before, now).await?;
    }
    let schema = SchemaManager::new(&transaction);
    let before_secure_delete = db.get_database_backend() == DbBackend::Sqlite
        && schema.has_table("submission").await?
        && !schema.has_table("upload_store").await?;
    Migrator::up(&transaction, None).await?;
    record(&transaction, before.known, now).await?;
    transaction.commit().await?;
    if before_secure_delete && overwrite_free_pages(db).await.is_err() {
        let fix = "run `fashion-iq doctor --fix`";
        tracing::warn!("deleted data is still in the database file; {fix}");
    }
    Ok(())
}

/// Makes sure that an upgrade can be taken back, or says how. Nobody writes in the meantime.
async fn secure(
    db: &DatabaseConnection,
    place: &Place,
    before: &Version,
    now: Instant,
) -> Result<()> {
    let (from, steps) = (before.made_by(), before.missing());
    match place {
        Place::File(file) => {
            let made = snapshot::take(db, file, now).await?;
            let made = made.display();
            tracing::info!(
                "upgrading the database of {from} to {RELEASE} ({steps} steps); as it was: {made}"
            );
        }
        Place::Server(_) => tracing::warn!(
            "upgrading the database of {from} to {RELEASE} ({steps} steps); there is no automatic \
             snapshot on PostgreSQL: to go back, restore the backup you made with `fashion-iq backup` \
             of the earlier release"
        ),
    }
    Ok(())
}

async fn record(transaction: &DatabaseTransaction, steps: usize, now: Instant) -> Result<()> {
    let row = release::ActiveModel {
        id: NotSet,
        version: Set(RELEASE.to_owned()),
        steps: Set(steps as i32),
        at: Set(now),
    };
    row.insert(transaction).await?;
    Ok(())
}

/// Refuses a database whose schema is not the present one, without changing it.
pub(super) async fn ensure_present(db: &DatabaseConnection, place: &Place) -> Result<()> {
    if !is_there(db).await? {
        return Err(Error::unusable(format!("there is no database of this program in {place}")));
    }
    let version = version(db).await?;
    version.refuse_newer(place)?;
    if version.missing() > 0 {
        return Err(Error::unusable(format!(
            "the database {place} is of {} ({} of {} steps of its schema); start this release on it \
             once, which brings it up to date",
            version.made_by(),
            version.taken,
            version.known
        )));
    }
    Ok(())
}

/// How far the schema of a database is. Nothing is changed.
pub async fn version<'c, C>(db: &'c C) -> Result<Version>
where
    C: ConnectionTrait,
    &'c C: IntoDatabaseExecutor<'c>,
{
    let all: BTreeSet<String> =
        Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let known = all.len();
    if !is_there(db).await? {
        return Ok(Version { release: None, taken: 0, known, unknown: None });
    }
    let rows = db.query_all(&Query::select().column("version").from(STEPS).take()).await?;
    let steps: Vec<String> =
        rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    let taken = steps.iter().filter(|step| all.contains(*step)).count();
    let unknown = steps.into_iter().find(|step| !all.contains(step));
    let release = if SchemaManager::new(db).has_table(RELEASES).await? {
        let newest = release::Entity::find().order_by_desc(release::Column::Id);
        newest.one(db).await?.map(|row| row.version)
    } else {
        None
    };
    Ok(Version { release, taken, known, unknown })
}
