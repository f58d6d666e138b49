//! Tells a team one of its submissions.

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
use crate::{challenges, submissions};

/// `GET /challenges/{challenge}/submissions/{id}`
pub struct Get;

#[OpenApi]
impl Get {
    /// One of your team's submissions
    #[oai(
        path = "/challenges/:challenge/submissions/:id",
        method = "get",
        operation_id = "get_submission"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<Json<Submission>> {
        let challenge = challenges::find(&app.db, &challenge).await?;
        let caller = token.caller(&app, &challenge, Scope::Read).await?;
        let row = submissions::own(&app.db, &caller, submissions::id(&id)?).await?;
        let located = challenges::located(&app.db, challenge, row.phase_id).await?;
        Ok(Json(Submission::of(&app, &located, row).await?))
    }
}
