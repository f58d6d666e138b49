//! `/c/{challenge}/organise/phases/…`: what a phase says, and what changing it does.

use std::sync::Arc;

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section, Weight};

use super::{Staff, definition, desk, forms, layout, reason, refused, shown};
use crate::ambient::Instant;
use crate::app::App;
use crate::challenges::{self, Shown, state_at};
use crate::entities::benchmark::TargetsAre;
use crate::entities::phase;
use crate::error::{Error, Result, rfc3339};
use crate::pages::filled::Filled;
use crate::pages::see_other;

/// `GET /c/{challenge}/organise/phases`
#[handler]
pub async fn list(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    let now = app.ambient.now();
    let phases = challenges::phases_of(&app.db, staff.challenge.id).await?;
    let row = |phase: &phase::Model| {
        let at = |at: Option<Instant>| Cell::at(at.map(Instant::utc));
        vec![
            Cell::link(phase.title.clone(), address(&staff, phase)),
            Cell::Mark(state_at(phase, now).name().to_owned()),
            Cell::At(phase.opens_at.utc()),
            at(phase.closes_at),
            at(phase.freeze_at),
            at(phase.reveal_at),
        ]
    };
    let heads = ["Phase", "State", "Opens", "Closes", "Freezes", "Reveals"];
    let rows = phases.iter().map(row).collect();
    let section = Section::new("phases", "").table(&heads, rows, "There is none.").link(
        "Add one, or change data",
        format!("{}/definition", layout::organise(&staff.challenge)),
    );
    shown(&desk(&app, &staff, "Phases", "When runs are taken, and how many.", vec![section]))
}

/// `GET /c/{challenge}/organise/phases/{phase}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, &name).await?;
    let targets = targets(&app, &phase).await?;
    shown(&page(&app, &staff, (&phase, targets), &Sent::of(&phase, targets)))
}

/// What the form of a phase sends.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Sent {
    title: String,
    opens: String,
    closes: String,
    freezes: String,
    reveals: String,
    per_day: String,
    total: String,
    at_once: String,
    invalid_per_day: String,
    reset_hour: String,
    reset_zone: String,
    public: Vec<String>,
    team: Vec<String>,
    finals: String,
    probes: String,
}

/// `POST /c/{challenge}/organise/phases/{phase}`: what the change does; it is done on the page of
/// definitions.
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, &name).await?;
    let targets = targets(&app, &phase).await?;
    let planned = async {
        let toml = changed(&app, &staff, &phase, |table| sent.write(table, targets)).await?;
        definition::change(&app, &staff, &toml, (None, "")).await
    };
    match forms::refused(planned.await)? {
        Ok(proposal) => {
            let action = format!("{}/definition", layout::organise(&staff.challenge));
            let sections = proposal.iter().map(|proposal| definition::planned(&action, proposal));
            shown(&desk(&app, &staff, "Phases", "What will change.", sections.collect()))
        }
        Err(error) => {
            let page = page(&app, &staff, (&phase, targets), &sent);
            refused(page, &address(&staff, &phase), &sent, &error)
        }
    }
}

/// Why the form is sent.
#[derive(Deserialize, Serialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/phases/{phase}/freeze`
#[handler]
pub async fn freeze(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    at_once(&app, &staff, &name, "freezes", &why).await
}

/// `POST /c/{challenge}/organise/phases/{phase}/reveal`
#[handler]
pub async fn reveal(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    at_once(&app, &staff, &name, "reveals", &why).await
}

/// Sets an instant of a phase to now.
async fn at_once(app: &App, staff: &Staff, name: &str, what: &str, why: &Why) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, name).await?;
    let (targets, now) = (targets(app, &phase).await?, app.ambient.now());
    let done = async {
        let toml = changed(app, staff, &phase, |table| put_instant(table, what, Some(now))).await?;
        let proposal = definition::change(app, staff, &toml, (None, "")).await?;
        let seal = proposal.map(|proposal| proposal.seal());
        definition::change(app, staff, &toml, (seal.as_deref(), &why.reason)).await
    };
    match forms::refused(done.await)? {
        Ok(_) => Ok(see_other(&address(staff, &phase))),
        Err(error) => {
            let action = format!("{}/{}", address(staff, &phase), &what[..what.len() - 1]);
            let sent = Sent::of(&phase, targets);
            refused(page(app, staff, (&phase, targets), &sent), &action, why, &error)
        }
    }
}

/// The challenge's definition with one phase changed.
async fn changed(
    app: &App,
    staff: &Staff,
    phase: &phase::Model,
    change: impl FnOnce(&mut toml::Table) -> Result<()>,
) -> Result<String> {
    let mut table = challenges::shown_as_toml(&app.db, &staff.challenge).await?;
    let phases = table.get_mut("phase").and_then(toml::Value::as_array_mut);
    let own = phases.into_iter().flatten().filter_map(toml::Value::as_table_mut);
    let name = toml::Value::from(phase.name.clone());
    let own = own.into_iter().find(|table| table.get("name") == Some(&name));
    change(own.ok_or_else(|| Error::not_found("phase", &phase.name))?)?;
    Ok(table.to_string())
}

fn put_instant(table: &mut toml::Table, key: &str, at: Option<Instant>) -> Result<()> {
    match at {
        None => drop(table.remove(key)),
        Some(at) => {
            let at = rfc3339(at).parse().map_err(|e| Error::internal("write an instant", e))?;
            table.insert(key.to_owned(), toml::Value::Datetime(at));
        }
    }
    Ok(())
}

impl Sent {
    /// What the form says of a phase as it is.
    fn of(phase: &phase::Model, targets: TargetsAre) -> Self {
        let at = |at: Option<Instant>| at.map(forms::instant).unwrap_or_default();
        let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
        let names = |shown: &Option<String>| match shown {
            Some(names) => names.split_whitespace().map(str::to_owned).collect(),
            None => Shown::at_most(targets).iter().map(|metric| metric.name().to_owned()).collect(),
        };
        Self {
            title: phase.title.clone(),
            opens: forms::instant(phase.opens_at),
            closes: at(phase.closes_at),
            freezes: at(phase.freeze_at),
            reveals: at(phase.reveal_at),
            per_day: number(phase.limit_per_day),
            total: number(phase.limit_total),
            at_once: number(phase.limit_at_once),
            invalid_per_day: number(phase.limit_invalid_per_day),
            reset_hour: phase.reset_hour.to_string(),
            reset_zone: phase.reset_zone.clone(),
            public: names(&phase.shown_public),
            team: names(&phase.shown_team),
            finals: phase.finals.to_string(),
            probes: if phase.probes { "on" } else { "" }.to_owned(),
        }
    }

    /// Writes what was sent into a phase of a definition.
    fn write(&self, table: &mut toml::Table, targets: TargetsAre) -> Result<()> {
        table.insert("title".to_owned(), self.title.trim().into());
        let opens = forms::read_instant("opens", &self.opens)?;
        put_instant(table, "opens", Some(opens.ok_or_else(|| Error::field("opens", "is empty"))?))?;
        for (key, typed) in
            [("closes", &self.closes), ("freezes", &self.freezes), ("reveals", &self.reveals)]
        {
            // What was not touched keeps its seconds.
            let shown = table.get(key).and_then(toml::Value::as_datetime).map(ToString::to_string);
            let read = forms::read_instant(key, typed)?;
            let minute = |text: &str| text.get(..16).map(|text| text.replace('T', " "));
            if shown.as_deref().and_then(minute).as_deref() != Some(typed.trim()) {
                put_instant(table, key, read)?;
            }
        }
        let mut limits = toml::Table::new();
        for (key, typed) in [
            ("per_day", &self.per_day),
            ("total", &self.total),
            ("at_once", &self.at_once),
            ("invalid_per_day", &self.invalid_per_day),
        ] {
            if let Some(number) = number(key, typed)? {
                limits.insert(key.to_owned(), number.into());
            }
        }
        table.insert("limits".to_owned(), limits.into());
        let mut reset = toml::Table::new();
        let hour = number("reset_hour", &self.reset_hour)?.unwrap_or(0);
        reset.insert("hour".to_owned(), hour.into());
        reset.insert("zone".to_owned(), self.reset_zone.trim().into());
        table.insert("reset".to_owned(), reset.into());
        let mut shown = toml::Table::new();
        for (key, names) in [("public", &self.public), ("team", &self.team)] {
            // All of them is what is said by saying nothing.
            if names.len() < Shown::at_most(targets).iter().count() {
                shown.insert(key.to_owned(), names.clone().into());
            }
        }
        table.insert("shown".to_owned(), shown.into());
        let finals = number("finals", &self.finals)?.unwrap_or(0);
        table.insert("finals".to_owned(), finals.into());
        table.insert("probes".to_owned(), (self.probes == "on").into());
        Ok(())
    }
}

fn number(field: &str, typed: &str) -> Result<Option<i64>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let read = typed.parse::<u16>().map(i64::from);
    read.map(Some).map_err(|_| Error::field(field, "is no whole number, or empty for none"))
}

fn address(staff: &Staff, phase: &phase::Model) -> String {
    format!("{}/phases/{}", layout::organise(&staff.challenge), phase.name)
}

/// What its targets allow to be shown.
async fn targets(app: &App, phase: &phase::Model) -> Result<TargetsAre> {
    Ok(challenges::benchmark_by_id(&app.db, phase.benchmark_id).await?.targets)
}

fn page(
    app: &App,
    staff: &Staff,
    (phase, targets): (&phase::Model, TargetsAre),
    sent: &Sent,
) -> DeskPage {
    let (home, now) = (address(staff, phase), app.ambient.now());
    let text = if phase.is_revealed(now) {
        "Everything that the targets allow is shown."
    } else {
        "Frozen, the public board stands still; the reveal shows everything that the targets allow."
    };
    let mut turns = Section::new("now", "At once").text(text);
    if phase.frozen_at(now).is_none() && !phase.is_revealed(now) {
        let form = Form::new(format!("{home}/freeze"), "Freeze the board now");
        turns = turns.form(form.weighing(Weight::Grave).called("freeze").with(reason()));
    }
    if !phase.is_revealed(now) {
        let form = Form::new(format!("{home}/reveal"), "Reveal now");
        turns = turns.form(form.weighing(Weight::Grave).called("reveal").with(reason()));
    }
    let state = Section::new("state", "")
        .fact("State", Cell::Mark(state_at(phase, now).name().to_owned()))
        .fact("Freezes", phase.freeze_at.map_or(Cell::None, |at| Cell::Until(at.utc())))
        .fact("Reveals", phase.reveal_at.map_or(Cell::None, |at| Cell::Until(at.utc())))
        .link("The board", layout::phase(&staff.challenge, phase));
    let fields = Section::new("fields", "What it says").form(form(home, sent, targets));
    let sections = vec![state, turns, fields];
    let mut page = desk(
        app,
        staff,
        "Phases",
        "Nothing is changed before you have seen what it does.",
        sections,
    );
    page.heading.clone_from(&phase.title);
    page
}

fn form(home: String, sent: &Sent, targets: TargetsAre) -> Form {
    let instant = |name: &str, label: &str, value: &str| Field::text(name, label).value(value);
    let number = |name: &str, label: &str, value: &str| {
        Field::new(FieldKind::Number, name, label).value(value).optional()
    };
    let metrics = |name: &str, label: &str, chosen: &[String]| {
        let all = Shown::at_most(targets);
        let all = all.iter().map(|metric| (metric.name().to_owned(), metric.name().to_owned()));
        Field::new(FieldKind::Checks(all.collect()), name, label).value(chosen.join(" "))
    };
    Form::new(home, "Show what it does")
        .with(Field::text("title", "Title").value(&sent.title))
        .with(instant("opens", "Opens", &sent.opens).hint("In UTC, such as 2026-11-24 12:00."))
        .with(instant("closes", "Closes", &sent.closes).optional().hint("Empty: never."))
        .with(instant("freezes", "Freezes", &sent.freezes).optional())
        .with(instant("reveals", "Reveals", &sent.reveals).optional())
        .with(number("per_day", "Runs a day", &sent.per_day).hint("Empty: no limit."))
        .with(number("total", "Runs in all", &sent.total))
        .with(number("at_once", "Runs at once", &sent.at_once))
        .with(number("invalid_per_day", "Invalid files a day", &sent.invalid_per_day))
        .with(number("reset_hour", "A day begins at the hour", &sent.reset_hour))
        .with(
            Field::text("reset_zone", "of the zone")
                .value(&sent.reset_zone)
                .hint("UTC, AoE, or a name such as Europe/Berlin."),
        )
        .with(metrics("public", "Everybody sees", &sent.public))
        .with(metrics("team", "A team sees of its own runs", &sent.team))
        .with(
            number("finals", "Final runs a team chooses", &sent.finals)
                .hint("0: its best run counts."),
        )
        .with(
            Field::new(FieldKind::Check, "probes", "Probes stand on the board")
                .value(&sent.probes)
                .optional(),
        )
}
