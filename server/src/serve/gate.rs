//! Limits how many requests are processed at the same time; the others are asked to retry.
//!
//! A place is for work, not for waiting: a form takes one once it has arrived, and an upload
//! releases its place before it is read. A burst, such as a class that opens the board at once,
//! waits a moment for its places; the number of connections limits how many can wait.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use domain::memory::Place;
use futures_util::StreamExt;
use poem::http::Method;
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response, Result};
use tokio::time::timeout;

use super::places::Connection;
use crate::api::Problem;
use crate::app::App;
use crate::pages;
use crate::refusal::{self, Refusal};

/// Health checks must be answered even if nothing else is.
const KEEPERS: [&str; 2] = ["/healthz", "/readyz"];

/// The maximum size of a form, in bytes.
const FORM_BYTES: usize = 64 << 10;

/// The maximum size of an organisers' form, in bytes: it can contain a challenge's definition.
pub const LONGEST_FORM: usize = 1 << 20;

/// Limits how many requests are processed at the same time; the others are asked to retry.
pub(super) struct Gate(Arc<App>);

impl Gate {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self(Arc::clone(app))
    }
}

/// The place that a request holds while it is processed.
#[derive(Clone, Default)]
pub struct RequestPlace(Arc<Mutex<Option<Place>>>);

impl RequestPlace {
    fn holding(place: Place) -> Self {
        Self(Arc::new(Mutex::new(Some(place))))
    }

    /// Releases the place: from here on the request waits for its client, which may be slow.
    pub fn release(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for Gate {
    type Output = GateEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        GateEndpoint { app: Arc::clone(&self.0), inner }
    }
}

/// The endpoint of [`Gate`].
pub(super) struct GateEndpoint<E> {
    app: Arc<App>,
    inner: E,
}

impl<E: Endpoint<Output = Response>> Endpoint for GateEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        if KEEPERS.contains(&request.uri().path()) {
            return self.inner.call(request).await;
        }
        let of_api = request.uri().path().starts_with("/api/");
        let place = async {
            let mut large = None;
            if !request.method().is_safe() && !is_upload(&request) {
                large = self.read_form(&mut request).await?;
            }
            let patience = self.app.settings.request_wait;
            let place = self.app.pressure.requests.take_within(patience).await?;
            Ok::<_, Refusal>((place, large))
        };
        match place.await {
            Ok((place, _large)) => {
                let place = RequestPlace::holding(place);
                request.extensions_mut().insert(place.clone());
                let answer = self.inner.call(request).await;
                place.release();
                answer
            }
            Err(error) if of_api => Ok(Problem::of(&error).into_response()),
            Err(error) => Ok(pages::failed(&error, self.app.ambient.now())),
        }
    }
}

impl<E> GateEndpoint<E> {
    /// Reads a whole form, which is short, within a short time. The returned place is for a long
    /// form.
    async fn read_form(&self, request: &mut Request) -> refusal::Result<Option<Place>> {
        let most = if is_of_organisers(request.uri().path()) { LONGEST_FORM } else { FORM_BYTES };
        let patience = self.app.settings.timeouts.form;
        let connection = request.extensions().get::<Arc<Connection>>().cloned();
        let _waiting = connection.as_ref().map(Connection::waiting);
        let body = self.read(request.take_body(), most);
        let (bytes, large) =
            timeout(patience, body).await.map_err(|_| Refusal::slow_form(patience))??;
        request.set_body(bytes);
        Ok(large)
    }

    async fn read(&self, body: Body, most: usize) -> refusal::Result<(Bytes, Option<Place>)> {
        let (mut bytes, mut large) = (BytesMut::new(), None);
        let mut pieces = std::pin::pin!(body.into_bytes_stream());
        while let Some(piece) = pieces.next().await {
            bytes.extend_from_slice(&piece.map_err(Refusal::incomplete_form)?);
            if bytes.len() > most {
                return Err(Refusal::large_form(most));
            }
            // The sender may not be signed in, so long forms must not fill the memory.
            if bytes.len() > FORM_BYTES && large.is_none() {
                large = Some(self.app.pressure.large_forms.take()?);
            }
        }
        Ok((bytes.freeze(), large))
    }
}

/// Whether this is an upload of a file, which is read piece by piece. Only the address decides: a
/// client must not be able to bypass the reading of forms by describing the body differently.
fn is_upload(request: &Request) -> bool {
    let parts: Vec<&str> = request.uri().path().split('/').skip(1).collect();
    request.method() == Method::POST
        && matches!(
            parts[..],
            ["api", "v1", "challenges", _, "phases", _, "submissions"]
                | ["api", "v1", "challenges", _, "submissions", _, "answers"]
                | ["c", _, _, "submit"]
                | ["c", _, "organise", "tools" | "rescoring"]
        )
}

fn is_of_organisers(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    match parts.next() {
        Some("organise") => true,
        Some("c") => parts.nth(1) == Some("organise"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_decides_what_is_an_upload() {
        let of = |method: Method, path: &'static str| {
            let request = Request::builder().method(method).uri_str(path);
            is_upload(&request.content_type("multipart/form-data; boundary=x").finish())
        };
        for upload in [
            "/api/v1/challenges/fiq/phases/test/submissions",
            "/api/v1/challenges/fiq/submissions/0/answers",
            "/c/fiq/test/submit",
            "/c/fiq/organise/tools",
            "/c/fiq/organise/rescoring",
        ] {
            assert!(of(Method::POST, upload), "{upload}");
            assert!(!of(Method::PUT, upload), "{upload}");
        }
        for form in
            ["/sign-in", "/submit", "/c/fiq/submit", "/c/fiq/organise/definition", "/api/v1"]
        {
            assert!(!of(Method::POST, form), "{form}");
        }
    }
}
