//! `/c/{challenge}/organise/submissions/…`: all submissions, one submission, and decisions about it.

use std::sync::Arc;

use domain::accounts;
use domain::ambient::Instant;
use domain::challenges;
use domain::challenges::{Details, Located, Viewer};
use domain::database;
use domain::entities::submission::{self, State};
use domain::entities::team;
use domain::error::Error;
use domain::moderation::{self, Decision, Search};
use domain::submissions::{self, EarlierCard, Published};
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use scoring::Problems;
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section, Weight};

use super::{Sender, Staff, Why, choice, desk, forms, layout, listing, quiet, reason, shown};
use crate::app::App;
use crate::pages::done::{Done, said};
use crate::pages::filled::Filled;
use crate::pages::{scores, see_other};
use crate::refusal::Result;

/// `GET /c/{challenge}/organise/submissions`
#[handler]
pub async fn list(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(search): Query<Search>,
) -> Result<Response> {
    let found = moderation::search(&app.db, &staff.challenge, &search).await?;
    let phases = challenges::located_phases(&app.db, &staff.challenge).await?;
    let runs = found.rows.iter().map(|(run, _)| run);
    let (viewer, now) = (Viewer::Organiser, app.ambient.now());
    let published = submissions::published_by_id(&app.db, runs, &phases, viewer, now).await?;
    let rows = found.rows.iter().map(|(run, team)| {
        let phase = phases.iter().find(|located| located.phase.id == run.phase_id);
        row(&staff, run, team, phase, published.get(&run.id))
    });
    let rows = rows.collect();
    let heads = ["Received", "Team", "Method", "Phase", "State", "Overall", ""];
    let list = format!("{}/submissions", layout::organise(&staff.challenge));
    let text = format!("{} found.", found.total);
    let section = Section::new("runs", "").text(text).table(&heads, rows, "None.");
    let section = listing::paged(section, &list, &search, &found);
    let sections = vec![searching(&staff, &search, &phases), section];
    shown(&desk(&app, &staff, "Submissions", "All submissions and their state.", sections))
}

fn searching(staff: &Staff, search: &Search, phases: &[Located]) -> Section {
    let any = (String::new(), "any phase".to_owned());
    let named = |located: &Located| (located.phase.name.clone(), located.phase.title.clone());
    let phases = std::iter::once(any).chain(phases.iter().map(named)).collect();
    let states =
        ["", "received", "scored", "invalid", "failed", "withdrawn", "disqualified", "hidden"];
    let states = states.map(|state| (state, if state.is_empty() { "any state" } else { state }));
    let mut form =
        Form::new(format!("{}/submissions", layout::organise(&staff.challenge)), "Search")
            .weighing(Weight::Quiet)
            .called("search")
            .with(
                Field::text("words", "Team, method, id or SHA-256").value(&search.words).optional(),
            )
            .with(Field::new(FieldKind::Choice(phases), "phase", "Phase").value(&search.phase))
            .with(choice("state", "State", &states).value(&search.state));
    form.asks = true;
    Section::new("search", "").form(form)
}

fn row(
    staff: &Staff,
    run: &submission::Model,
    team: &team::Model,
    located: Option<&Located>,
    published: Option<&Published>,
) -> Vec<Cell> {
    let short: String = run.method.chars().take(40).collect();
    vec![
        Cell::Many(vec![Cell::link(forms::instant(run.received_at), address(staff, run))]),
        Cell::text(team.name.clone()),
        Cell::Quiet(short),
        located.map_or(Cell::None, |located| Cell::text(located.phase.title.clone())),
        Cell::Mark(run.state.name().to_owned()),
        published.and_then(Published::overall).map_or(Cell::None, Cell::Percent),
        flags(run),
    ]
}

/// The decisions about a submission, by its team or by organisers.
fn flags(run: &submission::Model) -> Cell {
    let flags = [
        (run.withdrawn_at.is_some(), "withdrawn"),
        (run.disqualified_at.is_some(), "disqualified"),
        (run.hidden_at.is_some(), "hidden"),
        (run.final_at.is_some(), "final"),
        (run.trial, "trial"),
    ];
    let marks = flags.into_iter().filter(|(so, _)| *so);
    Cell::Many(marks.map(|(_, word)| Cell::Mark(word.to_owned())).collect())
}

async fn published(
    app: &App,
    located: &Located,
    run: &submission::Model,
) -> Result<Option<Published>> {
    let (phase, benchmark, now) = (&located.phase, &located.benchmark, app.ambient.now());
    Ok(submissions::published(&app.db, run, phase, benchmark, Viewer::Organiser, now).await?)
}

/// `GET /c/{challenge}/organise/submissions/{id}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    shown(&page(&app, &staff, &id).await?)
}

/// `POST /c/{challenge}/organise/submissions/{id}/{decision}`
#[handler]
pub async fn decide(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, id, decision)): Path<(String, String, String)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    let decided = async {
        let decision = Decision::named(&decision);
        let decision = decision.ok_or_else(|| Error::not_found("page", "this"))?;
        let run = submissions::id(&id)?;
        moderation::decide(&app, &staff.user, &staff.challenge, run, decision, &why.reason).await
    };
    let sender = Sender { app: &app, cookies, staff: &staff };
    let home = sender.home(&format!("submissions/{id}"));
    let (done, action) = (decided.await.map(|()| Done::Decided), format!("{home}/{decision}"));
    sender.finish(done, &home, (&action, &why), page(&app, &staff, &id)).await
}

/// An answer to a question.
#[derive(Deserialize, Serialize)]
struct Answered {
    #[serde(default)]
    answer: String,
}

/// `POST /c/{challenge}/organise/questions/{id}/answer`
#[handler]
pub async fn answer(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
    Filled(sent): Filled<Answered>,
) -> Result<Response> {
    let run = moderation::answer(&app, &staff.user, &staff.challenge, id, &sent.answer).await?;
    said(&app, cookies, Done::Answered);
    Ok(see_other(&format!("{}/submissions/{run}", layout::organise(&staff.challenge))))
}

fn address(staff: &Staff, run: &submission::Model) -> String {
    format!("{}/submissions/{}", layout::organise(&staff.challenge), run.id)
}

async fn page(app: &App, staff: &Staff, id: &str) -> Result<DeskPage> {
    let run = submissions::of_challenge(&app.db, &staff.challenge, submissions::id(id)?).await?;
    let located = challenges::located(&app.db, staff.challenge.clone(), run.phase_id).await?;
    let sections = vec![
        facts(app, staff, &located, &run).await?,
        problems(&run)?,
        earlier(app, &located, &run).await?,
        decisions(staff, &run),
        edits(app, &located, &run).await?,
        questions(app, staff, &run).await?,
    ];
    let mut page = desk(app, staff, "Submissions", "", sections);
    page.heading = format!("Submission of {}", forms::instant(run.received_at));
    Ok(page)
}

/// The scorecards that don't count; nothing if there are none.
async fn earlier(app: &App, located: &Located, run: &submission::Model) -> Result<Section> {
    let (phase, now) = ((&located.phase, &located.benchmark), app.ambient.now());
    let viewer = Viewer::Organiser;
    let cards = submissions::earlier_cards(&app.db, run, phase, viewer, now).await?;
    if cards.is_empty() {
        return Ok(Section::default());
    }
    let row = |card: &EarlierCard| {
        let of = match &card.set {
            None => "first targets".to_owned(),
            Some(set) => format!("rescoring {} ({})", set.id, set.state.name()),
        };
        let overall = card.published.overall().map_or(Cell::None, Cell::Percent);
        vec![Cell::At(card.at.utc()), Cell::text(of), Cell::text(card.scorer.to_string()), overall]
    };
    let rows = cards.iter().map(row).collect();
    Ok(Section::new("earlier", "Other scorecards")
        .text("They don’t count: they were replaced, or their rescoring isn’t applied.")
        .table(&["Computed", "Of", "Scorer", "Overall"], rows, ""))
}

async fn facts(
    app: &App,
    staff: &Staff,
    located: &Located,
    run: &submission::Model,
) -> Result<Section> {
    let team = accounts::team_by_id(&app.db, run.team_id).await?;
    let by = match run.user_id {
        Some(id) => accounts::user_by_id(&app.db, id).await?.name,
        None => "the team’s token".to_owned(),
    };
    let mut section = Section::new("facts", "")
        .fact(
            "Team",
            Cell::link(team.name, format!("{}/teams", layout::organise(&staff.challenge))),
        )
        .fact("Submitted by", Cell::text(by))
        .fact("Phase", Cell::text(located.phase.title.clone()))
        .fact("Method", Cell::text(run.method.clone()))
        .fact("State", Cell::Many(vec![Cell::Mark(run.state.name().to_owned()), flags(run)]))
        .fact("Received", Cell::At(run.received_at.utc()))
        .fact("Finished", Cell::at(run.finished_at.map(Instant::utc)))
        .fact("SHA-256", Cell::Code(run.upload_digest.clone()));
    let details = Details::of_column(&run.details)?;
    for asked in located.phase.asked()? {
        if let Some(said) = details.get(&asked.name) {
            section = section.fact(&asked.label, Cell::text(said));
        }
    }
    for (name, why) in [("Disqualified", &run.disqualified_why), ("Hidden", &run.hidden_why)] {
        if let Some(why) = why {
            section = section.fact(name, Cell::text(why.clone()));
        }
    }
    if let Some(published) = published(app, located, run).await? {
        section = section.fact("Overall", published.overall().map_or(Cell::None, Cell::Percent));
        let labels: Vec<String> = scores::heads(published.shown()).split_off(1);
        for group in published.groups() {
            let cells = scores::row(&group).split_off(1);
            let what = format!("{}: {}", group.name, labels.join(", "));
            section = section.fact(&what, Cell::Many(cells));
        }
    }
    Ok(section.link("Submission page", layout::submission(&staff.challenge, run.id)))
}

/// The problems of the file, as its team sees them.
fn problems(run: &submission::Model) -> Result<Section> {
    let Some(text) = run.problems.as_deref().filter(|_| run.state == State::Invalid) else {
        return Ok(Section::new("problems", ""));
    };
    let found: Problems = database::from_json(text)?;
    let told = found.shown().iter().take(20);
    let told = told.map(|problem| vec![Cell::text(problem.message.clone())]);
    let text = format!("{} in total.", found.total());
    Ok(Section::new("problems", "Problems").text(text).table(&["Problem"], told.collect(), ""))
}

fn decisions(staff: &Staff, run: &submission::Model) -> Section {
    let form = |decision: &Decision| {
        let (label, word) = match decision {
            Decision::Disqualify => ("Disqualify", "disqualify"),
            Decision::Reinstate => ("Reinstate", "reinstate"),
            Decision::Hide => ("Hide", "hide"),
            Decision::Show => ("Show again", "show"),
        };
        let form = quiet(format!("{}/{word}", address(staff, run)), label, word).with(reason());
        match decision {
            Decision::Disqualify => form.weighing(Weight::Grave).asking(
                "It no longer counts, the team’s next best submission takes its place, and the \
                 team gets the reason by e-mail.",
                "Yes, disqualify it",
            ),
            Decision::Hide => form.weighing(Weight::Grave).asking(
                "Only its team and the organisers see it, and it no longer counts.",
                "Yes, hide it",
            ),
            Decision::Reinstate | Decision::Show => form,
        }
    };
    let possible = Decision::ALL.iter().filter(|decision| decision.changes(run));
    let text = "The team sees the reason for a disqualification. Everything can be undone.";
    possible.map(form).fold(Section::new("decide", "Decide").text(text), Section::form)
}

/// The team's edits of the submission's method and details.
async fn edits(app: &App, located: &Located, run: &submission::Model) -> Result<Section> {
    let asked = located.phase.asked()?;
    let row = |trace: submissions::Trace| {
        let field = Cell::text(trace.label(&asked));
        vec![
            Cell::At(trace.row.at.utc()),
            Cell::text(trace.by.unwrap_or_else(|| "the team’s token".to_owned())),
            field,
            Cell::Long(trace.row.before),
            Cell::Long(trace.row.after),
        ]
    };
    let rows: Vec<Vec<Cell>> =
        submissions::edits_of(&app.db, run.id).await?.into_iter().map(row).collect();
    if rows.is_empty() {
        return Ok(Section::default());
    }
    let heads = ["When", "By", "Field", "Before", "After"];
    Ok(Section::new("edits", "Changed by the team").table(&heads, rows, ""))
}

async fn questions(app: &App, staff: &Staff, run: &submission::Model) -> Result<Section> {
    let mut section = Section::new("questions", "Questions");
    let mut rows = Vec::new();
    for question in moderation::questions_about(&app.db, run.id).await? {
        let by = accounts::user_by_id(&app.db, question.user_id).await?.name;
        if question.answer.is_none() {
            let home = layout::organise(&staff.challenge);
            let form = Form::new(format!("{home}/questions/{}/answer", question.id), "Answer");
            let field =
                Field::new(FieldKind::Area, "answer", &format!("Answer to “{}”", question.text));
            section = section.form(form.called(&format!("question{}", question.id)).with(field));
        }
        rows.push(vec![
            Cell::text(question.text),
            Cell::text(by),
            Cell::At(question.asked_at.utc()),
            question.answer.map_or(Cell::None, Cell::Text),
        ]);
    }
    Ok(section.table(&["Question", "By", "Asked", "Answer"], rows, "No questions."))
}
