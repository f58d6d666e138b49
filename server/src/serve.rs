//! Puts the API and the pages on a listener, and the worker beside them.

use std::future::Future;
use std::sync::Arc;

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::middleware::{AddData, SetHeader};
use poem::{Endpoint, EndpointExt, Route, Server};
use tokio::sync::watch;

use crate::api;
use crate::app::App;
use crate::error::{Error, Result};
use crate::pages;

/// How long requests may finish after the server was told to stop.
const GRACE: std::time::Duration = std::time::Duration::from_secs(10);

/// Everything that answers, over one server's state.
pub fn endpoint(app: Arc<App>) -> impl Endpoint {
    Route::new()
        .nest("/api", api::routes())
        .nest("/", pages::routes(&app))
        .with(SetHeader::new().overriding("x-content-type-options", "nosniff"))
        .with(AddData::new(app))
}

/// A server that is bound and not yet answering.
pub struct Bound<A> {
    app: Arc<App>,
    acceptor: A,
    /// The address it listens on, with the port the system chose where 0 was asked.
    pub address: String,
}

/// Binds the listener named in the settings.
pub async fn bind(app: Arc<App>) -> Result<Bound<impl Acceptor>> {
    let listen = app.settings.listen;
    let acceptor = TcpListener::bind(listen)
        .into_acceptor()
        .await
        .map_err(|e| Error::unusable(format!("can't listen on {listen}: {e}")))?;
    let address = acceptor.local_addr().first().map_or_else(|| listen.to_string(), address_of);
    Ok(Bound { app, acceptor, address })
}

fn address_of(address: &poem::web::LocalAddr) -> String {
    address.as_socket_addr().map_or_else(|| address.to_string(), |a| format!("http://{a}"))
}

impl<A: Acceptor + 'static> Bound<A> {
    /// Answers and scores until `stop` is done, then finishes what has begun.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let Self { app, acceptor, .. } = self;
        let removed = app.sweep().await?;
        if removed > 0 {
            tracing::info!(removed, "removed uploads of requests that died");
        }
        let (stopping, stopped) = watch::channel(false);
        let mut worker_stop = stopped.clone();
        let worker = tokio::spawn({
            let app = Arc::clone(&app);
            async move {
                let until = async move {
                    // An error means that the sender is gone, and that is a stop too.
                    let _ = worker_stop.wait_for(|stopping| *stopping).await;
                };
                app.worker.run(&app, until).await;
            }
        });
        let stop = async move {
            stop.await;
            let _ = stopping.send(true);
        };
        Server::new_with_acceptor(acceptor)
            .run_with_graceful_shutdown(endpoint(app), stop, Some(GRACE))
            .await
            .map_err(|e| Error::internal("keep serving", e))?;
        worker.await.map_err(|e| Error::internal("stop its worker", e))
    }
}
