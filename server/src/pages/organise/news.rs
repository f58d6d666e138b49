//! `/c/{challenge}/organise/news`: what everybody is told.

use std::sync::Arc;

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section};

use super::{Staff, desk, forms, layout, quiet, reason, refused, shown};
use crate::app::App;
use crate::error::Result;
use crate::moderation;
use crate::pages::filled::Filled;
use crate::pages::see_other;

/// `GET /c/{challenge}/organise/news`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff, &Sent::default()).await?)
}

/// What the form of an announcement sends.
#[derive(Default, Deserialize, Serialize)]
struct Sent {
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    mailed: String,
}

/// `POST /c/{challenge}/organise/news`
#[handler]
pub async fn announce(
    app: Data<&Arc<App>>,
    staff: Staff,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let (said, mailed) = ((sent.title.as_str(), sent.text.as_str()), sent.mailed == "on");
    let told = moderation::announce(&app, &staff.user, &staff.challenge, said, mailed).await;
    let home = format!("{}/news", layout::organise(&staff.challenge));
    match forms::refused(told)? {
        Ok(()) => Ok(see_other(&home)),
        Err(error) => refused(page(&app, &staff, &sent).await?, &home, &sent, &error),
    }
}

/// Why something is taken back.
#[derive(Deserialize, Serialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/news/{id}/remove`
#[handler]
pub async fn remove(
    app: Data<&Arc<App>>,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    let (user, challenge) = (&staff.user, &staff.challenge);
    let removed = moderation::remove_announcement(&app, user, challenge, id, &why.reason).await;
    let home = format!("{}/news", layout::organise(challenge));
    match forms::refused(removed)? {
        Ok(()) => Ok(see_other(&home)),
        Err(error) => {
            let page = page(&app, &staff, &Sent::default()).await?;
            refused(page, &format!("{home}/{id}/remove"), &why, &error)
        }
    }
}

async fn page(app: &App, staff: &Staff, sent: &Sent) -> Result<DeskPage> {
    let home = format!("{}/news", layout::organise(&staff.challenge));
    let form = Form::new(home.clone(), "Tell everybody")
        .with(Field::text("title", "Title").value(&sent.title))
        .with(Field::new(FieldKind::Area, "text", "Text").hint("In Markdown.").value(&sent.text))
        .with(
            Field::new(FieldKind::Check, "mailed", "Mail it to all who take part and want mails")
                .value(&sent.mailed)
                .optional(),
        );
    let mut list = Section::new("list", "What was told");
    let mut rows = Vec::new();
    for row in moderation::announcements_of(&app.db, &staff.challenge).await? {
        let removing =
            quiet(format!("{home}/{}/remove", row.id), "Take it back", &format!("news{}", row.id))
                .with(reason());
        let mailed = if row.mailed { Cell::Mark("mailed".to_owned()) } else { Cell::None };
        rows.push(vec![
            Cell::text(row.title),
            Cell::At(row.at.utc()),
            mailed,
            Cell::Opening(removing),
        ]);
    }
    list = list.table(&["Title", "At", "", ""], rows, "Nothing yet.");
    let new = Section::new("new", "Something new").form(form);
    let lede = "Announcements stand on the page of news.";
    Ok(desk(app, staff, "News", lede, vec![new, list]))
}
