//! `/healthz`, `/readyz` and `/metrics`: for what keeps the process.

use std::sync::Arc;

use poem::http::StatusCode;
use poem::web::Data;
use poem::{IntoResponse, Response, handler};

use crate::app::App;
use crate::error::Result;
use crate::submissions;

/// `GET /healthz`: the process answers.
#[handler]
pub(super) fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: it can do its work. Not while its database does not answer, nor once it was told to
/// stop.
#[handler]
pub(super) async fn ready(app: Data<&Arc<App>>) -> Response {
    let refusal =
        |why: &'static str| StatusCode::SERVICE_UNAVAILABLE.with_body(why).into_response();
    if app.is_stopping() {
        return refusal("stopping\n");
    }
    match app.db.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            refusal("the database does not answer\n")
        }
    }
}

/// `GET /metrics`, on a listener of its own.
#[handler]
pub(super) async fn metrics(app: Data<&Arc<App>>) -> Result<Response> {
    let (waiting, longest) = submissions::waiting(&app.db, app.ambient.now()).await?;
    let meters = &app.meters;
    meters.waiting.set(waiting as i64);
    meters.waiting_seconds.set(longest);
    meters.requests.set(app.pressure.requests.taken() as i64);
    meters.event_streams.set(app.pressure.event_streams.taken() as i64);
    meters.upload_bytes.set(app.pressure.memory.taken() as i64);
    Ok(meters.text()?.with_content_type("text/plain; version=0.0.4").into_response())
}
