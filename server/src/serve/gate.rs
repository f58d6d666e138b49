//! Answers so many requests at once, and asks the rest to come again.

use std::sync::Arc;

use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::api::Problem;
use crate::app::App;
use crate::pages;

/// What a process's keeper asks for must be answered when nothing else is.
const KEEPERS: [&str; 2] = ["/healthz", "/readyz"];

/// Answers so many requests at once, and asks the rest to come again.
pub(super) struct Gate(Arc<App>);

impl Gate {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self(Arc::clone(app))
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

    async fn call(&self, request: Request) -> Result<Response> {
        let path = request.uri().path();
        if KEEPERS.contains(&path) {
            return self.inner.call(request).await;
        }
        match self.app.pressure.requests.take() {
            Ok(place) => {
                let answer = self.inner.call(request).await;
                drop(place);
                answer
            }
            Err(busy) if path.starts_with("/api/") => Ok(Problem::of(&busy).into_response()),
            Err(busy) => Ok(pages::busy(&busy, self.app.ambient.now())),
        }
    }
}
