//! Lets a refused client read the response.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use poem::http::header;
use poem::{Body, Endpoint, Middleware, Request, Response, Result};

use super::places::Connection;

/// How long a refused client may keep sending.
const PATIENCE: Duration = Duration::from_secs(5);

/// Drains the body of a refused request. Closing the connection while the client is still sending
/// resets it, and then the client can't read the response.
pub(super) struct Hearing;

impl<E: Endpoint<Output = Response>> Middleware<E> for Hearing {
    type Output = HearingEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        HearingEndpoint(inner)
    }
}

/// The endpoint of [`Hearing`].
pub(super) struct HearingEndpoint<E>(E);

impl<E: Endpoint<Output = Response>> Endpoint for HearingEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        // A client that waits for `100 Continue` is answered without it.
        let waits = request.headers().contains_key(header::EXPECT);
        if request.method().is_safe() || waits {
            return self.0.call(request).await;
        }
        let connection = request.extensions().get::<Arc<Connection>>().cloned();
        let body = request.take_body().into_bytes_stream().fuse();
        let rest = Shared(Arc::new(Mutex::new(Box::pin(body))));
        request.set_body(Body::from_bytes_stream(rest.clone()));
        let answer = self.0.call(request).await;
        let _waiting = connection.as_ref().map(Connection::waiting);
        let end = rest.take_while(|piece| std::future::ready(piece.is_ok()));
        let end = end.for_each(|_| std::future::ready(()));
        // After this time the client just gets a reset.
        let _ = tokio::time::timeout(PATIENCE, end).await;
        answer
    }
}

type Pieces = dyn Stream<Item = std::io::Result<Bytes>> + Send;

/// A body that can still be read after its reader was dropped.
#[derive(Clone)]
struct Shared(Arc<Mutex<Pin<Box<Pieces>>>>);

impl Stream for Shared {
    type Item = std::io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut pieces = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        pieces.as_mut().poll_next(context)
    }
}
