//! `/c/{challenge}/{phase}/submit`: the form for a submission.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::accounts::{Caller, is_invisible};
use domain::ambient::Instant;
use domain::challenges::{self, AskedField, AskedKind, Reset};
use domain::entities::{challenge, phase};
use domain::error::Error;
use domain::submissions::{self, Allowance, Entry, Submitted};
use poem::http::HeaderMap;
use poem::web::{Data, Multipart, Path};
use poem::{Response, handler};
use web::pages::{Blocked, Field, FieldKind, Form, Limit, Link, Repeated, SubmitPage};

use super::next::Next;
use super::visitor::{self, Person};
use super::{answer, forms, layout, saying, see_other, take_part};
use crate::api::declared_length;
use crate::app::App;
use crate::refusal::Result;
use crate::serve::RequestPlace;
use crate::upload_form::UploadForm;

/// `GET /c/{challenge}/{phase}/submit`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path((challenge, phase)): Path<(String, String)>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &challenge).await?;
    let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
    if phase.dialog_rules().is_some() {
        return Ok(see_other(&layout::take_part(&challenge, &phase)));
    }
    let Some(caller) = Caller::of(&app.db, &user, &challenge).await? else {
        let next = Next::read(&layout::form(&challenge, &phase));
        return Ok(see_other(&next.on(&layout::team(&challenge))));
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
    sent: Multipart,
) -> Result<Response> {
    let at = app.ambient.now();
    let challenge = challenges::find(&app.db, &challenge).await?;
    let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
    let caller = Caller::of(&app.db, &user, &challenge).await?;
    let caller = caller.ok_or_else(|| Error::no_team(&challenge.name))?;
    let known = phase.asked()?.into_iter().map(|field| field.name);
    let known = std::iter::once(METHOD.to_owned()).chain(known);
    let mut sent = UploadForm::new(sent, app.settings.timeouts.form, known);
    // From here on the request waits for the client.
    place.release();
    let taken = take(&app, &caller, &phase, (&mut sent, declared_length(headers)), at).await;
    match forms::refused(taken)? {
        Ok(Submitted { row, repeat: Some(repeat), .. }) => {
            let form = form(&app, &challenge, &phase, &Typed::default())?;
            let mut page = page(&app, &challenge, &phase, &caller, form).await?;
            let href = layout::submission(&challenge, row.id);
            page.repeated = Some(Repeated { what: repeat.sentence(&row), href });
            Ok(visitor::private(answer(&page)?))
        }
        Ok(Submitted { row, .. }) => Ok(see_other(&layout::submission(&challenge, row.id))),
        Err(error) => {
            let typed = Typed::of(&sent);
            let mut form = form(&app, &challenge, &phase, &typed)?;
            let error = error.beside_file("file");
            forms::complain(&mut form, &error);
            if let Some(file) = &typed.file {
                choose_again(&mut form, file);
            }
            let page = page(&app, &challenge, &phase, &caller, form).await?;
            Ok(saying(&error, visitor::private(answer(&page)?)))
        }
    }
}

/// The field that names the method.
const METHOD: &str = "method";

/// The typed values, as far as they arrived.
#[derive(Debug, Clone, Default)]
struct Typed {
    method: String,
    details: BTreeMap<String, String>,
    /// The name of the file, which a browser sends but does not restore.
    file: Option<String>,
}

/// The longest file name that is shown, in characters.
const FILE_NAME_LENGTH: usize = 80;

/// A file name that is safe to show.
fn shown_name(name: &str) -> String {
    let shown = name.chars().filter(|c| !c.is_control() && !is_invisible(*c));
    shown.take(FILE_NAME_LENGTH).collect()
}

/// Asks next to the field to choose the file again, because browsers don't restore it.
fn choose_again(form: &mut Form, file: &str) {
    let Some(field) = form.fields.iter_mut().find(|field| field.name == "file") else { return };
    let again = format!("choose {file} again");
    field.complaint = Some(match field.complaint.take() {
        Some(complaint) => format!("{}; {again}", complaint.trim_end_matches('.')),
        None => again,
    });
}

impl Typed {
    fn of(sent: &UploadForm) -> Self {
        let method = sent.get(METHOD).unwrap_or_default().trim().to_owned();
        let file = sent.file_name().map(shown_name);
        Self { method, details: sent.all_but(METHOD), file }
    }
}

/// Streams the file to the store, and reads the fields before and after it.
async fn take(
    app: &Arc<App>,
    caller: &Caller,
    phase: &phase::Model,
    (sent, length): (&mut UploadForm, Option<u64>),
    at: Instant,
) -> Result<Submitted> {
    let file = sent.open().await?;
    let (caller, phase) = (caller.clone(), phase.clone());
    let Typed { method, details, .. } = Typed::of(sent);
    // The file is at most as long as the form; its own length is not sent.
    let bytes = length.map(|bytes| bytes.min(app.settings.max_upload_bytes));
    let (idempotency_key, trial) = (None, false);
    let entry = Entry { caller, phase, method, details, idempotency_key, at, bytes, trial };
    let arrived = entry.check_form(app).await?.receive(app, file).await?;
    let mut arrived = arrived.kept_if(sent.close().await).await?;
    let Typed { method, details, .. } = Typed::of(sent);
    arrived.complete(Some(&method), details);
    Ok(submissions::finish(app, arrived).await?)
}

fn form(
    app: &App,
    challenge: &challenge::Model,
    phase: &phase::Model,
    typed: &Typed,
) -> Result<Form> {
    let largest = web::format_bytes(app.settings.max_upload_bytes);
    let mut form = Form::new(layout::form(challenge, phase), "Submit").with(
        Field::text("method", "Method name")
            .hint("A few words shown next to your team on the board.")
            .value(&typed.method)
            .optional(),
    );
    for asked in phase.asked()? {
        let value = typed.details.get(&asked.name).map(String::as_str).unwrap_or_default();
        form = form.with(field(&asked, value));
    }
    Ok(form.with(
        Field::new(FieldKind::File, "file", "File")
            .hint(format!("{} At most {largest}.", challenge.task()?.texts.upload)),
    ))
}

/// The form field for a question of the phase.
pub(super) fn field(asked: &AskedField, value: &str) -> Field {
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
        hints.push("A link that begins with https://.");
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
        layout: layout::of(challenge, "Make a submission"),
        challenge: challenge.title.clone(),
        phase: layout::tab(challenge, phase, true),
        team: Link::new(caller.team.name.clone(), layout::team(challenge)),
        form,
        blocked: blocked(app, phase, caller, now).await?,
        repeated: None,
        limits: limits(app, phase, Some(caller), now).await?,
        curl: take_part::curl_line(&app.base_address(), challenge, phase)?,
        now: now.utc(),
    })
}

/// Why a limit allows no submission now, shown before a file is chosen.
async fn blocked(
    app: &App,
    phase: &phase::Model,
    caller: &Caller,
    now: Instant,
) -> Result<Option<Blocked>> {
    match submissions::ensure_one_left(&app.db, phase, &caller.team, now, 0).await {
        Err(error) if error.code.is_of_server() => Err(error.into()),
        Err(error) => {
            let reset = phase.reset()?;
            let next = error.retry_from().map(|at| reset.local(at));
            Ok(Some(Blocked { why: error.detail, next }))
        }
        Ok(()) => Ok(None),
    }
}

/// The limits of the phase, and what is left of them if the team is known.
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
        submissions::Limit::PerDay => "submissions today",
        submissions::Limit::Total => "submissions in this phase",
        submissions::Limit::AtOnce => "submissions at once",
        submissions::Limit::InvalidPerDay => "invalid files today",
    };
    Limit {
        what: what.to_owned(),
        allowed: allowance.allowed.into(),
        left: allowance.left().map(u64::from),
        resets: allowance.resets.map(|at| reset.local(at)),
    }
}
