//! The documents of a phase, which are made once and sent unchanged.

use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use domain::challenges::{self, Document, Located};
use domain::error::Error;
use poem::http::header;
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;
use scoring::Task;

use crate::app::App;
use crate::refusal::Result;

/// A document of a phase that has opened.
pub(super) async fn document(
    app: &App,
    challenge: &str,
    phase: &str,
    document: Document,
) -> Result<Bytes> {
    Ok(document_of(app, challenge, phase, document).await?.0)
}

/// The same, with the task of the document.
pub(super) async fn document_of(
    app: &App,
    challenge: &str,
    phase: &str,
    document: Document,
) -> Result<(Bytes, &'static Task)> {
    let Located { phase, benchmark, .. } = challenges::locate(&app.db, challenge, phase).await?;
    phase.must_have_opened(app.ambient.now())?;
    let task = benchmark.task()?;
    let ready = app.benchmarks.get(&benchmark).await?;
    let made = tokio::task::spawn_blocking(move || Arc::clone(&ready).document(document)).await;
    Ok((made.map_err(|e| Error::internal("write a document", e))??, task))
}

/// JSON that is already written, in the form of `T`.
pub struct Written<T>(Bytes, PhantomData<T>);

impl<T> Written<T> {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self(bytes, PhantomData)
    }
}

impl<T: Type> Payload for Written<T> {
    const CONTENT_TYPE: &'static str = "application/json; charset=utf-8";

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// A run file, with the name to save it under.
pub struct Run {
    pub(super) bytes: Bytes,
    pub(super) saved_as: String,
}

/// The file type of runs, by task.
const RUN_TYPES: [(&str, &str); 2] = [("zip", "application/zip"), ("json", "application/json")];

impl<T: Type> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        Response::builder().content_type(Self::CONTENT_TYPE).body(self.0)
    }
}

impl IntoResponse for Run {
    fn into_response(self) -> Response {
        let ending = self.saved_as.rsplit('.').next().unwrap_or_default();
        let known = RUN_TYPES.iter().find(|(own, _)| *own == ending);
        let content_type =
            known.map_or("application/octet-stream", |(_, content_type)| content_type);
        let saved_as = format!("attachment; filename=\"{}\"", self.saved_as);
        let response = Response::builder().content_type(content_type);
        response.header(header::CONTENT_DISPOSITION, saved_as).body(self.bytes)
    }
}

/// A response with status 200 and one of these media types.
fn found(content: Vec<MetaMediaType>) -> MetaResponses {
    let response = MetaResponse {
        description: "The document",
        status: Some(200),
        status_range: None,
        content,
        headers: vec![],
    };
    MetaResponses { responses: vec![response] }
}

impl<T: Type> ApiResponse for Written<T> {
    fn meta() -> MetaResponses {
        let content_type = Self::CONTENT_TYPE;
        found(vec![MetaMediaType { content_type, schema: Self::schema_ref() }])
    }

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }
}

impl ApiResponse for Run {
    fn meta() -> MetaResponses {
        let binary = || MetaSchema { format: Some("binary"), ..MetaSchema::new("string") };
        let schema = || MetaSchemaRef::Inline(Box::new(binary()));
        let content =
            RUN_TYPES.map(|(_, content_type)| MetaMediaType { content_type, schema: schema() });
        found(content.into())
    }

    fn register(_registry: &mut Registry) {}
}
