//! Joining a challenge and its teams, one action each.

use sea_orm::ConnectionTrait;

use super::invite::{follow_invite, invited_to, new_invite};
use super::membership::{accept_rules, enter_team, leave, teams_left_empty};
use super::team::challenge_of;
use super::{Email, Secret, count_mail, letters, new_team, team_of};
use crate::accounts::AccountsSite;
use crate::database::UnitOfWork;
use crate::entities::participation::{self, Joining};
use crate::entities::team::{self, TeamKind};
use crate::entities::{challenge, user};
use crate::error::{Error, Result};

/// Accepts a version of the rules for a person, who then takes part or waits for the organisers'
/// decision.
pub async fn join(
    site: &AccountsSite,
    challenge: &challenge::Model,
    user: &user::Model,
    version: i32,
) -> Result<participation::Model> {
    let unit = UnitOfWork::begin(site).await?;
    challenge.ensure_active()?;
    let row = accept_rules(unit.db(), challenge, user, version, unit.now()).await?;
    unit.commit().await?;
    Ok(row)
}

/// Creates a team with one member.
pub async fn found_team(
    site: &AccountsSite,
    challenge: &challenge::Model,
    user: &user::Model,
    name: &str,
    kind: TeamKind,
) -> Result<team::Model> {
    let unit = UnitOfWork::begin(site).await?;
    challenge.ensure_active()?;
    let team = new_team(unit.db(), challenge, name, kind, unit.now()).await?;
    enter_team(unit.db(), challenge, user, &team, unit.now()).await?;
    unit.commit().await?;
    Ok(team)
}

/// Removes a person from their team.
pub async fn leave_team(
    site: &AccountsSite,
    challenge: &challenge::Model,
    user: &user::Model,
) -> Result<()> {
    let unit = UnitOfWork::begin(site).await?;
    leave(unit.db(), challenge, user, unit.now()).await?;
    unit.commit().await
}

/// Returns a person to a team that they were the last to leave.
pub async fn rejoin_team(
    site: &AccountsSite,
    challenge: &challenge::Model,
    user: &user::Model,
    team: i32,
) -> Result<()> {
    let unit = UnitOfWork::begin(site).await?;
    challenge.ensure_active()?;
    let left = teams_left_empty(unit.db(), challenge, user).await?;
    let team = left.into_iter().find(|left| left.id == team);
    let team =
        team.ok_or_else(|| Error::field("team", "must be a team that you were the last to leave"))?;
    enter_team(unit.db(), challenge, user, &team, unit.now()).await?;
    unit.commit().await
}

/// Creates an invite to a member's team, and mails it if an address is given. Whether the address
/// has an account is not checked. The secret is returned only here.
pub async fn invite(
    site: &AccountsSite,
    challenge: &challenge::Model,
    user: &user::Model,
    email: Option<&Email>,
) -> Result<Secret> {
    let mut unit = UnitOfWork::begin(site).await?;
    let team = own_team(unit.db(), challenge, user).await?;
    let secret = new_invite(unit.db(), &site.ambient, &team, Some(user), email).await?;
    if let Some(email) = email.map(Email::as_str) {
        let (limits, by) = (&site.attempts, user.id.to_string());
        count_mail(unit.db(), limits, &by, email, unit.now()).await?;
        let names = (user.name.as_str(), team.name.as_str(), challenge.title.as_str());
        let letter = letters::invited(&site.base_address(), email, names, &secret);
        unit.mail(letter.naming(user.id));
    }
    unit.commit().await?;
    Ok(secret)
}

/// Creates an invite to a team for the operator of the server.
pub async fn invite_into(site: &AccountsSite, team: &team::Model) -> Result<Secret> {
    let unit = UnitOfWork::begin(site).await?;
    let secret = new_invite(unit.db(), &site.ambient, team, None, None).await?;
    unit.commit().await?;
    Ok(secret)
}

/// Accepts an invite: the person accepts a version of the rules, if one is given, and joins the
/// team unless they still wait for the organisers' approval.
pub async fn accept_invite(
    site: &AccountsSite,
    user: &user::Model,
    secret: &Secret,
    version: Option<i32>,
) -> Result<Joining> {
    let unit = UnitOfWork::begin(site).await?;
    let (_, team) = invited_to(unit.db(), unit.now(), secret).await?;
    let challenge = challenge_of(unit.db(), &team).await?;
    challenge.ensure_active()?;
    if let Some(version) = version {
        let row = accept_rules(unit.db(), &challenge, user, version, unit.now()).await?;
        if row.state == Joining::Waiting {
            unit.commit().await?;
            return Ok(Joining::Waiting);
        }
    }
    follow_invite(unit.db(), unit.now(), secret, user).await?;
    unit.commit().await?;
    Ok(Joining::Approved)
}

/// The team of a person who is going to change it; an error if they have none.
pub async fn own_team(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
) -> Result<team::Model> {
    challenge.ensure_active()?;
    team_of(db, user.id, challenge.id).await?.ok_or_else(|| Error::no_team(&challenge.name))
}
