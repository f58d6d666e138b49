//! Serves the API and the pages, and runs the worker next to them.

mod address;
mod canonical;
mod conditional;
mod connections;
mod gate;
mod health;
mod hearing;
mod host;
mod masked;
mod meters;
mod open_files;
mod patience;
mod places;
mod progress;
mod record;

use std::future::Future;
use std::sync::Arc;

use poem::middleware::AddData;
use poem::{Endpoint, EndpointExt, Response, Route, get};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) use address::ClientAddress;
pub use address::client_address;
pub(crate) use conditional::{has_already, tag_of, takes_gzip};
pub use gate::{LONGEST_FORM, RequestPlace};
pub use meters::Meters;
pub use places::network;
pub use record::RequestId;

use crate::api;
use crate::app::{App, Swept};
use crate::pages;
use domain::error::Error;
use domain::error::Result;
use domain::moderation::turns;
use domain::submissions;

/// The public endpoint, with the state of one server.
pub fn endpoint(app: &Arc<App>) -> impl Endpoint<Output = Response> + use<> {
    let routes = Route::new()
        .at("/healthz", get(health::alive))
        .at("/readyz", get(health::ready))
        .nest("/api", api::routes())
        .nest("/", pages::routes(app));
    routes
        .with(AddData::new(Arc::clone(app)))
        .with(patience::Patience::new(app.settings.timeouts))
        .with(gate::Gate::new(app))
        .with(hearing::Hearing)
        .with(record::Record::new(app))
        .with(canonical::Canonical)
}

/// A server that is bound but not serving yet.
pub struct Bound {
    app: Arc<App>,
    public: TcpListener,
    metrics: Option<TcpListener>,
    /// The address it listens on, with the port that the system chose for port 0.
    pub address: String,
    /// The address of `/metrics`, if it is served.
    pub metrics_address: Option<String>,
}

/// Binds the listeners named in the settings, once the data folder is ready.
pub async fn bind(app: Arc<App>) -> Result<Bound> {
    let Swept { moved_aside, moved_back, .. } = app.prepare().await?;
    if moved_aside > 0 {
        let days = app.settings.keep_unknown_days;
        tracing::warn!(
            "moved {moved_aside} uploads without a submission to unknown-uploads/, where they are \
             kept for {days} days; `fashion-iq doctor` lists them"
        );
    }
    if moved_back > 0 {
        tracing::info!("moved {moved_back} uploads of submissions back");
    }
    open_files::allow_open_files(app.settings.bounds.connections);
    let (public, address) = listen(app.settings.listen).await?;
    app.listens_on(&address);
    let (metrics, metrics_address) = match app.settings.metrics_listen {
        Some(own) => listen(own).await.map(|(listener, at)| (Some(listener), Some(at)))?,
        None => (None, None),
    };
    Ok(Bound { app, public, metrics, address, metrics_address })
}

async fn listen(on: std::net::SocketAddr) -> Result<(TcpListener, String)> {
    let failed = |e: std::io::Error| Error::unusable(format!("can't listen on {on}: {e}"));
    let listener = TcpListener::bind(on).await.map_err(failed)?;
    let own = listener.local_addr().map_err(failed)?;
    Ok((listener, format!("http://{own}")))
}

impl Bound {
    /// Serves and scores until `stop` is done, then finishes open requests.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let Self { app, public, metrics, .. } = self;
        // The worker continues until the last upload has been answered.
        let (answered, all_answered) = oneshot::channel::<()>();
        let worker = tokio::spawn({
            let app = Arc::clone(&app);
            async move { app.worker.run(&app, async { drop(all_answered.await) }).await }
        });
        let hearing = tokio::spawn({
            let app = Arc::clone(&app);
            async move { submissions::hear_others(&app).await }
        });
        let postman = tokio::spawn({
            let app = Arc::clone(&app);
            async move { app.postman.run(&app).await }
        });
        let turns = tokio::spawn({
            let app = Arc::clone(&app);
            async move { turns::run(&app).await }
        });
        let rescorings = tokio::spawn({
            let app = Arc::clone(&app);
            async move { submissions::run_rescorings(&app).await }
        });
        let sweep = tokio::spawn({
            let app = Arc::clone(&app);
            async move { app.sweep_regularly().await }
        });
        let metrics = metrics.map(|listener| serve_metrics(&app, listener));
        let public = tokio::spawn(connections::serve(public, endpoint(&app), Arc::clone(&app)));
        stop.await;
        app.stop();
        let ended = |e: tokio::task::JoinError| Error::internal("stop serving", e);
        public.await.map_err(ended)?;
        if let Some(metrics) = metrics {
            metrics.await.map_err(ended)?;
        }
        drop(answered);
        worker.await.map_err(ended)?;
        turns.await.map_err(ended)?;
        rescorings.await.map_err(ended)?;
        sweep.await.map_err(ended)?;
        hearing.await.map_err(ended)?;
        postman.await.map_err(ended)
    }
}

/// Scores without serving until `stop` is done, then finishes what was begun.
pub async fn work(app: Arc<App>, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    let metrics = match app.settings.metrics_listen {
        Some(own) => Some(serve_metrics(&app, listen(own).await?.0)),
        None => None,
    };
    let hearing = tokio::spawn({
        let app = Arc::clone(&app);
        async move { submissions::hear_others(&app).await }
    });
    let rescorings = tokio::spawn({
        let app = Arc::clone(&app);
        async move { submissions::run_rescorings(&app).await }
    });
    app.worker.run(&app, stop).await;
    app.stop();
    let ended = |e: tokio::task::JoinError| Error::internal("stop working", e);
    hearing.await.map_err(ended)?;
    if let Some(metrics) = metrics {
        metrics.await.map_err(ended)?;
    }
    rescorings.await.map_err(ended)
}

/// Serves `/metrics` and the health of this process: monitoring is answered, no matter how busy the
/// public listener is.
fn serve_metrics(app: &Arc<App>, listener: TcpListener) -> JoinHandle<()> {
    let routes = Route::new()
        .at("/metrics", get(health::metrics))
        .at("/healthz", get(health::alive))
        .at("/readyz", get(health::ready));
    let endpoint = routes.with(AddData::new(Arc::clone(app))).map_to_response();
    tokio::spawn(connections::serve(listener, endpoint, Arc::clone(app)))
}
