//! The media type of uploads.

use poem::http::{HeaderValue, Method, header};
use poem::{Endpoint, Middleware, Request, Response, Result};
use poem_openapi::payload::Payload;

use super::submissions::RunForm;

/// Accepts bodies of any media type. The body of an upload is the file itself, whatever media type
/// a client sends (curl says it is a form), so the format is detected from the bytes. Only
/// `multipart/form-data` is read as a form.
pub(crate) struct AnyBody;

impl<E: Endpoint<Output = Response>> Middleware<E> for AnyBody {
    type Output = AnyBodyEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        AnyBodyEndpoint(inner)
    }
}

/// The endpoint of [`AnyBody`].
pub(crate) struct AnyBodyEndpoint<E>(E);

impl<E: Endpoint<Output = Response>> Endpoint for AnyBodyEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let form = request.content_type().is_some_and(RunForm::check_content_type);
        // A change is JSON, whatever media type a client sends.
        let is_change = request.method() == Method::PATCH;
        if is_change || !form {
            let kind = if is_change { "application/json" } else { "application/octet-stream" };
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        self.0.call(request).await
    }
}
