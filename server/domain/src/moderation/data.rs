//! Which data sets a challenge may use.

use super::change::Change;
use super::{audit, ensure_organises_server};
use crate::challenges;
use crate::database::UnitOfWork;
use crate::entities::{challenge, user};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// Grants a data set to a challenge: its organisers can then name it in a definition.
pub async fn grant_data(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    (path, reason): (&str, &str),
) -> Result<()> {
    ensure_organises_server(site, by).await?;
    let reason = audit::reason(reason)?;
    let path = challenges::read_data_path(&site.datasets_dir, path)?;
    let unit = UnitOfWork::begin(site).await?;
    let granted = challenges::data_grants_of(unit.db(), challenge).await?;
    if granted.iter().any(|grant| grant.path == path) {
        return Err(Error::conflict("no change: already granted"));
    }
    challenges::grant_data(unit.db(), challenge.id, &path, by.id, unit.now()).await?;
    let change = Change::Data { path, before: false, after: true };
    audit::record(&unit, challenge.id, Some(by), &change, reason).await?;
    unit.commit().await
}

/// Revokes a grant. Benchmarks that already use the data keep it.
pub async fn revoke_data(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    (id, reason): (i32, &str),
) -> Result<()> {
    ensure_organises_server(site, by).await?;
    let reason = audit::reason(reason)?;
    let unit = UnitOfWork::begin(site).await?;
    let path = challenges::revoke_data(unit.db(), challenge, id).await?;
    let change = Change::Data { path, before: true, after: false };
    audit::record(&unit, challenge.id, Some(by), &change, reason).await?;
    unit.commit().await
}
