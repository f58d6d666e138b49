//! `/c/{challenge}/organise/tools`: tools of organisers.

use std::sync::Arc;

use domain::accounts;
use domain::ambient::Instant;
use domain::challenges::{self, Located, Viewer};
use domain::database;
use domain::entities::benchmark::TargetsAre;
use domain::entities::phase;
use domain::entities::role::Role;
use domain::entities::submission::{self, State};
use domain::error::Error;
use domain::moderation::{self, Likeness, Tried};
use domain::submissions::{self, Published};
use poem::web::{Data, Multipart, Path, Query};
use poem::{Response, handler};
use scoring::Problems;
use web::pages::{Cell, Field, FieldKind, Form, Section};

use super::export::Asked;
use super::{Staff, choice, desk, refused, shown};
use crate::app::App;
use crate::pages::{forms, layout, problems, scores, see_other};
use crate::refusal::{Refusal, Result};
use crate::serve::RequestPlace;
use crate::upload_form::UploadForm;

/// The tab of these pages.
const TAB: &str = "Tools";

/// How many trials are listed.
const TRIALS: u64 = 20;

/// How many places of one problem are shown.
const PLACES: usize = 3;

/// The field that names the phase.
const PHASE: &str = "phase";

const LEDE: &str = "Try a submission, see what teams see, find similar submissions, export all \
                    submissions. Nothing here counts.";

/// `GET /c/{challenge}/organise/tools`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&desk(&app, &staff, TAB, LEDE, sections(&app, &staff).await?))
}

/// `POST /c/{challenge}/organise/tools`: accepts a trial.
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    staff: Staff,
    place: Data<&RequestPlace>,
    sent: Multipart,
) -> Result<Response> {
    let at = app.ambient.now();
    // From here on the request waits for the client.
    place.release();
    let sent = UploadForm::new(sent, app.settings.timeouts.form, [PHASE.to_owned()]);
    let taken = take(&app, &staff, sent, at).await;
    match forms::refused(taken)? {
        Ok(id) => Ok(see_other(&format!("{}/trials/{id}", home(&staff)))),
        Err(error) => {
            let page = desk(&app, &staff, TAB, LEDE, sections(&app, &staff).await?);
            refused(page, &home(&staff), &(), &error.beside_file("file"))
        }
    }
}

/// Streams the file to the store; its phase can be named before or after it.
async fn take(
    app: &Arc<App>,
    staff: &Staff,
    mut sent: UploadForm,
    at: Instant,
) -> Result<uuid::Uuid> {
    let file = sent.open().await?;
    let phases = challenges::phases_of(&app.db, staff.challenge.id).await?;
    let named = |sent: &UploadForm| sent.get(PHASE).map(|name| find(&phases, name)).transpose();
    // No phase and no limit refuses a trial, so any phase works until the trial's phase is known.
    let before = named(&sent)?;
    let first = before.as_ref().or(phases.first()).cloned();
    let first = first.ok_or_else(|| Error::field(PHASE, "is missing"))?;
    let entry = moderation::trial(app, &staff.user, &staff.challenge, first, at).await?;
    let arrived = entry.check_form(app).await?.receive(app, file).await?;
    let closed = sent.close().await;
    let after = closed.and_then(|()| named(&sent));
    let after = after.and_then(|phase| Ok(phase.ok_or_else(|| Error::field(PHASE, "is missing"))?));
    let mut arrived = arrived.kept_if(after.as_ref().map(drop).map_err(Refusal::clone)).await?;
    arrived.tried_in(after?);
    Ok(submissions::finish(app, arrived).await?.row.id)
}

fn find(phases: &[phase::Model], name: &str) -> Result<phase::Model> {
    let found = phases.iter().find(|phase| phase.name == name.trim());
    Ok(found
        .cloned()
        .ok_or_else(|| Error::field(PHASE, "must be one of the challenge’s phases"))?)
}

/// `GET /c/{challenge}/organise/tools/trials/{id}`: what a team would see for a trial.
#[handler]
pub async fn trial(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let id = submissions::id(&id)?;
    let run = moderation::trial_with(&app.db, &staff.challenge, id).await?;
    let located = challenges::located(&app.db, staff.challenge.clone(), run.phase_id).await?;
    let mut about = Section::new("trial", "A trial")
        .text("It counts nowhere and uses no limit; only the organisers see it.")
        .fact("Phase", Cell::text(located.phase.title.clone()))
        .fact("Tried", Cell::At(run.received_at.utc()));
    if let Some(by) = run.user_id {
        let user = accounts::user_by_id(&app.db, by).await?;
        about = about.fact("By", Cell::text(user.name));
    }
    let about = about.fact("SHA-256 of the file", Cell::Code(run.upload_digest.clone()));
    let sections =
        vec![about.link("Try another", home(&staff)), result_section(&app, &located, &run).await?];
    shown(&desk(&app, &staff, TAB, "", sections))
}

/// `GET /c/{challenge}/organise/tools/adversarial`: what teams see for bad files.
#[handler]
pub async fn adversarial(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let located = challenges::locate(&app.db, &staff.challenge.name, &asked.phase).await?;
    let tried = moderation::adversarial(&app, &located.benchmark).await?;
    let rows = tried.iter().map(tried_row).collect();
    let heading = format!("What teams see: {}", located.phase.title);
    let section = Section::new("adversarial", &heading)
        .text(
            "Files like those sent by mistake or to test the server, made from this phase’s \
             benchmark and read like any upload. They are not saved.",
        )
        .table(&["File", "State", "What its team sees"], rows, "None.")
        .link("Back to the tools", home(&staff));
    shown(&desk(&app, &staff, TAB, "", vec![section]))
}

/// `GET /c/{challenge}/organise/tools/alike`: similar submissions of different teams.
#[handler]
pub async fn alike(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, &asked.phase).await?;
    let pairs = moderation::duplicates(&app, &phase).await?;
    let rows = pairs.iter().map(|pair| pair_row(&staff, pair)).collect();
    let section = Section::new("alike", &format!("Similar submissions: {}", phase.title))
        .text(
            "Submissions of different teams with the same file, or with the targets at the same \
             places in at least 98 % of the queries in which either finds its target. The latest \
             400 scored submissions are compared. This proves nothing: ask the teams.",
        )
        .table(
            &["Team", "Method", "At", "Other team", "Method", "At", "Similarity"],
            rows,
            "No similar submissions of different teams.",
        )
        .link("Back to the tools", home(&staff));
    shown(&desk(&app, &staff, TAB, "", vec![section]))
}

fn home(staff: &Staff) -> String {
    format!("{}/tools", layout::organise(&staff.challenge))
}

async fn sections(app: &App, staff: &Staff) -> Result<Vec<Section>> {
    let phases = challenges::phases_of(&app.db, staff.challenge.id).await?;
    let (home, organise) = (home(staff), layout::organise(&staff.challenge));
    let options: Vec<(&str, &str)> =
        phases.iter().map(|phase| (phase.name.as_str(), phase.title.as_str())).collect();
    let form = Form::new(home.clone(), "Try it")
        .with(choice("phase", "Phase", &options).hint("It doesn’t have to be open."))
        .with(Field::new(FieldKind::File, "file", "File").hint("As a team would upload it."));
    let mut rows = Vec::new();
    for run in moderation::trials_of(&app.db, &staff.challenge, TRIALS).await? {
        let phase = phases.iter().find(|phase| phase.id == run.phase_id);
        rows.push(vec![
            Cell::At(run.received_at.utc()),
            phase.map_or(Cell::None, |phase| Cell::text(phase.title.clone())),
            Cell::Mark(run.state.name().to_owned()),
            Cell::link("what a team would see", format!("{home}/trials/{}", run.id)),
        ]);
    }
    let trials = Section::new("trials", "Dry run")
        .text("A submission that is processed like any other but counts nowhere.")
        .table(&["Tried", "Phase", "State", ""], rows, "No dry runs yet.");
    // An auditor would be refused.
    let trials = if staff.role >= Role::Organiser { trials.form(form) } else { trials };
    let by_phase = |phase: &phase::Model| {
        let link = |label: &str, path: String| Cell::link(label, format!("{path}{}", phase.name));
        vec![
            Cell::text(phase.title.clone()),
            link("what teams see for bad files", format!("{home}/adversarial?phase=")),
            link("similar submissions", format!("{home}/alike?phase=")),
            Cell::Many(vec![
                link("what the benchmark gives away", format!("{home}/audit?phase=")),
                link("whether submissions used it", format!("{home}/misses?phase=")),
            ]),
            Cell::Many(vec![
                link("CSV", format!("{organise}/export.csv?phase=")),
                link("JSON", format!("{organise}/export.json?phase=")),
            ]),
        ]
    };
    let phases = Section::new("phases", "Each phase")
        .text(
            "An export contains no ranks and no targets, and for hidden targets no further \
               metrics.",
        )
        .table(
            &["Phase", "Bad files", "Similar", "Audit", "Submissions"],
            phases.iter().map(by_phase).collect(),
            "No phases yet.",
        );
    Ok(vec![trials, phases])
}

/// What a team would see for its submission.
async fn result_section(app: &App, located: &Located, run: &submission::Model) -> Result<Section> {
    let section = Section::new("shown", "What a team would see");
    let list = |text: &Option<String>| -> Result<Problems> {
        text.as_deref().map_or(Ok(Problems::default()), |it| Ok(database::from_json(it)?))
    };
    let has_targets = located.benchmark.targets != TargetsAre::None;
    let section = match run.state {
        State::Scored if !has_targets => {
            section.text("The submission answers every query; this phase gives no scores.")
        }
        State::Playing => section.text("The submission is being played."),
        State::Received => {
            section.text("The submission is saved and waiting for its score; check again soon.")
        }
        State::Failed => {
            section.text("The server could not score the submission; it uses no limit.")
        }
        State::Invalid => {
            let rows = problem_rows(&list(&run.problems)?);
            return Ok(section.text("The submission is invalid.").table(&HEADS, rows, ""));
        }
        State::Scored => {
            let (viewer, now) = (Viewer::OwnTeam, app.ambient.now());
            let Located { phase, benchmark, .. } = located;
            let seen = submissions::published(&app.db, run, phase, benchmark, viewer, now).await?;
            with_scores(section, seen.as_ref())
        }
    };
    let warnings = list(&run.warnings)?;
    if warnings.is_empty() {
        return Ok(section);
    }
    let more = format!("{} Warnings:", section.text);
    let facts = problems::grouped(&warnings)
        .into_iter()
        .map(|warning| (warning.sentence, Cell::text(format!("{} times", warning.count))));
    let facts = section.facts.iter().cloned().chain(facts).collect();
    Ok(Section { text: more, facts, ..section })
}

/// The column headers of a table of problems.
const HEADS: [&str; 3] = ["Problem", "Count", "Examples"];

fn problem_rows(list: &Problems) -> Vec<Vec<Cell>> {
    let row = |problem: web::pages::Problem| {
        let places = problem.places.iter().take(PLACES);
        let places = places.map(|place| match place.at.as_str() {
            "" => Cell::text(format!("{};", place.what)),
            at => Cell::text(format!("{at}: {};", place.what)),
        });
        vec![
            Cell::text(problem.sentence),
            Cell::text(problem.count.to_string()),
            Cell::Many(places.collect()),
        ]
    };
    problems::grouped(list).into_iter().map(row).collect()
}

/// The scores that the phase shows to a team.
fn with_scores(section: Section, seen: Option<&Published>) -> Section {
    let Some(seen) = seen else {
        return section.text("The submission is scored; its team sees no score in this phase yet.");
    };
    let overall = seen.overall().map_or(Cell::None, Cell::Percent);
    let section = section.text("The submission is scored.").fact("Overall", overall);
    let heads = scores::heads(seen.shown());
    if heads.len() == 1 {
        return section;
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    section.table(&heads, seen.groups().map(|group| scores::row(&group)).collect(), "")
}

fn tried_row(tried: &Tried) -> Vec<Cell> {
    let first = |list: &Problems| {
        let told = list.shown().iter().take(PLACES);
        let told: Vec<&str> = told.map(|problem| problem.message.as_str()).collect();
        let more = list.total().saturating_sub(told.len());
        let told = told.join(" · ");
        if more > 0 { format!("{told} · and {more} more") } else { told }
    };
    let (state, list) = match &tried.told {
        Ok(warnings) => ("scored", warnings),
        Err(problems) => ("invalid", problems),
    };
    vec![Cell::text(&tried.name), Cell::Mark(state.to_owned()), Cell::text(first(list))]
}

fn pair_row(staff: &Staff, pair: &moderation::Pair) -> Vec<Cell> {
    let organise = layout::organise(&staff.challenge);
    let likeness = match pair.likeness {
        Likeness::SameFile => Cell::Mark("the same file".to_owned()),
        Likeness::SamePlaces(share) => Cell::Percent(share),
    };
    let mut cells = Vec::new();
    for (run, team) in [&pair.later, &pair.earlier] {
        let method = if run.method.is_empty() { "no name" } else { &run.method };
        cells.push(Cell::text(team.name.clone()));
        cells.push(Cell::link(method, format!("{organise}/submissions/{}", run.id)));
        cells.push(Cell::At(run.received_at.utc()));
    }
    cells.push(likeness);
    cells
}
