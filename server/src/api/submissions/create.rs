//! Receives an upload and responds with its score.

use std::sync::Arc;

use domain::accounts::Scope;
use domain::challenges::{self, Located};
use domain::entities::submission::State;
use domain::error::Error;
use domain::submissions::{self, Entry, Submitted};
use poem::http::{HeaderMap, header};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Json;

use super::details;
use super::run::{Run, RunForm};
use super::{Repeated, Submission};
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;
use crate::serve::RequestPlace;
use crate::upload_form::UploadForm;

/// The result of an upload.
#[derive(ApiResponse)]
pub enum Created {
    /// The same upload, or the same idempotency key, was received before; no limit was used
    #[oai(status = 200)]
    Earlier(Json<Submission>),
    /// The submission is scored
    #[oai(status = 201)]
    Scored(Json<Submission>, #[oai(header = "Location")] String),
    /// The submission is saved and waits for its score; ask again at `link`
    #[oai(status = 202)]
    Waiting(Json<Submission>, #[oai(header = "Location")] String),
    /// The submission is invalid; all its problems are listed
    #[oai(status = 422)]
    Invalid(Json<Submission>, #[oai(header = "Location")] String),
}

/// The form field with the method's name.
const METHOD: &str = "method";

/// A team's upload.
pub(super) struct Sending<'a> {
    pub(super) token: ApiToken,
    pub(super) method: String,
    pub(super) details: Option<String>,
    pub(super) headers: &'a HeaderMap,
    pub(super) place: &'a RequestPlace,
    pub(super) run: Run,
}

/// Receives an upload and responds with its score.
pub(super) async fn create(
    app: &Arc<App>,
    challenge: &str,
    phase: &str,
    sending: Sending<'_>,
) -> Result<Created> {
    let at = app.ambient.now();
    let located = challenges::locate(&app.db, challenge, phase).await?;
    let Sending { token, method, details, headers, place, run } = sending;
    let caller = token.caller(app, &located.challenge, Scope::Submit).await?;
    let (phase, bytes) = (located.phase.clone(), declared_length(headers));
    let details = details::read(details.as_deref())?;
    let idempotency_key = idempotency_key(headers)?;
    let trial = false;
    // From here on we wait for the client.
    place.release();
    let mut entry = Entry { caller, phase, method, details, idempotency_key, at, bytes, trial };
    let submitted = match run {
        Run::File(body) => {
            let arrival = entry.check(app).await?;
            submissions::submit(app, arrival, body.0.into_async_read()).await?
        }
        Run::Form(RunForm(sent)) => {
            let known = entry.phase.asked()?.into_iter().map(|field| field.name);
            let known = std::iter::once(METHOD.to_owned()).chain(known);
            let mut form = UploadForm::new(sent, app.settings.timeouts.form, known);
            let file = form.open().await?;
            if let Some(method) = form.get(METHOD) {
                method.clone_into(&mut entry.method);
            }
            let arrival = entry.check_form(app).await?;
            let arrived = arrival.receive(app, file).await?;
            let mut arrived = arrived.kept_if(form.close().await).await?;
            arrived.complete(form.get(METHOD), form.all_but(METHOD));
            submissions::finish(app, arrived).await?
        }
    };
    created(app, &located, submitted).await
}

async fn created(app: &App, located: &Located, submitted: Submitted) -> Result<Created> {
    let Submitted { row, earlier, repeat } = submitted;
    let state = row.state;
    let repeat = repeat.map(|repeat| Repeated::of(repeat, &row));
    let told = Submission { repeat, ..Submission::of(app, located, row).await? };
    let link = told.link.clone();
    Ok(match state {
        _ if earlier => Created::Earlier(Json(told)),
        State::Scored => Created::Scored(Json(told), link),
        State::Invalid => Created::Invalid(Json(told), link),
        State::Playing | State::Received | State::Failed => Created::Waiting(Json(told), link),
    })
}

/// The key that keeps a repeated request from becoming a second upload. It is any string, with or
/// without quotes; ignoring one would turn the repeated request into a second upload.
pub(in crate::api) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    const NAME: &str = "Idempotency-Key";
    let mut lines = headers.get_all(NAME).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(Error::field(NAME, "is given twice").into());
    }
    let key = std::str::from_utf8(line.as_bytes());
    let key = key.map_err(|_| Error::field(NAME, "is not UTF-8 text"))?.trim();
    let inner = key.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    Ok(Some(inner.unwrap_or(key).to_owned()).filter(|key| !key.is_empty()))
}

/// The declared length of a body, if any.
pub(crate) fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
