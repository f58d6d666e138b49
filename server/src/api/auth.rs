//! Who calls.

use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;

use crate::accounts::{self, Caller, Scope};
use crate::app::App;
use crate::entities::challenge;
use crate::error::Result;

/// A token of a person or a team, sent as `Authorization: Bearer fiq_…`.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "fiq_ and 32 hex digits")]
pub struct ApiToken(Bearer);

impl ApiToken {
    /// The team for which is called, if it is one of this challenge and the token has the scope.
    pub async fn caller(
        &self,
        app: &App,
        challenge: &challenge::Model,
        scope: Scope,
    ) -> Result<Caller> {
        let now = app.ambient.now();
        let actor = accounts::authenticate(&app.db, now, &self.0.token, scope).await?;
        actor.caller(&app.db, challenge).await
    }
}
