//! Makes and lists submissions to a phase.
//!
//! Operations of one address have to be in one block: otherwise the specification has only one of
//! them.

use std::sync::Arc;

use poem::http::HeaderMap;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use uuid::Uuid;

use super::create::{Created, Sending, create};
use super::list::{OwnSubmissions, list};
use super::run::Run;
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;
use crate::serve::RequestPlace;

/// `GET` and `POST /challenges/{challenge}/phases/{phase}/submissions`
pub struct OfPhase;

/// The maximum number of submissions per page.
const MOST: u8 = 100;

#[OpenApi]
impl OfPhase {
    /// Make a submission
    ///
    /// The body is the file itself, in the format of the challenge's task. `fashion-iq`: a zip with
    /// `dress.predict.json`, `shirt.predict.json` and `toptee.predict.json`, or one JSON keyed by
    /// category. `circo`: one JSON keyed by query. Any of them can be compressed with gzip or zstd.
    /// The format is detected from the bytes, so any media type works. Only `multipart/form-data`
    /// is read as a form: its field `file` holds the file, and `method` and the phase's fields can
    /// come before or after it.
    ///
    /// Uploading the same bytes again makes no second submission and uses no limit. Once a limit is
    /// used up, the response is `429` before the body is read, even for the same bytes; to get the
    /// first submission anyway, send the `Idempotency-Key` of the first upload.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/submissions",
        method = "post",
        operation_id = "create_submission"
    )]
    #[expect(clippy::too_many_arguments, reason = "each is a documented part of the request")]
    async fn create(
        &self,
        app: Data<&Arc<App>>,
        headers: &HeaderMap,
        place: Data<&RequestPlace>,
        token: ApiToken,
        challenge: Path<String>,
        phase: Path<String>,
        /// The name of the method, shown on the leaderboard
        method: Query<Option<String>>,
        /// The answers to the phase's fields, as a JSON object by field name: `{"zero-shot":
        /// "yes"}`
        details: Query<Option<String>>,
        /// A request repeated with the same key makes no second submission, even when a limit is
        /// used up
        #[oai(name = "Idempotency-Key")]
        _idempotency_key: Header<Option<String>>,
        run: Run,
    ) -> Result<Created> {
        let (method, details) = (method.0.unwrap_or_default(), details.0);
        let sending = Sending { token, method, details, headers, place: &place, run };
        create(&app, &challenge, &phase, sending).await
    }

    /// List your team's submissions to a phase, and what is left of its limits
    #[oai(
        path = "/challenges/:challenge/phases/:phase/submissions",
        method = "get",
        operation_id = "list_submissions"
    )]
    async fn list(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        phase: Path<String>,
        /// Return only submissions older than this one
        before: Query<Option<Uuid>>,
        /// The maximum number of submissions to return
        #[oai(default = "most", validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<u8>,
    ) -> Result<Json<OwnSubmissions>> {
        list(&app, &challenge, &phase, &token, before.0, limit.0).await.map(Json)
    }
}

fn most() -> u8 {
    MOST
}
