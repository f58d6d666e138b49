//! `/c/{challenge}/news`: the organisers' announcements.

use std::sync::Arc;

use domain::challenges;
use domain::moderation;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::{DeskPage, Link, Section};

use super::{answer, layout, markdown};
use crate::app::App;
use crate::refusal::Result;

/// `GET /c/{challenge}/news`
#[handler]
pub async fn show(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let mut sections = Vec::new();
    for row in moderation::announcements_of(&app.db, &challenge).await? {
        let section = Section::new(&format!("news-{}", row.id), &row.title);
        let text = web::format_instant(&row.at.utc());
        sections.push(Section { prose: Some(markdown::render(&row.text)), text, ..section });
    }
    let lede = if sections.is_empty() { "No announcements yet." } else { "" };
    answer(&DeskPage {
        layout: layout::of(&challenge, "News"),
        kicker: Some(Link::new(challenge.title.clone(), layout::board(&challenge))),
        heading: "News".to_owned(),
        lede: lede.to_owned(),
        notice: None,
        tabs: vec![],
        sections,
        now: app.ambient.now().utc(),
    })
}
