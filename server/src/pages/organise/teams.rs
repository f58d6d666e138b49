//! `/c/{challenge}/organise/teams`: teams, whether they are ranked, and what they may hand in.

use std::sync::Arc;

use poem::web::Data;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Section};

use super::{Staff, choice, desk, forms, layout, quiet, reason, refused, shown};
use crate::ambient::Instant;
use crate::app::App;
use crate::entities::team::TeamKind;
use crate::error::{Error, Result};
use crate::moderation::{self, Grant};
use crate::pages::filled::Filled;
use crate::pages::see_other;
use crate::{accounts, challenges};

/// `GET /c/{challenge}/organise/teams`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff).await?)
}

/// What the form of a team sends.
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
    staff: Staff,
    Filled(sent): Filled<Changed>,
) -> Result<Response> {
    let kind = if sent.kind == "team" { TeamKind::Team } else { TeamKind::Guest };
    let why = (kind, sent.reason.as_str());
    let changed =
        moderation::change_team(&app, &staff.user, &staff.challenge, sent.team, why).await;
    done(&app, &staff, ("teams/kind", &sent), changed).await
}

/// What the form of a grant sends.
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
    staff: Staff,
    Filled(sent): Filled<Granted>,
) -> Result<Response> {
    let granted = async {
        let phase = challenges::find_phase(&app.db, &staff.challenge, &sent.phase).await?;
        let number = |field: &str, typed: &str| match typed.trim() {
            "" => Ok(0),
            typed => typed.parse().map_err(|_| Error::field(field, "is no whole number")),
        };
        let grant = Grant {
            per_day: number("per_day", &sent.per_day)?,
            total: number("total", &sent.total)?,
            until: forms::read_instant("until", &sent.until)?,
        };
        moderation::grant(&app, &staff.user, &phase, sent.team, (grant, &sent.reason)).await
    };
    done(&app, &staff, ("grants", &sent), granted.await).await
}

/// Why the form is sent.
#[derive(Deserialize, Serialize)]
struct Why {
    #[serde(default)]
    grant: i32,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/grants/revoke`
#[handler]
pub async fn revoke(
    app: Data<&Arc<App>>,
    staff: Staff,
    Filled(sent): Filled<Why>,
) -> Result<Response> {
    let (id, reason) = (sent.grant, sent.reason.as_str());
    let revoked = moderation::revoke_grant(&app, &staff.user, &staff.challenge, id, reason).await;
    done(&app, &staff, ("grants/revoke", &sent), revoked).await
}

async fn done(
    app: &App,
    staff: &Staff,
    (form, typed): (&str, &impl Serialize),
    done: Result<()>,
) -> Result<Response> {
    let home = layout::organise(&staff.challenge);
    match forms::refused(done)? {
        Ok(()) => Ok(see_other(&format!("{home}/teams"))),
        Err(error) => refused(page(app, staff).await?, &format!("{home}/{form}"), typed, &error),
    }
}

async fn page(app: &App, staff: &Staff) -> Result<DeskPage> {
    let home = layout::organise(&staff.challenge);
    let teams = moderation::teams(&app.db, &staff.challenge).await?;
    let mut rows = Vec::new();
    for team in &teams {
        let members = accounts::members_of(&app.db, team).await?;
        let names: Vec<String> = members.into_iter().map(|(_, user)| user.name).collect();
        let search = format!("{home}/submissions?words={}", escaped(&team.name));
        rows.push(vec![
            Cell::link(team.name.clone(), search),
            Cell::Mark(team.kind.name().to_owned()),
            Cell::text(names.join(", ")),
            team.pseudonym.clone().map_or(Cell::None, Cell::Text),
            Cell::At(team.created_at.utc()),
        ]);
    }
    let heads = ["Team", "Kind", "Members", "Pseudonym", "Made"];
    let list = Section::new("teams", "").table(&heads, rows, "There is none yet.");
    let options: Vec<(String, String)> =
        teams.iter().map(|team| (team.id.to_string(), team.name.clone())).collect();
    let mut sections = vec![list];
    if !options.is_empty() {
        let team = || Field::new(FieldKind::Choice(options.clone()), "team", "Team");
        let kinds =
            [("guest", "out of competition: shown, marked, without a rank"), ("team", "ranked")];
        let kind = quiet(format!("{home}/teams/kind"), "Change the team", "kind")
            .with(team())
            .with(choice("kind", "It is", &kinds))
            .with(reason());
        sections.push(Section::new("kind", "Ranked or not").form(kind));
        sections.push(grants(app, staff, team()).await?);
    }
    Ok(desk(app, staff, "Teams", "Who takes part, and with how many runs.", sections))
}

async fn grants(app: &App, staff: &Staff, team: Field) -> Result<Section> {
    let (home, now) = (layout::organise(&staff.challenge), app.ambient.now());
    let (mut rows, mut phases, mut standing) = (Vec::new(), Vec::new(), Vec::new());
    for phase in challenges::phases_of(&app.db, staff.challenge.id).await? {
        for row in moderation::grants_of(&app.db, &phase).await? {
            let team = accounts::team_by_id(&app.db, row.team_id).await?;
            let over = row.until.is_some_and(|until| until <= now);
            let state = match row.revoked_at {
                Some(_) => "revoked",
                None if over => "over",
                None => "holds",
            };
            if state == "holds" {
                let label = format!("{}, {}: {}", team.name, phase.title, row.reason);
                standing.push((row.id.to_string(), label));
            }
            rows.push(vec![
                Cell::text(team.name),
                Cell::text(phase.title.clone()),
                Cell::text(format!("{} a day, {} in all", row.per_day, row.total)),
                Cell::at(row.until.map(Instant::utc)),
                Cell::text(row.reason),
                Cell::Mark(state.to_owned()),
            ]);
        }
        phases.push((phase.name, phase.title));
    }
    let number =
        |name: &str, label: &str| Field::new(FieldKind::Number, name, label).value("0").optional();
    let form = quiet(format!("{home}/grants"), "Grant it", "grant")
        .with(team)
        .with(Field::new(FieldKind::Choice(phases), "phase", "Phase"))
        .with(number("per_day", "More a day"))
        .with(number("total", "More in all"))
        .with(Field::text("until", "Until").hint("In UTC; empty: as long as the phase.").optional())
        .with(reason());
    let heads = ["Team", "Phase", "More", "Until", "Reason", ""];
    let mut section =
        Section::new("grants", "More runs").table(&heads, rows, "Nothing was granted.").form(form);
    if !standing.is_empty() {
        let which = Field::new(FieldKind::Choice(standing), "grant", "Grant");
        let form = quiet(format!("{home}/grants/revoke"), "Take it back", "revoke");
        section = section.form(form.with(which).with(reason()));
    }
    Ok(section)
}

/// A word as it stands in a query.
fn escaped(word: &str) -> String {
    serde_html_form::to_string([("w", word)]).unwrap_or_default().split_off(2)
}
