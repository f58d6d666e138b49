//! `/c/{challenge}/organise/log`: what was done, by whom and why, and undoing it.

use std::sync::Arc;

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Form, Section, Weight};

use super::{Staff, choice, desk, forms, layout, quiet, reason, refused, shown};
use crate::accounts;
use crate::app::App;
use crate::entities::event;
use crate::error::Result;
use crate::moderation::{self, Action};
use crate::pages::filled::Filled;
use crate::pages::see_other;

/// How many events stand on a page.
const MOST: u64 = 100;

/// Which events are asked for.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Wish {
    action: String,
    before: Option<i32>,
}

/// `GET /c/{challenge}/organise/log`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    shown(&page(&app, &staff, &wish).await?)
}

/// Why something is undone.
#[derive(Deserialize, Serialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/log/{id}/undo`
#[handler]
pub async fn undo(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    let undone = moderation::undo(&app, &staff.user, &staff.challenge, id, &why.reason).await;
    let home = format!("{}/log", layout::organise(&staff.challenge));
    match forms::refused(undone)? {
        Ok(()) => Ok(see_other(&home)),
        Err(error) => {
            let page = page(&app, &staff, &Wish::default()).await?;
            refused(page, &format!("{home}/{id}/undo"), &why, &error)
        }
    }
}

async fn page(app: &App, staff: &Staff, wish: &Wish) -> Result<DeskPage> {
    let home = format!("{}/log", layout::organise(&staff.challenge));
    let action = Action::named(&wish.action);
    let events =
        moderation::events_of(&app.db, staff.challenge.id, action, wish.before, MOST).await?;
    let mut rows = Vec::new();
    for event in &events {
        rows.push(row(app, &home, event).await?);
    }
    let actions = Action::ALL.map(|action| (action.name(), action.name()));
    let mut options = vec![("", "everything")];
    options.extend(actions);
    let mut form = Form::new(home.clone(), "Show").weighing(Weight::Quiet).called("show");
    form = form.with(choice("action", "What was done", &options).value(&wish.action));
    form.asks = true;
    let heads = ["When", "Who", "What", "To", "Why", "Before → after", ""];
    let mut list = Section::new("events", "").table(&heads, rows, "Nothing was done yet.");
    if let Some(last) = events.last().filter(|_| events.len() as u64 == MOST) {
        let older = format!("{home}?action={}&before={}", wish.action, last.id);
        list = list.link("What was before", older);
    }
    let sections = vec![Section::new("filter", "").form(form), list];
    Ok(desk(app, staff, "Log", "Every deed of an organiser stands here, and stays.", sections))
}

async fn row(app: &App, home: &str, event: &event::Model) -> Result<Vec<Cell>> {
    let who = match event.user_id {
        Some(id) => accounts::user_by_id(&app.db, id).await?.name,
        None => "the server".to_owned(),
    };
    let undoable = Action::named(&event.action).is_some_and(Action::is_undoable);
    let undoing = match event.undone_by {
        Some(_) => Cell::Mark("undone".to_owned()),
        None if undoable => {
            let prefix = format!("undo{}", event.id);
            let form = quiet(format!("{home}/{}/undo", event.id), "Undo", &prefix);
            Cell::Opening(form.with(reason()))
        }
        None => Cell::None,
    };
    Ok(vec![
        Cell::At(event.at.utc()),
        Cell::text(who),
        Cell::Mark(event.action.clone()),
        Cell::text(event.subject.clone()),
        Cell::text(event.reason.clone()),
        Cell::Folded(format!("{}\n→\n{}", unfolded(&event.before), unfolded(&event.after))),
        undoing,
    ])
}

/// JSON as people read it: a text in it with its lines.
fn unfolded(json: &str) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(json) else {
        return json.to_owned();
    };
    let line = |(name, value): (&String, &serde_json::Value)| match value {
        serde_json::Value::String(text) => format!("{name}: {text}"),
        value => format!("{name}: {value}"),
    };
    fields.iter().map(line).collect::<Vec<_>>().join("\n")
}
