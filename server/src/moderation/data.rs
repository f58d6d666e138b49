//! Which data sets a challenge may use.

use serde_json::json;

use super::audit::{self, Action, Deed, note};
use super::ensure_organises_server;
use crate::app::App;
use crate::entities::{challenge, user};
use crate::error::{Error, Result};
use crate::{challenges, database};

/// Grants a data set to a challenge: its organisers may name it in a definition.
pub async fn grant_data(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    (path, reason): (&str, &str),
) -> Result<()> {
    ensure_organises_server(app, by).await?;
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let path = challenges::read_data_path(&app.settings.datasets_dir, path)?;
    let transaction = database::begin(&app.db).await?;
    let granted = challenges::data_grants_of(&transaction, challenge).await?;
    if granted.iter().any(|grant| grant.path == path) {
        return Err(Error::conflict("no change: already granted"));
    }
    challenges::grant_data(&transaction, challenge.id, &path, by.id, now).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::GrantData,
        subject: format!("data {path}"),
        reason,
        before: json!({ "granted": false }),
        after: json!({ "granted": true }),
    };
    note(&transaction, now, deed).await?;
    Ok(transaction.commit().await?)
}

/// Takes a grant back. Benchmarks that use the data already keep it.
pub async fn revoke_data(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    (id, reason): (i32, &str),
) -> Result<()> {
    ensure_organises_server(app, by).await?;
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let transaction = database::begin(&app.db).await?;
    let path = challenges::revoke_data(&transaction, challenge, id).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::RevokeData,
        subject: format!("data {path}"),
        reason,
        before: json!({ "granted": true }),
        after: json!({ "granted": false }),
    };
    note(&transaction, now, deed).await?;
    Ok(transaction.commit().await?)
}
