//! `/c/{challenge}/{phase}`: the board.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::ambient::Instant;
use domain::challenges::{self, AskedField, AskedKind, Details, Part, PhaseState, state_at};
use domain::entities::benchmark::TargetsAre;
use domain::entities::team::TeamKind;
use domain::entities::{challenge, phase};
use domain::error::Error;
use domain::standings::{Board, Row, Standings};
use poem::web::{Data, Path, Query};
use poem::{Request, Response, handler};
use scoring::{Task, statistics};
use web::Page;
use web::pages::{
    Answer, BoardPage, Counters, EarlierPlace, Entrant, Facts, Filter, Link, RankInterval,
    Resolution, Share, Sort, Targets,
};

use super::kept::{KeptPage, KeptPages};
use super::visitor::{self, Visitor};
use super::{answer, head, layout, markdown, scores};
use crate::app::App;
use crate::refusal::Result;

/// The query string of a board: `sort`, `dir`, `page`, and one value per filter.
type Wish = BTreeMap<String, String>;

/// `GET /c/{challenge}`: redirects to the phase that is open, or else the last phase.
#[handler]
pub async fn first_phase(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let (challenge, phase) = current(&app, &name).await?;
    Ok(super::see_other(&layout::phase(&challenge, &phase)))
}

/// The phase of a challenge that is open, or else the last phase.
pub(super) async fn current(app: &App, name: &str) -> Result<(challenge::Model, phase::Model)> {
    let challenge = challenges::find(&app.db, name).await?;
    let mut phases = challenges::phases_of(&app.db, challenge.id).await?;
    let now = app.ambient.now();
    let open = phases.iter().rposition(|phase| state_at(phase, now) == PhaseState::Open);
    let index = open.or(phases.len().checked_sub(1));
    let phase = index.map(|index| phases.swap_remove(index));
    Ok((challenge, phase.ok_or_else(|| Error::not_found("phase", "any"))?))
}

/// `GET /c/{challenge}/{phase}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    kept: Data<&KeptPages>,
    Path((challenge, phase)): Path<(String, String)>,
    Query(wish): Query<Wish>,
    visitor: Visitor,
    request: &Request,
) -> Result<Response> {
    let board = app.boards.get(&app, &challenge, &phase).await?;
    let word = |name: &str| wish.get(name).map(String::as_str);
    let (asked, task) = (board.phase.asked()?, board.challenge.task()?);
    let shown = scores::shown(board.standings.shown);
    let sort = Sort::parse(word("sort"), word("dir"), &board.groups, &shown.measures);
    let filters = filters(&asked, &wish)?;
    let number = word("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let is_plain =
        sort == Sort::default() && number <= 1 && filters.iter().all(|f| f.chosen.is_none());
    let mut wanted = Wanted { sort, page: number, filters, own: None };
    if !head::is_of_anybody(&app, request.cookie()) {
        wanted.own = visitor.caller(&app, &board.challenge).await?.map(|caller| caller.team.id);
        return Ok(visitor::private(answer(&page(&board, task, &asked, wanted))?));
    }
    let draw = || {
        let page = page(&board, task, &asked, wanted).render()?;
        // The cached page is the same under all its addresses.
        let kept = layout::phase(&board.challenge, &board.phase);
        let here = request.uri().path_and_query().filter(|_| !is_plain).map(ToString::to_string);
        Ok(web::pages::around(&page, &head::of_anybody(&here.unwrap_or(kept)))?)
    };
    let page =
        if is_plain { kept.page(&board, draw)? } else { Arc::new(KeptPage::new(&board, draw()?)?) };
    Ok(page.answer(request.headers()))
}

/// The filters of the board, with the visitor's choices.
fn filters(asked: &[AskedField], wish: &Wish) -> Result<Vec<Filter>> {
    let filter = |field: &AskedField| {
        let chosen = wish.get(&field.name).filter(|value| !value.is_empty());
        Ok(Filter {
            name: field.name.clone(),
            label: field.label.clone(),
            options: field.values().into_iter().map(str::to_owned).collect(),
            chosen: chosen.map(|value| field.read(value)).transpose()?,
        })
    };
    asked.iter().filter(|field| field.filters()).map(filter).collect()
}

/// The part of a board that a visitor asked for.
struct Wanted {
    sort: Sort,
    page: usize,
    filters: Vec<Filter>,
    /// The visitor's team.
    own: Option<i32>,
}

fn page(board: &Board, task: &Task, asked: &[AskedField], wanted: Wanted) -> BoardPage {
    let Wanted { sort, page, filters, own } = wanted;
    let Board { challenge, phase, .. } = board;
    let is_wanted = |row: &Row| {
        let chosen = filters.iter().filter_map(|f| Some((&f.name, f.chosen.as_deref()?)));
        chosen.into_iter().all(|(name, value)| row.submission.details.get(name) == Some(value))
    };
    let rows = board.standings.rows.iter();
    let rows = rows.map(|row| web::pages::Row {
        is_wanted: is_wanted(row),
        is_own: own == Some(row.team.id),
        rank_interval: rank_interval(board, row),
        ..view(challenge, row, asked)
    });
    let rows = rows.collect();
    let tab = |row: &phase::Model| layout::tab(challenge, row, row.id == phase.id);
    let api = layout::api(challenge, phase);
    let scores = scores::shown(board.standings.shown);
    let exports = if scores.is_nothing() {
        vec![]
    } else {
        vec![
            Link::new("JSON", format!("{api}/leaderboard")),
            Link::new("CSV", format!("{api}/leaderboard.csv")),
            Link::new("Every Eval Ever", format!("{api}/leaderboard.eee.json")),
            Link::new("Hugging Face", format!("{api}/leaderboard.eval-results.yaml")),
            Link::new("Papers with Code", format!("{api}/leaderboard.pwc.json")),
        ]
    };
    let texts = &task.texts;
    let report = board.report_is_public(board.made_at) && board.standings.shown.has_overall();
    let report = report.then(|| layout::report(challenge, phase));
    let summary = match challenge.summary.trim() {
        "" => texts.summary,
        summary => summary,
    };
    let about = challenge.text.trim();
    BoardPage {
        layout: layout::of(challenge, "Leaderboard"),
        challenge: challenge.title.clone(),
        summary: summary.to_owned(),
        text: (!about.is_empty()).then(|| markdown::render(about)),
        example: texts.example,
        phases: board.phases.iter().map(tab).collect(),
        scores,
        counters: counters(&board.standings),
        facts: facts(board),
        resolution: resolution(board),
        rows,
        filters,
        confirmed: board.confirmed.first().map(|it| {
            let on = format!("final results of {}", it.name);
            Link::new(on, layout::results(challenge, phase, &it.name))
        }),
        frozen: board.standings.frozen_at.is_some(),
        freezes: phase.freeze_at.map(Instant::utc),
        reveals: phase.reveal_at.map(Instant::utc),
        finals: phase.finals.max(0) as u64,
        groups: board.groups.clone(),
        sort,
        page,
        href: layout::phase(challenge, phase),
        submit: Some(layout::form(challenge, phase)),
        scoring: layout::scoring_of(challenge, board.standings.shown.task()),
        significance: layout::significance(challenge),
        feedback_share: layout::feedback_share(challenge),
        compare: layout::compare(challenge, phase),
        report,
        exports,
        now: board.made_at.utc(),
    }
}

fn counters(standings: &Standings) -> Counters {
    let micros = |micros: i64| Duration::from_micros(micros.max(0) as u64);
    Counters {
        teams: standings.teams as u64,
        scored: standings.scored as u64,
        median_to_score: standings.median_micros.map(micros),
        lost_or_stuck: standings.stuck as u64,
    }
}

fn facts(board: &Board) -> Facts {
    let scored = board.standings.shown.task().scored;
    let benchmark = &board.benchmark;
    Facts {
        protocol: benchmark.protocol.clone(),
        gallery_hash: benchmark.gallery_digest.clone(),
        commitment: board.commitment.clone(),
        queries: board.queries(),
        all_queries: board.all_queries(),
        noun: [scored.one, scored.many],
        share: board.share.as_ref().map(|share| Share {
            percent: share.percent.into(),
            commitment: share.commitment.clone(),
            key: share.key.clone(),
            is_revealed: board.part == Part::Rest,
        }),
        rounded: board.phase.rounds_at(board.made_at),
        ladder: board.phase.ladder_step().filter(|_| board.phase.climbs_at(board.made_at)),
        targets: targets(benchmark.targets),
        audited: board.audit.map(|it| (it.at.utc(), it.is_clean)),
    }
}

/// Who knows the targets.
pub(super) fn targets(targets: TargetsAre) -> Targets {
    match targets {
        TargetsAre::Hidden => Targets::Hidden,
        TargetsAre::Public => Targets::Public,
        TargetsAre::None => Targets::Absent,
        TargetsAre::Drawn => Targets::Drawn,
    }
}

/// The rank interval of a row, unless all ranks are its own.
fn rank_interval(board: &Board, row: &Row) -> Option<RankInterval> {
    let statistics::RankInterval { best, worst, with_first } =
        board.certainty.as_ref()?.placed(row.submission.id, row.rank?)?;
    Some(RankInterval { best: best.into(), worst: worst.into(), with_first })
}

fn resolution(board: &Board) -> Option<Resolution> {
    let found = board.certainty.as_ref()?.resolution?;
    Some(Resolution { difference: found.published(), is_measured: found.is_measured })
}

fn view(challenge: &challenge::Model, row: &Row, asked: &[AskedField]) -> web::pages::Row {
    web::pages::Row {
        entrant: match (row.team.kind, row.rank) {
            (TeamKind::Team, rank) => Entrant::Team { rank: rank.unwrap_or_default().into() },
            (TeamKind::Baseline, _) => Entrant::Baseline,
            (TeamKind::Probe, _) => Entrant::Probe,
            (TeamKind::Guest, _) => Entrant::Guest,
        },
        team: row.team.name.clone(),
        href: Some(layout::submission(challenge, row.submission.id)),
        method: Some(row.submission.method.clone()).filter(|method| !method.is_empty()),
        overall: row.metrics.overall().unwrap_or_default(),
        interval: row.metrics.interval().map(scores::interval),
        groups: row.metrics.groups().map(|group| scores::values(&group)).collect(),
        rank_interval: None,
        earlier: row.earlier.map(|earlier| EarlierPlace {
            rank: earlier.rank.map(u64::from),
            overall: earlier.score,
        }),
        tries: row.tries as u64,
        details: answers(asked, &row.submission.details),
        is_wanted: true,
        is_own: false,
        best: row.submission.received_at.utc(),
    }
}

/// A team's answers, in the order of the phase's questions.
pub(super) fn answers(asked: &[AskedField], details: &Details) -> Vec<Answer> {
    let answer = |field: &AskedField| {
        let text = details.get(&field.name)?.to_owned();
        let label = field.label.clone();
        Some(match field.kind {
            AskedKind::Text => Answer::Text { label, text },
            AskedKind::Link => Answer::Link { label, href: text },
            AskedKind::YesNo => Answer::YesNo { label, yes: text == "yes" },
            AskedKind::Choice => Answer::Choice { label, text },
        })
    };
    asked.iter().filter_map(answer).collect()
}
