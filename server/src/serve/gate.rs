//! Answers so many requests at once, and asks the rest to come again.
//!
//! A place is for work, not for waiting: a form takes one once it has arrived, and an upload gives its
//! own back before it is read.

use std::sync::{Arc, Mutex, PoisonError};

use poem::http::{HeaderValue, Method, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response, Result};
use tokio::time::timeout;

use crate::api::Problem;
use crate::app::App;
use crate::error::Error;
use crate::pages;
use crate::pressure::Place;

/// What a process's keeper asks for must be answered when nothing else is.
const KEEPERS: [&str; 2] = ["/healthz", "/readyz"];

/// The most that a form may hold, in bytes, and that one of the organisers' may, which hold whole
/// definitions.
const FORM_BYTES: usize = 64 << 10;
const DESK_FORM_BYTES: usize = 1 << 20;

/// Answers so many requests at once, and asks the rest to come again.
pub(super) struct Gate(Arc<App>);

impl Gate {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self(Arc::clone(app))
    }
}

/// The place that a request holds while it is answered.
#[derive(Clone, Default)]
pub struct RequestPlace(Arc<Mutex<Option<Place>>>);

impl RequestPlace {
    fn holding(place: Place) -> Self {
        Self(Arc::new(Mutex::new(Some(place))))
    }

    /// Gives the place back: from here on the request waits for its client, who may be slow.
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
            if !request.method().is_safe() && !is_upload(&request) {
                self.read_form(&mut request).await?;
            }
            self.app.pressure.requests.take()
        };
        match place.await {
            Ok(place) => {
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
    /// Waits for the whole of a form, which is short, for a short time.
    async fn read_form(&self, request: &mut Request) -> crate::error::Result<()> {
        let most =
            if is_of_organisers(request.uri().path()) { DESK_FORM_BYTES } else { FORM_BYTES };
        let patience = self.app.settings.timeouts.form;
        let body = request.take_body().into_bytes_limit(most);
        let bytes = timeout(patience, body).await.map_err(|_| Error::slow_form(patience))?;
        request.set_body(Body::from(bytes.map_err(|_| Error::large_form(most))?));
        Ok(())
    }
}

/// Whether the body is read piece by piece: a form with a file, or the file itself.
fn is_upload(request: &Request) -> bool {
    let media_type = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let parts: &[u8] = b"multipart/form-data";
    let in_parts = media_type
        .and_then(|it| it.get(..parts.len()))
        .is_some_and(|it| it.eq_ignore_ascii_case(parts));
    in_parts || (request.method() == Method::POST && request.uri().path().starts_with("/api/"))
}

fn is_of_organisers(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    match parts.next() {
        Some("organise") => true,
        Some("c") => parts.nth(1) == Some("organise"),
        _ => false,
    }
}
