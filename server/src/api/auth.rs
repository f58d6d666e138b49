//! Authenticates callers.

use domain::accounts::{self, Actor, Caller, Scope};
use domain::entities::role::Role;
use domain::entities::{challenge, user};
use domain::error::Error;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;

use crate::app::App;
use crate::refusal::Result;

/// A token of a person or a team, sent as `Authorization: Bearer fiq_…`.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "fiq_ and 32 hex digits")]
pub struct ApiToken(Bearer);

impl ApiToken {
    /// The team that the token acts for, if it takes part in this challenge and the token has the
    /// scope.
    pub async fn caller(
        &self,
        app: &App,
        challenge: &challenge::Model,
        scope: Scope,
    ) -> Result<Caller> {
        let now = app.ambient.now();
        let actor = accounts::authenticate(&app.db, now, &self.0.token, scope).await?;
        Ok(actor.caller(&app.db, challenge).await?)
    }
    /// The person whose token it is, if they may see what organisers of this challenge see and the
    /// token has the scope. A team's own token belongs to no person.
    pub async fn organiser(&self, app: &App, challenge: &challenge::Model) -> Result<user::Model> {
        let now = app.ambient.now();
        match accounts::authenticate(&app.db, now, &self.0.token, Scope::Organise).await? {
            Actor::Person(user) => {
                accounts::must_have_role(&app.db, &user, challenge, Role::Auditor).await?;
                Ok(user)
            }
            Actor::Team(_) => {
                Err(Error::forbidden("this needs a person’s token, not a team’s").into())
            }
        }
    }
}
