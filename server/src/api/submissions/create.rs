//! Takes an upload and answers with its score.

use std::sync::Arc;

use poem::http::{HeaderMap, header};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Json;

use super::Submission;
use super::details;
use super::run::Run;
use crate::accounts::Scope;
use crate::api::ApiToken;
use crate::app::App;
use crate::challenges::{self, Located};
use crate::entities::submission::{self, State};
use crate::error::Result;
use crate::serve::RequestPlace;
use crate::submissions::{self, Entry};

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

/// What a team sends.
pub(super) struct Sending<'a> {
    pub(super) token: ApiToken,
    pub(super) method: String,
    pub(super) details: Option<String>,
    pub(super) idempotency_key: Option<String>,
    pub(super) headers: &'a HeaderMap,
    pub(super) place: &'a RequestPlace,
    pub(super) run: Run,
}

/// Takes an upload and answers with its score.
pub(super) async fn create(
    app: &Arc<App>,
    challenge: &str,
    phase: &str,
    sending: Sending<'_>,
) -> Result<Created> {
    let at = app.ambient.now();
    let located = challenges::locate(&app.db, challenge, phase).await?;
    let Sending { token, method, details, idempotency_key, headers, place, run } = sending;
    let caller = token.caller(app, &located.challenge, Scope::Submit).await?;
    let (phase, bytes) = (located.phase.clone(), declared_length(headers));
    let details = details::read(details.as_deref())?;
    let trial = false;
    // From here on it waits for the client.
    place.release();
    let mut entry = Entry { caller, phase, method, details, idempotency_key, at, bytes, trial };
    let submitted = match run {
        Run::File(body) => {
            let arrival = entry.check(app).await?;
            submissions::submit(app, arrival, body.0.into_async_read()).await?
        }
        Run::Form(mut form) => {
            let sent = form.open(&entry.phase.asked()?).await?;
            entry.method = sent.method.unwrap_or(entry.method);
            entry.details.extend(sent.details);
            let arrival = entry.check(app).await?;
            submissions::submit(app, arrival, sent.file).await?
        }
    };
    told(app, &located, submitted.row, submitted.earlier).await
}

async fn told(
    app: &App,
    located: &Located,
    row: submission::Model,
    earlier: bool,
) -> Result<Created> {
    let state = row.state;
    let told = Submission::of(app, located, row).await?;
    let link = told.link.clone();
    Ok(match state {
        _ if earlier => Created::Earlier(Json(told)),
        State::Scored => Created::Scored(Json(told), link),
        State::Invalid => Created::Invalid(Json(told), link),
        State::Received | State::Failed => Created::Waiting(Json(told), link),
    })
}

/// How long a body says it is, if it does.
pub(crate) fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
