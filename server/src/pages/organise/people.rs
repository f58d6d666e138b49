//! `/c/{challenge}/organise/people`: who takes part, and who organises.

use std::sync::Arc;

use poem::web::Data;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Section};

use super::{Staff, choice, desk, forms, layout, quiet, reason, refused, shown};
use crate::accounts;
use crate::app::App;
use crate::entities::participation::Joining;
use crate::entities::role::Role;
use crate::error::Result;
use crate::moderation;
use crate::pages::filled::Filled;
use crate::pages::see_other;

/// `GET /c/{challenge}/organise/people`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff).await?)
}

/// What the form of a participation sends.
#[derive(Deserialize, Serialize)]
struct Decided {
    #[serde(default)]
    participation: i32,
    #[serde(default)]
    state: String,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/people/decide`
#[handler]
pub async fn decide(
    app: Data<&Arc<App>>,
    staff: Staff,
    Filled(sent): Filled<Decided>,
) -> Result<Response> {
    let state = if sent.state == "approved" { Joining::Approved } else { Joining::Refused };
    let (id, why) = (sent.participation, (state, sent.reason.as_str()));
    let decided =
        moderation::decide_participation(&app, &staff.user, &staff.challenge, id, why).await;
    done(&app, &staff, ("decide", &sent), decided).await
}

/// What the form of a role sends.
#[derive(Deserialize, Serialize)]
struct Given {
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/people/role`
#[handler]
pub async fn role(
    app: Data<&Arc<App>>,
    staff: Staff,
    Filled(sent): Filled<Given>,
) -> Result<Response> {
    let all = [Role::Auditor, Role::Organiser, Role::Owner];
    let role = all.into_iter().find(|role| role.name() == sent.role);
    let why = (role, sent.reason.as_str());
    let (by, challenge) = (&staff.user, &staff.challenge);
    let given = moderation::set_role(&app, by, challenge, &sent.email, why).await;
    done(&app, &staff, ("role", &sent), given).await
}

async fn done(
    app: &App,
    staff: &Staff,
    (form, typed): (&str, &impl Serialize),
    done: Result<()>,
) -> Result<Response> {
    let home = format!("{}/people", layout::organise(&staff.challenge));
    match forms::refused(done)? {
        Ok(()) => Ok(see_other(&home)),
        Err(error) => refused(page(app, staff).await?, &format!("{home}/{form}"), typed, &error),
    }
}

async fn page(app: &App, staff: &Staff) -> Result<DeskPage> {
    let sections = vec![participants(app, staff).await?, organisers(app, staff).await?];
    Ok(desk(app, staff, "People", "Who takes part, and who organises.", sections))
}

async fn participants(app: &App, staff: &Staff) -> Result<Section> {
    let (mut rows, mut options) = (Vec::new(), Vec::new());
    for (row, user) in moderation::participations(&app.db, &staff.challenge).await? {
        let team = accounts::team_of(&app.db, user.id, staff.challenge.id).await?;
        let email = user.email.unwrap_or_default();
        options.push((row.id.to_string(), format!("{}, {email}", user.name)));
        rows.push(vec![
            Cell::text(user.name),
            Cell::Quiet(email),
            Cell::Mark(row.state.name().to_owned()),
            Cell::text(format!("version {}", row.rules_version)),
            Cell::At(row.accepted_at.utc()),
            team.map_or(Cell::None, |team| Cell::text(team.name)),
        ]);
    }
    let heads = ["Name", "E-mail", "State", "Rules", "Accepted", "Team"];
    let section =
        Section::new("participants", "Participants").table(&heads, rows, "Nobody has joined yet.");
    if options.is_empty() {
        return Ok(section);
    }
    let action = format!("{}/people/decide", layout::organise(&staff.challenge));
    let states = [("approved", "takes part"), ("refused", "does not take part")];
    Ok(section.form(
        quiet(action, "Decide", "decide")
            .with(Field::new(FieldKind::Choice(options), "participation", "Person"))
            .with(choice("state", "From now on", &states))
            .with(reason()),
    ))
}

async fn organisers(app: &App, staff: &Staff) -> Result<Section> {
    let organisers = accounts::organisers_of(&app.db, &staff.challenge).await?;
    let row = |(row, user): (crate::entities::role::Model, crate::entities::user::Model)| {
        let place = if row.challenge_id.is_some() { "this challenge" } else { "all challenges" };
        let email = user.email.unwrap_or_default();
        let mark = Cell::Mark(row.role.name().to_owned());
        vec![Cell::text(user.name), Cell::Quiet(email), mark, Cell::text(place)]
    };
    let rows = organisers.into_iter().map(row).collect();
    let section = Section::new("organisers", "Organisers")
        .text("They can see the targets, so none of them is in a ranked team.")
        .table(&["Name", "E-mail", "Is", "Of"], rows, "Nobody.");
    if staff.role < Role::Owner {
        return Ok(section);
    }
    let roles = [
        ("auditor", "auditor: sees everything here, changes nothing"),
        ("organiser", "organiser: runs the challenge"),
        ("owner", "owner: and says who organises"),
        ("", "none of these"),
    ];
    let action = format!("{}/people/role", layout::organise(&staff.challenge));
    let email = Field::new(FieldKind::Email, "email", "E-mail").hint("Of an account here.");
    let roles = choice("role", "From now on", &roles).value(Role::Auditor.name());
    let form = quiet(action, "Set the role", "role").with(email).with(roles);
    Ok(section.form(form.with(reason())))
}
