//! The error page, with links to go on.

use domain::ambient::Instant;
use domain::challenges;
use domain::error::{Code, Retry};
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Request, Response};
use web::pages::{ErrorPage, Link};

use super::next::Next;
use super::{answer, layout, sign_in};
use crate::api::{Problem, retry_after};
use crate::app::App;
use crate::refusal::Refusal;
use crate::serve::RequestId;

/// What an error page needs to know about its request.
pub(crate) struct Asked {
    path: String,
    /// The address to return to, with its query if the request was safe.
    here: String,
    /// Whether repeating the request changes nothing.
    safe: bool,
    id: Option<RequestId>,
}

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        let path = request.uri().path().to_owned();
        let safe = request.method().is_safe();
        let here = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let here = if safe { here } else { path.clone() };
        Self { path, here, safe, id: request.extensions().get::<RequestId>().copied() }
    }

    /// The address of the page, with its query.
    pub(super) fn here(&self) -> &str {
        &self.here
    }

    /// The name of the challenge whose page was requested.
    fn challenge(&self) -> Option<&str> {
        self.path.strip_prefix("/c/")?.split('/').next()
    }
}

/// The error page, with the layout of the requested challenge if there is one.
pub(super) async fn page(app: &App, asked: &Asked, error: &poem::Error) -> Response {
    let error = match error.downcast_ref::<Refusal>() {
        Some(own) => own.clone(),
        None => Refusal::http(error.status(), plain_sentence(error.status())),
    };
    if error.is(Code::SignIn) {
        let next = Next::read(if asked.safe { &asked.here } else { "" });
        return match sign_in::instead_of(app, &next) {
            Ok(page) => page,
            Err(error) => poem::Error::from(error).into_response(),
        };
    }
    let mut page = error_page(&error, app.ambient.now());
    if error.status.is_server_error() {
        page.request_id = asked.id.map(|RequestId(id)| id.to_string());
    }
    if let Some(name) = asked.challenge()
        && let Ok(challenge) = challenges::find(&app.db, name).await
    {
        page.layout = layout::of(&challenge, "");
        page.onward = vec![
            Link::new("Go to the leaderboard", layout::board(&challenge)),
            Link::new("How to take part", format!("{}/take-part", layout::board(&challenge))),
        ];
    }
    drawn(&page, &error)
}

/// The response to a request that reached no page and no operation, such as one whose address can't be
/// read.
pub(crate) async fn unanswered(app: &App, asked: &Asked, error: &poem::Error) -> Response {
    if !asked.path.starts_with("/api/") {
        return page(app, asked, error).await;
    }
    match error.downcast_ref::<Refusal>() {
        Some(own) => Problem::of(own),
        None => Problem::of(&Refusal::http(error.status(), plain_sentence(error.status()))),
    }
    .into_response()
}

/// The error page for an error outside of any page.
pub(crate) fn failed(error: &Refusal, now: Instant) -> Response {
    let page = error_page(error, now);
    drawn(&page, error)
}

fn error_page(error: &Refusal, now: Instant) -> ErrorPage {
    let retry = error.retry.map(|retry| match retry {
        Retry::At(at) => at,
        Retry::AfterSeconds(seconds) => now.plus_seconds(seconds.into()),
    });
    ErrorPage {
        layout: layout::plain(),
        status: error.status.as_u16(),
        sentence: error.detail.clone(),
        retry: retry.map(Instant::utc),
        onward: vec![],
        request_id: None,
        now: now.utc(),
    }
}

fn drawn(page: &ErrorPage, error: &Refusal) -> Response {
    let mut response = match answer(page) {
        Ok(page) => page.with_status(error.status).into_response(),
        Err(error) => poem::Error::from(error).into_response(),
    };
    let retry = error.retry.and_then(|retry| retry_after(retry).parse().ok());
    if let Some(retry) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, retry);
    }
    response
}

fn plain_sentence(status: StatusCode) -> String {
    match status {
        StatusCode::NOT_FOUND => "there is no page at this address".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => "this page does not accept that method".to_owned(),
        status => status.canonical_reason().unwrap_or("this failed").to_owned(),
    }
}
