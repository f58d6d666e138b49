//! `/c/{challenge}/organise/tools`: what organisers have at hand beside the board.

use std::sync::Arc;

use poem::web::{Data, Multipart, Path, Query};
use poem::{Response, handler};
use scoring::Problems;
use web::pages::{Cell, Field, FieldKind, Form, Section};

use super::export::Asked;
use super::{Staff, choice, desk, refused, shown};
use crate::accounts;
use crate::ambient::Instant;
use crate::api::text;
use crate::app::App;
use crate::challenges::{self, Located, Metric, Viewer};
use crate::entities::benchmark::TargetsAre;
use crate::entities::phase;
use crate::entities::role::Role;
use crate::entities::submission::{self, State};
use crate::error::{Error, Result};
use crate::moderation::{self, Likeness, Tried};
use crate::pages::{forms, layout, problems, see_other};
use crate::serve::RequestPlace;
use crate::submissions::{self, Published, PublishedGroup};

/// The tab of these pages.
const TAB: &str = "Tools";

/// So many trials are listed.
const TRIALS: u64 = 20;

/// So many places of one problem are told.
const PLACES: usize = 3;

const LEDE: &str = "Try a run, see what teams are told, find runs that are alike, take the submissions \
                    with you. Nothing here counts.";

/// `GET /c/{challenge}/organise/tools`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&desk(&app, &staff, TAB, LEDE, sections(&app, &staff).await?))
}

/// `POST /c/{challenge}/organise/tools`: takes a trial.
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    staff: Staff,
    place: Data<&RequestPlace>,
    mut sent: Multipart,
) -> Result<Response> {
    let at = app.ambient.now();
    // From here on it waits for the client.
    place.release();
    let taken = take(&app, &staff, &mut sent, at).await;
    match forms::refused(taken)? {
        Ok(id) => Ok(see_other(&format!("{}/trials/{id}", home(&staff)))),
        Err(error) => {
            let page = desk(&app, &staff, TAB, LEDE, sections(&app, &staff).await?);
            let about_file = matches!(error.code, "too-large" | "incomplete-upload");
            let field = if about_file { Some("file".to_owned()) } else { error.field.clone() };
            refused(page, &home(&staff), &(), &Error { field, ..error })
        }
    }
}

/// Reads the fields in their order; the file comes last and is streamed to the store.
async fn take(
    app: &Arc<App>,
    staff: &Staff,
    sent: &mut Multipart,
    at: Instant,
) -> Result<uuid::Uuid> {
    let mut phase = None;
    while let Some(field) = sent.next_field().await.map_err(Error::incomplete)? {
        let name = field.name().unwrap_or_default().to_owned();
        let unnamed = field.file_name().is_none_or(str::is_empty);
        let value = field.into_async_read();
        match (name.as_str(), phase.take()) {
            ("phase", _) => {
                let named = text(&name, value).await?;
                let found = challenges::find_phase(&app.db, &staff.challenge, &named).await;
                phase = Some(found.map_err(|_| Error::field("phase", "is none of these"))?);
            }
            ("file", _) if unnamed => return Err(Error::field("file", "is not chosen")),
            ("file", Some(phase)) => {
                let (user, challenge) = (&staff.user, &staff.challenge);
                let entry = moderation::trial(app, user, challenge, phase, at).await?;
                let arrival = entry.check(app).await?;
                return Ok(submissions::submit(app, arrival, Box::pin(value)).await?.row.id);
            }
            ("file", None) => return Err(Error::field("phase", "is missing")),
            (other, _) => return Err(Error::field(other, "is no field of this form")),
        }
    }
    Err(Error::field("file", "is missing"))
}

/// `GET /c/{challenge}/organise/tools/trials/{id}`: what a team would be told of a trial.
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
        .text("It counts nowhere and uses no limit; nobody but the organisers sees it.")
        .fact("Phase", Cell::text(located.phase.title.clone()))
        .fact("Tried", Cell::At(run.received_at.utc()));
    if let Some(by) = run.user_id {
        let user = accounts::user_by_id(&app.db, by).await?;
        about = about.fact("By", Cell::text(user.name));
    }
    let about = about.fact("SHA-256 of the file", Cell::Code(run.upload_digest.clone()));
    let sections = vec![about.link("Another one", home(&staff)), told(&app, &located, &run).await?];
    shown(&desk(&app, &staff, TAB, "", sections))
}

/// `GET /c/{challenge}/organise/tools/adversarial`: what teams are told of bad files.
#[handler]
pub async fn adversarial(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let located = challenges::locate(&app.db, &staff.challenge.name, &asked.phase).await?;
    let tried = moderation::adversarial(&app, &located.benchmark).await?;
    let rows = tried.iter().map(tried_row).collect();
    let heading = format!("What teams are told: {}", located.phase.title);
    let section = Section::new("adversarial", &heading)
        .text(
            "Files as they are sent by mistake, or to see what happens, made of this phase’s \
             benchmark and read as any upload is. Nothing of them is kept.",
        )
        .table(&["File", "State", "What its team is told"], rows, "Nothing.")
        .link("Back to the tools", home(&staff));
    shown(&desk(&app, &staff, TAB, "", vec![section]))
}

/// `GET /c/{challenge}/organise/tools/alike`: runs of different teams that are alike.
#[handler]
pub async fn alike(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let phase = challenges::find_phase(&app.db, &staff.challenge, &asked.phase).await?;
    let pairs = moderation::duplicates(&app, &phase).await?;
    let rows = pairs.iter().map(|pair| pair_row(&staff, pair)).collect();
    let section = Section::new("alike", &format!("Runs that are alike: {}", phase.title))
        .text(
            "Runs of different teams with the same file, or whose targets stand at the same places \
             in at least 98 % of the queries in which either finds its target. The latest 400 \
             scored runs are compared. It proves nothing: ask the teams.",
        )
        .table(
            &["Team", "Method", "At", "Other team", "Method", "At", "Alike"],
            rows,
            "No two runs of different teams are alike.",
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
        .with(choice("phase", "Phase", &options).hint("It need not be open."))
        .with(Field::new(FieldKind::File, "file", "File").hint("As a team would send it."));
    let mut rows = Vec::new();
    for run in moderation::trials_of(&app.db, &staff.challenge, TRIALS).await? {
        let phase = phases.iter().find(|phase| phase.id == run.phase_id);
        rows.push(vec![
            Cell::At(run.received_at.utc()),
            phase.map_or(Cell::None, |phase| Cell::text(phase.title.clone())),
            Cell::Mark(run.state.name().to_owned()),
            Cell::link("what a team would be told", format!("{home}/trials/{}", run.id)),
        ]);
    }
    let trials = Section::new("trials", "Dry run")
        .text("A run that goes the way of every upload and counts nowhere.")
        .table(&["Tried", "Phase", "State", ""], rows, "None was tried yet.");
    // An auditor would be refused.
    let trials = if staff.role >= Role::Organiser { trials.form(form) } else { trials };
    let by_phase = |phase: &phase::Model| {
        let link = |label: &str, path: String| Cell::link(label, format!("{path}{}", phase.name));
        vec![
            Cell::text(phase.title.clone()),
            link("what teams are told of bad files", format!("{home}/adversarial?phase=")),
            link("runs that are alike", format!("{home}/alike?phase=")),
            Cell::Many(vec![
                link("CSV", format!("{organise}/export.csv?phase=")),
                link("JSON", format!("{organise}/export.json?phase=")),
            ]),
        ]
    };
    let phases = Section::new("phases", "Each phase")
        .text("An export holds no ranks and no targets, and of hidden ones no further metric.")
        .table(
            &["Phase", "Bad files", "Alike", "Submissions"],
            phases.iter().map(by_phase).collect(),
            "There is no phase yet.",
        );
    Ok(vec![trials, phases])
}

/// What a team would be told of its run.
async fn told(app: &App, located: &Located, run: &submission::Model) -> Result<Section> {
    let section = Section::new("told", "What a team would be told");
    let list = |text: &Option<String>| -> Result<Problems> {
        text.as_deref().map_or(Ok(Problems::default()), submissions::from_json)
    };
    let has_targets = located.benchmark.targets != TargetsAre::None;
    let section = match run.state {
        State::Scored if !has_targets => {
            section.text("The run has an answer to every query; this phase gives no scores.")
        }
        State::Received => {
            section.text("The run is safe and waits for its score; look again soon.")
        }
        State::Failed => section.text("The server could not score the run; it uses no limit."),
        State::Invalid => {
            let rows = problem_rows(&list(&run.problems)?);
            return Ok(section.text("The run is invalid.").table(&HEADS, rows, ""));
        }
        State::Scored => {
            let (viewer, now) = (Viewer::OwnTeam, app.ambient.now());
            let Located { phase, benchmark, .. } = located;
            let seen = submissions::published(&app.db, run, phase, benchmark, viewer, now).await?;
            scores(section, seen.as_ref())
        }
    };
    let warnings = list(&run.warnings)?;
    if warnings.is_empty() {
        return Ok(section);
    }
    let more = format!("{} It is told what is odd about it:", section.text);
    let facts = problems::grouped(&warnings)
        .into_iter()
        .map(|warning| (warning.sentence, Cell::text(format!("{} times", warning.count))));
    let facts = section.facts.iter().cloned().chain(facts).collect();
    Ok(Section { text: more, facts, ..section })
}

/// The heads of a table of problems.
const HEADS: [&str; 3] = ["Problem", "How often", "Where, among others"];

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
fn scores(section: Section, seen: Option<&Published>) -> Section {
    let Some(seen) = seen else {
        return section.text("The run is scored; its team sees no score in this phase yet.");
    };
    let percent = |value: Option<f64>| value.map_or(Cell::None, Cell::Percent);
    let row = |group: PublishedGroup<'_>| {
        let name = Cell::text(group.name);
        vec![name, percent(group.recall_at_10), percent(group.recall_at_50)]
    };
    let section = section.text("The run is scored.").fact("Overall", percent(seen.overall()));
    let of_groups = [Metric::RecallAt10, Metric::RecallAt50];
    if !of_groups.into_iter().any(|metric| seen.shown().has(metric)) {
        return section;
    }
    section.table(&["Category", "R@10", "R@50"], seen.groups().map(row).collect(), "")
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
    vec![Cell::text(tried.name), Cell::Mark(state.to_owned()), Cell::text(first(list))]
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
