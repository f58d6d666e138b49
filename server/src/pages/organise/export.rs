//! `/c/{challenge}/organise/export.csv` and `.json`: exports of a phase's submissions.

use std::sync::Arc;

use domain::challenges::{self, Located};
use domain::moderation;
use poem::http::header;
use poem::web::{Data, Query};
use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use serde::Deserialize;

use super::Staff;
use crate::api::phases::export::ExportedPhase;
use crate::app::App;
use crate::pages::visitor;
use crate::refusal::Result;

/// The query string.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) phase: String,
}

/// `GET /c/{challenge}/organise/export.csv`
#[handler]
pub async fn csv(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let located = challenges::locate(&app.db, &staff.challenge.name, &asked.phase).await?;
    let table = moderation::export(&app.db, &located, app.ambient.now()).await?.to_csv()?;
    Ok(saved(&located, "csv", "text/csv; charset=utf-8", table))
}

/// `GET /c/{challenge}/organise/export.json`
#[handler]
pub async fn json(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let located = challenges::locate(&app.db, &staff.challenge.name, &asked.phase).await?;
    let text = ExportedPhase::of(&app, &located).await?.to_json_string();
    Ok(saved(&located, "json", "application/json; charset=utf-8", text.into_bytes()))
}

/// A file to save, for this organiser only.
fn saved(located: &Located, ending: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let Located { challenge, phase, .. } = located;
    let name = format!("{}.{}.submissions.{ending}", challenge.name, phase.name);
    let file = Response::builder()
        .content_type(media_type)
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""));
    visitor::private(file.body(bytes))
}
