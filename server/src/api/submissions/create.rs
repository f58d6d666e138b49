//! Takes an upload and answers with its score.

use std::sync::Arc;

use poem::Body;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, OpenApi};

use super::Submission;
use crate::api::TeamToken;
use crate::app::App;
use crate::challenges;
use crate::entities::submission::State;
use crate::error::Result;
use crate::submissions::{self, Accepted, Entry};

/// `POST /challenges/{challenge}/phases/{phase}/submissions`
pub struct Create;

/// What became of an upload.
#[derive(ApiResponse)]
pub enum Created {
    /// The same upload, or the same idempotency key, was taken before; nothing was used
    #[oai(status = 200)]
    Earlier(Json<Submission>),
    /// It is scored
    #[oai(status = 201)]
    Scored(Json<Submission>, #[oai(header = "Location")] String),
    /// It is safe and waits for its score; ask again at `link`
    #[oai(status = 202)]
    Waiting(Json<Submission>, #[oai(header = "Location")] String),
    /// It was read and has problems, all of them listed
    #[oai(status = 422)]
    Invalid(Json<Submission>, #[oai(header = "Location")] String),
}

#[OpenApi]
impl Create {
    /// Submit a run
    ///
    /// The body is the file itself: a zip with `dress.predict.json`, `shirt.predict.json` and
    /// `toptee.predict.json`, or one JSON keyed by category, gzip or zstd of either.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/submissions",
        method = "post",
        operation_id = "create_submission"
    )]
    #[expect(clippy::too_many_arguments, reason = "each is a documented part of the request")]
    async fn create(
        &self,
        app: Data<&Arc<App>>,
        token: TeamToken,
        challenge: Path<String>,
        phase: Path<String>,
        /// What the team calls its method; shown on the board
        method: Query<Option<String>>,
        /// Repeat a request with the same key and it is no second upload
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Binary<Body>,
    ) -> Result<Created> {
        let at = app.ambient.now();
        let challenge = challenges::find(&app.db, &challenge).await?;
        let caller = token.caller(&app, &challenge).await?;
        let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
        let method = method.0.unwrap_or_default();
        let entry = Entry { caller, phase, method, idempotency_key: idempotency_key.0, at };
        let arrival = entry.check(&app).await?;
        let accepted = submissions::accept(&app, arrival, body.0.into_async_read()).await?;
        let earlier = matches!(accepted, Accepted::Earlier(_));
        let row = submissions::settle(&app, accepted).await?;
        let state = row.state;
        let told = Submission::of(&app.db, &challenge.name, row).await?;
        let link = told.link.clone();
        Ok(match state {
            _ if earlier => Created::Earlier(Json(told)),
            State::Scored => Created::Scored(Json(told), link),
            State::Invalid => Created::Invalid(Json(told), link),
            State::Received | State::Failed => Created::Waiting(Json(told), link),
        })
    }
}
