//! Decisions on who takes part, who organises, and which teams are ranked.

use sea_orm::{ConnectionTrait, EntityTrait};

use super::audit;
use super::change::{Admission, Change};
use crate::accounts::{self, Email};
use crate::database::{Notice, UnitOfWork};
use crate::entities::participation::{self, Joining};
use crate::entities::role::Role;
use crate::entities::team::{self, TeamKind};
use crate::entities::{challenge, user};
use crate::error::{Error, Result};
use crate::mail::Letter;
use crate::submissions::SubmissionsSite;

/// Decides whether a person takes part, and notifies them.
pub async fn decide_participation(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    (state, reason): (Joining, &str),
) -> Result<()> {
    let reason = audit::reason(reason)?;
    if state == Joining::Waiting {
        return Err(Error::field("state", "must be approved or refused"));
    }
    let mut unit = UnitOfWork::begin(site).await?;
    let old = participation_with(unit.db(), challenge, id).await?;
    if old.state == state {
        return Err(Error::conflict(format!("no change: already {}", state.name())));
    }
    let after = Admission { state, decided_at: Some(unit.now()), decided_by: Some(by.id) };
    let change = Change::Participation {
        participation: id,
        user: old.user_id,
        before: Admission::of(&old),
        after,
    };
    audit::perform(&mut unit, challenge, by, &change, reason).await?;
    let user = accounts::user_by_id(unit.db(), old.user_id).await?;
    if let Some(address) = &user.email {
        let home = format!("{}/c/{}/team", site.base_address(), challenge.name);
        let text = match state {
            Joining::Approved => {
                format!("You can now take part in {}. Create a team:\n\n{home}\n", challenge.title)
            }
            _ => format!(
                "The organisers of {} have decided that you can’t take part: {reason}\n",
                challenge.title
            ),
        };
        unit.mail(Letter::new(address, &format!("{}: taking part", challenge.title), text));
    }
    unit.commit().await
}

pub(super) async fn participation_with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<participation::Model> {
    let found = participation::Entity::find_by_id(id).one(db).await?;
    let own = found.filter(|row| row.challenge_id == challenge.id);
    own.ok_or_else(|| Error::not_found("participation", id))
}

/// Makes a team ranked, or puts it out of competition. A team whose members organise the challenge
/// can't be ranked.
pub async fn change_team(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    (kind, reason): (TeamKind, &str),
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let mut unit = UnitOfWork::begin(site).await?;
    let old = team_with(unit.db(), challenge, id).await?;
    if old.kind == kind {
        return Err(Error::conflict(format!("no change: already a {}", kind.name())));
    }
    let change = Change::TeamKind { team: id, before: old.kind, after: kind };
    audit::perform(&mut unit, challenge, by, &change, reason).await?;
    let text = match kind {
        TeamKind::Team => format!("Your team is now ranked: {reason}"),
        _ => format!("Your team is now out of competition: {reason}"),
    };
    unit.notify(Notice { team_id: id, kind: "team".to_owned(), text, submission: None });
    unit.commit().await
}

/// The challenge's team with this id.
pub(super) async fn team_with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<team::Model> {
    let team = team::Entity::find_by_id(id).one(db).await?;
    let is_own =
        |team: &team::Model| team.challenge_id == challenge.id && !accounts::is_of_trials(team);
    team.filter(is_own).ok_or_else(|| Error::not_found("team", id))
}

/// Gives a person a role in a challenge, or removes it if none is given. Only owners can do this.
pub async fn set_role(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    email: &str,
    (role, reason): (Option<Role>, &str),
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let email = Email::read(email)?;
    let unit = UnitOfWork::begin(site).await?;
    accounts::must_have_role(unit.db(), by, challenge, Role::Owner).await?;
    let user = accounts::user_with(unit.db(), &email).await?;
    let user = user.filter(|user| user.confirmed_at.is_some()).ok_or_else(|| {
        Error::field("email", "has no account with a confirmed address; ask them to sign up first")
    })?;
    let before = accounts::role_in(unit.db(), user.id, challenge.id).await?;
    if let Some(role) = role {
        let by = Some(by.id);
        accounts::give_role(unit.db(), &user, Some(challenge), role, by, unit.now()).await?;
    } else {
        accounts::take_role(unit.db(), &user, Some(challenge), unit.now()).await?;
    }
    let after = accounts::role_in(unit.db(), user.id, challenge.id).await?;
    if before == after {
        let sentence = "no change: a role in all challenges can only be set on the server itself";
        return Err(Error::conflict(sentence));
    }
    let change = Change::Role { user: user.id, before, after };
    audit::record(&unit, challenge.id, Some(by), &change, reason).await?;
    unit.commit().await
}

/// Gives a person a role in a challenge, or in all of them, for the operator of the server.
pub async fn promote(
    site: &SubmissionsSite,
    email: &Email,
    challenge: Option<&challenge::Model>,
    role: Role,
) -> Result<()> {
    let unit = UnitOfWork::begin(site).await?;
    let user = accounts::user_with(unit.db(), email).await?;
    let user = user.ok_or_else(|| Error::not_found("person with the address", email))?;
    let before = match challenge {
        Some(challenge) => accounts::role_in(unit.db(), user.id, challenge.id).await?,
        None => None,
    };
    accounts::give_role(unit.db(), &user, challenge, role, None, unit.now()).await?;
    if let Some(challenge) = challenge {
        let change = Change::Role { user: user.id, before, after: Some(role) };
        audit::record(&unit, challenge.id, None, &change, "on the server").await?;
    }
    unit.commit().await
}
