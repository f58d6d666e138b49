//! Accepts connections and responds to the requests on them.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Endpoint, Response};
use tokio::net::{TcpListener, TcpStream};

use super::places::{ConnectionPlaces, MostConnections};
use super::progress::Progress;
use crate::app::App;

/// How long to pause after an error such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until the server is told to stop, then finishes open requests.
///
/// We have our own accept loop, since it must drop clients that send the head of a request one byte
/// at a time or read no response, and must count connections: poem's server has no settings for
/// that.
pub(super) async fn serve(
    listener: TcpListener,
    endpoint: impl Endpoint<Output = Response> + 'static,
    app: Arc<App>,
) {
    let endpoint = Arc::new(endpoint);
    let most = MostConnections {
        all: app.settings.bounds.connections,
        per_address: app.settings.bounds.connections_per_address,
    };
    let places = ConnectionPlaces::new(most, &app.settings.trusted_proxies);
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(app.settings.timeouts.head);
    let mut stopped = std::pin::pin!(app.stopped());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopped => break,
        };
        let (stream, peer) = match accepted {
            Ok((stream, peer)) => (stream, peer.ip()),
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        // Without a free place it is closed at once.
        let Some(place) = places.take(peer) else { continue };
        let Some(responder) = Responder::new(&stream, &endpoint) else { continue };
        let connection = place.connection();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Arc::clone(&connection));
            let (responder, answering) = (responder.clone(), connection.answering());
            async move {
                let answer = responder.answer(request).await;
                drop(answering);
                Ok::<_, Infallible>(hyper::Response::from(answer))
            }
        });
        let stream = Progress::new(stream, app.settings.timeouts.write);
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            tokio::select! {
                // A client that goes away is not a server error.
                _ = connection => {}
                () = place.taken_away() => {}
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(app.settings.timeouts.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped with connections that did not end in time");
    }
}

/// Responds to the requests of one connection.
struct Responder<E> {
    endpoint: Arc<E>,
    local: LocalAddr,
    remote: RemoteAddr,
}

impl<E> Clone for Responder<E> {
    fn clone(&self) -> Self {
        let endpoint = Arc::clone(&self.endpoint);
        Self { endpoint, local: self.local.clone(), remote: self.remote.clone() }
    }
}

impl<E: Endpoint<Output = Response> + 'static> Responder<E> {
    /// `None` for a connection that is already closed.
    fn new(stream: &TcpStream, endpoint: &Arc<E>) -> Option<Self> {
        // Responses are small and written whole: waiting to fill a packet would only delay them.
        stream.set_nodelay(true).ok()?;
        let local = LocalAddr(stream.local_addr().ok()?.into());
        let remote = RemoteAddr(stream.peer_addr().ok()?.into());
        Some(Self { endpoint: Arc::clone(endpoint), local, remote })
    }

    async fn answer(self, request: hyper::Request<Incoming>) -> Response {
        let request = (request, self.local, self.remote, Scheme::HTTP).into();
        self.endpoint.get_response(request).await
    }
}
