//! Errors as `application/problem+json` (RFC 9457).

use domain::ambient::Instant;
use domain::error::Retry;
use poem::error::ResponseError;
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object};
use time::OffsetDateTime;

use crate::refusal::Refusal;

const MEDIA_TYPE: &str = "application/problem+json; charset=utf-8";

/// An error.
#[derive(Debug, Object)]
pub struct Problem {
    /// A stable code for programs, such as `phase-closed` or `limit-reached`.
    pub code: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong and what to do, in a sentence.
    pub detail: String,
    /// When the same request can succeed.
    #[oai(skip_serializing_if_is_none)]
    #[oai(default)]
    pub retry_at: Option<OffsetDateTime>,
    /// The part of the request that is invalid.
    #[oai(skip_serializing_if_is_none)]
    #[oai(default)]
    pub field: Option<String>,
    #[oai(skip)]
    retry: Option<Retry>,
}

impl Problem {
    /// A refusal as problem+json.
    pub fn of(refusal: &Refusal) -> Self {
        let retry_at = match refusal.retry {
            Some(Retry::At(at)) => Some(at),
            _ => None,
        };
        Self {
            code: refusal.code.to_owned(),
            title: refusal.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: refusal.status.as_u16(),
            detail: refusal.detail.clone(),
            retry_at: retry_at.map(Instant::utc),
            field: refusal.field.clone(),
            retry: refusal.retry,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let response = Response::builder().status(status).content_type(MEDIA_TYPE);
        let response = match status {
            StatusCode::UNAUTHORIZED => response.header(header::WWW_AUTHENTICATE, "Bearer"),
            _ => response,
        };
        let response = match self.retry {
            Some(retry) => response.header(header::RETRY_AFTER, retry_after(retry)),
            None => response,
        };
        response.body(self.to_json_string())
    }
}

/// The header `Retry-After`: an HTTP date, or seconds (RFC 9110, 10.2.3).
pub(crate) fn retry_after(retry: Retry) -> String {
    match retry {
        Retry::At(at) => httpdate::fmt_http_date(at.utc().into()),
        Retry::AfterSeconds(seconds) => seconds.to_string(),
    }
}

impl ResponseError for Refusal {
    fn status(&self) -> StatusCode {
        self.status
    }

    fn as_response(&self) -> Response {
        Problem::of(self).into_response()
    }
}

/// Every operation documents the same errors.
impl ApiResponse for Refusal {
    fn meta() -> MetaResponses {
        let refusals = [
            (400, "A field, or the request itself, breaks a rule"),
            (401, "The token is missing or unknown"),
            (403, "The token is for another challenge"),
            (404, "Something in the request does not exist"),
            (
                409,
                "Not possible now: the phase is not open, or the idempotency key was used with \
                 another file",
            ),
            (405, "The address does not support this method"),
            (408, "The upload was too slow"),
            (413, "The upload is too large"),
            (429, "A limit is used up; `retry_at` says when to try again"),
            (500, "An error in the server"),
            (503, "The server is busy; `Retry-After` says when to try again"),
            (507, "The server's disk is full; nothing was saved"),
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
