//! `/c/{challenge}/submissions`: a team's own submissions, and what is left of its limits.

use std::sync::Arc;

use domain::accounts::Caller;
use domain::challenges::{self, Located, Viewer};
use domain::database;
use domain::entities::benchmark::TargetsAre;
use domain::entities::submission::{self, State};
use domain::standings;
use domain::submissions::{self, Published};
use poem::web::{Data, Path};
use poem::{Response, handler};
use scoring::Problems;
use web::pages::{OwnPhase, OwnState, OwnSubmission, SubmissionsPage};

use super::next::Next;
use super::own_run::{self, Back};
use super::visitor::{self, Person};
use super::{answer, layout, see_other, submit};
use crate::app::App;
use crate::refusal::Result;

/// How many submissions of a phase are listed; the API lists all of them.
const MOST: u64 = 200;

/// `GET /c/{challenge}/submissions`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(name): Path<String>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let Some(caller) = Caller::of(&app.db, &user, &challenge).await? else {
        let next = Next::read(&layout::submissions(&challenge));
        return Ok(see_other(&next.on(&layout::team(&challenge))));
    };
    let mut phases = Vec::new();
    for located in challenges::located_phases(&app.db, &challenge).await? {
        phases.push(own_phase(&app, &located, &caller).await?);
    }
    let page = SubmissionsPage {
        layout: layout::of(&challenge, "Your submissions"),
        challenge: challenge.title.clone(),
        team: caller.team.name.clone(),
        phases,
        team_href: layout::team(&challenge),
        now: app.ambient.now().utc(),
    };
    Ok(visitor::private(answer(&page)?))
}

async fn own_phase(app: &App, located: &Located, caller: &Caller) -> Result<OwnPhase> {
    let Located { challenge, phase, .. } = located;
    let board = app.boards.get(app, &challenge.name, &phase.name).await?;
    let stands = |row: &submission::Model| {
        board.standings.rows.iter().any(|standing| standing.submission.id == row.id)
    };
    let (mut own, now) = (Vec::new(), app.ambient.now());
    let left = standings::finals_left(&app.db, phase, caller.team.id).await?;
    let rows = submissions::of_team(&app.db, caller, phase, None, MOST).await?;
    let (phases, viewer) = (std::slice::from_ref(located), Viewer::OwnTeam);
    let seen = submissions::published_by_id(&app.db, rows.iter(), phases, viewer, now).await?;
    for row in rows {
        own.push(OwnSubmission {
            href: layout::submission(challenge, row.id),
            state: own_state(located, &row, seen.get(&row.id))?,
            best: stands(&row),
            marks: marks(&row),
            actions: own_run::actions(located, &row, left, now, Back::List),
            upload: format!("{}/upload", layout::submission(challenge, row.id)),
            method: Some(row.method.clone()).filter(|method| !method.is_empty()),
            received: row.received_at.utc(),
        });
    }
    Ok(OwnPhase {
        finals: phase.finals.max(0) as u64,
        frozen: board.standings.frozen_at.is_some(),
        phase: layout::tab(challenge, phase, false),
        limits: submit::limits(app, phase, Some(caller), now).await?,
        submissions: own,
        submit: Some(layout::form(challenge, phase)),
        take_part: layout::take_part(challenge, phase),
    })
}

/// The marks of a submission, in addition to its state.
fn marks(row: &submission::Model) -> Vec<&'static str> {
    let marks = [
        (row.final_at.is_some(), "final"),
        (row.withdrawn_at.is_some(), "withdrawn"),
        (row.disqualified_at.is_some(), "disqualified"),
        (row.hidden_at.is_some(), "hidden"),
        (row.trial, "trial"),
    ];
    marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect()
}

fn own_state(
    located: &Located,
    row: &submission::Model,
    seen: Option<&Published>,
) -> Result<OwnState> {
    Ok(match row.state {
        State::Playing => OwnState::Playing,
        State::Received => OwnState::Received,
        State::Failed => OwnState::Failed,
        State::Invalid => {
            let problems = row.problems.as_deref().map(database::from_json::<Problems>);
            OwnState::Invalid(problems.transpose()?.map_or(0, |list| list.total() as u64))
        }
        State::Scored if located.benchmark.targets == TargetsAre::None => OwnState::Validated,
        State::Scored => OwnState::Scored(seen.and_then(Published::overall)),
    })
}
