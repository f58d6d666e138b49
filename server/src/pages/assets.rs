//! The files that pages load: part of the program, named by their contents, cached forever.

use domain::error::Error;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Response, handler};

use crate::refusal::Result;

/// `GET /assets/{name}`
#[handler]
pub fn asset(Path(name): Path<String>) -> Result<Response> {
    let path = format!("/assets/{name}");
    let asset = web::assets().iter().find(|asset| asset.path == path);
    let asset = asset.ok_or_else(|| Error::not_found("file", &name))?;
    let response = Response::builder()
        .status(StatusCode::OK)
        .content_type(asset.content_type)
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    Ok(response.body(asset.bytes))
}
