//! A team’s notices, as a section of its page.

use domain::entities::{challenge, team};
use domain::moderation::notices;
use web::pages::{Cell, Section};

use super::layout;
use crate::app::App;
use crate::refusal::Result;

/// How many notices are listed.
const MOST: u64 = 20;

/// The latest notices to a team.
pub(super) async fn section(
    app: &App,
    challenge: &challenge::Model,
    team: &team::Model,
) -> Result<Section> {
    let mut rows = Vec::new();
    for notice in notices::notices_of(&app.db, team, MOST).await? {
        let about = |id| Cell::link("submission", layout::submission(challenge, id));
        rows.push(vec![
            Cell::At(notice.at.utc()),
            Cell::Text(notice.text),
            notice.submission_id.map_or(Cell::None, about),
        ]);
    }
    Ok(Section::new("notices", "Notices")
        .text("Each member gets them by e-mail, unless they turned this off.")
        .table(&["Time", "Notice", "About"], rows, "None yet."))
}
