//! Who calls.

use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;

use crate::accounts::{self, Caller};
use crate::app::App;
use crate::entities::challenge;
use crate::error::Result;

/// A team's token, sent as `Authorization: Bearer fiq_…`.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "fiq_ and 32 hex digits")]
pub struct TeamToken(Bearer);

impl TeamToken {
    /// The team that calls, if it is one of this challenge.
    pub async fn caller(&self, app: &App, challenge: &challenge::Model) -> Result<Caller> {
        let caller = accounts::authenticate(&app.db, &self.0.token).await?;
        caller.must_be_of(challenge)?;
        Ok(caller)
    }
}
