//! `/c/{challenge}/organise/rescoring`: scoring all submissions again after a correction.

use std::sync::Arc;

use domain::challenges;
use domain::entities::benchmark::TargetsAre;
use domain::entities::corrected_targets::SecretTargets;
use domain::entities::rescoring::State;
use domain::entities::role::Role;
use domain::error::Error;
use domain::moderation::{self, Correction, PhaseMoves, Preview, TARGETS_BYTES};
use domain::standings::{Move, Placed};
use poem::web::cookie::CookieJar;
use poem::web::{Data, Multipart, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section};

use super::{Sender, Staff, Why, choice, desk, layout, quiet, reason, shown};
use crate::app::App;
use crate::pages::done::Done;
use crate::pages::filled::Filled;
use crate::refusal::Result;
use crate::serve::RequestPlace;
use crate::upload_form::UploadForm;

/// The tab of these pages.
const TAB: &str = "Rescoring";

const LEDE: &str = "Score all submissions of a benchmark again after a correction. Boards don’t \
                    change until you apply the new scores.";

/// The fields of the form with corrected targets, besides the file.
const FIELDS: [&str; 2] = ["benchmark", "reason"];

/// `GET /c/{challenge}/organise/rescoring`
#[handler]
pub async fn list(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&list_page(&app, &staff).await?)
}

/// The fields of a form that creates a set.
#[derive(Default, Deserialize, Serialize)]
struct Sent {
    #[serde(default)]
    benchmark: String,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/rescoring`: a set with corrected targets.
#[handler]
pub async fn create(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    place: Data<&RequestPlace>,
    sent: Multipart,
) -> Result<Response> {
    // From here on the request waits for the client.
    place.release();
    let mut form = UploadForm::new(sent, app.settings.timeouts.form, FIELDS.map(str::to_owned));
    let read = read_targets(&mut form).await;
    let value = |name| form.get(name).unwrap_or_default().to_owned();
    let sent = Sent { benchmark: value("benchmark"), reason: value("reason") };
    let created = match read {
        Ok(targets) => make(&app, &staff, &sent, Correction::Targets(targets)).await,
        Err(error) => Err(error),
    };
    let created = created.map_err(|error| error.beside_file("file"));
    answer_created(&app, cookies, &staff, created, ("rescoring", &sent)).await
}

/// `POST /c/{challenge}/organise/rescoring/scorer`: a set of the present scorer.
#[handler]
pub async fn create_for_scorer(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let created = make(&app, &staff, &sent, Correction::Scorer).await;
    answer_created(&app, cookies, &staff, created, ("rescoring/scorer", &sent)).await
}

async fn make(app: &App, staff: &Staff, typed: &Sent, correction: Correction) -> Result<i32> {
    let (by, what) = (Some(&staff.user), (typed.benchmark.as_str(), correction));
    let set = moderation::create_rescoring(app, by, &staff.challenge, what, &typed.reason);
    Ok(set.await?.id)
}

async fn answer_created(
    app: &App,
    cookies: &CookieJar,
    staff: &Staff,
    created: Result<i32>,
    (action, sent): (&str, &Sent),
) -> Result<Response> {
    let sender = Sender { app, cookies, staff };
    let there = match &created {
        Ok(id) => sender.home(&format!("rescoring/{id}")),
        Err(_) => sender.home("rescoring"),
    };
    let (done, action) = (created.map(|_| Done::RescoringMade), sender.home(action));
    sender.finish(done, &there, (&action, sent), list_page(app, staff)).await
}

/// Reads the file and the fields around it.
async fn read_targets(form: &mut UploadForm) -> Result<SecretTargets> {
    let file = form.open().await?;
    let bytes = read_file(file).await?;
    form.close().await?;
    Ok(SecretTargets(bytes))
}

async fn read_file(file: impl AsyncRead + Unpin) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = file.take(TARGETS_BYTES as u64 + 1);
    file.read_to_end(&mut bytes).await.map_err(Error::incomplete)?;
    if bytes.len() > TARGETS_BYTES {
        let most = TARGETS_BYTES >> 20;
        return Err(Error::field("file", format!("is larger than {most} MiB")).into());
    }
    Ok(bytes)
}

/// `GET /c/{challenge}/organise/rescoring/{id}`: what a set would move.
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
) -> Result<Response> {
    shown(&set_page(&app, &staff, id).await?)
}

/// `POST /c/{challenge}/organise/rescoring/{id}/apply`
#[handler]
pub async fn apply(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    let (by, challenge) = (Some(&staff.user), &staff.challenge);
    let applied = moderation::apply_rescoring(&app, by, challenge, id, &why.reason).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let home = sender.home(&format!("rescoring/{id}"));
    let (done, action) = (applied.map(|()| Done::Rescored), format!("{home}/apply"));
    sender.finish(done, &home, (&action, &why), set_page(&app, &staff, id)).await
}

/// `POST /c/{challenge}/organise/rescoring/{id}/cancel`
#[handler]
pub async fn cancel(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    let (by, challenge) = (Some(&staff.user), &staff.challenge);
    let cancelled = moderation::cancel_rescoring(&app, by, challenge, id, &why.reason).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let home = sender.home(&format!("rescoring/{id}"));
    let (done, action) = (cancelled.map(|()| Done::TakenBack), format!("{home}/cancel"));
    sender.finish(done, &home, (&action, &why), set_page(&app, &staff, id)).await
}

async fn list_page(app: &App, staff: &Staff) -> Result<DeskPage> {
    let home = format!("{}/rescoring", layout::organise(&staff.challenge));
    let mut rows = Vec::new();
    for (set, benchmark) in challenges::rescorings_of(&app.db, &staff.challenge).await? {
        rows.push(vec![
            Cell::link(format!("rescoring {}", set.id), format!("{home}/{}", set.id)),
            Cell::At(set.created_at.utc()),
            Cell::text(benchmark.name.clone()),
            Cell::text(set.kind.name()),
            state(set.state, benchmark.rescoring_id == Some(set.id)),
            Cell::text(set.reason),
        ]);
    }
    let heads = ["", "Created", "Benchmark", "Corrects", "State", "Why"];
    let mut sections = vec![Section::new("sets", "").table(&heads, rows, "None yet.")];
    // An auditor would be refused.
    if staff.role >= Role::Organiser {
        sections.extend(creating(app, staff, &home).await?);
    }
    Ok(desk(app, staff, TAB, LEDE, sections))
}

/// The forms that create a set.
async fn creating(app: &App, staff: &Staff, home: &str) -> Result<[Section; 2]> {
    let all = challenges::benchmarks_of(&app.db, staff.challenge.id).await?;
    let options = |of: &[TargetsAre]| -> Vec<(String, String)> {
        let some = all.iter().filter(|benchmark| of.contains(&benchmark.targets));
        some.map(|benchmark| (benchmark.name.clone(), benchmark.name.clone())).collect()
    };
    let benchmark = |of: &[TargetsAre]| {
        let options = options(of);
        let options: Vec<(&str, &str)> =
            options.iter().map(|(name, label)| (name.as_str(), label.as_str())).collect();
        choice("benchmark", "Benchmark", &options)
    };
    let file = Field::new(FieldKind::File, "file", "Targets")
        .hint("A JSON object with an item or a list of items for each query.");
    let targets = Form::new(home, "Score again")
        .called("targets")
        .with(benchmark(&[TargetsAre::Hidden]))
        .with(file)
        .with(reason());
    let scorer = quiet(format!("{home}/scorer"), "Score again", "scorer")
        .with(benchmark(&[TargetsAre::Hidden, TargetsAre::Public]))
        .with(reason());
    Ok([
        Section::new("targets", "Corrected targets")
            .text(
                "For the same queries and galleries. Every stored upload is read again. Another \
                 protocol, or other queries, are a new benchmark.",
            )
            .form(targets),
        Section::new("scorer", "Corrected scorer")
            .text("After an upgrade that computes scores differently, or more of them.")
            .form(scorer),
    ])
}

async fn set_page(app: &App, staff: &Staff, id: i32) -> Result<DeskPage> {
    let preview = moderation::preview_rescoring(app, &staff.challenge, id).await?;
    let mut sections = vec![facts(&preview)];
    sections.extend(preview.phases.iter().map(|phase| moves(staff, phase)));
    if staff.role >= Role::Organiser && preview.set.state.is_open() {
        sections.push(deciding(staff, &preview));
    }
    let mut page = desk(app, staff, TAB, "", sections);
    page.heading = format!("Rescoring {id}");
    Ok(page)
}

fn facts(preview: &Preview) -> Section {
    let Preview { set, benchmark, in_force, submissions, missing, failed, .. } = preview;
    let rows = failed
        .iter()
        .map(|it| vec![Cell::Code(it.submission.to_string()), Cell::text(it.why.clone())]);
    let section = Section::new("facts", "")
        .fact("Benchmark", Cell::text(benchmark.name.clone()))
        .fact("Corrects", Cell::text(set.kind.name()))
        .fact("State", state(set.state, *in_force))
        .fact("Why", Cell::text(set.reason.clone()))
        .fact("Created", Cell::At(set.created_at.utc()))
        .fact("Scored submissions", Cell::text(submissions.to_string()));
    let section = if set.state == State::Cancelled {
        section
    } else {
        section.fact("Not scored again yet", Cell::text(missing.to_string()))
    };
    if failed.is_empty() {
        return section;
    }
    section.table(&["Submission", "Can’t be scored again"], rows.collect(), "")
}

fn state(state: State, in_force: bool) -> Cell {
    Cell::Mark(if in_force { "in force".to_owned() } else { state.name().to_owned() })
}

/// What a set would move in a phase.
fn moves(staff: &Staff, it: &PhaseMoves) -> Section {
    let home = layout::organise(&staff.challenge);
    let rank = |placed: Option<Placed>| match placed.and_then(|placed| placed.rank) {
        Some(rank) => Cell::text(rank.to_string()),
        None => Cell::Quiet("–".to_owned()),
    };
    let score = |placed: Option<Placed>| match placed {
        Some(Placed { score, .. }) => Cell::Percent(score),
        None => Cell::Quiet("–".to_owned()),
    };
    let row = |it: &Move| {
        let submission = it.after.or(it.before).map_or(Cell::None, |placed| {
            let id = placed.submission;
            Cell::link("submission", format!("{home}/submissions/{id}"))
        });
        vec![
            Cell::text(it.team.name.clone()),
            rank(it.before),
            rank(it.after),
            score(it.before),
            score(it.after),
            submission,
        ]
    };
    let many = |count: usize, one: &str, more: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
    };
    let (ranks, scores) =
        (many(it.ranks(), "rank", "ranks"), many(it.moves.len(), "score", "scores"));
    let frozen = if it.frozen { " The public board is frozen and doesn’t change." } else { "" };
    Section::new(&format!("phase-{}", it.phase.name), &it.phase.title)
        .text(format!("This changes {ranks} and {scores}.{frozen}"))
        .table(
            &["Team", "Rank now", "New rank", "Score now", "New score", ""],
            it.moves.iter().map(row).collect(),
            "Nothing changes.",
        )
}

/// The forms that apply and cancel a set.
fn deciding(staff: &Staff, preview: &Preview) -> Section {
    let home = format!("{}/rescoring/{}", layout::organise(&staff.challenge), preview.set.id);
    let cancelling = quiet(format!("{home}/cancel"), "Cancel", "cancel")
        .with(reason())
        .asking("The new scorecards are removed. This can’t be undone.", "Yes, remove them");
    let section = Section::new("decide", "Decide");
    if preview.set.state == State::Computing {
        let text = "The scores are being computed in the background; reload this page.";
        return section.text(text).form(cancelling);
    }
    let why = reason().hint("Recorded in the log, and sent to the teams.");
    let applying = Form::new(format!("{home}/apply"), "Apply").called("apply").with(why).asking(
        "The new scores count at once, and teams are notified of their old and new rank. You can \
         undo it in the log, but not the notices.",
        "Yes, apply them",
    );
    let text = "Submissions that were scored in the meantime are included.";
    section.text(text).form(applying).form(cancelling)
}
