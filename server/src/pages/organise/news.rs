//! `/c/{challenge}/organise/news`: the announcements.

use std::sync::Arc;

use domain::moderation;
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section};

use super::{Sender, Staff, Why, desk, layout, quiet, reason, shown};
use crate::app::App;
use crate::pages::done::Done;
use crate::pages::filled::Filled;
use crate::refusal::Result;

/// `GET /c/{challenge}/organise/news`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff, &Sent::default()).await?)
}

/// The fields of the announcement form.
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
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let (said, mailed) = ((sent.title.as_str(), sent.text.as_str()), sent.mailed == "on");
    let told = moderation::announce(&app, &staff.user, &staff.challenge, said, mailed).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let home = sender.home("news");
    let done = told.map(|()| Done::Announced);
    sender.finish(done, &home, (&home, &sent), page(&app, &staff, &sent)).await
}

/// `POST /c/{challenge}/organise/news/{id}/remove`
#[handler]
pub async fn remove(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Path((_, id)): Path<(String, i32)>,
    Filled(why): Filled<Why>,
) -> Result<Response> {
    let (user, challenge) = (&staff.user, &staff.challenge);
    let removed = moderation::remove_announcement(&app, user, challenge, id, &why.reason).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let (home, action) = (sender.home("news"), sender.home(&format!("news/{id}/remove")));
    let page = async { page(&app, &staff, &Sent::default()).await };
    sender.finish(removed.map(|()| Done::TakenBack), &home, (&action, &why), page).await
}

async fn page(app: &App, staff: &Staff, sent: &Sent) -> Result<DeskPage> {
    let home = format!("{}/news", layout::organise(&staff.challenge));
    let form = Form::new(home.clone(), "Publish")
        .with(Field::text("title", "Title").value(&sent.title))
        .with(Field::new(FieldKind::Area, "text", "Text").hint("In Markdown.").value(&sent.text))
        .with(
            Field::new(
                FieldKind::Check,
                "mailed",
                "E-mail it to all participants who accept e-mails",
            )
            .value(&sent.mailed)
            .optional(),
        );
    let mut list = Section::new("list", "Published");
    let mut rows = Vec::new();
    for row in moderation::announcements_of(&app.db, &staff.challenge).await? {
        let removing =
            quiet(format!("{home}/{}/remove", row.id), "Remove", &format!("news{}", row.id))
                .with(reason())
                .asking(
                    "It disappears from the news page. E-mails that were sent stay where they are.",
                    "Yes, remove it",
                );
        let mailed = if row.mailed { Cell::Mark("e-mailed".to_owned()) } else { Cell::None };
        rows.push(vec![
            Cell::text(row.title),
            Cell::At(row.at.utc()),
            mailed,
            Cell::Form(removing),
        ]);
    }
    list = list.table(&["Title", "Published", "", ""], rows, "Nothing yet.");
    let new = Section::new("new", "New announcement").form(form);
    let lede = "Announcements appear on the news page.";
    Ok(desk(app, staff, "News", lede, vec![new, list]))
}
