//! Gives up on a client that sends its body too slowly.

use std::io;

use futures_util::{Stream, StreamExt, stream};
use poem::{Body, Endpoint, Middleware, Request, Response, Result};
use tokio::time::{Instant, timeout_at};

use crate::config::Timeouts;

/// Gives up on a client that sends its body too slowly: whoever reads the body gets an error.
pub(super) struct Patience(Timeouts);

impl Patience {
    pub(super) const fn new(timeouts: Timeouts) -> Self {
        Self(timeouts)
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for Patience {
    type Output = PatienceEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        PatienceEndpoint { timeouts: self.0, inner }
    }
}

/// The endpoint of [`Patience`].
pub(super) struct PatienceEndpoint<E> {
    timeouts: Timeouts,
    inner: E,
}

impl<E: Endpoint<Output = Response>> Endpoint for PatienceEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        if !request.method().is_safe() {
            let body = request.take_body().into_bytes_stream();
            request.set_body(Body::from_bytes_stream(timed(body, self.timeouts)));
        }
        self.inner.call(request).await
    }
}

/// The pieces of a body, ended by an error once the next one or the whole takes too long.
fn timed<T: Send>(
    body: impl Stream<Item = io::Result<T>> + Send,
    timeouts: Timeouts,
) -> impl Stream<Item = io::Result<T>> + Send {
    let end = Instant::now() + timeouts.body;
    stream::unfold(Some(Box::pin(body)), move |body| async move {
        let mut body = body?;
        let by = end.min(Instant::now() + timeouts.piece);
        match timeout_at(by, body.next()).await {
            Ok(Some(piece)) => Some((piece, Some(body))),
            Ok(None) => None,
            Err(_) => Some((Err(too_slow(timeouts, by == end)), None)),
        }
    })
}

fn too_slow(timeouts: Timeouts, whole: bool) -> io::Error {
    let sentence = if whole {
        format!("it took longer than {} s", timeouts.body.as_secs())
    } else {
        format!("nothing came for {} s", timeouts.piece.as_secs())
    };
    io::Error::new(io::ErrorKind::TimedOut, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const TIMEOUTS: Timeouts = Timeouts {
        head: Duration::from_secs(1),
        piece: Duration::from_secs(30),
        body: Duration::from_secs(100),
        form: Duration::from_secs(1),
        write: Duration::from_secs(1),
        grace: Duration::from_secs(1),
    };

    /// A body of one byte every so many seconds.
    fn dripping(every: u64) -> impl Stream<Item = io::Result<u8>> + Send {
        stream::unfold(0, move |n| async move {
            tokio::time::sleep(Duration::from_secs(every)).await;
            (n < 20).then_some((Ok(n), n + 1))
        })
    }

    async fn end(every: u64) -> (usize, Option<String>) {
        let pieces: Vec<_> = timed(dripping(every), TIMEOUTS).collect().await;
        let good = pieces.iter().filter(|piece| piece.is_ok()).count();
        (good, pieces.into_iter().find_map(|piece| piece.err().map(|e| e.to_string())))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_pauses_or_drips_is_given_up() {
        assert_eq!(end(1).await, (20, None));
        assert_eq!(end(31).await, (0, Some("nothing came for 30 s".to_owned())));
        assert_eq!(end(21).await, (4, Some("it took longer than 100 s".to_owned())));
    }
}
