//! `/c/{challenge}/organise`: an overview of the challenge.

use std::sync::Arc;

use domain::ambient::Instant;
use domain::challenges::{self, state_at};
use domain::moderation::{self, Activity};
use poem::web::Data;
use poem::{Response, handler};
use web::pages::{Cell, DeskPage, Section};

use super::{Staff, desk, keep, layout, shown};
use crate::app::App;
use crate::refusal::Result;

/// `GET /c/{challenge}/organise`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff).await?)
}

pub(super) async fn page(app: &App, staff: &Staff) -> Result<DeskPage> {
    let sections = vec![
        waiting(app, staff).await?,
        phases(app, staff).await?,
        hours(app, staff).await?,
        keep::section(&staff.challenge),
    ];
    let lede = format!("Your role: {}.", staff.role.name());
    Ok(desk(app, staff, "Overview", &lede, sections))
}

/// How many open questions are listed, oldest first.
const QUESTIONS: u64 = 50;

/// What is waiting for an organiser.
async fn waiting(app: &App, staff: &Staff) -> Result<Section> {
    let home = layout::organise(&staff.challenge);
    let people = moderation::waiting(&app.db, &staff.challenge).await?;
    let open = moderation::open_questions(&app.db, &staff.challenge, QUESTIONS);
    let (open, questions) = open.await?;
    let asked = questions.iter().map(|question| {
        let there = format!("{home}/submissions/{}", question.submission_id);
        vec![Cell::link(question.text.clone(), there), Cell::At(question.asked_at.utc())]
    });
    let section = Section::new("waiting", "Waiting for you")
        .fact(
            "People who want to take part",
            Cell::link(people.to_string(), format!("{home}/people")),
        )
        .fact("Unanswered questions", Cell::text(open.to_string()))
        .table(&["Question", "Asked"], asked.collect(), "No open questions.");
    Ok(section)
}

async fn phases(app: &App, staff: &Staff) -> Result<Section> {
    let (challenge, now) = (&staff.challenge, app.ambient.now());
    let home = layout::organise(challenge);
    let mut rows = Vec::new();
    for phase in challenges::phases_of(&app.db, challenge.id).await? {
        let activity = Activity::of(&app.db, &phase, now).await?;
        let number = |n: u64| Cell::text(n.to_string());
        rows.push(vec![
            Cell::link(phase.title.clone(), format!("{home}/phases/{}", phase.name)),
            Cell::Mark(state_at(&phase, now).name().to_owned()),
            Cell::at(phase.closes_at.map(Instant::utc)),
            number(activity.teams),
            number(activity.scored),
            number(activity.invalid),
            number(activity.failed),
            number(activity.stuck),
        ]);
    }
    let heads =
        ["Phase", "State", "Closes", "Teams", "Scored", "Invalid", "Failed, our fault", "Stuck"];
    Ok(Section::new("phases", "Phases").table(&heads, rows, "None."))
}

/// Submissions per hour over the last day.
async fn hours(app: &App, staff: &Staff) -> Result<Section> {
    let counts = moderation::hours(&app.db, &staff.challenge, app.ambient.now()).await?;
    let most = counts.iter().copied().max().unwrap_or_default();
    let total: u64 = counts.iter().sum();
    let text = format!(
        "{total} in the last 24 hours, at most {most} in one hour. The current hour is on the \
         right."
    );
    Ok(Section::new("hours", "Submissions per hour").text(text).bars(counts))
}
