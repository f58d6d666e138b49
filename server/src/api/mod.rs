//! The JSON API: a folder per resource, a file per action. Each handler authenticates, loads, acts
//! and responds; the rules are in the domain.

mod auth;
mod body;
mod caching;
pub mod challenges;
pub mod dialogs;
mod download;
mod events;
pub mod leaderboard;
pub mod measures;
pub mod phases;
mod problem;
pub mod receipts;
pub mod submissions;

use poem::http::{HeaderValue, StatusCode, header};
use poem::middleware::{Compression, SetHeader};
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route};
use poem_openapi::OpenApiService;
use poem_openapi::error::{ParseParamError, ParsePathError, ParseRequestPayloadError};

use crate::refusal::Refusal;

pub use auth::ApiToken;
pub use problem::Problem;
pub(crate) use problem::retry_after;
pub(crate) use submissions::declared_length;

use domain::error::Error;

const POLICY: &str = "content-security-policy";

/// The live docs have their scripts and styles in the page, and connect to this server only.
const DOCS_MAY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                        img-src data:; font-src data:; connect-src 'self'; base-uri 'none'; \
                        form-action 'none'; frame-ancestors 'none'";

/// Everything under `/api`.
pub fn routes() -> impl Endpoint<Output = Response> {
    let operations = (
        (challenges::list::List, challenges::get::Get, measures::list::List),
        (
            phases::get::Get,
            phases::queries::Get,
            phases::gallery::Get,
            phases::data::Get,
            phases::template::Get,
            phases::events::Get,
            phases::export::Get,
        ),
        (
            submissions::of_phase::OfPhase,
            submissions::get::Get,
            submissions::withdraw::Withdraw,
            submissions::finals::Finals,
            submissions::events::Get,
        ),
        (
            dialogs::open::Open,
            dialogs::get::Get,
            dialogs::answer::PostAnswers,
            dialogs::transcript::Get,
        ),
        (
            leaderboard::get::Get,
            leaderboard::csv::Get,
            leaderboard::eee::Get,
            leaderboard::eval_results::Get,
            leaderboard::pwc::Get,
        ),
        (receipts::get::Get, receipts::keys::Keys),
    );
    let service =
        OpenApiService::new(operations, "Fashion IQ Challenge", env!("CARGO_PKG_VERSION"))
            .description(
                "Upload ranked retrieval results, read scores and the leaderboard. Every error is \
                 `application/problem+json` with a sentence that says what to do.",
            )
            .url_prefix("/api/v1");
    let docs = service.swagger_ui();
    let spec = service.spec_endpoint();
    Route::new()
        .nest(
            "/v1",
            service.with(body::AnyBody).catch_all_error(into_problem).with(caching::Caching),
        )
        .nest(
            "/docs",
            docs.with(Compression::new()).with(SetHeader::new().overriding(POLICY, DOCS_MAY)),
        )
        .at("/openapi.json", spec.with(Compression::new()))
        .catch_all_error(into_problem)
        .around(async |routes, request| {
            let allowed = allowed(request.uri().path());
            let mut answer = routes.get_response(request).await;
            if answer.status() == StatusCode::METHOD_NOT_ALLOWED {
                answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
            }
            Ok(answer)
        })
}

/// The methods that an address supports, for the header `Allow` (RFC 9110, 15.5.6).
fn allowed(path: &str) -> &'static str {
    let mut parts = path.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some("submissions"), _) => "GET, HEAD, POST",
        (Some("withdrawal" | "final"), _) => "PUT, DELETE",
        (Some("answers"), _) => "POST",
        (Some("dialogs"), _) if path.contains("/phases/") => "POST",
        (_, Some("submissions")) => "GET, HEAD, PATCH",
        _ => "GET, HEAD",
    }
}

/// Turns errors of the framework into the same problem+json as all others.
async fn into_problem(error: poem::Error) -> Response {
    Problem::of(&own(&error)).into_response()
}

fn own(error: &poem::Error) -> Refusal {
    if let Some(own) = error.downcast_ref::<Refusal>() {
        return own.clone();
    }
    if let Some(ParseParamError { name, reason }) = error.downcast_ref() {
        return Error::field(name, format!("can't be read: {reason}")).into();
    }
    if let Some(ParsePathError { name, reason }) = error.downcast_ref() {
        return Error::field(name, format!("can't be read: {reason}")).into();
    }
    if let Some(ParseRequestPayloadError { reason }) = error.downcast_ref() {
        return Error::field("body", format!("can't be read: {reason}")).into();
    }
    let status = error.status();
    let detail = match status {
        StatusCode::UNAUTHORIZED => return Error::unauthorized().into(),
        StatusCode::NOT_FOUND => "unknown address; see /api/docs".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => {
            "this address does not support this method; see /api/docs".to_owned()
        }
        status if status.is_server_error() => {
            return Error::internal("answer this request", error.to_string()).into();
        }
        _ => error.to_string(),
    };
    Refusal::http(status, detail)
}
