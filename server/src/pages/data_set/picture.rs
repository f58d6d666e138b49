//! `/c/{challenge}/{phase}/pictures/{group}/{item}`: the small picture of an item.

use std::sync::Arc;

use poem::http::header;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::PhaseData;
use crate::app::App;
use crate::refusal::Result;

/// `GET /c/{challenge}/{phase}/pictures/{group}/{item}`: only if the organisers have made the pictures
/// public, and once the phase has opened.
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Path((challenge, phase, group, item)): Path<(String, String, String, String)>,
) -> Result<Response> {
    let data = PhaseData::of(&app, &challenge, &phase).await?;
    let benchmark = data.located.benchmark.id;
    let bytes = app.thumbnails.get(benchmark, &data.explored, &group, &item).await?;
    let response = Response::builder()
        .content_type("image/webp")
        .header(header::CACHE_CONTROL, "public, max-age=3600");
    Ok(response.body(bytes))
}
