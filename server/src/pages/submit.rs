//! `/c/{challenge}/{phase}/submit`: the form that takes a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use poem::http::HeaderMap;
use poem::web::{Data, Multipart, Path};
use poem::{Response, handler};
use web::pages::{Field, FieldKind, Form, Limit, Link, SubmitPage};

use super::visitor::{self, Person};
use super::{answer, forms, layout, saying, see_other, take_part};
use crate::accounts::Caller;
use crate::ambient::Instant;
use crate::api::{declared_length, text};
use crate::app::App;
use crate::challenges::{self, AskedField, AskedKind, Reset};
use crate::entities::{challenge, phase};
use crate::error::{Error, Result};
use crate::serve::RequestPlace;
use crate::submissions::{self, Allowance, Entry};

/// `GET /c/{challenge}/{phase}/submit`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path((challenge, phase)): Path<(String, String)>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &challenge).await?;
    let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
    let Some(caller) = Caller::of(&app.db, &user, &challenge).await? else {
        return Ok(see_other(&layout::team(&challenge)));
    };
    let form = form(&app, &challenge, &phase, &Typed::default())?;
    let page = page(&app, &challenge, &phase, &caller, form).await?;
    Ok(visitor::private(answer(&page)?))
}

/// `POST /c/{challenge}/{phase}/submit`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    Person(user): Person,
    place: Data<&RequestPlace>,
    headers: &HeaderMap,
    Path((challenge, phase)): Path<(String, String)>,
    mut sent: Multipart,
) -> Result<Response> {
    let at = app.ambient.now();
    let challenge = challenges::find(&app.db, &challenge).await?;
    let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
    let caller = Caller::of(&app.db, &user, &challenge).await?;
    let caller = caller.ok_or_else(|| Error::no_team(&challenge.name))?;
    let mut typed = Typed::default();
    // From here on it waits for the client.
    place.release();
    let taken =
        take(&app, &caller, &phase, (&mut sent, declared_length(headers)), &mut typed, at).await;
    match forms::refused(taken)? {
        Ok(id) => Ok(see_other(&layout::submission(&challenge, id))),
        Err(error) => {
            let mut form = form(&app, &challenge, &phase, &typed)?;
            let about_file = matches!(error.code, "too-large" | "incomplete-upload");
            let field = if about_file { Some("file".to_owned()) } else { error.field.clone() };
            forms::complain(&mut form, &Error { field, ..error.clone() });
            let page = page(&app, &challenge, &phase, &caller, form).await?;
            Ok(saying(&error, visitor::private(answer(&page)?)))
        }
    }
}

/// What was typed before the file came.
#[derive(Debug, Clone, Default)]
struct Typed {
    method: String,
    details: BTreeMap<String, String>,
}

/// Reads the fields in their order; the file comes last and is streamed to the store.
async fn take(
    app: &Arc<App>,
    caller: &Caller,
    phase: &phase::Model,
    (sent, length): (&mut Multipart, Option<u64>),
    typed: &mut Typed,
    at: Instant,
) -> Result<uuid::Uuid> {
    let asked = phase.asked()?;
    while let Some(field) = sent.next_field().await.map_err(Error::incomplete)? {
        let name = field.name().unwrap_or_default().to_owned();
        let unnamed = field.file_name().is_none_or(str::is_empty);
        let value = field.into_async_read();
        match name.as_str() {
            "method" => text(&name, value).await?.trim().clone_into(&mut typed.method),
            "file" if unnamed => return Err(Error::field("file", "is not chosen")),
            "file" => {
                let (caller, phase) = (caller.clone(), phase.clone());
                let Typed { method, details } = typed.clone();
                let idempotency_key = None;
                // The file is no longer than the form, and how long it is nobody says.
                let bytes = length.map(|bytes| bytes.min(app.settings.max_upload_bytes));
                let trial = false;
                let entry =
                    Entry { caller, phase, method, details, idempotency_key, at, bytes, trial };
                let arrival = entry.check(app).await?;
                return Ok(submissions::submit(app, arrival, Box::pin(value)).await?.row.id);
            }
            other if asked.iter().any(|field| field.name == other) => {
                drop(typed.details.insert(name.clone(), text(&name, value).await?));
            }
            other => return Err(Error::field(other, "is no field of this form")),
        }
    }
    Err(Error::field("file", "is missing"))
}

fn form(
    app: &App,
    challenge: &challenge::Model,
    phase: &phase::Model,
    typed: &Typed,
) -> Result<Form> {
    let largest = web::format_bytes(app.settings.max_upload_bytes);
    let mut form = Form::new(layout::form(challenge, phase), "Submit the run").with(
        Field::text("method", "Method name")
            .hint("A few words that stand beside your team on the board.")
            .value(&typed.method)
            .optional(),
    );
    for asked in phase.asked()? {
        let value = typed.details.get(&asked.name).map(String::as_str).unwrap_or_default();
        form = form.with(field(&asked, value));
    }
    Ok(form.with(Field::new(FieldKind::File, "file", "File").hint(format!(
        "A zip with one prediction file a group, or a single JSON; gzip or zstd are fine. At \
             most {largest}."
    ))))
}

/// One of the fields that the phase asks for.
fn field(asked: &AskedField, value: &str) -> Field {
    let kind = match asked.kind {
        AskedKind::Text | AskedKind::Link => FieldKind::Text,
        AskedKind::YesNo | AskedKind::Choice => {
            let none = (String::new(), "–".to_owned());
            let values = asked.values().into_iter().map(|v| (v.to_owned(), v.to_owned()));
            FieldKind::Choice(std::iter::once(none).chain(values).collect())
        }
    };
    let mut hints = Vec::new();
    if asked.kind == AskedKind::Link {
        hints.push("A link: it begins with https://.");
    }
    if !asked.public {
        hints.push("Only your team and the organisers see it.");
    }
    let field = Field::new(kind, &asked.name, &asked.label).value(value);
    let field = if hints.is_empty() { field } else { field.hint(hints.join(" ")) };
    if asked.required { field } else { field.optional() }
}

async fn page(
    app: &App,
    challenge: &challenge::Model,
    phase: &phase::Model,
    caller: &Caller,
    form: Form,
) -> Result<SubmitPage> {
    let now = app.ambient.now();
    Ok(SubmitPage {
        layout: layout::of(challenge, "Submit a run"),
        challenge: challenge.title.clone(),
        phase: layout::tab(challenge, phase, true),
        team: Link::new(caller.team.name.clone(), layout::team(challenge)),
        form,
        limits: limits(app, phase, Some(caller), now).await?,
        curl: take_part::curl_line(&app.base_address(), challenge, phase)?,
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
