//! The schema of a database, brought up to date when it is opened.

use std::collections::BTreeSet;

use migrations::Migrator;
use sea_orm::sea_query::Query;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigratorTrait, SchemaManager};

use super::{Place, overwrite_free_pages, postgres};
use crate::error::{Error, Result};

/// The table of the steps that were taken.
const STEPS: &str = "seaql_migrations";

/// Whether the tables of this program are there.
pub(super) async fn is_there(db: &DatabaseConnection) -> Result<bool, DbErr> {
    SchemaManager::new(db).has_table(STEPS).await
}

/// Takes the steps that are missing, in one transaction. Two servers that start on one empty
/// database would both create its tables, so the write lock is taken first.
pub(super) async fn bring_up_to_date(db: &DatabaseConnection, place: &Place) -> Result<()> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = db.begin_with_options(immediate).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        postgres::be_patient(&transaction).await?;
        postgres::lock(&transaction).await?;
    }
    let schema = SchemaManager::new(&transaction);
    if schema.has_table(STEPS).await? {
        refuse_newer(&transaction, place).await?;
    }
    let before_secure_delete = db.get_database_backend() == DbBackend::Sqlite
        && schema.has_table("submission").await?
        && !schema.has_table("upload_store").await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    if before_secure_delete && overwrite_free_pages(db).await.is_err() {
        let repair = "run `fashion-iq doctor --repair`";
        tracing::warn!("deleted data is still in the database file; {repair}");
    }
    Ok(())
}

/// Refuses a database whose schema is not the present one, without changing it.
pub(super) async fn ensure_present(db: &DatabaseConnection, place: &Place) -> Result<()> {
    if !is_there(db).await? {
        return Err(Error::unusable(format!("there is no database of this program in {place}")));
    }
    let taken = refuse_newer(db, place).await?;
    let all = Migrator::migrations().len();
    if taken < all {
        return Err(Error::unusable(format!(
            "the database {place} is of an earlier release ({taken} of {all} steps of its schema); \
             start this release on it once, which brings it up to date"
        )));
    }
    Ok(())
}

/// Refuses a database that a newer release has changed; returns how many steps were taken.
async fn refuse_newer(db: &impl ConnectionTrait, place: &Place) -> Result<usize> {
    let known: BTreeSet<String> =
        Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let taken = db.query_all(&Query::select().column("version").from(STEPS).take()).await?;
    for row in &taken {
        let step: String = row.try_get_by_index(0)?;
        if !known.contains(&step) {
            return Err(Error::newer_schema(place, &step));
        }
    }
    Ok(taken.len())
}
