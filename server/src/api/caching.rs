//! Cache headers and entity tags of the API.

use domain::error::Error;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Body, Endpoint, Middleware, Request, Response, Result};

use crate::refusal::Refusal;
use crate::serve::{has_already, tag_of};

/// Keeps responses that depend on the caller, and responses to writes, out of every cache.
pub(crate) struct Caching;

impl<E: Endpoint<Output = Response>> Middleware<E> for Caching {
    type Output = CachingEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CachingEndpoint(inner)
    }
}

/// The endpoint of [`Caching`].
pub(crate) struct CachingEndpoint<E>(E);

impl<E: Endpoint<Output = Response>> Endpoint for CachingEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let own = request.headers().contains_key(header::AUTHORIZATION);
        let head = *request.method() == Method::HEAD;
        let public = (head || *request.method() == Method::GET) && !own;
        let asked = request.headers().clone();
        if public && head {
            // The tag is computed from the bytes that a GET would have sent.
            request.set_method(Method::GET);
        }
        let mut answer = self.0.get_response(request).await;
        if public && answer.status() == StatusCode::OK && !is_stream(&answer) && !is_tagged(&answer)
        {
            answer = tagged(&asked, answer).await?;
        }
        if public && head {
            answer.set_body(Body::empty());
        }
        let policy = if public { "public, no-cache" } else { "private, no-store" };
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
        headers.append(header::VARY, HeaderValue::from_static("Authorization"));
        Ok(answer)
    }
}

/// Adds a tag to a response, and leaves the body out for clients that already have it.
async fn tagged(asked: &HeaderMap, mut answer: Response) -> Result<Response> {
    let failed = |e| Refusal::from(Error::internal("read a response", e));
    let bytes = answer.take_body().into_bytes().await.map_err(failed)?;
    let tag = tag_of(&bytes);
    let value = HeaderValue::from_str(&tag)
        .map_err(|e| Refusal::from(Error::internal("tag a response", e)))?;
    answer.headers_mut().insert(header::ETAG, value);
    if has_already(asked, &tag) {
        answer.set_status(StatusCode::NOT_MODIFIED);
        answer.headers_mut().remove(header::CONTENT_TYPE);
        answer.headers_mut().remove(header::CONTENT_DISPOSITION);
    } else {
        answer.set_body(bytes);
    }
    Ok(answer)
}

/// A file already has its tag, and is too long to be read here.
fn is_tagged(answer: &Response) -> bool {
    answer.headers().contains_key(header::ETAG)
}

/// Events have no end, so no tag.
fn is_stream(answer: &Response) -> bool {
    answer.content_type().is_some_and(|it| it.starts_with("text/event-stream"))
}
