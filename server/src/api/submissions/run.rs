//! The body of an upload: the file itself, or a form with it.

use std::collections::BTreeMap;

use poem::web::{Field, Multipart};
use poem::{Body, FromRequest, Request, RequestBody, Result as PoemResult};
use poem_openapi::ApiRequest;
use poem_openapi::payload::{Binary, ParsePayload, Payload};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::challenges::AskedField;
use crate::error::{Error, Result};

/// The longest text field of a form, in bytes.
const TEXT_BYTES: u64 = 4096;

/// The body of an upload.
#[derive(ApiRequest)]
pub enum Run {
    /// The file itself.
    #[oai(content_type = "application/octet-stream")]
    File(Binary<Body>),
    /// A form with the file in it.
    Form(RunForm),
}

/// A form with a field `file`, and before it, if at all, `method` and what the phase asks for.
pub struct RunForm(Multipart);

impl Payload for RunForm {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn check_content_type(content_type: &str) -> bool {
        content_type.starts_with(Self::CONTENT_TYPE)
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
        Ok(Self(form.map_err(|e| Error::http(e.status(), e.to_string()))?))
    }
}

/// What a form holds: the file is the next thing that is read of it.
pub(super) struct Sent<'a> {
    /// The method, where the form names it.
    pub(super) method: Option<String>,
    /// The answers to what the phase asks.
    pub(super) details: BTreeMap<String, String>,
    /// The file.
    pub(super) file: Box<dyn AsyncRead + Send + Unpin + 'a>,
}

impl RunForm {
    /// Reads up to the file.
    pub(super) async fn open(&mut self, asked: &[AskedField]) -> Result<Sent<'static>> {
        let (mut method, mut details) = (None, BTreeMap::new());
        while let Some(field) = next(&mut self.0).await? {
            match field.name().unwrap_or_default() {
                "file" => {
                    let file = Box::new(Box::pin(field.into_async_read()));
                    return Ok(Sent { method, details, file });
                }
                "method" if method.is_some() => {
                    return Err(Error::field("method", "stands there twice"));
                }
                "method" => method = Some(text("method", field.into_async_read()).await?),
                other if asked.iter().any(|field| field.name == other) => {
                    let name = other.to_owned();
                    if details.contains_key(&name) {
                        return Err(Error::field(&name, "stands there twice"));
                    }
                    let answer = text(&name, field.into_async_read()).await?;
                    details.insert(name, answer);
                }
                other => {
                    let rule = "is no field of this form; there are `method` and then `file`";
                    return Err(Error::field(other, rule));
                }
            }
        }
        Err(Error::field("file", "is missing"))
    }
}

async fn next(form: &mut Multipart) -> Result<Option<Field>> {
    form.next_field().await.map_err(|e| Error::incomplete(e.to_string()))
}

/// A field that is text, and not too long.
pub(crate) async fn text(name: &str, field: impl AsyncRead) -> Result<String> {
    let mut text = String::new();
    let mut field = std::pin::pin!(field.take(TEXT_BYTES + 1));
    field.read_to_string(&mut text).await.map_err(|_| Error::field(name, "is not text"))?;
    if text.len() as u64 > TEXT_BYTES {
        return Err(Error::field(name, format!("has more than {TEXT_BYTES} bytes")));
    }
    Ok(text)
}
