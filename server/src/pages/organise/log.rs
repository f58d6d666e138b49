//! `/c/{challenge}/organise/log`: what organisers changed, who did it and why, and undoing it.

use std::sync::Arc;

use domain::entities::challenge;
use domain::moderation::{self, Action, Event, Names, Piece, Sentence, Undoing};
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Form, Section, Weight};

use super::{Sender, Staff, choice, definition, desk, layout, reason, shown};
use crate::app::App;
use crate::pages::done::Done;
use crate::pages::filled::Filled;
use crate::refusal::Result;

/// How many events are on a page.
const MOST: u64 = 100;

/// The query string: which events to show.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct LogQuery {
    action: String,
    before: Option<i32>,
}

/// `GET /c/{challenge}/organise/log`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(query): Query<LogQuery>,
) -> Result<Response> {
    shown(&page(&app, &staff, &query).await?)
}

/// The fields of the undo form: the reason, and for a change of the definition the seal of its plan.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Sent {
    #[serde(skip_serializing)]
    seal: String,
    reason: String,
}

/// `GET /c/{challenge}/organise/log/{id}/undo`: previews undoing an event.
#[handler]
pub async fn show_undo(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
) -> Result<Response> {
    shown(&undo_page(&app, &staff, id).await?)
}

/// `POST /c/{challenge}/organise/log/{id}/undo`
#[handler]
pub async fn undo(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let why = (sent.seal.as_str(), sent.reason.as_str());
    let undone = moderation::undo(&app, &staff.user, &staff.challenge, id, why).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let (home, action) = (sender.home("log"), sender.home(&format!("log/{id}/undo")));
    // An event that can't be undone has no page of its own.
    let page = async {
        match undo_page(&app, &staff, id).await {
            Ok(page) => Ok(page),
            Err(refusal) if refusal.status.is_server_error() => Err(refusal),
            Err(_) => page(&app, &staff, &LogQuery::default()).await,
        }
    };
    sender.finish(undone.map(|()| Done::Undone), &home, (&action, &sent), page).await
}

async fn undo_page(app: &App, staff: &Staff, id: i32) -> Result<DeskPage> {
    let home = format!("{}/log", layout::organise(&staff.challenge));
    let Undoing { event, change, proposal } =
        moderation::undoing(app, &staff.user, &staff.challenge, id).await?;
    let names = Names::load(&app.db, &staff.challenge, std::slice::from_ref(&event)).await?;
    let mut form = Form::new(format!("{home}/{id}/undo"), "Undo").with(reason());
    let done = Section::new("event", "")
        .fact("Changes", sentences(&staff.challenge, names.sentences(&event.change, event.at)))
        .fact("By", Cell::text(names.person_or_server(event.by)))
        .fact("At", Cell::At(event.at.utc()))
        .fact("Why", Cell::text(event.reason.clone()));
    let section = if let Some(proposal) = &proposal {
        form = form.hiding("seal", proposal.seal());
        definition::table(&proposal.plan)
    } else {
        let (is, will_be) = change.states().unwrap_or_default();
        Section::new("plan", "").fact("Now", Cell::Text(is)).fact("After", Cell::Text(will_be))
    };
    let section = section.form(form).link("Cancel", home);
    let lede = "What undoing this changes. Later changes to anything else stay.";
    let mut page = desk(app, staff, "Log", lede, vec![done, section]);
    "Undo".clone_into(&mut page.heading);
    Ok(page)
}

async fn page(app: &App, staff: &Staff, query: &LogQuery) -> Result<DeskPage> {
    let home = format!("{}/log", layout::organise(&staff.challenge));
    let action = Action::named(&query.action);
    let events =
        moderation::events_of(&app.db, staff.challenge.id, action, query.before, MOST).await?;
    let names = Names::load(&app.db, &staff.challenge, &events).await?;
    let rows = events.iter().map(|event| row(&names, &staff.challenge, &home, event)).collect();
    let actions = Action::ALL.map(|action| (action.name(), action.name()));
    let mut options = vec![("", "all")];
    options.extend(actions);
    let mut form = Form::new(home.clone(), "Show").weighing(Weight::Quiet).called("show");
    form = form.with(choice("action", "Changes", &options).value(&query.action));
    form.asks = true;
    let heads = ["When", "Who", "What", "Why", ""];
    let mut list = Section::new("events", "").table(&heads, rows, "Nothing yet.");
    if let Some(last) = events.last().filter(|_| events.len() as u64 == MOST) {
        let older = format!("{home}?action={}&before={}", query.action, last.id);
        list = list.link("Older", older);
    }
    let sections = vec![Section::new("filter", "").form(form), list];
    Ok(desk(app, staff, "Log", "Everything organisers do is recorded here.", sections))
}

fn row(names: &Names, challenge: &challenge::Model, home: &str, event: &Event) -> Vec<Cell> {
    let undoing = if event.undone {
        Cell::Mark("undone".to_owned())
    } else if event.is_undoable() {
        Cell::link("undo", format!("{home}/{}/undo", event.id))
    } else {
        Cell::None
    };
    vec![
        Cell::At(event.at.utc()),
        Cell::text(names.person_or_server(event.by)),
        sentences(challenge, names.sentences(&event.change, event.at)),
        Cell::text(event.reason.clone()),
        undoing,
    ]
}

/// Sentences with a link at each team, submission and phase.
fn sentences(challenge: &challenge::Model, sentences: Vec<Sentence>) -> Cell {
    let home = layout::organise(challenge);
    let cell = |piece: Piece| match piece {
        Piece::Text(words) | Piece::Person(words) => Cell::text(words),
        Piece::Team(_, name) => Cell::link(name, format!("{home}/teams")),
        Piece::Submission(id, name) => Cell::link(name, format!("{home}/submissions/{id}")),
        Piece::Phase(word, title) => Cell::link(title, format!("{home}/phases/{word}")),
    };
    let last = sentences.len().saturating_sub(1);
    let mut cells = Vec::new();
    for (place, Sentence(mut pieces)) in sentences.into_iter().enumerate() {
        if let (true, Some(Piece::Text(words))) = (place < last, pieces.last_mut()) {
            words.push(';');
        } else if place < last {
            pieces.push(Piece::Text(";".to_owned()));
        }
        cells.extend(pieces.into_iter().map(cell));
    }
    Cell::Many(cells)
}
