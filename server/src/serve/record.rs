//! Counts and logs responses.

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

/// The header with a request's id, which is also in the log and on error pages.
const REQUEST_ID: &str = "x-request-id";

/// The id of a request.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub Uuid);

/// Counts and logs responses: method, path, status, time and address. Query strings and headers are
/// left out, since they may contain secrets. Adds the headers that all responses have.
pub(super) struct Record(Arc<App>);

impl Record {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self(Arc::clone(app))
    }
}

/// The header that tells browsers to use TLS only, if it is set and people use TLS.
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
        // Errors during the request are logged with the id.
        let span = tracing::error_span!("request", id = %id.0);
        let asked = Asked::of(&request);
        let answered = match check_host(&request) {
            Ok(()) => self.inner.call(request).instrument(span).await,
            Err(error) => Err(error.into()),
        };
        let mut answer = match answered {
            Ok(answer) => answer,
            // Responses without a page or operation have the same headers as all others.
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
        // Other sites must not learn links with secrets, or who looks at whom.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        if let Some(hsts) = &self.hsts {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        Ok(answer)
    }
}

/// An unknown method must not get its own counter.
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
