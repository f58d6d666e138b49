//! Sends a run file to start from.

use std::sync::Arc;

use domain::challenges::Document;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::document::{Run, document_of};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/template`
pub struct Get;

#[OpenApi]
impl Get {
    /// Download a template: a random valid submission to start from
    ///
    /// Replace its rankings with your own. Submitted unchanged, it scores at chance level.
    /// Available once the phase has opened.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/template",
        method = "get",
        operation_id = "get_template"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Run> {
        let (bytes, task) = document_of(&app, &challenge, &phase, Document::Template).await?;
        Ok(Run { bytes, saved_as: task.run_file.replace("run.", "template.") })
    }
}
