//! Drops a client that sends its body too slowly.

use std::io;
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use poem::{Body, Endpoint, Middleware, Request, Response, Result};
use tokio::time::{Instant, timeout_at};

use crate::config::Timeouts;

/// Drops a client that sends its body too slowly: the reader of the body gets an error.
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

/// The pieces of a body. They end with an error if the next piece takes too long, too few bytes
/// arrive, or the whole body takes too long.
fn timed<T: AsRef<[u8]> + Send>(
    body: impl Stream<Item = io::Result<T>> + Send,
    timeouts: Timeouts,
) -> impl Stream<Item = io::Result<T>> + Send {
    let end = Instant::now() + timeouts.body;
    let first = Some((Box::pin(body), Speed::default()));
    stream::unfold(first, move |state| async move {
        let (mut body, mut speed) = state?;
        let began = Instant::now();
        let by = end.min(began + timeouts.piece);
        match timeout_at(by, body.next()).await {
            Ok(Some(Ok(piece))) => {
                if speed.is_too_low(piece.as_ref().len(), began.elapsed(), timeouts) {
                    return Some((Err(too_slow(&too_few(timeouts))), None));
                }
                Some((Ok(piece), Some((body, speed))))
            }
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Ok(None) => None,
            Err(_) if by == end => Some((Err(too_slow(&too_long(timeouts))), None)),
            Err(_) => Some((Err(too_slow(&paused(timeouts))), None)),
        }
    })
}

/// How much arrived while waiting for the client. The time that the server needs to store the bytes
/// does not count.
#[derive(Default)]
struct Speed {
    waited: Duration,
    bytes: u64,
}

impl Speed {
    /// Counts a piece; true once too few bytes arrived in a whole window.
    fn is_too_low(&mut self, bytes: usize, waited: Duration, timeouts: Timeouts) -> bool {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        self.waited += waited;
        if self.waited < timeouts.speed_window {
            return false;
        }
        let least = timeouts.least_speed as f64 * self.waited.as_secs_f64();
        let too_low = (self.bytes as f64) < least;
        *self = Self::default();
        too_low
    }
}

fn too_few(timeouts: Timeouts) -> String {
    let (least, window) = (timeouts.least_speed, timeouts.speed_window.as_secs());
    format!("fewer than {least} bytes per second for {window} s")
}

fn too_long(timeouts: Timeouts) -> String {
    format!("it took longer than {} s", timeouts.body.as_secs())
}

fn paused(timeouts: Timeouts) -> String {
    format!("no data for {} s", timeouts.piece.as_secs())
}

fn too_slow(sentence: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, sentence.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUTS: Timeouts = Timeouts {
        head: Duration::from_secs(1),
        piece: Duration::from_secs(30),
        body: Duration::from_hours(2),
        least_speed: 1024,
        speed_window: Duration::from_mins(1),
        form: Duration::from_secs(1),
        write: Duration::from_secs(1),
        grace: Duration::from_secs(1),
    };

    /// A body with this many pieces, each with this many bytes after this many seconds.
    fn slow(
        pieces: usize,
        bytes: usize,
        every: u64,
    ) -> impl Stream<Item = io::Result<Vec<u8>>> + Send {
        stream::unfold(0, move |n| async move {
            tokio::time::sleep(Duration::from_secs(every)).await;
            (n < pieces).then(|| (Ok(vec![0; bytes]), n + 1))
        })
    }

    async fn end(pieces: usize, bytes: usize, every: u64) -> (usize, Option<String>) {
        let pieces: Vec<_> = timed(slow(pieces, bytes, every), TIMEOUTS).collect().await;
        let good = pieces.iter().filter(|piece| piece.is_ok()).count();
        (good, pieces.into_iter().find_map(|piece| piece.err().map(|e| e.to_string())))
    }

    #[tokio::test(start_paused = true)]
    async fn a_steady_slow_body_arrives() {
        // 6 kB per second for more than half an hour
        assert_eq!(end(2000, 6000, 1).await, (2000, None));
        assert_eq!(end(200, 60_000, 10).await, (200, None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_pauses_or_drips_is_given_up() {
        let told = |sentence: &str| Some(sentence.to_owned());
        assert_eq!(end(3, 1, 1).await, (3, None));
        assert_eq!(end(3, 9999, 31).await, (0, told("no data for 30 s")));
        let few = told("fewer than 1024 bytes per second for 60 s");
        assert_eq!(end(2000, 1, 1).await, (59, few.clone()));
        assert_eq!(end(2000, 20_000, 20).await, (2, few));
        assert_eq!(end(2000, 99_999, 19).await, (378, told("it took longer than 7200 s")));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_keeps_the_bytes_slowly_is_not_the_clients_fault() {
        let mut body = std::pin::pin!(timed(slow(40, 100, 1), TIMEOUTS));
        let mut pieces = 0;
        while let Some(piece) = body.next().await {
            piece.unwrap();
            pieces += 1;
            tokio::time::sleep(Duration::from_secs(20)).await;
        }
        assert_eq!(pieces, 40);
    }
}
