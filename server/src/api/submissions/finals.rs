//! Chooses final submissions.

use std::sync::Arc;

use domain::standings;
use domain::standings::Choice;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Submission;
use super::addressed::Addressed;
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// `PUT` and `DELETE /challenges/{challenge}/submissions/{id}/final`
pub struct Finals;

#[OpenApi]
impl Finals {
    /// Choose one of your team's submissions as final
    ///
    /// The best of a team's final submissions counts. The phase sets how many a team can choose.
    #[oai(
        path = "/challenges/:challenge/submissions/:id/final",
        method = "put",
        operation_id = "choose_submission"
    )]
    async fn put(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<Json<Submission>> {
        choose(&app, token, &challenge, &id, Choice::Final).await
    }

    /// Undo the choice of a final submission
    #[oai(
        path = "/challenges/:challenge/submissions/:id/final",
        method = "delete",
        operation_id = "give_up_submission"
    )]
    async fn delete(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<Json<Submission>> {
        choose(&app, token, &challenge, &id, Choice::NotFinal).await
    }
}

async fn choose(
    app: &App,
    token: ApiToken,
    challenge: &str,
    id: &str,
    choice: Choice,
) -> Result<Json<Submission>> {
    let asked = Addressed::of(app, &token, challenge, id).await?;
    let row = standings::choose(app, &asked.caller, asked.id, choice).await?;
    Ok(Json(asked.after(app, row).await?))
}
