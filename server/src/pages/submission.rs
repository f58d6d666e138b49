//! `/c/{challenge}/submissions/{id}`: the result of an upload.
//!
//! A team sees everything about its own submissions. Everyone else sees only submissions that count on
//! the board, and only what the board shows anyway: their metrics.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::accounts;
use domain::challenges;
use domain::challenges::{AskedField, Details, Located, Part, Retention, Viewer};
use domain::database;
use domain::entities::benchmark::TargetsAre;
use domain::entities::submission::{self, State};
use domain::entities::team::TeamKind;
use domain::entities::{challenge, phase};
use domain::error::{Error, rfc3339};
use domain::moderation;
use domain::standings;
use domain::standings::{Board, public_name};
use domain::submissions::{self, PublishedGroup, Scored};
use poem::web::{Data, Path};
use poem::{Response, handler};
use scoring::Problems;
use web::pages::{
    Edited, GroupScore, Link, Outcome, Question, Scorecard, Standing, SubmissionPage, TurnCurves,
};

use super::board::answers;
use super::visitor::{self, Visitor};
use super::{answer, forms, layout, own_run, problems, saying, scores};
use crate::app::App;
use crate::refusal::{Refusal, Result};

/// A submission that the visitor may see.
pub(super) struct Visible {
    /// Its place.
    pub(super) located: Located,
    /// The submission.
    pub(super) row: submission::Model,
    board: Arc<Board>,
    scored: Option<Scored>,
    /// Whether it is the visitor's team's own.
    pub(super) own: bool,
}

impl Visible {
    /// Finds it. What the visitor may not see is not found.
    pub(super) async fn find(
        app: &App,
        visitor: &Visitor,
        challenge: &str,
        id: &str,
    ) -> Result<Self> {
        let challenge = challenges::find(&app.db, challenge).await?;
        let unknown = || Error::not_found("submission", id);
        let row = submissions::of_challenge(&app.db, &challenge, submissions::id(id)?).await?;
        let caller = visitor.caller(app, &challenge).await?;
        let own = caller.is_some_and(|caller| caller.team.id == row.team_id);
        let located = challenges::located(&app.db, challenge, row.phase_id).await?;
        let Located { challenge, phase, benchmark } = &located;
        let (viewer, now) = (viewer(own), app.ambient.now());
        let scored = submissions::scored(&app.db, &row, (phase, benchmark), viewer, now).await?;
        let board = app.boards.get(app, &challenge.name, &phase.name).await?;
        if !own && (scored.is_none() || !board.standings.shows(&row, benchmark)) {
            return Err(unknown().into());
        }
        Ok(Self { located, row, board, scored, own })
    }

    /// Whose scores the visitor sees.
    pub(super) const fn viewer(&self) -> Viewer {
        viewer(self.own)
    }
}

const fn viewer(own: bool) -> Viewer {
    if own { Viewer::OwnTeam } else { Viewer::Public }
}

/// `GET /c/{challenge}/submissions/{id}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    visitor: Visitor,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response> {
    let visible = Visible::find(&app, &visitor, &name, &id).await?;
    let Visible { located, row, board, scored, own } = visible;
    let page = page(&app, &located, &board, row, scored, own).await?;
    Ok(visitor::private(answer(&page)?))
}

/// The page of a team's own submission again, with the error next to the field that was edited.
pub(super) async fn refused_edit(
    app: &App,
    challenge: challenge::Model,
    row: submission::Model,
    typed: &BTreeMap<String, String>,
    error: &Refusal,
) -> Result<Response> {
    let located = challenges::located(&app.db, challenge, row.phase_id).await?;
    let Located { challenge, phase, benchmark } = &located;
    let (viewer, now) = (Viewer::OwnTeam, app.ambient.now());
    let scored = submissions::scored(&app.db, &row, (phase, benchmark), viewer, now).await?;
    let board = app.boards.get(app, &challenge.name, &phase.name).await?;
    let mut page = page(app, &located, &board, row, scored, true).await?;
    if let Some(form) = &mut page.edit {
        forms::keep(form, typed);
        forms::complain(form, error);
    }
    Ok(saying(error, visitor::private(answer(&page)?)))
}

async fn page(
    app: &App,
    located: &Located,
    board: &Board,
    row: submission::Model,
    scored: Option<Scored>,
    own: bool,
) -> Result<SubmissionPage> {
    let Located { challenge, phase, benchmark } = located;
    let has_targets = benchmark.targets != TargetsAre::None;
    let asked = phase.asked()?;
    let details = Details::of_column(&row.details)?;
    let details = if own { details } else { details.public(&asked) };
    let (mut actions, mut notes, mut edit) = (vec![], vec![], None);
    if own {
        edit = own_run::editing(located, &row, app.ambient.now())?;
        let left = standings::finals_left(&app.db, phase, row.team_id).await?;
        actions = own_run::actions(located, &row, left, app.ambient.now(), own_run::Back::Run);
        notes = notices(&row, phase, app);
    }
    let lists = |text: &Option<String>| -> Result<Option<Problems>> {
        Ok(text.as_deref().filter(|_| own).map(database::from_json).transpose()?)
    };
    let warnings = lists(&row.warnings)?.map(|list| problems::grouped(&list)).unwrap_or_default();
    let outcome = match (row.state, scored) {
        (State::Playing, _) => Outcome::Playing,
        (State::Received, _) => Outcome::Received,
        (State::Failed, _) => Outcome::Failed,
        (State::Scored, None) if has_targets => Outcome::Withheld,
        (State::Scored, None) => Outcome::Validated,
        (State::Scored, Some(scored)) => Outcome::Scored(scorecard(board, &row, &scored)),
        (State::Invalid, _) => {
            let list = lists(&row.problems)?;
            Outcome::Invalid(list.map(|list| problems::grouped(&list)).unwrap_or_default())
        }
    };
    let turns = turns(app, located, &row, &outcome).await?;
    let took = row.finished_at.map(|end| (end.0 - row.received_at.0).max(0) as u64);
    let exports = exports(app, located, &row, own, matches!(outcome, Outcome::Scored(_)));
    Ok(SubmissionPage {
        layout: layout::of(challenge, "Submission"),
        challenge: challenge.title.clone(),
        phase: Link::new(phase.title.clone(), layout::phase(challenge, phase)),
        id: row.id.to_string(),
        team: name(app, board, &row, own).await?,
        details: answers(&asked, &details),
        actions,
        notices: notes,
        file_note: file_note(phase, &row),
        method: Some(row.method).filter(|method| !method.is_empty()),
        file: None,
        bytes: row.upload_bytes as u64,
        sha256: row.upload_digest,
        received: row.received_at.utc(),
        finished: row.finished_at.map(domain::ambient::Instant::utc),
        took: took.map(Duration::from_micros),
        outcome,
        turns,
        warnings,
        edit,
        edits: if own { edits(app, &asked, row.id).await? } else { vec![] },
        questions: if own { questions(app, row.id).await? } else { vec![] },
        ask: own.then(|| own_run::asking(challenge, row.id)),
        submit: own.then(|| layout::form(challenge, phase)),
        exports,
        now: app.ambient.now().utc(),
    })
}

/// How dialogs went turn by turn, where the measures of a submission are shown.
async fn turns(
    app: &App,
    located: &Located,
    row: &submission::Model,
    outcome: &Outcome,
) -> Result<Option<TurnCurves>> {
    if !matches!(outcome, Outcome::Scored(card) if !card.measures.is_empty()) {
        return Ok(None);
    }
    let on = (&located.phase, &located.benchmark);
    let curves = submissions::dialog_curves(&app.db, on, row.id).await?;
    let points = |curve: Vec<f64>| (1..).zip(curve).collect();
    Ok(curves.map(|curves| TurnCurves {
        percentile: points(curves.percentile),
        hits: points(curves.hits),
    }))
}

/// The same facts in other formats. A visitor who sees the scores can have them signed.
/// Until when an upload is kept, or when it was deleted.
fn file_note(phase: &phase::Model, row: &submission::Model) -> Option<String> {
    let day = |at: domain::ambient::Instant| rfc3339(at)[..10].to_owned();
    if let Some(at) = row.upload_deleted_at {
        return Some(format!("deleted on {}", day(at)));
    }
    let Retention { others, ranked } = phase.retention();
    let on_board = ranked.map_or("for ever".to_owned(), |at| format!("until {}", day(at)));
    others.map(|at| format!("kept until {}, if it is on the board then {on_board}", day(at)))
}

fn exports(
    app: &App,
    located: &Located,
    row: &submission::Model,
    own: bool,
    scored: bool,
) -> Vec<Link> {
    let Located { challenge, phase, .. } = located;
    let page = layout::submission(challenge, row.id);
    let mut links = Vec::new();
    if own {
        let api = format!("/api/v1/challenges/{}/submissions/{}", challenge.name, row.id);
        links.push(Link::new("JSON", api));
    }
    let is_played = phase.dialog_rules().is_some();
    if own && !is_played && row.upload_deleted_at.is_none() {
        links.push(Link::new("Download", format!("{page}/upload")));
    }
    let finished = is_played && row.state != State::Playing;
    if finished && (own || phase.publishes_dialogs(app.ambient.now())) {
        links.push(Link::new("Dialogs", format!("{page}/transcript")));
    }
    if scored {
        links.push(Link::new("Receipt (signed)", format!("{page}/receipt")));
    }
    links
}

/// The name of the team for this viewer: its own name for its members, and the name on the board for
/// everyone else.
async fn name(app: &App, board: &Board, row: &submission::Model, own: bool) -> Result<String> {
    if let Some(name) = board.standings.names.get(&row.team_id).filter(|_| !own) {
        return Ok(name.clone());
    }
    let team = accounts::team_by_id(&app.db, row.team_id).await?;
    let public = || public_name(&team, &board.phase, app.ambient.now()).to_owned();
    Ok(if own { team.name.clone() } else { public() })
}

/// What the team should know about its submission.
fn notices(row: &submission::Model, phase: &phase::Model, app: &App) -> Vec<String> {
    let why = |why: &Option<String>| why.clone().unwrap_or_default();
    let frozen = phase.frozen_at(app.ambient.now()).is_some();
    let unchanged = if frozen { " This does not change the frozen board." } else { "" };
    let mut notices = Vec::new();
    if row.disqualified_at.is_some() {
        notices.push(format!(
            "The organisers have disqualified this submission: {}",
            why(&row.disqualified_why)
        ));
    }
    if row.hidden_at.is_some() {
        notices
            .push(format!("The organisers have hidden this submission: {}", why(&row.hidden_why)));
    }
    if row.withdrawn_at.is_some() {
        notices.push(format!("You have withdrawn this submission.{unchanged}"));
    }
    if row.final_at.is_some() {
        notices.push(format!("This is one of your final submissions.{unchanged}"));
    }
    if row.uses_no_limit {
        let what = "This file is not a submission to this phase, so it used none of your limits.";
        notices.push(what.to_owned());
    }
    if row.trial {
        notices.push("This submission is a trial and does not count.".to_owned());
    }
    notices
}

/// The team's edits of its submission.
async fn edits(app: &App, asked: &[AskedField], id: uuid::Uuid) -> Result<Vec<Edited>> {
    let edited = |trace: submissions::Trace| Edited {
        at: trace.row.at.utc(),
        field: trace.label(asked).to_owned(),
        by: trace.by,
        before: trace.row.before,
        after: trace.row.after,
    };
    Ok(submissions::edits_of(&app.db, id).await?.into_iter().map(edited).collect())
}

/// The team's questions, and the organisers' answers.
async fn questions(app: &App, id: uuid::Uuid) -> Result<Vec<Question>> {
    let rows = moderation::questions_about(&app.db, id).await?;
    let told = rows.into_iter().map(|row| Question {
        text: row.text,
        asked: row.asked_at.utc(),
        answer: row.answer,
    });
    Ok(told.collect())
}

/// The scores that the viewer may see, and the submission's standing.
fn scorecard(board: &Board, row: &submission::Model, scored: &Scored) -> Scorecard {
    let published = &scored.published;
    Scorecard {
        overall: published.overall().unwrap_or_default(),
        interval: published.interval().map(scores::interval),
        standing: standing(board, row),
        measures: scores::shown(published.shown()).measures,
        group_word: scores::capitalised(published.shown().task().group.one),
        groups: published.groups().map(|own| group(&own)).collect(),
        under: format!(
            "benchmark {}, scorer {}{}",
            board.benchmark.name,
            scored.scorer,
            match published.part() {
                Part::All => "",
                Part::Share => ", on the feedback share of the queries",
                Part::Rest => ", on the queries outside the feedback share",
            }
        ),
    }
}

fn standing(board: &Board, row: &submission::Model) -> Standing {
    let own = board.standings.rows.iter().find(|standing| standing.submission.id == row.id);
    match own.map(|standing| (standing.rank, standing.team.kind)) {
        Some((Some(rank), _)) => Standing::Rank(rank.into()),
        Some((None, TeamKind::Guest)) => Standing::Guest,
        Some((None, _)) => Standing::Unranked,
        None if board.standings.rows.is_empty() => Standing::NotShown,
        None if board.standings.shows(row, &board.benchmark) => Standing::Surpassed,
        None if board.standings.frozen_at.is_some_and(|at| row.received_at >= at) => {
            Standing::AfterFreeze
        }
        None => Standing::NotShown,
    }
}

fn group(group: &PublishedGroup<'_>) -> GroupScore {
    GroupScore {
        name: group.name.to_owned(),
        queries: group.queries as u64,
        values: scores::values(group),
        intervals: scores::intervals(group),
    }
}
