//! Withdraws a submission and puts it back.

use std::sync::Arc;

use domain::standings;
use domain::standings::Withdrawal;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Submission;
use super::addressed::Addressed;
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// `PUT` and `DELETE /challenges/{challenge}/submissions/{id}/withdrawal`
pub struct Withdraw;

#[OpenApi]
impl Withdraw {
    /// Withdraw one of your team's submissions
    ///
    /// It is removed from the leaderboard. The limits that it used stay used.
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
    let asked = Addressed::of(app, &token, challenge, id).await?;
    let row = standings::withdraw(app, &asked.caller, asked.id, withdrawal).await?;
    Ok(Json(asked.after(app, row).await?))
}
