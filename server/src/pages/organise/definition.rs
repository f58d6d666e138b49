//! `/organise` and `/c/{challenge}/organise/definition`: editing challenges as code, in the browser.

use std::sync::Arc;

use domain::accounts;
use domain::challenges;
use domain::entities::role::Role;
use domain::entities::{challenge, user};
use domain::error::Error;
use domain::moderation::{self, Proposal};
use domain::plans::{ChangeKind, Plan};
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section};

use super::{Staff, desk, layout, reason, refused, shown};
use crate::app::App;
use crate::pages::done::{Done, said};
use crate::pages::filled::Filled;
use crate::pages::visitor::{self, Person};
use crate::pages::{answer, forms, saying, see_other};
use crate::refusal::{Refusal, Result};

/// Every setting of a challenge, explained.
const EXAMPLE: &str = include_str!("../../../../docs/challenge.toml");

/// The fields of the forms: a definition to preview, or the draft of a previewed definition with the
/// seal of its plan.
#[derive(Deserialize, Serialize)]
struct Sent {
    #[serde(default)]
    definition: String,
    #[serde(default, skip_serializing)]
    draft: String,
    #[serde(default, skip_serializing)]
    seal: String,
    #[serde(default)]
    reason: String,
}

/// `GET /organise`: the challenges a person organises, and the form for a new one.
#[handler]
pub async fn home(app: Data<&Arc<App>>, Person(user): Person) -> Result<Response> {
    let mut rows = Vec::new();
    for challenge in challenges::all(&app.db).await? {
        if let Some(role) = accounts::role_in(&app.db, user.id, challenge.id).await? {
            let there = Cell::link(challenge.title.clone(), layout::organise(&challenge));
            rows.push(vec![there, Cell::text(role.name())]);
        }
    }
    let everywhere = accounts::role_everywhere(&app.db, user.id).await?;
    let founds = everywhere >= Some(Role::Organiser);
    if rows.is_empty() && everywhere.is_none() {
        return Err(Error::forbidden(
            "you don’t organise any challenge here; an owner can give you a role",
        )
        .into());
    }
    let own = Section::new("challenges", "Challenges").table(
        &["Challenge", "Your role"],
        rows,
        "None yet.",
    );
    let mut page = forms::page(&app, "Organise", "The challenges you organise.", own);
    if founds {
        let new = Section::new("new", "New challenge").text(within(&app));
        page.sections.push(new.form(preview_form("/organise", EXAMPLE)));
    }
    shown(&page)
}

/// `POST /organise`: previews a new challenge, or creates it.
#[handler]
pub async fn found(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    moderation::ensure_organises_server(&app, &user).await?;
    let outcome = sent.outcome(&app, &user, None).await;
    let page = |section| forms::page(&app, "New challenge", "", section);
    match forms::refused(outcome)? {
        Ok(Outcome::Done(challenge)) => {
            said(&app, cookies, Done::MadeChallenge);
            Ok(see_other(&layout::organise(&challenge)))
        }
        Ok(Outcome::Planned(plan)) => plan.answer(&page(plan.section("/organise"))),
        Err(error) => {
            let mut form = preview_form("/organise", &sent.definition);
            forms::complain(&mut form, &error);
            let section = Section::new("new", "").text(within(&app)).form(form);
            Ok(saying(&error, visitor::private(answer(&page(section))?)))
        }
    }
}

/// `GET /c/{challenge}/organise/definition`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff, None).await?)
}

/// `POST /c/{challenge}/organise/definition`: previews a change, or applies it.
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let action = address(&staff.challenge);
    let outcome = sent.outcome(&app, &staff.user, Some(&staff.challenge)).await;
    match forms::refused(outcome)? {
        Ok(Outcome::Done(_)) => {
            said(&app, cookies, Done::Changed);
            Ok(see_other(&action))
        }
        Ok(Outcome::Planned(plan)) => {
            let sections = vec![plan.section(&action)];
            plan.answer(&desk(&app, &staff, "Definition", "Review the changes.", sections))
        }
        Err(error) => {
            let form = Some(&sent.definition).filter(|text| !text.is_empty());
            let form = form.map(|text| preview_form(&action, text));
            refused(page(&app, &staff, form).await?, &action, &(), &error)
        }
    }
}

/// The outcome of a form.
enum Outcome {
    /// The change is applied.
    Done(Box<challenge::Model>),
    /// The change is previewed first.
    Planned(Box<Planned>),
}

impl Sent {
    async fn outcome(
        &self,
        app: &App,
        by: &user::Model,
        of: Option<&challenge::Model>,
    ) -> Result<Outcome> {
        if self.draft.is_empty() {
            let proposal = proposed(app, by, of, &self.definition).await?;
            return Ok(Outcome::Planned(Box::new(kept(app, by, &proposal).await?)));
        }
        let definition = moderation::draft_of(&app.db, &app.ambient, by, &self.draft).await?;
        let proposal = proposed(app, by, of, &definition).await?;
        let (table, draft) = (table(&proposal.plan), self.draft.clone());
        let plan = Planned { table, draft, seal: proposal.seal(), refusal: None };
        match forms::refused(proposal.apply(app, by, &self.seal, &self.reason).await)? {
            Ok(challenge) => Ok(Outcome::Done(Box::new(challenge))),
            Err(error) => {
                let refusal = Some((error, self.reason.clone()));
                Ok(Outcome::Planned(Box::new(Planned { refusal, ..plan })))
            }
        }
    }
}

/// The effects of a definition; a definition that changes nothing is refused.
pub(super) async fn proposed(
    app: &App,
    by: &user::Model,
    of: Option<&challenge::Model>,
    definition: &str,
) -> Result<Proposal> {
    let proposal = Proposal::read(app, by, of, definition).await?;
    if proposal.plan.is_empty() { Err(Error::no_change().into()) } else { Ok(proposal) }
}

/// A previewed plan, whose definition is saved as a draft.
pub(super) struct Planned {
    table: Section,
    draft: String,
    seal: String,
    /// Why applying it was refused, if it was, and the reason that was typed.
    refusal: Option<(Refusal, String)>,
}

impl Planned {
    /// The changes and their effects, and the form that applies them.
    pub(super) fn section(&self, action: &str) -> Section {
        let mut form = Form::new(action, "Apply")
            .hiding("draft", self.draft.as_str())
            .hiding("seal", self.seal.as_str())
            .with(reason());
        if let Some((error, typed)) = &self.refusal {
            forms::keep(&mut form, &[("reason", typed)]);
            forms::complain(&mut form, error);
        }
        self.table.clone().form(form).link("Cancel", action)
    }

    /// Its page, with the status of the refusal if there is one.
    fn answer(&self, page: &DeskPage) -> Result<Response> {
        match &self.refusal {
            None => shown(page),
            Some((error, _)) => Ok(saying(error, visitor::private(answer(page)?))),
        }
    }
}

/// Saves a definition as a draft, and returns its plan.
pub(super) async fn kept(app: &App, by: &user::Model, proposal: &Proposal) -> Result<Planned> {
    let draft = moderation::keep_draft(&app.db, &app.ambient, by, proposal.text()).await?;
    let (table, draft) = (table(&proposal.plan), draft.to_string());
    Ok(Planned { table, draft, seal: proposal.seal(), refusal: None })
}

async fn page(app: &App, staff: &Staff, form: Option<Form>) -> Result<DeskPage> {
    let present = challenges::shown_as_toml(&app.db, &staff.challenge).await?.to_string();
    let action = address(&staff.challenge);
    let form = form.unwrap_or_else(|| preview_form(&action, &present));
    let section = Section::new("file", "challenge.toml").text(within(app)).form(form);
    let lede = "The whole challenge as one file. Nothing changes until you have seen a preview.";
    Ok(desk(app, staff, "Definition", lede, vec![section]))
}

fn address(challenge: &challenge::Model) -> String {
    format!("{}/definition", layout::organise(challenge))
}

fn within(app: &App) -> String {
    format!(
        "Data is in folders on this server, below `{}`; use their names there.",
        app.settings.datasets_dir.display()
    )
}

fn preview_form(action: &str, definition: &str) -> Form {
    let area = Field::new(FieldKind::Area, "definition", "Definition").value(definition);
    Form::new(action, "Preview changes").with(area)
}

/// A plan, one row per field.
pub(super) fn table(plan: &Plan) -> Section {
    let mut rows = Vec::new();
    for change in &plan.changes {
        let kind = match change.kind {
            ChangeKind::Create => "new",
            ChangeKind::Change => "changed",
            ChangeKind::Remove => "removed",
        };
        let what = || Cell::text(change.what.replace('`', ""));
        let mark = Cell::Mark(kind.to_owned());
        rows.push(vec![what(), mark, Cell::None, Cell::text(change.effects.join("; "))]);
        for field in &change.fields {
            let turn = format!("{} → {}", field.old, field.new);
            rows.push(vec![Cell::None, Cell::text(field.field), Cell::text(turn), Cell::None]);
        }
    }
    let heads = ["What", "", "Before → after", "Effect"];
    Section::new("plan", "Planned changes").table(&heads, rows, "No changes.")
}
