//! What all uploads have in common, before any operation sees them.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use poem::http::{HeaderValue, header};
use poem::{Body, Endpoint, Middleware, Request, Response, Result};

/// How long a refused client may go on sending.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes bodies of any media type, and reads what a refused client is still sending.
///
/// The body of an upload is the file itself, whatever a client calls it (curl says it is a form), so
/// the media type is not believed: the bytes tell what they are. And a client that is refused before
/// its body was read must still be able to read why: closing the connection under a body that is
/// being sent resets it, and the answer is lost.
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
        if request.method().is_safe() {
            return self.0.call(request).await;
        }
        // A client that waits to be asked for its body is answered without asking.
        let waits = request.headers().contains_key(header::EXPECT);
        let any = HeaderValue::from_static("application/octet-stream");
        request.headers_mut().insert(header::CONTENT_TYPE, any);
        let rest =
            Shared(Arc::new(Mutex::new(Box::pin(request.take_body().into_bytes_stream().fuse()))));
        request.set_body(Body::from_bytes_stream(rest.clone()));
        let answer = self.0.call(request).await;
        if !waits {
            let end = rest.for_each(|_| std::future::ready(()));
            // Running out of patience only means that the client gets its answer as a reset.
            let _ = tokio::time::timeout(PATIENCE, end).await;
        }
        answer
    }
}

type Pieces = dyn Stream<Item = std::io::Result<Bytes>> + Send;

/// A body that can still be read after whoever was given it has gone.
#[derive(Clone)]
struct Shared(Arc<Mutex<Pin<Box<Pieces>>>>);

impl Stream for Shared {
    type Item = std::io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut pieces = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        pieces.as_mut().poll_next(context)
    }
}
