//! Sends the queries of a phase.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::challenges::Document;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};

use super::document::{Written, document};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/queries`
pub struct Get;

/// A query: the wanted item differs from the candidate as the captions say.
#[derive(Debug, Object)]
pub struct QueryRow {
    /// The query's stable id. If a submission names it, the order of its queries does not matter.
    pub query: String,
    /// The item that the query starts from.
    pub candidate: String,
    /// Short sentences. Fashion IQ has two per query; in CIRCO they say how the wanted photos
    /// differ from the candidate, and what they share with it.
    pub captions: Vec<String>,
}

#[OpenApi]
impl Get {
    /// Get the queries of a phase
    ///
    /// By group, in the published order. Available once the phase has opened.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/queries",
        method = "get",
        operation_id = "get_queries"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Written<BTreeMap<String, Vec<QueryRow>>>> {
        let bytes = document(&app, &challenge, &phase, Document::Queries).await?;
        Ok(Written::new(bytes))
    }
}
