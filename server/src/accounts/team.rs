//! Teams.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, QueryFilter, Set,
};

use crate::accounts::Token;
use crate::ambient::Ambient;
use crate::database;
use crate::entities::team::{self, TeamKind};
use crate::entities::{challenge, session, token};
use crate::error::{Error, Result};

/// The longest team name, in characters.
pub const NAME_LENGTH: usize = 60;

/// Makes a team and its token. The token is given once, here; the database keeps its digest.
pub async fn create(
    db: &DatabaseConnection,
    ambient: &Ambient,
    challenge: &challenge::Model,
    name: &str,
    kind: TeamKind,
) -> Result<(team::Model, Token)> {
    check_name(name)?;
    let now = ambient.now();
    let transaction = database::begin(db).await?;
    if find(&transaction, challenge.id, name).await?.is_some() {
        return Err(Error::exists("team", name));
    }
    let team = team::ActiveModel {
        id: NotSet,
        challenge_id: Set(challenge.id),
        name: Set(name.to_owned()),
        kind: Set(kind),
        created_at: Set(now),
    };
    let team = team.insert(&transaction).await?;
    let token = new_token(&transaction, ambient, &team).await?;
    transaction.commit().await?;
    Ok((team, token))
}

/// Gives a team another token, and may end all others, and the sessions that were begun with them.
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
        let begun = session::Entity::delete_many().filter(session::Column::TeamId.eq(team.id));
        begun.exec(&transaction).await?;
    }
    let token = new_token(&transaction, ambient, team).await?;
    transaction.commit().await?;
    Ok(token)
}

async fn new_token(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    team: &team::Model,
) -> Result<Token> {
    let token = Token::random(ambient);
    let row = token::ActiveModel {
        id: NotSet,
        team_id: Set(team.id),
        digest: Set(token.digest()),
        created_at: Set(ambient.now()),
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
pub async fn by_id(db: &impl ConnectionTrait, id: i32) -> Result<team::Model> {
    let team = team::Entity::find_by_id(id).one(db).await?;
    team.ok_or_else(|| Error::not_found("team", id))
}

/// Names are shown beside others' on a public page: no invisible characters, none that change the
/// direction of what follows.
fn check_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    if length == 0 || length > NAME_LENGTH {
        return Err(Error::field(
            "name",
            format!("has {length} characters; 1 to {NAME_LENGTH} are allowed"),
        ));
    }
    if name.trim() != name {
        return Err(Error::field("name", "begins or ends with a space"));
    }
    if name.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(Error::field(
            "name",
            "holds control, invisible or direction-changing characters",
        ));
    }
    Ok(())
}

/// Zero-width, direction-changing and other format characters (Unicode general category Cf, and the
/// fillers that draw nothing).
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_deceive_are_refused() {
        for good in ["Atelier", "nine stitches", "Équipe 7", "糸", "שם"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        let long = "x".repeat(61);
        for bad in ["", " a", "a\n", "a\u{202e}b", "a\u{200b}", "\u{3164}", long.as_str()] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
    }
}
