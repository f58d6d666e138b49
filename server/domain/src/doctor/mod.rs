//! Checks what a server needs: its database, store, clock, keys, disk and permissions. Nothing is
//! changed, and a server can run at the same time.

mod clock;
mod database;
mod keys;

use std::path::Path;

use sea_orm::DatabaseConnection;

use crate::ambient::Instant;
use crate::error::Result;
use crate::storage::DataFolder;
use crate::storage::examination::{self, examine_disk, examine_permissions};

pub use crate::storage::examination::{Finding, State};

/// Checks a data folder, its database and its store. `secrets` is the file of settings, if it holds
/// any. What can't be checked because of another problem is left out.
pub async fn examine(
    folder: &DataFolder,
    secrets: Option<&Path>,
    now: Instant,
) -> Result<Vec<Finding>> {
    let db = match database::open(&folder.database).await {
        Ok(db) => db,
        Err(problem) => return Ok(vec![problem, examine_disk(folder)]),
    };
    let mut findings = vec![database::integrity(&db).await?];
    findings.extend(database::library(&db).await?);
    let (version, is_present) = database::version(&db, &folder.database).await?;
    findings.push(version);
    if is_present {
        findings.extend(of_content(folder, &db, now).await?);
        findings.push(examine_permissions(folder, secrets).await?);
    }
    findings.push(examine_disk(folder));
    db.close().await?;
    Ok(findings)
}

async fn of_content(
    folder: &DataFolder,
    db: &DatabaseConnection,
    now: Instant,
) -> Result<Vec<Finding>> {
    let mut findings = vec![clock::examine(db, now).await?, keys::examine(db).await?];
    findings.extend(examination::examine(folder, db).await?);
    Ok(findings)
}
