//! Returns the transcript of a submission that was played.

use std::sync::Arc;

use domain::accounts::Scope;
use domain::challenges;
use domain::submissions;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use scoring::Transcript;

use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/submissions/{id}/transcript`
pub struct Get;

#[OpenApi]
impl Get {
    /// Get the transcript of one of your team's submissions
    ///
    /// What was shown, said and answered in each dialog, once all of them are finished. It names no target.
    #[oai(
        path = "/challenges/:challenge/submissions/:id/transcript",
        method = "get",
        operation_id = "get_transcript"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<Json<Any<Transcript>>> {
        let challenge = challenges::find(&app.db, &challenge).await?;
        let caller = token.caller(&app, &challenge, Scope::Read).await?;
        let transcript = submissions::transcript(&app, &caller, submissions::id(&id)?).await?;
        Ok(Json(Any(transcript)))
    }
}
