//! `/c/{challenge}/{phase}`: the board.

use std::sync::Arc;
use std::time::Duration;

use poem::http::{StatusCode, header};
use poem::web::{Data, Path, Query};
use poem::{IntoResponse, Response, handler};
use serde::Deserialize;
use web::pages::{BoardPage, Counters, Entrant, Facts, Link, Recall, Sort, Targets};

use super::{answer, layout};
use crate::app::App;
use crate::challenges::{self, PhaseState, state_at};
use crate::entities::benchmark::TargetsAre;
use crate::entities::team::TeamKind;
use crate::entities::{benchmark, challenge, phase};
use crate::error::{Error, Result};
use crate::standings::{self, Row, Standings};

/// How the visitor wants the rows sorted.
#[derive(Deserialize)]
struct Wish {
    sort: Option<String>,
    dir: Option<String>,
}

/// `GET /c/{challenge}`: to the phase that is open, or else the last one.
#[handler]
pub async fn first_phase(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let phases = challenges::phases_of(&app.db, challenge.id).await?;
    let now = app.ambient.now();
    let open = phases.iter().rev().find(|phase| state_at(phase, now) == PhaseState::Open);
    let phase = open.or(phases.last()).ok_or_else(|| Error::not_found("phase", "any"))?;
    let there = layout::phase(&challenge, phase);
    Ok(StatusCode::SEE_OTHER.with_header(header::LOCATION, there).into_response())
}

/// `GET /c/{challenge}/{phase}`
#[handler]
pub async fn board(
    app: Data<&Arc<App>>,
    Path((challenge, phase)): Path<(String, String)>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &challenge).await?;
    let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
    let phases = challenges::phases_of(&app.db, challenge.id).await?;
    let benchmark = challenges::benchmark_by_id(&app.db, phase.benchmark_id).await?;
    let standings = standings::standings(&app.db, &phase, &benchmark, app.ambient.now()).await?;
    let ready = groups(&app, &benchmark).await?;
    let mut page = page(&challenge, &phase, &phases, &benchmark, &standings, ready);
    page.sort = Sort::parse(wish.sort.as_deref(), wish.dir.as_deref(), &page.groups);
    page.now = app.ambient.now().utc();
    answer(&page)
}

/// The names of a benchmark's groups. The first time this reads its files.
async fn groups(app: &Arc<App>, benchmark: &benchmark::Model) -> Result<Vec<String>> {
    let (app, row) = (Arc::clone(app), benchmark.clone());
    let ready = tokio::task::spawn_blocking(move || app.benchmarks.get(&row))
        .await
        .map_err(|e| Error::internal("read a benchmark", e))??;
    Ok(ready.groups().iter().map(|group| group.name.clone()).collect())
}

fn page(
    challenge: &challenge::Model,
    phase: &phase::Model,
    phases: &[phase::Model],
    benchmark: &benchmark::Model,
    standings: &Standings,
    groups: Vec<String>,
) -> BoardPage {
    let tab = |row: &phase::Model| layout::tab(challenge, row, row.id == phase.id);
    let api = format!("/api/v1/challenges/{}/phases/{}", challenge.name, phase.name);
    BoardPage {
        layout: layout::of(challenge, "Leaderboard"),
        challenge: challenge.title.clone(),
        phases: phases.iter().map(tab).collect(),
        counters: counters(standings),
        facts: facts(benchmark),
        rows: standings.rows.iter().map(|row| view(&challenge.name, row, &groups)).collect(),
        groups,
        sort: Sort::default(),
        href: layout::phase(challenge, phase),
        submit: Some(layout::form(challenge, phase)),
        scoring: layout::scoring(challenge),
        exports: vec![Link::new("JSON", format!("{api}/leaderboard"))],
        now: time::OffsetDateTime::UNIX_EPOCH,
    }
}

fn counters(standings: &Standings) -> Counters {
    let micros = |micros: i64| Duration::from_micros(micros.max(0) as u64);
    Counters {
        teams: standings.ranked() as u64,
        scored: standings.scored as u64,
        median_to_score: standings.median_micros.map(micros),
        lost_or_stuck: standings.stuck as u64,
    }
}

fn facts(benchmark: &benchmark::Model) -> Facts {
    Facts {
        protocol: benchmark.protocol.clone(),
        gallery_hash: benchmark.gallery_digest.clone(),
        queries: benchmark.queries as u64,
        targets: match benchmark.targets {
            TargetsAre::Hidden => Targets::Hidden,
            TargetsAre::Public => Targets::Public,
            TargetsAre::None => Targets::Absent,
        },
    }
}

fn view(challenge: &str, row: &Row, groups: &[String]) -> web::pages::Row {
    let card = &row.metrics.card;
    let recall = |name: &String| {
        let group = card.groups.iter().find(|group| group.group == *name);
        group.map_or(Recall { at_10: 0.0, at_50: 0.0 }, |group| Recall {
            at_10: group.recall_at_10,
            at_50: group.recall_at_50,
        })
    };
    web::pages::Row {
        entrant: match (row.team.kind, row.rank) {
            (TeamKind::Team, rank) => Entrant::Team { rank: rank.unwrap_or_default().into() },
            (TeamKind::Baseline, _) => Entrant::Baseline,
            (TeamKind::Probe, _) => Entrant::Probe,
        },
        team: row.team.name.clone(),
        href: Some(format!("/c/{challenge}/submissions/{}", row.submission.id)),
        method: Some(row.submission.method.clone()).filter(|method| !method.is_empty()),
        overall: card.overall,
        groups: groups.iter().map(recall).collect(),
        runs: row.runs as u64,
        best: row.submission.received_at.utc(),
    }
}
