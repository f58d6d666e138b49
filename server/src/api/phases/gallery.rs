//! Sends the gallery of a phase.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::challenges::Document;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::document::{Written, document};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/gallery`
pub struct Get;

#[OpenApi]
impl Get {
    /// Get the gallery of a phase
    ///
    /// The items that can be ranked, by category, in the order used for the gallery's digest.
    /// Available once the phase has opened.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/gallery",
        method = "get",
        operation_id = "get_gallery"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Written<BTreeMap<String, Vec<String>>>> {
        let bytes = document(&app, &challenge, &phase, Document::Gallery).await?;
        Ok(Written::new(bytes))
    }
}
