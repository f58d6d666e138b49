//! What a team is called on boards.

use crate::accounts;
use crate::app::App;
use crate::entities::team::{self, Anonymity};
use crate::error::{Error, Result};
use crate::{database, standings};

/// What a team is to be called.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    /// Its own name.
    pub name: &'a str,
    /// Whether others see a pseudonym.
    pub anonymity: Anonymity,
    /// The pseudonym.
    pub pseudonym: &'a str,
}

/// Gives a team another name or pseudonym. Frozen boards are kept first, since nothing but a kept board
/// remembers the names of its instant.
pub async fn rename_team(app: &App, team: team::Model, naming: Naming<'_>) -> Result<()> {
    let transaction = database::begin(&app.db).await?;
    if !standings::keep_all(&transaction, team.challenge_id, app.ambient.now()).await? {
        return Err(Error::freezing());
    }
    if naming.name != team.name {
        accounts::rename(&transaction, &team, naming.name).await?;
    }
    let team = team::Model { name: naming.name.to_owned(), ..team };
    accounts::set_anonymity(&transaction, &team, naming.anonymity, naming.pseudonym).await?;
    transaction.commit().await?;
    app.revisions.forget();
    Ok(())
}
