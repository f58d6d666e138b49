//! The submissions to a phase: what is sent there, and what a team has sent.
//!
//! Operations of one address have to be written down together: apart, the specification would name
//! only one of them.

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

/// How many submissions are shown at once, unless fewer are asked for.
const MOST: u8 = 100;

#[OpenApi]
impl OfPhase {
    /// Submit a run
    ///
    /// The body is the file itself, in the format of the challenge's task. `fashion-iq`: a zip with
    /// `dress.predict.json`, `shirt.predict.json` and `toptee.predict.json`, or one JSON keyed by
    /// category. `circo`: one JSON keyed by query. gzip or zstd of any of them. The bytes decide what it
    /// is; any media type will do. Only a form (`multipart/form-data`) is read as one: its
    /// field `file` holds the file, and `method` and what the phase asks for may come before or after it.
    ///
    /// The same bytes again are no second upload and use no limit. Once a limit is used up, the answer
    /// is `429` before the body is read, also for the same bytes; send the `Idempotency-Key` of the
    /// first upload to get the first submission even then.
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
        /// What the team calls its method; shown on the board
        method: Query<Option<String>>,
        /// What the phase asks for, as a JSON object by the fields' names: `{"zero-shot": "yes"}`
        details: Query<Option<String>>,
        /// Repeat a request with the same key and it is no second upload, even when a limit is used up
        #[oai(name = "Idempotency-Key")]
        _idempotency_key: Header<Option<String>>,
        run: Run,
    ) -> Result<Created> {
        let (method, details) = (method.0.unwrap_or_default(), details.0);
        let sending = Sending { token, method, details, headers, place: &place, run };
        create(&app, &challenge, &phase, sending).await
    }

    /// Your team's submissions to a phase, and what is left of its limits
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
        /// Only submissions older than this one
        before: Query<Option<Uuid>>,
        /// How many at most
        #[oai(default = "most", validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<u8>,
    ) -> Result<Json<OwnSubmissions>> {
        list(&app, &challenge, &phase, &token, before.0, limit.0).await.map(Json)
    }
}

fn most() -> u8 {
    MOST
}
