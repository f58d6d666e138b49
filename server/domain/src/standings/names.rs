//! The name of a team on boards.

use crate::accounts;
use crate::database::UnitOfWork;
use crate::entities::team::{self, Anonymity};
use crate::error::{Error, Result};
use crate::standings;
use crate::submissions::SubmissionsSite;

/// The new name settings of a team.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    /// Its own name.
    pub name: &'a str,
    /// Whether others see a pseudonym.
    pub anonymity: Anonymity,
    /// The pseudonym.
    pub pseudonym: &'a str,
}

/// Changes a team's name or pseudonym. Frozen boards are saved first, since only a saved board has
/// the names of its instant.
pub async fn rename_team(
    site: &SubmissionsSite,
    team: team::Model,
    naming: Naming<'_>,
) -> Result<()> {
    let mut unit = UnitOfWork::begin(site).await?;
    if !standings::keep_all(unit.db(), team.challenge_id, unit.now()).await? {
        return Err(Error::freezing());
    }
    if naming.name != team.name {
        accounts::rename(&mut unit, &team, naming.name).await?;
    }
    let team = team::Model { name: naming.name.to_owned(), ..team };
    accounts::set_anonymity(&mut unit, &team, naming.anonymity, naming.pseudonym).await?;
    unit.commit().await
}
