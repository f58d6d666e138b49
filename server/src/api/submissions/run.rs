//! The body of an upload: the file itself, or a form with it.

use poem::web::Multipart;
use poem::{Body, FromRequest, Request, RequestBody, Result as PoemResult};
use poem_openapi::ApiRequest;
use poem_openapi::payload::{Binary, ParsePayload, Payload};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};

use crate::refusal::Refusal;

/// The body of an upload.
#[derive(ApiRequest)]
pub enum Run {
    /// The file itself.
    #[oai(content_type = "application/octet-stream")]
    File(Binary<Body>),
    /// A form with the file in it.
    Form(RunForm),
}

/// A form with a field `file` and, optionally, `method` and the phase's fields.
pub struct RunForm(pub(super) Multipart);

impl Payload for RunForm {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn check_content_type(content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case(Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        let inline = |schema| MetaSchemaRef::Inline(Box::new(schema));
        let file = MetaSchema { format: Some("binary"), ..MetaSchema::new("string") };
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            required: vec!["file"],
            properties: vec![("method", inline(MetaSchema::new("string"))), ("file", inline(file))],
            ..MetaSchema::new("object")
        }))
    }
}

impl ParsePayload for RunForm {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> PoemResult<Self> {
        let form = Multipart::from_request(request, body).await;
        Ok(Self(form.map_err(|e| Refusal::http(e.status(), e.to_string()))?))
    }
}
