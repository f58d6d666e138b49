//! `/c/{challenge}/organise/teams`: teams, whether they are ranked, and their limits.

use std::sync::Arc;

use domain::ambient::Instant;
use domain::challenges;
use domain::entities::team::TeamKind;
use domain::error::Error;
use domain::moderation::{self, Grant, ListedTeam, Listing, ROWS};
use poem::web::cookie::CookieJar;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Section};

use super::{Sender, Staff, choice, desk, forms, layout, listing, quiet, reason, shown};
use crate::app::App;
use crate::pages::done::Done;
use crate::pages::filled::Filled;
use crate::refusal::{Refusal, Result};

/// `GET /c/{challenge}/organise/teams`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(listing): Query<Listing>,
) -> Result<Response> {
    shown(&page(&app, &staff, &listing).await?)
}

/// The fields of the team form.
#[derive(Deserialize, Serialize)]
struct Changed {
    #[serde(default)]
    team: i32,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/teams/kind`
#[handler]
pub async fn change(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Changed>,
) -> Result<Response> {
    let kind = if sent.kind == "team" { TeamKind::Team } else { TeamKind::Guest };
    let why = (kind, sent.reason.as_str());
    let changed =
        moderation::change_team(&app, &staff.user, &staff.challenge, sent.team, why).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let action = sender.home("teams/kind");
    let done = changed.map(|()| Done::Decided);
    let only = Listing::only(sent.team);
    sender.finish(done, &sender.home("teams"), (&action, &sent), page(&app, &staff, &only)).await
}

/// The fields of the grant form.
#[derive(Deserialize, Serialize)]
struct Granted {
    #[serde(default)]
    team: i32,
    #[serde(default)]
    phase: String,
    #[serde(default)]
    per_day: String,
    #[serde(default)]
    total: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/grants`
#[handler]
pub async fn grant(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Granted>,
) -> Result<Response> {
    let granted = async {
        let phase = challenges::find_phase(&app.db, &staff.challenge, &sent.phase).await?;
        let number = |field: &str, typed: &str| match typed.trim() {
            "" => Ok(0),
            typed => typed.parse().map_err(|_| Error::field(field, "must be a whole number")),
        };
        let grant = Grant {
            per_day: number("per_day", &sent.per_day)?,
            total: number("total", &sent.total)?,
            until: forms::read_instant("until", &sent.until)?,
        };
        let granted = (grant, sent.reason.as_str());
        Ok::<_, Refusal>(moderation::grant(&app, &staff.user, &phase, sent.team, granted).await?)
    };
    let sender = Sender { app: &app, cookies, staff: &staff };
    let action = sender.home("grants");
    let done = granted.await.map(|()| Done::Granted);
    let only = Listing::only(sent.team);
    sender.finish(done, &sender.home("teams"), (&action, &sent), page(&app, &staff, &only)).await
}

/// The fields of the form that revokes a grant.
#[derive(Deserialize, Serialize)]
struct Revoked {
    #[serde(default)]
    grant: i32,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/grants/revoke`
#[handler]
pub async fn revoke(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Revoked>,
) -> Result<Response> {
    let (id, reason) = (sent.grant, sent.reason.as_str());
    let revoked = moderation::revoke_grant(&app, &staff.user, &staff.challenge, id, reason).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let action = sender.home("grants/revoke");
    let done = revoked.map(|()| Done::TakenBack);
    let first = Listing::default();
    sender.finish(done, &sender.home("teams"), (&action, &sent), page(&app, &staff, &first)).await
}

async fn page(app: &App, staff: &Staff, listing: &Listing) -> Result<DeskPage> {
    let home = layout::organise(&staff.challenge);
    let list = format!("{home}/teams");
    let found = moderation::teams(&app.db, &staff.challenge, listing).await?;
    let row = |ListedTeam { team, members }: &ListedTeam| {
        let search = format!("{home}/submissions?words={}", escaped(&team.name));
        vec![
            Cell::link(team.name.clone(), search),
            Cell::Mark(team.kind.name().to_owned()),
            Cell::text(members.join(", ")),
            team.pseudonym.clone().map_or(Cell::None, Cell::Text),
            Cell::At(team.created_at.utc()),
        ]
    };
    let heads = ["Team", "Kind", "Members", "Pseudonym", "Created"];
    let rows = found.rows.iter().map(row).collect();
    let section = Section::new("teams", "").table(&heads, rows, "No teams.");
    let mut sections = vec![
        listing::search_if_long(&list, "Team", listing, &found),
        listing::paged(section, &list, listing, &found),
    ];
    let options: Vec<(String, String)> =
        found.rows.iter().map(|it| (it.team.id.to_string(), it.team.name.clone())).collect();
    if !options.is_empty() {
        let team = || {
            let field = Field::new(FieldKind::Choice(options.clone()), "team", "Team");
            if found.total > ROWS {
                field.hint("Only teams on this page are listed; search for others.")
            } else {
                field
            }
        };
        let kinds =
            [("guest", "out of competition: shown, marked and not ranked"), ("team", "ranked")];
        let kind = quiet(format!("{home}/teams/kind"), "Change team", "kind")
            .with(team())
            .with(choice("kind", "New kind", &kinds))
            .with(reason());
        sections.push(Section::new("kind", "Ranked or not").form(kind));
        sections.push(grants(app, staff, team()).await?);
    }
    Ok(desk(app, staff, "Teams", "Teams and their limits.", sections))
}

async fn grants(app: &App, staff: &Staff, team: Field) -> Result<Section> {
    let (home, now) = (layout::organise(&staff.challenge), app.ambient.now());
    let phases = challenges::phases_of(&app.db, staff.challenge.id).await?;
    let (mut rows, mut valid) = (Vec::new(), Vec::new());
    for (row, team) in moderation::grants_of(&app.db, &phases).await? {
        let Some(phase) = phases.iter().find(|phase| phase.id == row.phase_id) else { continue };
        let over = row.until.is_some_and(|until| until <= now);
        let state = match row.revoked_at {
            Some(_) => "revoked",
            None if over => "expired",
            None => "active",
        };
        if state == "active" {
            let label = format!("{}, {}: {}", team.name, phase.title, row.reason);
            valid.push((row.id.to_string(), label));
        }
        rows.push(vec![
            Cell::text(team.name),
            Cell::text(phase.title.clone()),
            Cell::text(format!("{} a day, {} in total", row.per_day, row.total)),
            Cell::at(row.until.map(Instant::utc)),
            Cell::text(row.reason),
            Cell::Mark(state.to_owned()),
        ]);
    }
    let phases = phases.into_iter().map(|phase| (phase.name, phase.title)).collect();
    let number =
        |name: &str, label: &str| Field::new(FieldKind::Number, name, label).value("0").optional();
    let form = quiet(format!("{home}/grants"), "Grant", "grant")
        .with(team)
        .with(Field::new(FieldKind::Choice(phases), "phase", "Phase"))
        .with(number("per_day", "Extra a day"))
        .with(number("total", "Extra in total"))
        .with(
            Field::text("until", "Until")
                .hint("In UTC. Leave empty for the whole phase.")
                .optional(),
        )
        .with(reason());
    let heads = ["Team", "Phase", "Extra", "Until", "Reason", ""];
    let mut section =
        Section::new("grants", "Extra submissions").table(&heads, rows, "No grants.").form(form);
    if !valid.is_empty() {
        let which = Field::new(FieldKind::Choice(valid), "grant", "Grant");
        let form = quiet(format!("{home}/grants/revoke"), "Revoke a grant", "revoke").asking(
            "The team’s limits immediately return to what they were. Its submissions stay.",
            "Yes, revoke it",
        );
        section = section.form(form.with(which).with(reason()));
    }
    Ok(section)
}

/// A word, encoded for a query string.
fn escaped(word: &str) -> String {
    serde_html_form::to_string([("w", word)]).unwrap_or_default().split_off(2)
}
