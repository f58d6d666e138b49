//! `/c/{challenge}/organise/phases/…`: the settings of a phase, and a preview of changes.

use std::sync::Arc;

use domain::ambient::Instant;
use domain::challenges::{
    self, Kind, PHASE_SETTINGS, PhaseSettings, Publishable, Setting, Shown, Value, Viewer, state_at,
};
use domain::entities::phase;
use domain::error::Error;
use domain::{moderation, standings};
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section, Weight};

use super::{Sender, Staff, Why, definition, desk, forms, layout, reason, refused, shown};
use crate::app::App;
use crate::pages::done::{Done, said};
use crate::pages::filled::Filled;
use crate::pages::see_other;
use crate::refusal::{Refusal, Result};

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
    let section = Section::new("phases", "").table(&heads, rows, "None.").link(
        "Add a phase, or change data",
        format!("{}/definition", layout::organise(&staff.challenge)),
    );
    shown(&desk(
        &app,
        &staff,
        "Phases",
        "When submissions are accepted, and how many.",
        vec![section],
    ))
}

/// `GET /c/{challenge}/organise/phases/{phase}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, &name).await?;
    let scores = publishable(&app, &phase).await?;
    shown(&page(&app, &staff, (&phase, scores), &typed_of(&phase, scores)?).await?)
}

/// The fields of a phase's form, by name; fields with the same name are parts of one value.
type Typed = Vec<(String, String)>;

/// `POST /c/{challenge}/organise/phases/{phase}`: previews the change; it is applied on the definition
/// page.
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
    Filled(sent): Filled<Typed>,
) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, &name).await?;
    let scores = publishable(&app, &phase).await?;
    let planned = async {
        let settings = read_form(&phase, scores, &sent)?;
        let toml = changed(&app, &staff, &phase, &settings).await?;
        let proposal =
            definition::proposed(&app, &staff.user, Some(&staff.challenge), &toml).await?;
        definition::kept(&app, &staff.user, &proposal).await
    };
    match forms::refused(planned.await)? {
        Ok(planned) => {
            let action = format!("{}/definition", layout::organise(&staff.challenge));
            let sections = vec![planned.section(&action)];
            shown(&desk(&app, &staff, "Phases", "Review the changes.", sections))
        }
        Err(error) => {
            let page = page(&app, &staff, (&phase, scores), &sent).await?;
            refused(page, &address(&staff, &phase), &sent, &error)
        }
    }
}

/// `POST /c/{challenge}/organise/phases/{phase}/freeze`
#[handler]
pub async fn freeze(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    at_once(&app, cookies, &staff, (&name, AtOnce::Freeze), &why).await
}

/// `POST /c/{challenge}/organise/phases/{phase}/reveal`
#[handler]
pub async fn reveal(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    at_once(&app, cookies, &staff, (&name, AtOnce::Reveal), &why).await
}

/// `POST /c/{challenge}/organise/phases/{phase}/confirm`
#[handler]
pub async fn confirm(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, name)): Path<(String, String)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, &name).await?;
    let confirmed = async {
        let board = app.boards.get(&app, &staff.challenge.name, &phase.name).await?;
        let report = app.reports.get(&app, &board).await?;
        moderation::confirm_results(&app, &staff.user, (&board, &report), &why.reason).await
    };
    let confirmed = confirmed.await.map(|_| Done::Confirmed);
    let sender = Sender { app: &app, cookies, staff: &staff };
    let home = address(&staff, &phase);
    let page = async {
        let scores = publishable(&app, &phase).await?;
        page(&app, &staff, (&phase, scores), &typed_of(&phase, scores)?).await
    };
    sender.finish(confirmed, &home, (&format!("{home}/confirm"), &why), page).await
}

/// The action of a button that applies immediately.
#[derive(Clone, Copy)]
enum AtOnce {
    Freeze,
    Reveal,
}

/// Sets an instant of a phase to now.
async fn at_once(
    app: &App,
    cookies: &CookieJar,
    staff: &Staff,
    (name, what): (&str, AtOnce),
    why: &Why,
) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, name).await?;
    let now = Some(app.ambient.now());
    let (form, done, row) = match what {
        AtOnce::Freeze => {
            ("freeze", Done::Frozen, phase::Model { freeze_at: now, ..phase.clone() })
        }
        AtOnce::Reveal => {
            ("reveal", Done::Revealed, phase::Model { reveal_at: now, ..phase.clone() })
        }
    };
    let applied = async {
        let toml = changed(app, staff, &phase, &PhaseSettings::of(&row)).await?;
        let proposal =
            definition::proposed(app, &staff.user, Some(&staff.challenge), &toml).await?;
        let seal = proposal.seal();
        Ok::<_, Refusal>(proposal.apply(app, &staff.user, &seal, &why.reason).await?)
    };
    match forms::refused(applied.await)? {
        Ok(_) => {
            said(app, cookies, done);
            Ok(see_other(&address(staff, &phase)))
        }
        Err(error) => {
            let action = format!("{}/{form}", address(staff, &phase));
            let scores = publishable(app, &phase).await?;
            let page = page(app, staff, (&phase, scores), &typed_of(&phase, scores)?).await?;
            refused(page, &action, why, &error)
        }
    }
}

/// The challenge's definition with the settings of one phase changed.
async fn changed(
    app: &App,
    staff: &Staff,
    phase: &phase::Model,
    settings: &PhaseSettings,
) -> Result<String> {
    let mut definition = challenges::shown_as_toml(&app.db, &staff.challenge).await?;
    let phases = definition.get_mut("phase").and_then(toml::Value::as_array_mut);
    let own = phases.into_iter().flatten().filter_map(toml::Value::as_table_mut);
    let name = toml::Value::from(phase.name.clone());
    let own = own.into_iter().find(|table| table.get("name") == Some(&name));
    let own = own.ok_or_else(|| Error::not_found("phase", &phase.name))?;
    let mut changed = settings.write()?;
    for key in ["name", "benchmark"] {
        changed.extend(own.get(key).cloned().map(|value| (key.to_owned(), value)));
    }
    *own = changed;
    Ok(definition.to_string())
}

/// The settings that are in the form.
fn in_form() -> impl Iterator<Item = &'static Setting> {
    PHASE_SETTINGS.iter().filter(|setting| !setting.field.is_empty())
}

/// The form values of a phase as it is.
fn typed_of(phase: &phase::Model, scores: Publishable) -> Result<Typed> {
    let mut typed = Typed::new();
    for setting in in_form() {
        let mut put = |value: String| typed.push((setting.field.to_owned(), value));
        if let Kind::Shown(viewer) = setting.kind {
            // The form offers only what the targets allow.
            let column = match viewer {
                Viewer::Public => &phase.shown_public,
                _ => &phase.shown_team,
            };
            let most = scores.at_most();
            let shown = column
                .as_deref()
                .map_or(Ok(scores.usual()), |names| Shown::read(scores.task, names))?
                .and(most);
            shown.to_string().split_whitespace().map(str::to_owned).for_each(put);
            continue;
        }
        put(match setting.get(phase)? {
            Value::Text(text) => text,
            Value::At(at) => forms::instant(at),
            Value::Number(number) => number.to_string(),
            Value::Flag(true) => "on".to_owned(),
            _ => String::new(),
        });
    }
    Ok(typed)
}

/// The settings of a phase from the form. Values that were not edited stay as they are written in the
/// definition.
fn read_form(
    phase: &phase::Model,
    scores: Publishable,
    typed: &[(String, String)],
) -> Result<PhaseSettings> {
    let shown = typed_of(phase, scores)?;
    let mut settings = PhaseSettings::of(phase);
    for setting in in_form() {
        let of = |all: &[(String, String)]| -> Vec<String> {
            let own = all.iter().filter(|(name, _)| name == setting.field);
            own.map(|(_, value)| value.trim().to_owned()).collect()
        };
        let (typed, shown) = (of(typed), of(&shown));
        let is_same = if matches!(setting.kind, Kind::Shown(_)) {
            let read = |names: &[String]| Shown::read(scores.task, &names.join(" "));
            read(&typed)? == read(&shown)?
        } else {
            typed == shown
        };
        if !is_same {
            settings.set(setting, read_field(setting, &typed, scores)?)?;
        }
    }
    Ok(settings)
}

/// Reads the value of a field.
fn read_field(setting: &Setting, typed: &[String], scores: Publishable) -> Result<Value> {
    let (field, first) = (setting.field, typed.first().map_or("", String::as_str));
    Ok(match setting.kind {
        Kind::Title | Kind::Text => Value::Text(first.to_owned()),
        Kind::Start if first.is_empty() => return Err(Error::field(field, "is empty").into()),
        Kind::Start | Kind::Instant => {
            forms::read_instant(field, first)?.map_or(Value::Absent, Value::At)
        }
        Kind::Count | Kind::Number if first.is_empty() => Value::Absent,
        Kind::Count | Kind::Number => {
            let number = first.parse::<u16>();
            let wrong = |_| Error::field(field, "must be a whole number from 0 to 65535");
            Value::Number(number.map_err(wrong)?.into())
        }
        Kind::Flag => Value::Flag(first == "on"),
        Kind::Shown(_) => {
            let chosen = Shown::read(scores.task, &typed.join(" "))?;
            // Choosing the usual ones is the same as leaving the setting out.
            if chosen == scores.usual() {
                Value::Absent
            } else {
                let names = chosen.to_string();
                Value::Names(names.split_whitespace().map(str::to_owned).collect())
            }
        }
        Kind::Fields => Value::Absent,
    })
}

fn address(staff: &Staff, phase: &phase::Model) -> String {
    format!("{}/phases/{}", layout::organise(&staff.challenge), phase.name)
}

/// What its benchmark allows to be shown.
async fn publishable(app: &App, phase: &phase::Model) -> Result<Publishable> {
    let benchmark = challenges::benchmark_by_id(&app.db, phase.benchmark_id).await?;
    Ok(phase.publishable(&benchmark)?)
}

async fn page(
    app: &App,
    staff: &Staff,
    (phase, scores): (&phase::Model, Publishable),
    typed: &[(String, String)],
) -> Result<DeskPage> {
    let (home, now) = (address(staff, phase), app.ambient.now());
    let text = if phase.is_revealed(now) {
        "Everything that the targets allow is shown."
    } else {
        "While frozen, the public board does not change; the reveal shows all scores that the targets allow."
    };
    let mut turns = Section::new("now", "Freeze and reveal").text(text);
    if phase.frozen_at(now).is_none() && !phase.is_revealed(now) {
        let form = Form::new(format!("{home}/freeze"), "Freeze the board now");
        let until = phase.reveal_at.map(forms::instant);
        let until = until.map_or_else(
            || "until you set a reveal".to_owned(),
            |at| format!("until the reveal, {at} UTC"),
        );
        let happens = format!(
            "Everyone sees the board as it is now, {until}. Submissions are still accepted and \
             scored, and organisers see them. You can undo this in the log, but not for those who \
             have already seen it."
        );
        let form = form.weighing(Weight::Grave).called("freeze").with(reason());
        turns = turns.form(form.asking(happens, "Yes, freeze it now"));
    }
    if !phase.is_revealed(now) {
        let form = Form::new(format!("{home}/reveal"), "Reveal now");
        let happens = "Everyone sees every score that the targets allow, of all submissions, and \
                       the names of teams that used a pseudonym until the reveal. Undoing this \
                       hides it only from people who have not looked yet.";
        let form = form.weighing(Weight::Grave).called("reveal").with(reason());
        turns = turns.form(form.asking(happens, "Yes, reveal it now"));
    }
    let state = Section::new("state", "")
        .fact("State", Cell::Mark(state_at(phase, now).name().to_owned()))
        .fact("Freezes", phase.freeze_at.map_or(Cell::None, |at| Cell::Until(at.utc())))
        .fact("Reveals", phase.reveal_at.map_or(Cell::None, |at| Cell::Until(at.utc())))
        .link("The board", layout::phase(&staff.challenge, phase));
    let fields = Section::new("fields", "Settings").form(form(home, typed, scores));
    let sections = vec![state, turns, finals(app, staff, phase).await?, fields];
    let mut page =
        desk(app, staff, "Phases", "Nothing changes until you have seen a preview.", sections);
    page.heading.clone_from(&phase.title);
    Ok(page)
}

/// The final results: those that were confirmed, and the form that confirms the present board.
async fn finals(app: &App, staff: &Staff, phase: &phase::Model) -> Result<Section> {
    let home = address(staff, phase);
    let mut section = Section::new("results", "Final results").text(
        "Confirming gives the present board a permanent address, a hash and a signed receipt. Nobody \
         can change it then; after a correction, confirm again.",
    );
    section = section.link("Report as it is now", layout::report(&staff.challenge, phase));
    for it in standings::confirmed(&app.db, phase).await? {
        let href = layout::results(&staff.challenge, phase, &it.name);
        section = section.link(format!("Confirmed {}", it.name), href);
    }
    let form = Form::new(format!("{home}/confirm"), "Confirm final results");
    let form = form.weighing(Weight::Grave).called("confirm").with(reason());
    let happens = "The standings as they are now become the final results, for everyone and for good. \
                   This can’t be undone.";
    Ok(section.form(form.asking(happens, "Yes, confirm them")))
}

fn form(home: String, typed: &[(String, String)], scores: Publishable) -> Form {
    let field = |form: Form, setting: &Setting| {
        let kind = match setting.kind {
            Kind::Title | Kind::Text | Kind::Start | Kind::Instant | Kind::Fields => {
                FieldKind::Text
            }
            Kind::Count | Kind::Number => FieldKind::Number,
            Kind::Flag => FieldKind::Check,
            Kind::Shown(_) => {
                let all = scores.at_most().to_string();
                let both = |name: &str| (name.to_owned(), name.to_owned());
                FieldKind::Checks(all.split_whitespace().map(both).collect())
            }
        };
        let of = typed.iter().filter(|(name, _)| name == setting.field);
        let value = of.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" ");
        let help = match setting.kind {
            Kind::Start => format!("{} In UTC, such as 2026-11-24 12:00.", setting.help),
            _ => setting.help.to_owned(),
        };
        let field = Field::new(kind, setting.field, &capitalized(setting.label));
        let field = field.value(value).hint(help);
        form.with(if setting.is_required() { field } else { field.optional() })
    };
    in_form().fold(Form::new(home, "Preview changes"), field)
}

/// The words with a capital first letter, for a label.
fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
