//! `/c/{challenge}/submissions/{id}/transcript`: the dialogs of a submission, as a file.

use std::sync::Arc;

use domain::submissions;
use poem::http::header;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::submission::Visible;
use super::visitor::{self, Visitor};
use crate::app::App;
use crate::refusal::Result;

/// `GET /c/{challenge}/submissions/{id}/transcript`
#[handler]
pub async fn download(
    app: Data<&Arc<App>>,
    visitor: Visitor,
    Path((challenge, id)): Path<(String, String)>,
) -> Result<Response> {
    let visible = Visible::find(&app, &visitor, &challenge, &id).await?;
    let (phase, row) = (&visible.located.phase, visible.row.clone());
    let transcript = if visible.own {
        submissions::own_transcript(&app, row).await?
    } else {
        submissions::public_transcript(&app, phase, row, app.ambient.now()).await?
    };
    let saved_as = format!("attachment; filename=\"transcript-{}.json\"", visible.row.id);
    let file = Response::builder()
        .content_type("application/json")
        .header(header::CONTENT_DISPOSITION, saved_as)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(visitor::private(file.body(domain::database::to_json(&transcript)?)))
}
