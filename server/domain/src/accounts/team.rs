//! Teams.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, Set,
};

use super::{Scopes, Token, look, shown_name, typed};
use crate::accounts::AccountsSite;
use crate::ambient::{Ambient, Instant};
use crate::database::UnitOfWork;
use crate::entities::team::{self, Anonymity, TeamKind};
use crate::entities::{challenge, token};
use crate::error::{Error, Result};

/// What a team's own token may be used for.
const OF_A_TEAM: &str = "read submit";

/// The name of the team for the organisers' trials. No other team may have it.
const OF_TRIALS: &str = "Organisers’ trials";

/// Whether this is the team for organisers' trials: it has no members, and is on no board.
pub fn is_of_trials(team: &team::Model) -> bool {
    team.name == OF_TRIALS
}

/// The condition that excludes the teams for organisers' trials.
pub fn is_no_team_of_trials() -> SimpleExpr {
    team::Column::Name.ne(OF_TRIALS)
}

/// The team for the trials of a challenge's organisers; created when it is first needed.
pub async fn team_of_trials(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    now: Instant,
) -> Result<team::Model> {
    match find(db, challenge.id, OF_TRIALS).await? {
        Some(team) => Ok(team),
        None => insert(db, challenge, OF_TRIALS, TeamKind::Guest, now).await,
    }
}

/// Creates a team and its token. The token is returned only here; the database stores its digest.
pub async fn create(
    site: &AccountsSite,
    challenge: &challenge::Model,
    name: &str,
    kind: TeamKind,
) -> Result<(team::Model, Token)> {
    let unit = UnitOfWork::begin(site).await?;
    let team = new_team(unit.db(), challenge, name, kind, unit.now()).await?;
    let token = token_of_team(unit.db(), &site.ambient, &team).await?;
    unit.commit().await?;
    Ok((team, token))
}

/// Creates a team without members.
pub async fn new_team(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    name: &str,
    kind: TeamKind,
    now: Instant,
) -> Result<team::Model> {
    let name = shown_name("name", name)?;
    must_be_free(db, challenge.id, &name, None).await?;
    insert(db, challenge, &name, kind, now).await
}

async fn insert(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    name: &str,
    kind: TeamKind,
    now: Instant,
) -> Result<team::Model> {
    let team = team::ActiveModel {
        id: NotSet,
        challenge_id: Set(challenge.id),
        name: Set(name.to_owned()),
        kind: Set(kind),
        pseudonym: Set(None),
        anonymity: Set(Anonymity::None),
        created_at: Set(now),
    };
    Ok(team.insert(db).await?)
}

/// Renames a team.
pub async fn rename(unit: &mut UnitOfWork<'_>, team: &team::Model, name: &str) -> Result<()> {
    let name = shown_name("name", name)?;
    must_be_free(unit.db(), team.challenge_id, &name, Some(team)).await?;
    let renamed = team::Model { name, ..team.clone() };
    renamed.into_active_model().reset_all().update(unit.db()).await?;
    unit.changes(team.challenge_id);
    Ok(())
}

/// Lists a team on the board under a pseudonym, or no longer.
pub async fn set_anonymity(
    unit: &mut UnitOfWork<'_>,
    team: &team::Model,
    anonymity: Anonymity,
    pseudonym: &str,
) -> Result<()> {
    let pseudonym = match anonymity {
        Anonymity::None => None,
        Anonymity::Reveal | Anonymity::Always => {
            let pseudonym = shown_name("pseudonym", pseudonym)?;
            must_be_free(unit.db(), team.challenge_id, &pseudonym, Some(team))
                .await
                .map_err(|e| Error { field: Some("pseudonym".to_owned()), ..e })?;
            if look(&pseudonym) == look(&team.name) {
                return Err(Error::field("pseudonym", "is too similar to the team’s own name"));
            }
            Some(pseudonym)
        }
    };
    let renamed = team::Model { pseudonym, anonymity, ..team.clone() };
    renamed.into_active_model().reset_all().update(unit.db()).await?;
    unit.changes(team.challenge_id);
    Ok(())
}

/// Refuses a name that is equal or similar to another team's name or pseudonym.
async fn must_be_free(
    db: &impl ConnectionTrait,
    challenge_id: i32,
    name: &str,
    but: Option<&team::Model>,
) -> Result<()> {
    let wanted = look(name);
    let of = team::Entity::find().filter(team::Column::ChallengeId.eq(challenge_id));
    let others = of.all(db).await?;
    let mut others = others.iter().filter(|team| but.is_none_or(|own| own.id != team.id));
    let taken = others.any(|team| {
        let names = [Some(&team.name), team.pseudonym.as_ref()];
        names.into_iter().flatten().any(|taken| taken == name || look(taken) == wanted)
    });
    if taken || wanted == look(OF_TRIALS) {
        let error = Error::exists("a team with a name like", name);
        return Err(Error { field: Some("name".to_owned()), ..error });
    }
    Ok(())
}

/// Creates another token for a team, and optionally revokes all others.
pub async fn another_token(site: &AccountsSite, team: &team::Model, revoke: bool) -> Result<Token> {
    let unit = UnitOfWork::begin(site).await?;
    if revoke {
        token::Entity::update_many()
            .col_expr(token::Column::RevokedAt, Expr::value(unit.now()))
            .filter(token::Column::TeamId.eq(team.id))
            .filter(token::Column::RevokedAt.is_null())
            .exec(unit.db())
            .await?;
    }
    let token = token_of_team(unit.db(), &site.ambient, team).await?;
    unit.commit().await?;
    Ok(token)
}

async fn token_of_team(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    team: &team::Model,
) -> Result<Token> {
    let token = Token::random(ambient);
    let row = token::ActiveModel {
        id: NotSet,
        team_id: Set(Some(team.id)),
        user_id: Set(None),
        name: Set(String::new()),
        scopes: Set(Scopes::read(OF_A_TEAM).to_string()),
        digest: Set(token.digest()),
        created_at: Set(ambient.now()),
        expires_at: Set(None),
        used_at: Set(None),
        revoked_at: Set(None),
    };
    row.insert(db).await?;
    Ok(token)
}

/// The team with this name in a challenge.
pub async fn find(
    db: &impl ConnectionTrait,
    challenge_id: i32,
    name: &str,
) -> Result<Option<team::Model>> {
    // Names of an earlier release are stored as typed.
    let spellings = [name.to_owned(), typed(name)];
    let named = team::Entity::find()
        .filter(team::Column::ChallengeId.eq(challenge_id))
        .filter(team::Column::Name.is_in(spellings));
    Ok(named.one(db).await?)
}

/// The team with this id.
pub async fn team_by_id(db: &impl ConnectionTrait, id: i32) -> Result<team::Model> {
    let team = team::Entity::find_by_id(id).one(db).await?;
    team.ok_or_else(|| Error::not_found("team", id))
}

/// The challenge of a team.
pub(super) async fn challenge_of(
    db: &impl ConnectionTrait,
    team: &team::Model,
) -> Result<challenge::Model> {
    let challenge = challenge::Entity::find_by_id(team.challenge_id).one(db).await?;
    challenge.ok_or_else(|| Error::not_found("challenge", team.challenge_id))
}

/// The teams with these ids, by id.
pub async fn teams_by_id(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i32>,
) -> Result<BTreeMap<i32, team::Model>> {
    let rows = team::Entity::find().filter(team::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|team| (team.id, team)).collect())
}
