//! What caches may keep of the API.

use poem::http::{HeaderValue, Method, header};
use poem::{Endpoint, Middleware, Request, Response, Result};

/// Keeps answers that depend on who asks, and those to writes, out of every cache.
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

    async fn call(&self, request: Request) -> Result<Response> {
        let own = request.headers().contains_key(header::AUTHORIZATION);
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let mut answer = self.0.get_response(request).await;
        let policy = if own || !reads { "private, no-store" } else { "public, no-cache" };
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
        headers.append(header::VARY, HeaderValue::from_static("Authorization"));
        Ok(answer)
    }
}
