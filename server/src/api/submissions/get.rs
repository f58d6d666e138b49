//! Returns a team's submission, and edits its method and details.
//!
//! Operations of one address have to be in one block: otherwise the specification has only one of
//! them.

use std::sync::Arc;

use domain::accounts::Scope;
use domain::challenges;
use domain::submissions;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Submission;
use super::edit::{Change, edit};
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// `GET` and `PATCH /challenges/{challenge}/submissions/{id}`
pub struct Get;

#[OpenApi]
impl Get {
    /// Get one of your team's submissions
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
        let id = row.id;
        Ok(Json(Submission::with_earlier(&app, &located, row).await?.with_edits(&app, id).await?))
    }

    /// Edit the method and details of one of your team's submissions
    ///
    /// Changes the method's name and the details that the phase asks for. Fields that are left out
    /// keep their value, and an empty detail is removed. Possible while the phase is open and its
    /// board isn't frozen. Each change is recorded with the submission, visible to your team.
    #[oai(
        path = "/challenges/:challenge/submissions/:id",
        method = "patch",
        operation_id = "edit_submission"
    )]
    async fn patch(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
        change: Json<Change>,
    ) -> Result<Json<Submission>> {
        edit(&app, token, &challenge, &id, change.0).await.map(Json)
    }
}
