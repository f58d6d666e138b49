//! `/c/{challenge}/organise/people`: who takes part, and who organises.

use std::sync::Arc;

use domain::accounts;
use domain::entities::participation::Joining;
use domain::entities::role::Role;
use domain::moderation::{self, Listed, Listing, Participant, ROWS};
use poem::web::cookie::CookieJar;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Section};

use super::{Sender, Staff, choice, desk, layout, listing, quiet, reason, shown};
use crate::app::App;
use crate::pages::done::Done;
use crate::pages::filled::Filled;
use crate::refusal::Result;

/// `GET /c/{challenge}/organise/people`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(listing): Query<Listing>,
) -> Result<Response> {
    shown(&page(&app, &staff, &listing).await?)
}

/// The fields of the participation form.
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
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Decided>,
) -> Result<Response> {
    let state = if sent.state == "approved" { Joining::Approved } else { Joining::Refused };
    let (id, why) = (sent.participation, (state, sent.reason.as_str()));
    let decided =
        moderation::decide_participation(&app, &staff.user, &staff.challenge, id, why).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let (home, action) = (sender.home("people"), sender.home("people/decide"));
    let (done, only) = (decided.map(|()| Done::Decided), Listing::only(id));
    sender.finish(done, &home, (&action, &sent), page(&app, &staff, &only)).await
}

/// The fields of the role form.
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
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Given>,
) -> Result<Response> {
    let all = [Role::Auditor, Role::Organiser, Role::Owner];
    let role = all.into_iter().find(|role| role.name() == sent.role);
    let why = (role, sent.reason.as_str());
    let (by, challenge) = (&staff.user, &staff.challenge);
    let given = moderation::set_role(&app, by, challenge, &sent.email, why).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let (home, action) = (sender.home("people"), sender.home("people/role"));
    let (done, first) = (given.map(|()| Done::RoleSet), Listing::default());
    sender.finish(done, &home, (&action, &sent), page(&app, &staff, &first)).await
}

async fn page(app: &App, staff: &Staff, listing: &Listing) -> Result<DeskPage> {
    let list = format!("{}/people", layout::organise(&staff.challenge));
    let found = moderation::participants(&app.db, &staff.challenge, listing).await?;
    let sections = vec![
        listing::search_if_long(&list, "Name or e-mail", listing, &found),
        participants(&list, listing, &found),
        organisers(app, staff).await?,
    ];
    Ok(desk(app, staff, "People", "Who takes part, and who organises.", sections))
}

fn participants(list: &str, listing: &Listing, found: &Listed<Participant>) -> Section {
    let (mut rows, mut options) = (Vec::new(), Vec::new());
    for Participant { participation, user, team } in &found.rows {
        let email = user.email.clone().unwrap_or_default();
        options.push((participation.id.to_string(), format!("{}, {email}", user.name)));
        rows.push(vec![
            Cell::text(user.name.clone()),
            Cell::Quiet(email),
            Cell::Mark(participation.state.name().to_owned()),
            Cell::text(format!("version {}", participation.rules_version)),
            Cell::At(participation.accepted_at.utc()),
            team.clone().map_or(Cell::None, Cell::Text),
        ]);
    }
    let heads = ["Name", "E-mail", "State", "Rules", "Accepted", "Team"];
    let nothing = if listing.words.is_empty() { "Nobody has joined yet." } else { "No matches." };
    let section = Section::new("participants", "Participants").table(&heads, rows, nothing);
    let section = listing::paged(section, list, listing, found);
    if options.is_empty() {
        return section;
    }
    let states = [("approved", "takes part"), ("refused", "does not take part")];
    let mut person = Field::new(FieldKind::Choice(options), "participation", "Person");
    if found.total > ROWS {
        person = person.hint("Only people on this page are listed; search for others.");
    }
    section.form(
        quiet(format!("{list}/decide"), "Decide", "decide")
            .with(person)
            .with(choice("state", "New state", &states))
            .with(reason()),
    )
}

async fn organisers(app: &App, staff: &Staff) -> Result<Section> {
    let organisers = accounts::organisers_of(&app.db, &staff.challenge).await?;
    let row = |(row, user): (domain::entities::role::Model, domain::entities::user::Model)| {
        let place = if row.challenge_id.is_some() { "this challenge" } else { "all challenges" };
        let email = user.email.unwrap_or_default();
        let mark = Cell::Mark(row.role.name().to_owned());
        vec![Cell::text(user.name), Cell::Quiet(email), mark, Cell::text(place)]
    };
    let rows = organisers.into_iter().map(row).collect();
    let section = Section::new("organisers", "Organisers")
        .text("They can see the targets, so they can’t be in a ranked team.")
        .table(&["Name", "E-mail", "Role", "In"], rows, "Nobody.");
    if staff.role < Role::Owner {
        return Ok(section);
    }
    let roles = [
        ("auditor", "auditor: sees everything here, changes nothing"),
        ("organiser", "organiser: runs the challenge"),
        ("owner", "owner: also decides who organises"),
        ("", "no role"),
    ];
    let action = format!("{}/people/role", layout::organise(&staff.challenge));
    let email = Field::new(FieldKind::Email, "email", "E-mail").hint("Of an existing account.");
    let roles = choice("role", "New role", &roles).value(Role::Auditor.name());
    let form = quiet(action, "Set role", "role").with(email).with(roles);
    Ok(section.form(form.with(reason())))
}
