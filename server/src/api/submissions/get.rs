//! Shows a team one of its submissions, and changes what the team says of it.
//!
//! Operations of one address have to be written down together: apart, the specification would name
//! only one of them.

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
        let id = row.id;
        Ok(Json(Submission::of(&app, &located, row).await?.with_edits(&app, id).await?))
    }

    /// Change what your team says of one of its submissions
    ///
    /// The name of its method, and the details that the phase asks for; what is left out stays as it
    /// is, and an empty detail is removed. While the phase is open and its board isn't frozen. What was
    /// changed, when and by whom stays with the submission, for your team.
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
