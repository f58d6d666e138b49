//! Sends all that is public of a phase's data.

use std::sync::Arc;

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::document::{Zip, document};
use crate::app::App;
use crate::challenges::Document;
use crate::error::Result;

/// `GET /challenges/{challenge}/phases/{phase}/data`
pub struct Get;

#[OpenApi]
impl Get {
    /// All public data of a phase, as a zip
    ///
    /// Queries, gallery and attributes as a folder in the layout of the official repositories, which
    /// `fashion-iq validate --data` reads. Not before the phase has opened.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/data",
        method = "get",
        operation_id = "get_data"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Zip> {
        Ok(Zip(document(&app, &challenge, &phase, Document::Data).await?, "data.zip"))
    }
}
