//! Standings as a file to save.

use std::marker::PhantomData;

use poem::http::header;
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};

/// A type of files.
pub trait FileType {
    /// The media type.
    const CONTENT_TYPE: &'static str;
    /// What the file contains, for the API's description.
    const DESCRIPTION: &'static str;
    /// The end of the file's name.
    const ENDING: &'static str;

    /// The shape of its content.
    fn schema() -> MetaSchema;
}

/// The standings of a phase as a file of a type.
pub struct Saved<T> {
    bytes: Vec<u8>,
    phase: String,
    file_type: PhantomData<T>,
}

impl<T> Saved<T> {
    pub(super) fn new(bytes: impl Into<Vec<u8>>, phase: &str) -> Self {
        Self { bytes: bytes.into(), phase: phase.to_owned(), file_type: PhantomData }
    }
}

impl<T: FileType + Send> Payload for Saved<T> {
    const CONTENT_TYPE: &'static str = T::CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(T::schema()))
    }
}

impl<T: FileType + Send> IntoResponse for Saved<T> {
    fn into_response(self) -> Response {
        let saved_as = format!("attachment; filename=\"leaderboard.{}.{}\"", self.phase, T::ENDING);
        let response = Response::builder().content_type(T::CONTENT_TYPE);
        response.header(header::CONTENT_DISPOSITION, saved_as).body(self.bytes)
    }
}

impl<T: FileType + Send> ApiResponse for Saved<T> {
    fn meta() -> MetaResponses {
        let schema = Self::schema_ref();
        let response = MetaResponse {
            description: T::DESCRIPTION,
            status: Some(200),
            status_range: None,
            content: vec![MetaMediaType { content_type: T::CONTENT_TYPE, schema }],
            headers: vec![],
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(_registry: &mut Registry) {}
}

/// A list of objects.
pub(super) fn list_of_objects() -> MetaSchema {
    let object = MetaSchemaRef::Inline(Box::new(MetaSchema::new("object")));
    MetaSchema { items: Some(Box::new(object)), ..MetaSchema::new("array") }
}
