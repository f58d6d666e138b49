//! `/organise` and `/c/{challenge}/organise/definition`: challenges as code, in the browser.

use std::sync::Arc;

use poem::web::Data;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section};

use super::{Staff, desk, layout, reason, refused, shown};
use crate::accounts;
use crate::app::App;
use crate::challenges::{self, ChangeKind, Plan};
use crate::entities::challenge;
use crate::entities::role::Role;
use crate::error::{Error, Result};
use crate::moderation::{self, Proposal};
use crate::pages::filled::Filled;
use crate::pages::visitor::{self, Person};
use crate::pages::{answer, forms, saying, see_other};

/// Every setting of a challenge, explained.
const EXAMPLE: &str = include_str!("../../../../docs/challenge.toml");

/// What the forms send: the definition, and for applying it the seal of the plan that was seen.
#[derive(Deserialize, Serialize)]
struct Sent {
    #[serde(default)]
    definition: String,
    #[serde(default)]
    seal: String,
    #[serde(default)]
    reason: String,
}

/// `GET /organise`: the challenges a person organises, and the form of a new one.
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
        return Err(Error::forbidden("you organise nothing here; an owner can give you a role"));
    }
    let own = Section::new("challenges", "Challenges").table(
        &["Challenge", "You are"],
        rows,
        "None yet.",
    );
    let mut page = forms::page(&app, "Organise", "The challenges that you organise.", own);
    if founds {
        let new = Section::new("new", "A new challenge").text(within(&app));
        page.sections.push(new.form(preview_form("/organise", EXAMPLE)));
    }
    shown(&page)
}

/// `POST /organise`: what a new challenge would be, or the new challenge.
#[handler]
pub async fn found(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    moderation::ensure_organises_server(&app, &user).await?;
    let done = async {
        let proposal = Proposal::read(&app, &user, None, &sent.definition).await?;
        if sent.seal.is_empty() {
            return Ok(Err(proposal));
        }
        let made = moderation::found(&app, &user, proposal, (&sent.seal, &sent.reason)).await?;
        Ok(Ok(made))
    };
    match forms::refused(done.await)? {
        Ok(Ok(challenge)) => Ok(see_other(&layout::organise(&challenge))),
        Ok(Err(proposal)) => {
            let section = planned("/organise", &proposal);
            shown(&forms::page(&app, "A new challenge", "What will be made.", section))
        }
        Err(error) => {
            let mut form = again("/organise", &sent);
            forms::complain(&mut form, &error);
            let section = Section::new("new", "").text(within(&app)).form(form);
            let page = forms::page(&app, "A new challenge", "", section);
            Ok(saying(&error, visitor::private(answer(&page)?)))
        }
    }
}

/// `GET /c/{challenge}/organise/definition`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff, None).await?)
}

/// `POST /c/{challenge}/organise/definition`: what would change, or the change.
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    staff: Staff,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let seen = Some(sent.seal.as_str()).filter(|seal| !seal.is_empty());
    let action = address(&staff.challenge);
    let changed = change(&app, &staff, &sent.definition, (seen, &sent.reason)).await;
    match forms::refused(changed)? {
        Ok(None) => Ok(see_other(&action)),
        Ok(Some(proposal)) => {
            let section = planned(&action, &proposal);
            shown(&desk(&app, &staff, "Definition", "What will change.", vec![section]))
        }
        Err(error) => {
            let page = page(&app, &staff, Some(again(&action, &sent))).await?;
            refused(page, &action, &(), &error)
        }
    }
}

/// Changes a challenge if its plan was seen, and else answers with the plan.
pub(super) async fn change(
    app: &App,
    staff: &Staff,
    definition: &str,
    (seen, reason): (Option<&str>, &str),
) -> Result<Option<Proposal>> {
    let proposal = Proposal::read(app, &staff.user, Some(&staff.challenge), definition).await?;
    if proposal.plan.is_empty() {
        return Err(Error::conflict("this changes nothing"));
    }
    let Some(seal) = seen else { return Ok(Some(proposal)) };
    proposal.apply(app, &staff.user, seal, reason).await?;
    Ok(None)
}

async fn page(app: &App, staff: &Staff, form: Option<Form>) -> Result<DeskPage> {
    let present = challenges::shown_as_toml(&app.db, &staff.challenge).await?.to_string();
    let action = address(&staff.challenge);
    let form = form.unwrap_or_else(|| preview_form(&action, &present));
    let section = Section::new("definition", "challenge.toml").text(within(app)).form(form);
    let lede = "All that the challenge says, as its file. Nothing is changed before you have seen \
                what the change does.";
    Ok(desk(app, staff, "Definition", lede, vec![section]))
}

fn address(challenge: &challenge::Model) -> String {
    format!("{}/definition", layout::organise(challenge))
}

fn within(app: &App) -> String {
    format!(
        "Data lies in folders of this server, below `{}`; name them as they are called there.",
        app.settings.datasets_dir.display()
    )
}

fn preview_form(action: &str, definition: &str) -> Form {
    let area = Field::new(FieldKind::Area, "definition", "Definition").value(definition);
    Form::new(action, "Show what it does").with(area)
}

/// The form as it was sent, to be sent again.
fn again(action: &str, sent: &Sent) -> Form {
    preview_form(action, &sent.definition)
}

/// What will change and what that does, and the form that does it.
pub(super) fn planned(action: &str, proposal: &Proposal) -> Section {
    let form = Form::new(action, "Do it")
        .hiding("definition", proposal.text())
        .hiding("seal", proposal.seal())
        .with(reason());
    table(&proposal.plan).form(form).link("Don’t", action)
}

/// A plan, a line a field.
fn table(plan: &Plan) -> Section {
    let mut rows = Vec::new();
    for change in &plan.changes {
        let kind = match change.kind {
            ChangeKind::Create => "new",
            ChangeKind::Change => "changes",
            ChangeKind::Remove => "goes",
        };
        let what = || Cell::text(change.what.replace('`', ""));
        let mark = Cell::Mark(kind.to_owned());
        rows.push(vec![what(), mark, Cell::None, Cell::text(change.effects.join("; "))]);
        for field in &change.fields {
            let turn = format!("{} → {}", field.old, field.new);
            rows.push(vec![Cell::None, Cell::text(field.field), Cell::text(turn), Cell::None]);
        }
    }
    let heads = ["What", "", "From → to", "What that does"];
    Section::new("plan", "The plan").table(&heads, rows, "Nothing changes.")
}
