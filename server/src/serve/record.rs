//! Counts and records what was answered.

use std::sync::Arc;

use poem::http::{HeaderValue, Method, header};
use poem::{Endpoint, Middleware, Request, Response, Result};
use tokio::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

use super::client_address;
use super::host::check_host;
use super::masked::masked;
use crate::app::App;
use crate::config::Settings;
use crate::pages::{self, Asked};

/// What an answer is asked about by, in records and on error pages.
const REQUEST_ID: &str = "x-request-id";

/// What one request is known by.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub Uuid);

/// Counts and records what was answered: method, path, status, time and address. Query strings and
/// headers are left out, since they may hold what is secret. Gives every answer the headers that all of
/// them have.
pub(super) struct Record(Arc<App>);

impl Record {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self(Arc::clone(app))
    }
}

/// What tells browsers to come by TLS only, where that is set and people come by TLS.
fn hsts(settings: &Settings) -> Option<HeaderValue> {
    let seconds = settings.hsts_seconds.filter(|_| settings.secure_cookies())?;
    HeaderValue::from_str(&format!("max-age={seconds}")).ok()
}

impl<E: Endpoint<Output = Response>> Middleware<E> for Record {
    type Output = RecordEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RecordEndpoint { app: Arc::clone(&self.0), hsts: hsts(&self.0.settings), inner }
    }
}

/// The endpoint of [`Record`].
pub(super) struct RecordEndpoint<E> {
    app: Arc<App>,
    hsts: Option<HeaderValue>,
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
            (masked(request.uri().path()), address.unwrap_or_default())
        });
        // Whatever goes wrong meanwhile is recorded under the id.
        let span = tracing::error_span!("request", id = %id.0);
        let asked = Asked::of(&request);
        let answered = match check_host(&request) {
            Ok(()) => self.inner.call(request).instrument(span).await,
            Err(error) => Err(error.into()),
        };
        let mut answer = match answered {
            Ok(answer) => answer,
            // What no page and no operation answers has the same headers as everything else.
            Err(error) => pages::unanswered(&self.app, &asked, &error).await,
        };
        let took = began.elapsed();
        let status = answer.status();
        let meters = &self.app.meters;
        meters.answers.with_label_values(&[label(&method), status.as_str()]).inc();
        meters.answered_after.observe(took.as_secs_f64());
        if let Some((path, address)) = noted {
            let (status, millis) = (status.as_u16(), took.as_secs_f64() * 1e3);
            tracing::info!(id = %id.0, %method, path, status, millis, address, "answered");
        }
        let headers = answer.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&id.0.to_string()) {
            headers.insert(REQUEST_ID, id);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // Links with secrets are no other site's business, and neither is who asks about whom.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        if let Some(hsts) = &self.hsts {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
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
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
