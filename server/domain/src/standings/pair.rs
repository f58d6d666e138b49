//! Two submissions of a phase, compared query by query.

use std::sync::Arc;

use scoring::statistics::{Comparison, Interval, recall_curve};
use scoring::{GroupRanks, Measure, Ranks};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{Band, Board, certainty};
use crate::ambient::Instant;
use crate::challenges::{Ready, Viewer};
use crate::entities::benchmark::TargetsAre;
use crate::entities::submission;
use crate::error::{Error, Result};
use crate::submissions::{self, Published, SubmissionsSite};

/// The seed of tests that draw at random: the same pair gets the same digits.
const SEED: u64 = 1;

/// Two submissions of a phase.
pub struct Pair {
    /// Both, in the order in which they were asked for.
    pub sides: [Side; 2],
    /// The queries or sessions that the scores of both are means over.
    pub queries: u64,
    /// Their differences, the overall value's first.
    pub differences: Vec<PairDifference>,
    /// Recall at each cut-off from 1, of both; only where the targets are public.
    pub recall: Option<[Vec<f64>; 2]>,
    /// The queries whose target they rank differently; only where the targets are public.
    pub apart: Option<Apart>,
}

/// One of two submissions.
pub struct Side {
    /// The public name of its team.
    pub team: String,
    /// The submission.
    pub id: Uuid,
    /// The method's name.
    pub method: String,
    /// When it was received.
    pub received_at: Instant,
    /// What is published of its scores.
    pub metrics: Published,
}

/// The first submission's value less the second's.
#[derive(Debug, Clone, Copy)]
pub struct PairDifference {
    /// The measure; none for the overall value.
    pub measure: Option<Measure>,
    /// The index of the group; none for the overall value.
    pub group: Option<usize>,
    /// The difference.
    pub by: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// The p-value of a paired test.
    pub p: PairP,
    /// The mean difference of a query in standard deviations, where it may be shown.
    pub effect: Option<f64>,
}

/// A p-value, as far as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PairP {
    /// The value.
    Exact(f64),
    /// Only its band.
    Banded(Band),
}

/// The queries whose target two submissions rank differently, the largest difference first.
pub struct Apart {
    /// The benchmark that they are queries of.
    pub ready: Arc<Ready>,
    /// Where the first ranks the target higher.
    pub won: Vec<ApartQuery>,
    /// Where the second does.
    pub lost: Vec<ApartQuery>,
    /// How many queries are neither.
    pub equal: u64,
}

/// A query whose target two submissions rank differently.
#[derive(Debug, Clone, Copy)]
pub struct ApartQuery {
    /// The index of its group.
    pub group: usize,
    /// Its index in the group.
    pub query: usize,
    /// The best rank of a target in each submission; none where it is absent.
    pub ranks: [Option<u32>; 2],
}

/// What of a comparison may be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Of hidden targets before the reveal: the overall difference, its interval rounded outwards, and
    /// the band of its p-value.
    Little,
    /// The differences of all published values.
    Values,
    /// Single queries too.
    Queries,
}

/// Compares two public submissions of a board. Where the targets are hidden these are the ones by which
/// teams are ranked: comparing all submissions with each other would tell a team more about the targets
/// than their scores do.
pub async fn pair(site: &SubmissionsSite, board: &Board, ids: [Uuid; 2]) -> Result<Pair> {
    if ids[0] == ids[1] {
        return Err(Error::unusable("choose two different submissions"));
    }
    if board.phase.climbs_at(site.ambient.now()) {
        return Err(Error::unusable(
            "until the reveal, the Ladder hides small differences, so submissions can’t be compared",
        ));
    }
    let sides = [side(site, board, ids[0]).await?, side(site, board, ids[1]).await?];
    let mut stored = board.part_of(certainty::stored(&site.db, &board.benchmark, &ids).await?)?;
    let mut ranks = |id| stored.remove(&id).ok_or_else(|| Error::not_found("submission", id));
    let ranks = [ranks(ids[0])?, ranks(ids[1])?];
    let ready = site.benchmarks.get(&board.benchmark).await?;
    let detail = match board.benchmark.targets {
        TargetsAre::Public => Detail::Queries,
        _ if board.phase.is_revealed(site.ambient.now()) => Detail::Values,
        _ => Detail::Little,
    };
    let compute = move || of(sides, &ranks, &ready, detail);
    let computed = tokio::task::spawn_blocking(compute).await;
    computed.map_err(|e| Error::internal("compare two submissions", e))?
}

pub(super) async fn side(site: &SubmissionsSite, board: &Board, id: Uuid) -> Result<Side> {
    if let Some(row) = board.standings.rows.iter().find(|row| row.submission.id == id) {
        return Ok(Side {
            team: row.team.name.clone(),
            id,
            method: row.submission.method.clone(),
            received_at: row.submission.received_at,
            metrics: row.metrics.clone(),
        });
    }
    let unknown = || Error::not_found("submission", id);
    if board.benchmark.targets != TargetsAre::Public {
        return Err(unknown());
    }
    let row = submission::Entity::find_by_id(id).one(&site.db).await?.ok_or_else(unknown)?;
    let is_public = row.phase_id == board.phase.id && board.standings.shows(&row, &board.benchmark);
    let team = board.standings.names.get(&row.team_id).filter(|_| is_public).ok_or_else(unknown)?;
    let (phase, benchmark, now) = (&board.phase, &board.benchmark, site.ambient.now());
    let metrics =
        submissions::published(&site.db, &row, phase, benchmark, Viewer::Public, now).await?;
    Ok(Side {
        team: team.clone(),
        id,
        method: row.method,
        received_at: row.received_at,
        metrics: metrics.ok_or_else(unknown)?,
    })
}

fn of(sides: [Side; 2], ranks: &[Ranks; 2], ready: &Arc<Ready>, detail: Detail) -> Result<Pair> {
    let task = ready.benchmark.task();
    let [one, other] = ranks;
    let compared = |one: &Ranks, other: &Ranks, measure| {
        Comparison::of(one, other, measure, SEED).map(|found| detail.of(found))
    };
    let overall = compared(one, other, task.primary);
    let other_benchmark = || Error::unusable("these submissions are of different benchmarks");
    let mut differences = vec![overall.ok_or_else(other_benchmark)?];
    if detail != Detail::Little {
        let shown: Vec<Measure> = sides[0].metrics.shown().measures().collect();
        for measure in shown {
            for group in 0..one.groups().len() {
                let (Some(one), Some(other)) = (one.only(group), other.only(group)) else {
                    continue;
                };
                let found = compared(&one, &other, measure);
                differences.extend(found.map(|found| PairDifference {
                    measure: Some(measure),
                    group: Some(group),
                    ..found
                }));
            }
        }
    }
    let most = task.list_length as u32;
    let is_open = detail == Detail::Queries;
    let queries = one.groups().iter().map(|group| group.queries() as u64).sum();
    let [one, other] = [one, other].map(|ranks| ready.benchmark.by_query(ranks));
    Ok(Pair {
        queries,
        recall: is_open.then(|| [recall_curve(&one, most), recall_curve(&other, most)]),
        apart: is_open.then(|| Apart::of(&one, &other, Arc::clone(ready))),
        differences,
        sides,
    })
}

impl Detail {
    fn of(self, found: Comparison) -> PairDifference {
        let all = PairDifference {
            measure: None,
            group: None,
            by: found.difference,
            interval: found.interval,
            p: PairP::Exact(found.p),
            effect: Some(found.effect),
        };
        match self {
            Self::Values | Self::Queries => all,
            Self::Little => PairDifference {
                interval: submissions::rounded(found.interval),
                p: PairP::Banded(Band::of(found.p)),
                effect: None,
                ..all
            },
        }
    }
}

impl Apart {
    /// Compares ranks that line up with the queries.
    fn of(one: &Ranks, other: &Ranks, ready: Arc<Ready>) -> Self {
        let (mut won, mut lost, mut equal) = (Vec::new(), Vec::new(), 0);
        // Of a turn, only ranks within the required length are known to be in the ranking.
        let most = ready
            .benchmark
            .dialogs()
            .map_or(u32::MAX, |_| ready.benchmark.task().list_length as u32);
        let best = |ranks, query| best(ranks, query).filter(|rank| *rank <= most);
        for (group, (one, other)) in one.groups().iter().zip(other.groups()).enumerate() {
            for query in 0..one.queries() {
                let ranks = [best(one, query), best(other, query)];
                let found = ApartQuery { group, query, ranks };
                match found.weights() {
                    [one, other] if one > other => won.push(found),
                    [one, other] if one < other => lost.push(found),
                    _ => equal += 1,
                }
            }
        }
        won.sort_by(ApartQuery::largest_first);
        lost.sort_by(ApartQuery::largest_first);
        Self { ready, won, lost, equal }
    }
}

impl ApartQuery {
    /// What each rank is worth: the reciprocal, so that places near the top weigh more.
    fn weights(&self) -> [f64; 2] {
        self.ranks.map(|rank| rank.map_or(0.0, |rank| 1.0 / f64::from(rank)))
    }

    fn largest_first(&self, other: &Self) -> std::cmp::Ordering {
        let size = |query: &Self| {
            let [one, other] = query.weights();
            (one - other).abs()
        };
        size(other).total_cmp(&size(self))
    }
}

/// The best rank of a query's targets.
fn best(ranks: &GroupRanks, query: usize) -> Option<u32> {
    ranks.of(query).iter().copied().filter(|rank| *rank > 0).min()
}
