//! The documents of a phase: made once, sent as they are.

use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use poem::http::header;
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;

use crate::app::App;
use crate::challenges::{self, Document, Located};
use crate::error::{Error, Result};

/// A document of a phase that has opened.
pub(super) async fn document(
    app: &App,
    challenge: &str,
    phase: &str,
    document: Document,
) -> Result<Bytes> {
    let Located { phase, benchmark, .. } = challenges::locate(&app.db, challenge, phase).await?;
    phase.must_have_opened(app.ambient.now())?;
    let ready = app.benchmarks.get(&benchmark).await?;
    let made = tokio::task::spawn_blocking(move || Arc::clone(&ready).document(document)).await;
    made.map_err(|e| Error::internal("write a document", e))?
}

/// JSON that is already written, of the shape of `T`.
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

/// A zip, with the name to save it by.
pub struct Zip(pub(super) Bytes, pub(super) &'static str);

impl Payload for Zip {
    const CONTENT_TYPE: &'static str = "application/zip";

    fn schema_ref() -> MetaSchemaRef {
        let binary = MetaSchema { format: Some("binary"), ..MetaSchema::new("string") };
        MetaSchemaRef::Inline(Box::new(binary))
    }
}

impl<T: Type> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        Response::builder().content_type(Self::CONTENT_TYPE).body(self.0)
    }
}

impl IntoResponse for Zip {
    fn into_response(self) -> Response {
        let saved_as = format!("attachment; filename=\"{}\"", self.1);
        let response = Response::builder().content_type(Self::CONTENT_TYPE);
        response.header(header::CONTENT_DISPOSITION, saved_as).body(self.0)
    }
}

/// An answer of status 200 with this payload.
fn found<P: Payload>() -> MetaResponses {
    let content = MetaMediaType { content_type: P::CONTENT_TYPE, schema: P::schema_ref() };
    let response = MetaResponse {
        description: "The document",
        status: Some(200),
        status_range: None,
        content: vec![content],
        headers: vec![],
    };
    MetaResponses { responses: vec![response] }
}

impl<T: Type> ApiResponse for Written<T> {
    fn meta() -> MetaResponses {
        found::<Self>()
    }

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }
}

impl ApiResponse for Zip {
    fn meta() -> MetaResponses {
        found::<Self>()
    }

    fn register(_registry: &mut Registry) {}
}
