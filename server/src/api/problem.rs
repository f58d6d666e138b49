//! Errors as `application/problem+json` (RFC 9457).

use poem::error::ResponseError;
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object};
use time::OffsetDateTime;

use crate::error::Error;

const MEDIA_TYPE: &str = "application/problem+json; charset=utf-8";

/// What could not be done, and why.
#[derive(Debug, Object)]
pub struct Problem {
    /// A stable word for programs, such as `phase-closed` or `limit-reached`.
    pub code: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence a person can act on.
    pub detail: String,
    /// From when on the same request can succeed.
    #[oai(skip_serializing_if_is_none)]
    #[oai(default)]
    pub retry_at: Option<OffsetDateTime>,
}

impl Problem {
    /// The problem an error is told as.
    pub fn of(error: &Error) -> Self {
        Self {
            code: error.code.to_owned(),
            title: error.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: error.status.as_u16(),
            detail: error.detail.clone(),
            retry_at: error.retry_at.map(crate::ambient::Instant::utc),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let response = Response::builder().status(status).content_type(MEDIA_TYPE);
        let response = if status == StatusCode::UNAUTHORIZED {
            response.header(header::WWW_AUTHENTICATE, "Bearer")
        } else {
            response
        };
        response.body(self.to_json_string())
    }
}

impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        self.status
    }

    fn as_response(&self) -> Response {
        Problem::of(self).into_response()
    }
}

/// Every operation documents the same list of refusals.
impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        let refusals = [
            (400, "A field, or the request itself, breaks a rule"),
            (401, "No token, or an unknown one"),
            (403, "A token of another challenge"),
            (404, "Something named is not there"),
            (409, "Not now: the phase is not open, or the idempotency key is taken"),
            (413, "The upload is too large"),
            (429, "A limit is used up; `retry_at` says until when"),
            (500, "The server's own fault"),
        ];
        let response = |(status, description)| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType {
                content_type: "application/problem+json; charset=utf-8",
                schema: Problem::schema_ref(),
            }],
            headers: vec![],
        };
        MetaResponses { responses: refusals.map(response).into() }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}
