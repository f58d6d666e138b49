//! Returns what the dialogs of a submission are at.

use std::sync::Arc;

use domain::accounts::Scope;
use domain::challenges;
use domain::submissions;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Dialogs;
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/submissions/{id}/dialogs`
pub struct Get;

#[OpenApi]
impl Get {
    /// Get what each dialog of one of your team's submissions is at
    ///
    /// Use it to go on after a break.
    #[oai(
        path = "/challenges/:challenge/submissions/:id/dialogs",
        method = "get",
        operation_id = "get_dialogs"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<Json<Dialogs>> {
        let challenge = challenges::find(&app.db, &challenge).await?;
        let caller = token.caller(&app, &challenge, Scope::Submit).await?;
        let id = submissions::id(&id)?;
        let (row, position) = submissions::position(&app, &caller, id).await?;
        let located = challenges::located(&app.db, challenge, row.phase_id).await?;
        Ok(Json(Dialogs::of(&located, &row, position)))
    }
}
