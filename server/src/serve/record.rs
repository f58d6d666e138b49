//! Counts and records what was answered.

use std::sync::Arc;

use poem::http::{HeaderValue, Method};
use poem::{Endpoint, Middleware, Request, Response, Result};
use tokio::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

use super::client_address;
use crate::app::App;

/// What an answer is asked about by, in records and on error pages.
const REQUEST_ID: &str = "x-request-id";

/// What one request is known by.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub Uuid);

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

    async fn call(&self, mut request: Request) -> Result<Response> {
        let began = Instant::now();
        let id = RequestId(self.app.ambient.id());
        request.extensions_mut().insert(id);
        let method = request.method().clone();
        let noted = tracing::enabled!(tracing::Level::INFO).then(|| {
            let address = client_address(&request, &self.app.settings.trusted_proxies);
            let address = address.map(|address| address.to_string());
            (told(request.uri().path()), address.unwrap_or_default())
        });
        // Whatever goes wrong meanwhile is recorded under the id.
        let span = tracing::error_span!("request", id = %id.0);
        let mut answer = self.inner.call(request).instrument(span).await?;
        let took = began.elapsed();
        let status = answer.status();
        let meters = &self.app.meters;
        meters.answers.with_label_values(&[label(&method), status.as_str()]).inc();
        meters.answered_after.observe(took.as_secs_f64());
        if let Some((path, address)) = noted {
            let (status, millis) = (status.as_u16(), took.as_secs_f64() * 1e3);
            tracing::info!(id = %id.0, %method, path, status, millis, address, "answered");
        }
        if let Ok(id) = HeaderValue::from_str(&id.0.to_string()) {
            answer.headers_mut().insert(REQUEST_ID, id);
        }
        Ok(answer)
    }
}

/// Addresses under which a secret stands that opens something by itself.
const SECRET: [&str; 4] = ["/confirm/", "/invites/", "/reset/", "/set-up/"];

/// A path as it may be recorded: whoever reads the log must not be able to follow people's links.
fn told(path: &str) -> String {
    match SECRET.iter().find(|secret| path.starts_with(**secret)) {
        Some(secret) => format!("{secret}…"),
        None => path.to_owned(),
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
