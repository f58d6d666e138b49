//! Counts and records what was answered.

use std::sync::Arc;

use poem::http::{HeaderValue, Method};
use poem::{Endpoint, Middleware, Request, Response, Result};
use tokio::time::Instant;

use super::client_address;
use crate::app::App;

/// What an answer is asked about by, in records and on error pages.
const REQUEST_ID: &str = "x-request-id";

/// Counts and records what was answered: method, path, status, time and address. Query strings and
/// headers are left out, since they may hold what is secret.
pub(super) struct Record(Arc<App>);

impl Record {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self(Arc::clone(app))
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for Record {
    type Output = RecordEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RecordEndpoint { app: Arc::clone(&self.0), inner }
    }
}

/// The endpoint of [`Record`].
pub(super) struct RecordEndpoint<E> {
    app: Arc<App>,
    inner: E,
}

impl<E: Endpoint<Output = Response>> Endpoint for RecordEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let began = Instant::now();
        let method = request.method().clone();
        let noted = tracing::enabled!(tracing::Level::INFO).then(|| {
            let address = client_address(&request, &self.app.settings.trusted_proxies);
            (self.app.ambient.id(), request.uri().path().to_owned(), address)
        });
        let mut answer = self.inner.call(request).await?;
        let took = began.elapsed();
        let status = answer.status();
        let meters = &self.app.meters;
        meters.answers.with_label_values(&[label(&method), status.as_str()]).inc();
        meters.answered_after.observe(took.as_secs_f64());
        if let Some((id, path, address)) = noted {
            let address = address.map(|address| address.to_string()).unwrap_or_default();
            let millis = took.as_secs_f64() * 1e3;
            tracing::info!(%id, %method, path, status = status.as_u16(), millis, address, "answered");
            if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
                answer.headers_mut().insert(REQUEST_ID, id);
            }
        }
        Ok(answer)
    }
}

/// A method nobody knows must not become a counter of its own.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
