//! `/healthz`, `/readyz` and `/metrics`, for monitoring.

use std::sync::Arc;

use domain::{database, submissions};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{IntoResponse, Response, handler};

use crate::app::App;
use crate::refusal::Result;

/// `GET /healthz`: the process responds.
#[handler]
pub(super) fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: the server can work. It fails while the database does not answer or the disk is
/// full, and once the server was told to stop.
#[handler]
pub(super) async fn ready(app: Data<&Arc<App>>) -> Response {
    let refusal =
        |why: &'static str| StatusCode::SERVICE_UNAVAILABLE.with_body(why).into_response();
    if app.is_stopping() {
        return refusal("stopping\n");
    }
    if let Err(error) = app.db.ping().await {
        tracing::error!(%error, "the database does not answer");
        return refusal("the database does not answer\n");
    }
    match app.uploads.too_little_room(app.settings.min_free_bytes).await {
        Ok(None) => "ready\n".into_response(),
        Ok(Some(_)) => refusal("the disk is full\n"),
        Err(_) => refusal("the disk does not answer\n"),
    }
}

/// `GET /metrics`, on its own listener.
#[handler]
pub(super) async fn metrics(app: Data<&Arc<App>>) -> Result<Response> {
    let waiting = submissions::waiting(&app.db, app.ambient.now()).await?;
    let meters = &app.meters;
    meters.waiting.set(waiting.count);
    meters.stuck.set(waiting.stuck);
    meters.waiting_seconds.set(waiting.seconds);
    meters.pool(database::pool(&app.db));
    meters.requests.set(app.pressure.requests.taken() as i64);
    meters.event_streams.set(app.pressure.event_streams.taken() as i64);
    meters.upload_bytes.set(app.memory.taken() as i64);
    Ok(meters.text()?.with_content_type("text/plain; version=0.0.4").into_response())
}
