//! Takes a run off the board, and puts it back.

use std::sync::Arc;

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Submission;
use crate::accounts::Scope;
use crate::api::ApiToken;
use crate::app::App;
use crate::error::Result;
use crate::submissions::Withdrawal;
use crate::{challenges, submissions};

/// `PUT` and `DELETE /challenges/{challenge}/submissions/{id}/withdrawal`
pub struct Withdraw;

#[OpenApi]
impl Withdraw {
    /// Withdraw one of your team's submissions
    ///
    /// It no longer stands on the board. What it used of the limits stays used.
    #[oai(
        path = "/challenges/:challenge/submissions/:id/withdrawal",
        method = "put",
        operation_id = "withdraw_submission"
    )]
    async fn put(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<Json<Submission>> {
        withdraw(&app, token, &challenge, &id, Withdrawal::Withdrawn).await
    }

    /// Put a withdrawn submission back on the board
    #[oai(
        path = "/challenges/:challenge/submissions/:id/withdrawal",
        method = "delete",
        operation_id = "restore_submission"
    )]
    async fn delete(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<Json<Submission>> {
        withdraw(&app, token, &challenge, &id, Withdrawal::Restored).await
    }
}

async fn withdraw(
    app: &App,
    token: ApiToken,
    challenge: &str,
    id: &str,
    withdrawal: Withdrawal,
) -> Result<Json<Submission>> {
    let challenge = challenges::find(&app.db, challenge).await?;
    let caller = token.caller(app, &challenge, Scope::Submit).await?;
    let row = submissions::withdraw(app, &caller, submissions::id(id)?, withdrawal).await?;
    let located = challenges::located(&app.db, challenge, row.phase_id).await?;
    Ok(Json(Submission::of(app, &located, row).await?))
}
