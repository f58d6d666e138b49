//! The team on whose behalf something is done.

use sea_orm::ConnectionTrait;

use super::{Actor, team_of};
use crate::entities::{challenge, team, user};
use crate::error::{Error, Result};

/// The team on whose behalf a request is made.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The team.
    pub team: team::Model,
    /// The member of the team; none for the team's own token.
    pub user: Option<user::Model>,
}

impl Actor {
    /// The team that it acts for in a challenge.
    pub async fn caller(
        self,
        db: &impl ConnectionTrait,
        challenge: &challenge::Model,
    ) -> Result<Caller> {
        match self {
            Self::Team(team) if team.challenge_id == challenge.id => {
                Ok(Caller { team, user: None })
            }
            Self::Team(_) => Err(Error::other_challenge(&challenge.name)),
            Self::Person(user) => {
                let team = team_of(db, user.id, challenge.id).await?;
                let team = team.ok_or_else(|| Error::no_team(&challenge.name))?;
                Ok(Caller { team, user: Some(user) })
            }
        }
    }
}

impl Caller {
    /// A person on behalf of their team; none if they have no team.
    pub async fn of(
        db: &impl ConnectionTrait,
        user: &user::Model,
        challenge: &challenge::Model,
    ) -> Result<Option<Self>> {
        let team = team_of(db, user.id, challenge.id).await?;
        Ok(team.map(|team| Self { team, user: Some(user.clone()) }))
    }
}
