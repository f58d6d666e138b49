//! Takes an upload and answers with its score.

use std::sync::Arc;

use poem::http::{HeaderMap, header};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::Submission;
use super::run::Run;
use crate::api::TeamToken;
use crate::app::App;
use crate::challenges::{self, Located};
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
    /// `toptee.predict.json`, or one JSON keyed by category, gzip or zstd of either. What it is is told
    /// by its bytes; any media type will do. Only a form (`multipart/form-data`) is read as one: its
    /// field `file` holds the file, and `method` may stand before it.
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
        token: TeamToken,
        challenge: Path<String>,
        phase: Path<String>,
        /// What the team calls its method; shown on the board
        method: Query<Option<String>>,
        /// Repeat a request with the same key and it is no second upload
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        run: Run,
    ) -> Result<Created> {
        let at = app.ambient.now();
        let Located { challenge, phase, benchmark } =
            challenges::locate(&app.db, &challenge, &phase).await?;
        let caller = token.caller(&app, &challenge).await?;
        let (method, idempotency_key) = (method.0.unwrap_or_default(), idempotency_key.0);
        let bytes = declared_length(headers);
        let located = Located { phase: phase.clone(), challenge, benchmark };
        let mut entry = Entry { caller, phase, method, idempotency_key, at, bytes };
        let accepted = match run {
            Run::File(body) => {
                let arrival = entry.check(&app).await?;
                submissions::accept(&app, arrival, body.0.into_async_read()).await?
            }
            Run::Form(mut form) => {
                let sent = form.open().await?;
                entry.method = sent.method.unwrap_or(entry.method);
                let arrival = entry.check(&app).await?;
                submissions::accept(&app, arrival, sent.file).await?
            }
        };
        let earlier = matches!(accepted, Accepted::Earlier(_));
        let row = submissions::settle(&app, accepted).await?;
        Ok(Created::of(Submission::of(&app.db, &located, row).await?, earlier))
    }
}

impl Created {
    fn of(told: Submission, earlier: bool) -> Self {
        let link = told.link.clone();
        match told.state.as_str() {
            _ if earlier => Self::Earlier(Json(told)),
            state if state == State::Scored.name() => Self::Scored(Json(told), link),
            state if state == State::Invalid.name() => Self::Invalid(Json(told), link),
            _ => Self::Waiting(Json(told), link),
        }
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
