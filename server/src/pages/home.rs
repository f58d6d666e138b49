//! `/`: the only challenge, or a list of them.

use std::sync::Arc;

use domain::challenges;
use domain::entities::{challenge, phase};
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{IntoResponse, Response, handler};
use web::pages::{ChallengesPage, Entry};

use super::{answer, layout};
use crate::app::App;
use crate::refusal::Result;

/// `GET /`
#[handler]
pub async fn home(app: Data<&Arc<App>>) -> Result<Response> {
    let all = challenges::all(&app.db).await?;
    if let [only] = all.as_slice() {
        let there = layout::board(only);
        return Ok(StatusCode::SEE_OTHER.with_header(header::LOCATION, there).into_response());
    }
    let mut phases = challenges::phases_by_challenge(&app.db).await?;
    let (mut challenges, mut archived) = (Vec::new(), Vec::new());
    for row in all {
        let phases = phases.remove(&row.id).unwrap_or_default();
        let list = if row.archived_at.is_some() { &mut archived } else { &mut challenges };
        list.push(entry(&app, row, &phases).await?);
    }
    let now = app.ambient.now().utc();
    answer(&ChallengesPage { layout: layout::plain(), challenges, archived, now })
}

async fn entry(app: &App, row: challenge::Model, phases: &[phase::Model]) -> Result<Entry> {
    let (mut teams, mut scored) = (0, 0);
    for phase in phases {
        let board = app.boards.get(app, &row.name, &phase.name).await?;
        teams = teams.max(board.standings.teams as u64);
        scored += board.standings.scored as u64;
    }
    Ok(Entry {
        href: layout::board(&row),
        phases: phases.iter().map(|phase| layout::tab(&row, phase, false)).collect(),
        title: row.title,
        summary: row.summary,
        teams,
        scored,
    })
}
