//! JSON for programs: one folder a noun, one file a verb. Each says who, loads, acts and answers;
//! the rules are the domain's.

mod auth;
mod body;
pub mod challenges;
pub mod leaderboard;
mod problem;
pub mod submissions;

use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route};
use poem_openapi::OpenApiService;

pub use auth::TeamToken;
pub use problem::Problem;

use crate::error::Error;

/// Everything below `/api`.
pub fn routes() -> impl Endpoint<Output = Response> {
    let operations = (
        challenges::list::List,
        challenges::get::Get,
        submissions::create::Create,
        submissions::get::Get,
        leaderboard::get::Get,
    );
    let service =
        OpenApiService::new(operations, "Fashion IQ Challenge", env!("CARGO_PKG_VERSION"))
            .description(
                "Upload ranked retrieval results, read scores and the leaderboard. Every error is \
             `application/problem+json` with a sentence a person can act on.",
            )
            .url_prefix("/api/v1");
    let docs = service.swagger_ui();
    let spec = service.spec_endpoint();
    Route::new()
        .nest("/v1", service)
        .nest("/docs", docs)
        .at("/openapi.json", spec)
        .with(body::AnyBody)
        .catch_all_error(into_problem)
}

/// Turns what the framework refused by itself into the same problem+json as everything else.
async fn into_problem(error: poem::Error) -> Response {
    if let Some(own) = error.downcast_ref::<Error>() {
        return Problem::of(own).into_response();
    }
    let status = error.status();
    if status == StatusCode::UNAUTHORIZED {
        return Problem::of(&Error::unauthorized()).into_response();
    }
    let detail = match status {
        StatusCode::NOT_FOUND => "there is nothing at this address; see /api/docs".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => {
            "this address does not take this method; see /api/docs".to_owned()
        }
        status if status.is_server_error() => Error::internal("answer this request", &error).detail,
        _ => error.to_string(),
    };
    Problem::of(&Error::http(status, detail)).into_response()
}
