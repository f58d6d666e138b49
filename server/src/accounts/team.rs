//! Teams.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, IntoActiveModel, QueryFilter, Set,
};

use super::{Scopes, Token, check_shown_name, look};
use crate::ambient::{Ambient, Instant};
use crate::entities::team::{self, Anonymity, TeamKind};
use crate::entities::{challenge, token};
use crate::error::{Error, Result};
use crate::{challenges, database};

/// What a team's own token may be used for.
const OF_A_TEAM: &str = "read submit";

/// The name of the team under which the organisers of a challenge try runs. No other may have it.
const OF_TRIALS: &str = "Organisers’ trials";

/// Whether a team is the one under which organisers try runs: nobody is in it, and it stands on no
/// board.
pub fn is_of_trials(team: &team::Model) -> bool {
    team.name == OF_TRIALS
}

/// The team under which the organisers of a challenge try runs; made when it is first needed.
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

/// Makes a team and its token. The token is given once, here; the database keeps its digest.
pub async fn create(
    db: &DatabaseConnection,
    ambient: &Ambient,
    challenge: &challenge::Model,
    name: &str,
    kind: TeamKind,
) -> Result<(team::Model, Token)> {
    let transaction = database::begin(db).await?;
    let team = new_team(&transaction, challenge, name, kind, ambient.now()).await?;
    let token = token_of_team(&transaction, ambient, &team).await?;
    transaction.commit().await?;
    Ok((team, token))
}

/// Makes a team without members.
pub async fn new_team(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    name: &str,
    kind: TeamKind,
    now: Instant,
) -> Result<team::Model> {
    check_shown_name("name", name)?;
    must_be_free(db, challenge.id, name, None).await?;
    insert(db, challenge, name, kind, now).await
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

/// Gives a team another name.
pub async fn rename(db: &impl ConnectionTrait, team: &team::Model, name: &str) -> Result<()> {
    check_shown_name("name", name)?;
    must_be_free(db, team.challenge_id, name, Some(team)).await?;
    let renamed = team::Model { name: name.to_owned(), ..team.clone() };
    renamed.into_active_model().reset_all().update(db).await?;
    challenges::touch(db, team.challenge_id).await
}

/// Lets a team stand on the board under a pseudonym.
pub async fn set_anonymity(
    db: &impl ConnectionTrait,
    team: &team::Model,
    anonymity: Anonymity,
    pseudonym: &str,
) -> Result<()> {
    let pseudonym = match anonymity {
        Anonymity::None => None,
        Anonymity::Reveal | Anonymity::Always => {
            check_shown_name("pseudonym", pseudonym)?;
            must_be_free(db, team.challenge_id, pseudonym, Some(team))
                .await
                .map_err(|e| Error { field: Some("pseudonym".to_owned()), ..e })?;
            if look(pseudonym) == look(&team.name) {
                return Err(Error::field("pseudonym", "looks like the team’s own name"));
            }
            Some(pseudonym.to_owned())
        }
    };
    let renamed = team::Model { pseudonym, anonymity, ..team.clone() };
    renamed.into_active_model().reset_all().update(db).await?;
    challenges::touch(db, team.challenge_id).await
}

/// Refuses a name that another team has, as its name or its pseudonym, or that looks like one.
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
        let error = Error::exists("team that is called, or looks like,", name);
        return Err(Error { field: Some("name".to_owned()), ..error });
    }
    Ok(())
}

/// Gives a team another token of its own, and may end all others, and whatever was begun with them.
pub async fn another_token(
    db: &DatabaseConnection,
    ambient: &Ambient,
    team: &team::Model,
    revoke: bool,
) -> Result<Token> {
    let transaction = database::begin(db).await?;
    if revoke {
        token::Entity::update_many()
            .col_expr(token::Column::RevokedAt, Expr::value(ambient.now()))
            .filter(token::Column::TeamId.eq(team.id))
            .filter(token::Column::RevokedAt.is_null())
            .exec(&transaction)
            .await?;
    }
    let token = token_of_team(&transaction, ambient, team).await?;
    transaction.commit().await?;
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

/// The team of that name in a challenge.
pub async fn find(
    db: &impl ConnectionTrait,
    challenge_id: i32,
    name: &str,
) -> Result<Option<team::Model>> {
    let named = team::Entity::find()
        .filter(team::Column::ChallengeId.eq(challenge_id))
        .filter(team::Column::Name.eq(name));
    Ok(named.one(db).await?)
}

/// The team with that id.
pub async fn team_by_id(db: &impl ConnectionTrait, id: i32) -> Result<team::Model> {
    let team = team::Entity::find_by_id(id).one(db).await?;
    team.ok_or_else(|| Error::not_found("team", id))
}
