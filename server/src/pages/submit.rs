//! `/c/{challenge}/{phase}/submit`: the form that takes a run.

use std::sync::Arc;

use poem::web::cookie::CookieJar;
use poem::web::{CsrfToken, CsrfVerifier, Data, Multipart, Path};
use poem::{IntoResponse, Response, handler};
use web::pages::{Complaints, Limit, SubmitPage, Typed};

use super::{answer, layout, take_part, visitor};
use crate::accounts::{self, Caller};
use crate::ambient::Instant;
use crate::api::text;
use crate::app::App;
use crate::challenges::{self, Reset};
use crate::entities::{challenge, phase};
use crate::error::{Error, Result};
use crate::submissions::{self, Allowance, Entry};

/// `GET /c/{challenge}/{phase}/submit`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    csrf: &CsrfToken,
    Path((challenge, phase)): Path<(String, String)>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &challenge).await?;
    let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
    let caller = visitor::signed_in(&app, cookies, &challenge).await?;
    let page = page(&app, &challenge, &phase, csrf, caller.as_ref()).await?;
    Ok(visitor::private(answer(&page)?))
}

/// `POST /c/{challenge}/{phase}/submit`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    csrf: &CsrfToken,
    verifier: &CsrfVerifier,
    Path((challenge, phase)): Path<(String, String)>,
    mut form: Multipart,
) -> Result<Response> {
    let at = app.ambient.now();
    let challenge = challenges::find(&app.db, &challenge).await?;
    let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
    let mut sent =
        Sent { caller: visitor::signed_in(&app, cookies, &challenge).await?, ..Sent::default() };
    let taken = sent.take(&app, &challenge, &phase, verifier, &mut form, at).await;
    let error = match taken {
        Ok(id) => {
            if let Some(caller) = sent.caller.filter(|_| sent.with_token) {
                visitor::sign_in(&app, cookies, &caller).await?;
            }
            return Ok(super::see_other(&layout::submission(&challenge, id)));
        }
        Err(error) if error.status.is_server_error() => return Err(error),
        Err(error) => error,
    };
    let mut page = page(&app, &challenge, &phase, csrf, sent.caller.as_ref()).await?;
    if sent.with_token {
        page.signed_in = None;
    }
    page.typed = Typed { token: String::new(), method: sent.method };
    page.complaints = complaints(&error);
    Ok(visitor::private(answer(&page)?.with_status(error.status)))
}

/// What a form has sent so far.
#[derive(Default)]
struct Sent {
    verified: bool,
    caller: Option<Caller>,
    with_token: bool,
    method: String,
}

impl Sent {
    /// Reads the fields in their order; the file comes last and is streamed to the store.
    async fn take(
        &mut self,
        app: &Arc<App>,
        challenge: &challenge::Model,
        phase: &phase::Model,
        verifier: &CsrfVerifier,
        form: &mut Multipart,
        at: Instant,
    ) -> Result<uuid::Uuid> {
        while let Some(field) = form.next_field().await.map_err(Error::incomplete)? {
            let name = field.name().unwrap_or_default().to_owned();
            let unnamed = field.file_name().is_none_or(str::is_empty);
            let value = field.into_async_read();
            match name.as_str() {
                "csrf_token" => self.verified = verifier.is_valid(&text(&name, value).await?),
                "token" => {
                    let caller =
                        accounts::authenticate(&app.db, text(&name, value).await?.trim()).await?;
                    caller.must_be_of(challenge)?;
                    (self.caller, self.with_token) = (Some(caller), true);
                }
                "method" => text(&name, value).await?.trim().clone_into(&mut self.method),
                "file" if unnamed => return Err(Error::field("file", "is not chosen")),
                "file" => {
                    if !self.verified {
                        return Err(Error::stale_form());
                    }
                    let caller = self.caller.clone().ok_or_else(Error::unauthorized)?;
                    let (phase, method) = (phase.clone(), self.method.clone());
                    let idempotency_key = None;
                    // How long the file is nobody says in a form.
                    let entry = Entry { caller, phase, method, idempotency_key, at, bytes: None };
                    let arrival = entry.check(app).await?;
                    let accepted = submissions::accept(app, arrival, Box::pin(value)).await?;
                    return Ok(submissions::settle(app, accepted).await?.id);
                }
                other => return Err(Error::field(other, "is no field of this form")),
            }
        }
        Err(Error::field("file", "is missing"))
    }
}

/// Puts a refusal beside the field it concerns.
fn complaints(error: &Error) -> Complaints {
    let said = Some(error.detail.clone());
    match (error.code, error.field.as_deref()) {
        ("unauthorized", _) => {
            Complaints { token: Some(visitor::WRONG_TOKEN.to_owned()), ..Complaints::default() }
        }
        ("forbidden", _) | (_, Some("token")) => {
            Complaints { token: said, ..Complaints::default() }
        }
        ("too-large" | "incomplete-upload", _) | (_, Some("file")) => {
            Complaints { file: said, ..Complaints::default() }
        }
        (_, Some("method")) => Complaints { method: said, ..Complaints::default() },
        _ => Complaints { form: said, ..Complaints::default() },
    }
}

async fn page(
    app: &App,
    challenge: &challenge::Model,
    phase: &phase::Model,
    csrf: &CsrfToken,
    caller: Option<&Caller>,
) -> Result<SubmitPage> {
    let now = app.ambient.now();
    Ok(SubmitPage {
        layout: layout::of(challenge, "Submit a run"),
        challenge: challenge.title.clone(),
        phase: layout::tab(challenge, phase, true),
        action: layout::form(challenge, phase),
        csrf_token: csrf.0.clone(),
        signed_in: caller.map(|caller| caller.team.name.clone()),
        typed: Typed::default(),
        complaints: Complaints::default(),
        limits: limits(app, phase, caller, now).await?,
        max_bytes: app.settings.max_upload_bytes,
        curl: take_part::curl_line(&app.base_address(), challenge, phase),
        format: layout::scoring(challenge),
        now: now.utc(),
    })
}

/// What the phase allows, and what is left of it once the team is known.
pub(super) async fn limits(
    app: &App,
    phase: &phase::Model,
    caller: Option<&Caller>,
    now: Instant,
) -> Result<Vec<Limit>> {
    let team = caller.map(|caller| &caller.team);
    let allowances = submissions::allowances(&app.db, phase, team, now).await?;
    let reset = phase.reset()?;
    Ok(allowances.iter().map(|allowance| limit(allowance, &reset)).collect())
}

/// A limit as people read it.
fn limit(allowance: &Allowance, reset: &Reset) -> Limit {
    let what = match allowance.limit {
        submissions::Limit::PerDay => "runs today",
        submissions::Limit::Total => "runs in this phase",
        submissions::Limit::AtOnce => "runs at once",
        submissions::Limit::InvalidPerDay => "invalid files today",
    };
    Limit {
        what: what.to_owned(),
        allowed: allowance.allowed.into(),
        left: allowance.left().map(u64::from),
        resets: allowance.resets.map(|at| reset.local(at)),
    }
}
