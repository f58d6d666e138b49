//! `/c/{challenge}/submissions/{id}/…`: actions of a team on its own submission.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::accounts::Caller;
use domain::ambient::Instant;
use domain::challenges::{self, Details, Located, PhaseState, state_at};
use domain::entities::submission::{self, State};
use domain::entities::{challenge, user};
use domain::error::Error;
use domain::moderation;
use domain::standings;
use domain::standings::{Choice, Withdrawal};
use domain::submissions::{self, Edit};
use poem::http::header;
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path};
use poem::{Body, Response, handler};
use serde::Deserialize;
use web::pages::{Field, FieldKind, Form, Weight};

use super::done::{Done, said};
use super::filled::Filled;
use super::visitor::{self, Person};
use super::{forms, layout, see_other, submit};
use crate::app::App;
use crate::refusal::Result;

/// The page that a button is on, to which it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Back {
    /// The page of the submission.
    #[default]
    Run,
    /// The list of all submissions.
    List,
}

/// The fields that the buttons send.
#[derive(Deserialize)]
struct Pressed {
    #[serde(default)]
    back: Back,
}

/// The action of a button.
#[derive(Debug, Clone, Copy)]
enum Action {
    Withdraw(Withdrawal),
    Choose(Choice),
}

impl Action {
    const fn done(self) -> Done {
        match self {
            Self::Withdraw(Withdrawal::Withdrawn) => Done::Withdrawn,
            Self::Withdraw(Withdrawal::Restored) => Done::Restored,
            Self::Choose(Choice::Final) => Done::Final,
            Self::Choose(Choice::NotFinal) => Done::NotFinal,
        }
    }
}

/// `POST /c/{challenge}/submissions/{id}/withdraw`
#[handler]
pub async fn withdraw(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path((challenge, id)): Path<(String, String)>,
    Filled(pressed): Filled<Pressed>,
) -> Result<Response> {
    act(
        (&app, cookies),
        &user,
        (&challenge, &id),
        Action::Withdraw(Withdrawal::Withdrawn),
        pressed.back,
    )
    .await
}

/// `POST /c/{challenge}/submissions/{id}/restore`
#[handler]
pub async fn restore(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path((challenge, id)): Path<(String, String)>,
    Filled(pressed): Filled<Pressed>,
) -> Result<Response> {
    act(
        (&app, cookies),
        &user,
        (&challenge, &id),
        Action::Withdraw(Withdrawal::Restored),
        pressed.back,
    )
    .await
}

/// `POST /c/{challenge}/submissions/{id}/final`
#[handler]
pub async fn choose(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path((challenge, id)): Path<(String, String)>,
    Filled(pressed): Filled<Pressed>,
) -> Result<Response> {
    act((&app, cookies), &user, (&challenge, &id), Action::Choose(Choice::Final), pressed.back)
        .await
}

/// `POST /c/{challenge}/submissions/{id}/not-final`
#[handler]
pub async fn give_up(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path((challenge, id)): Path<(String, String)>,
    Filled(pressed): Filled<Pressed>,
) -> Result<Response> {
    act((&app, cookies), &user, (&challenge, &id), Action::Choose(Choice::NotFinal), pressed.back)
        .await
}

async fn act(
    (app, cookies): (&App, &CookieJar),
    user: &user::Model,
    (name, id): (&str, &str),
    action: Action,
    back: Back,
) -> Result<Response> {
    let (challenge, caller) = caller(app, user, name).await?;
    let id = submissions::id(id)?;
    let row = match action {
        Action::Withdraw(withdrawal) => standings::withdraw(app, &caller, id, withdrawal).await?,
        Action::Choose(choice) => standings::choose(app, &caller, id, choice).await?,
    };
    said(app, cookies, action.done());
    Ok(see_other(&match back {
        Back::Run => layout::submission(&challenge, row.id),
        Back::List => layout::submissions(&challenge),
    }))
}

/// The fields of the question form.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    text: String,
}

/// `POST /c/{challenge}/submissions/{id}/question`
#[handler]
pub async fn ask(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path((challenge, id)): Path<(String, String)>,
    Filled(asked): Filled<Asked>,
) -> Result<Response> {
    let (challenge, caller) = caller(&app, &user, &challenge).await?;
    let id = submissions::id(&id)?;
    moderation::ask(&app, &caller, &challenge, id, &asked.text).await?;
    said(&app, cookies, Done::QuestionSent);
    Ok(see_other(&format!("{}#questions", layout::submission(&challenge, id))))
}

/// `POST /c/{challenge}/submissions/{id}/edit`
#[handler]
pub async fn edit(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path((challenge, id)): Path<(String, String)>,
    Filled(mut typed): Filled<BTreeMap<String, String>>,
) -> Result<Response> {
    let (challenge, caller) = caller(&app, &user, &challenge).await?;
    let (id, sent) = (submissions::id(&id)?, typed.clone());
    let wanted = Edit { method: typed.remove(submissions::METHOD), details: typed };
    match forms::refused(submissions::edit(&app, &caller, id, wanted).await)? {
        Ok(row) => Ok(see_other(&format!("{}#edits", layout::submission(&challenge, row.id)))),
        // Not an error in the form: it is too late, or the submission is not theirs.
        Err(error) if error.field.is_none() => Err(error),
        Err(error) => {
            let row = submissions::own(&app.db, &caller, id).await?;
            super::submission::refused_edit(&app, challenge, row, &sent, &error).await
        }
    }
}

/// The form that edits a submission's method and details, if it can be edited.
pub(super) fn editing(
    located: &Located,
    row: &submission::Model,
    now: Instant,
) -> Result<Option<Form>> {
    let Located { challenge, phase, .. } = located;
    if row.trial || submissions::ensure_editable(phase, now).is_err() {
        return Ok(None);
    }
    let action = format!("{}/edit", layout::submission(challenge, row.id));
    let method = Field::text(submissions::METHOD, "Method name").value(&row.method).optional();
    let mut form = Form::new(action, "Save").weighing(Weight::Quiet).called("edit").with(method);
    let details = Details::of_column(&row.details)?;
    for asked in phase.asked()? {
        let value = details.get(&asked.name).unwrap_or_default();
        form = form.with(submit::field(&asked, value));
    }
    Ok(Some(form))
}

/// The form that asks the organisers about a submission.
pub(super) fn asking(challenge: &challenge::Model, id: uuid::Uuid) -> Form {
    let text = Field::new(FieldKind::Area, "text", "Ask the organisers")
        .hint("Only your team and the organisers see the question and its answer.");
    Form::new(format!("{}/question", layout::submission(challenge, id)), "Ask")
        .weighing(Weight::Quiet)
        .called("question")
        .with(text)
}

/// `GET /c/{challenge}/submissions/{id}/upload`: the file as it was sent.
#[handler]
pub async fn upload(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path((challenge, id)): Path<(String, String)>,
) -> Result<Response> {
    let (_, caller) = caller(&app, &user, &challenge).await?;
    let row = submissions::own(&app.db, &caller, submissions::id(&id)?).await?;
    row.must_have_upload()?;
    let ending = match &*app.uploads.beginning(&row.upload_key).await? {
        [b'P', b'K', ..] => "zip",
        [0x1f, 0x8b, ..] => "gz",
        [0x28, 0xb5, 0x2f, 0xfd] => "zst",
        _ => "json",
    };
    let saved_as = format!("attachment; filename=\"run-{}.{ending}\"", row.id);
    let pieces = app.uploads.stream(&row.upload_key).await?;
    let file = Response::builder()
        .content_type("application/octet-stream")
        .header(header::CONTENT_LENGTH, row.upload_bytes)
        .header(header::CONTENT_DISPOSITION, saved_as)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(visitor::private(file.body(Body::from_bytes_stream(pieces))))
}

async fn caller(
    app: &App,
    user: &user::Model,
    challenge: &str,
) -> Result<(challenge::Model, Caller)> {
    let challenge = challenges::find(&app.db, challenge).await?;
    let caller = Caller::of(&app.db, user, &challenge).await?;
    let caller = caller.ok_or_else(|| Error::no_team(&challenge.name))?;
    Ok((challenge, caller))
}

/// The buttons of a submission, for its team, which can choose `finals_left` more final submissions.
pub(super) fn actions(
    located: &Located,
    row: &submission::Model,
    finals_left: u64,
    now: Instant,
    back: Back,
) -> Vec<Form> {
    let Located { challenge, phase, .. } = located;
    let button = |verb: &str, label: &str| {
        let action = format!("{}/{verb}", layout::submission(challenge, row.id));
        let form = Form::new(action, label).weighing(Weight::Small);
        if back == Back::List { form.hiding("back", "list") } else { form }
    };
    if row.state != State::Scored {
        return vec![];
    }
    let mut buttons = Vec::new();
    if state_at(phase, now) == PhaseState::Open {
        if row.final_at.is_some() {
            buttons.push(button("not-final", "No longer final"));
        } else if finals_left > 0 && submissions::counts(row) {
            buttons.push(button("final", "Choose as final"));
        }
    }
    buttons.push(match row.withdrawn_at {
        None => button("withdraw", "Withdraw").asking(
            "The submission leaves the board and no longer counts for your team. It still counts \
             against your limits. You can restore it later.",
            "Yes, withdraw it",
        ),
        Some(_) => button("restore", "Restore"),
    });
    buttons
}
