//! `/c/{challenge}/{phase}/compare?a=…&b=…`: two submissions side by side.

use std::sync::Arc;

use domain::challenges::{Explored, Ready};
use domain::entities::challenge;
use domain::standings::{self, Apart, ApartQuery, Board, Pair, PairDifference, PairP, Row, Side};
use domain::submissions;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::pages::{
    CompareChoice, ComparePage, Compared, ComparedMeasure, Comparison, Contender, Difference, Link,
    PValue, QueriesApart, QueryApart, QueryItem, QueryPage, RecallCurves, Value,
};

use super::visitor::{self, Visitor};
use super::{answer, layout, saying, scores};
use crate::app::App;
use crate::refusal::Result;

/// How many queries of a list are on a page.
const QUERIES: usize = 10;

/// The query string.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    a: String,
    b: String,
    /// The page of the queries that the first ranks higher, from 1.
    won: Option<usize>,
    /// The page of the others.
    lost: Option<usize>,
}

/// `GET /c/{challenge}/{phase}/compare`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Path((challenge, phase)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    _visitor: Visitor,
) -> Result<Response> {
    let board = app.boards.get(&app, &challenge, &phase).await?;
    match compared(&app, &board, &asked).await {
        Ok(compared) => Ok(visitor::private(answer(&page(&board, asked, compared))?)),
        Err(error) => {
            let refused = Compared::Refused(error.to_string());
            Ok(saying(&error, visitor::private(answer(&page(&board, asked, refused))?)))
        }
    }
}

async fn compared(app: &App, board: &Board, asked: &Asked) -> Result<Compared> {
    if asked.a.is_empty() && asked.b.is_empty() {
        return Ok(Compared::Nothing);
    }
    let ids = [submissions::id(&asked.a)?, submissions::id(&asked.b)?];
    // Comparing takes longer than any other page, so only a few do at a time.
    let _place = app.pressure.comparisons.take_within(app.settings.request_wait).await?;
    let pair = standings::pair(app, board, ids).await?;
    let explored = app.explorer.get(app, &board.benchmark).await?;
    Ok(Compared::Two(Box::new(comparison(board, asked, pair, &explored))))
}

fn page(board: &Board, asked: Asked, compared: Compared) -> ComparePage {
    let Board { challenge, phase, .. } = board;
    ComparePage {
        layout: layout::of(challenge, "Compare"),
        challenge: challenge.title.clone(),
        phase: Link::new(phase.title.clone(), layout::phase(challenge, phase)),
        href: layout::compare(challenge, phase),
        choices: board.standings.rows.iter().map(choice).collect(),
        a: asked.a,
        b: asked.b,
        compared,
        significance: layout::significance(challenge),
    }
}

/// A submission of a board, to choose from.
pub(super) fn choice(row: &Row) -> CompareChoice {
    let rank = row.rank.map(|rank| format!("{rank}  ")).unwrap_or_default();
    let method = &row.submission.method;
    let comma = if method.is_empty() { "" } else { ", " };
    let label = format!("{rank}{}{comma}{method}", row.team.name);
    CompareChoice { id: row.submission.id.to_string(), label }
}

fn comparison(board: &Board, asked: &Asked, pair: Pair, explored: &Explored) -> Comparison {
    let Board { challenge, phase, .. } = board;
    let here = layout::compare(challenge, phase);
    let scored = board.standings.shown.task().scored;
    let measures = measures(board, &pair);
    let Pair { sides: [a, b], queries, recall, apart, .. } = pair;
    let points = |curve: Vec<f64>| (1..).zip(curve).collect();
    Comparison {
        a: contender(challenge, a),
        b: contender(challenge, b),
        queries,
        noun: [scored.one, scored.many],
        measures,
        recall: recall.map(|[a, b]| RecallCurves { a: points(a), b: points(b) }),
        apart: apart.map(|apart| queries_apart(&here, asked, &apart, (board, explored))),
    }
}

fn contender(challenge: &challenge::Model, side: Side) -> Contender {
    Contender {
        team: side.team,
        id: side.id.to_string(),
        href: Some(layout::submission(challenge, side.id)),
        method: Some(side.method).filter(|method| !method.is_empty()),
        submitted: side.received_at.utc(),
    }
}

/// The overall value, then each published value, group by group.
fn measures(board: &Board, pair: &Pair) -> Vec<ComparedMeasure> {
    let [a, b] = pair.sides.each_ref().map(|side| &side.metrics);
    let shown = scores::shown(a.shown());
    let of = |measure, group| {
        let found = pair.differences.iter().find(|it| (it.measure, it.group) == (measure, group));
        found.map(difference)
    };
    let overall = |value: Option<f64>| value.map_or(Value::Missing, Value::Share);
    let mut all = vec![ComparedMeasure {
        measure: shown.primary,
        group: None,
        a: overall(a.overall()),
        b: overall(b.overall()),
        difference: of(None, None),
    }];
    for (at, (own, other)) in a.groups().zip(b.groups()).enumerate() {
        let names = shown.measures.iter().zip(a.shown().measures());
        let values = scores::values(&own).into_iter().zip(scores::values(&other));
        all.extend(names.zip(values).map(|((name, measure), (a, b))| ComparedMeasure {
            measure: name.clone(),
            group: board.groups.get(at).cloned(),
            a,
            b,
            difference: of(Some(measure), Some(at)),
        }));
    }
    all
}

fn difference(found: &PairDifference) -> Difference {
    let p = match found.p {
        PairP::Exact(p) => PValue::Exact(p),
        PairP::Banded(band) => PValue::Band(scores::band(band)),
    };
    Difference {
        by: found.by,
        interval: Some(scores::interval(found.interval)),
        p: Some(p),
        effect: found.effect,
    }
}

fn queries_apart(
    here: &str,
    asked: &Asked,
    apart: &Apart,
    of: (&Board, &Explored),
) -> QueriesApart {
    let page = |name: &str, all: &[ApartQuery], other: (&str, Option<usize>)| {
        let asked_page = if name == "won" { asked.won } else { asked.lost };
        let pages = all.len().div_ceil(QUERIES).max(1);
        let page = asked_page.unwrap_or(1).clamp(1, pages);
        let link = |label: &str, page: usize| {
            let kept = other.1.map(|page| format!("&{}={page}", other.0)).unwrap_or_default();
            let (a, b) = (web::pages::encoded(&asked.a), web::pages::encoded(&asked.b));
            Link::new(label, format!("{here}?a={a}&b={b}&{name}={page}{kept}#{name}"))
        };
        let first = (page - 1) * QUERIES;
        QueryPage {
            total: all.len() as u64,
            first: first as u64 + 1,
            queries: all
                .iter()
                .skip(first)
                .take(QUERIES)
                .map(|it| query(&apart.ready, it, asked, of))
                .collect(),
            previous: (page > 1).then(|| link("Previous", page - 1)),
            next: (page < pages).then(|| link("Next", page + 1)),
        }
    };
    QueriesApart {
        won: page("won", &apart.won, ("lost", asked.lost)),
        lost: page("lost", &apart.lost, ("won", asked.won)),
        equal: apart.equal,
    }
}

fn query(
    ready: &Ready,
    found: &ApartQuery,
    asked: &Asked,
    (board, explored): (&Board, &Explored),
) -> QueryApart {
    let group = &ready.benchmark.groups()[found.group];
    let query = &group.queries[found.query];
    let (challenge, phase) = (&board.challenge, &board.phase);
    let item = |id: &str| {
        let has_picture = explored.has_picture(&group.name, id);
        let picture = has_picture.then(|| layout::picture(challenge, phase, &group.name, id));
        QueryItem { id: id.to_owned(), picture }
    };
    let (one, other) = (web::pages::encoded(&asked.a), web::pages::encoded(&asked.b));
    let targets = group.targets.as_ref().map(|targets| targets.of(found.query));
    let target = targets.and_then(|targets| targets.first().copied());
    let beyond = ready.benchmark.task().list_length as u64;
    let [a, b] =
        found.ranks.map(|rank| rank.map_or(Value::Beyond(beyond), |rank| Value::Rank(rank.into())));
    QueryApart {
        href: format!("{}?a={one}&b={other}", layout::query(challenge, phase, &query.id)),
        group: group.name.clone(),
        reference: item(query.reference.as_str()),
        captions: query.captions.clone(),
        target: item(target.map_or("", |target| group.gallery.item(target))),
        a,
        b,
    }
}
