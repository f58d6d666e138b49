//! Which queries are hard, and on which the submissions of a board disagree; where targets are public.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use scoring::Ranks;
use uuid::Uuid;

use super::{Board, certainty};
use crate::challenges::QueryPlace;
use crate::entities::benchmark::TargetsAre;
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// From how many rows of the board it is computed, the best ones.
const MOST_ROWS: usize = 50;

/// An order of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryOrder {
    /// As in the data set.
    Listed,
    /// The lowest mean reciprocal rank first.
    Hardest,
    /// The largest difference between the best and the worst reciprocal rank first.
    MostDisagreed,
}

/// How hard the queries of a benchmark are for the submissions of a board.
#[derive(Debug, PartialEq)]
pub struct Difficulty {
    of: Vec<Uuid>,
    edition: String,
    /// By group and query.
    groups: Vec<Vec<Hardness>>,
}

/// How hard a query is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Hardness {
    /// The sum of the reciprocal ranks.
    sum: f32,
    best: f32,
    worst: f32,
}

/// How hard the queries are, by phase, until a board changes.
#[derive(Default)]
pub struct Difficulties(Mutex<HashMap<i32, Arc<Difficulty>>>);

impl Difficulties {
    /// How hard the queries of a board's benchmark are; none unless its targets are public and something
    /// is scored.
    pub async fn get(
        &self,
        site: &SubmissionsSite,
        board: &Board,
    ) -> Result<Option<Arc<Difficulty>>> {
        if board.benchmark.targets != TargetsAre::Public || board.standings.rows.is_empty() {
            return Ok(None);
        }
        let rows = board.standings.rows.iter().take(MOST_ROWS);
        let of: Vec<Uuid> = rows.map(|row| row.submission.id).collect();
        let edition = board.benchmark.edition();
        let known = self.lock().get(&board.phase.id).cloned();
        if let Some(known) = known.filter(|it| it.of == of && it.edition == edition) {
            return Ok(Some(known));
        }
        let stored = certainty::stored(&site.db, &board.benchmark, &of).await?;
        let ready = site.benchmarks.get(&board.benchmark).await?;
        let computing = tokio::task::spawn_blocking(move || {
            let by_query = stored.values().map(|ranks| ready.benchmark.by_query(ranks));
            let ranks: Vec<Cow<'_, Ranks>> = by_query.collect();
            Difficulty { groups: hardness(&ranks), of, edition }
        });
        let computed = computing.await.map_err(|e| Error::internal("order queries", e))?;
        let computed = Arc::new(computed);
        self.lock().insert(board.phase.id, Arc::clone(&computed));
        Ok(Some(computed))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i32, Arc<Difficulty>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Difficulty {
    /// How many submissions it is computed from.
    pub fn submissions(&self) -> usize {
        self.of.len()
    }

    /// Sorts queries; equal ones stay in their order.
    pub fn sort(&self, places: &mut [QueryPlace], order: QueryOrder) {
        let of = |place: &QueryPlace| {
            let group = self.groups.get(place.group);
            group.and_then(|group| group.get(place.query)).copied().unwrap_or_default()
        };
        match order {
            QueryOrder::Listed => {}
            QueryOrder::Hardest => places.sort_by(|a, b| of(a).sum.total_cmp(&of(b).sum)),
            QueryOrder::MostDisagreed => {
                places.sort_by(|a, b| of(b).spread().total_cmp(&of(a).spread()));
            }
        }
    }
}

impl Hardness {
    fn spread(self) -> f32 {
        self.best - self.worst
    }
}

fn hardness(runs: &[Cow<'_, Ranks>]) -> Vec<Vec<Hardness>> {
    let Some(first) = runs.first() else { return vec![] };
    let of_query = |group: usize, query: usize| {
        let values = runs.iter().filter_map(|run| {
            let group = run.groups().get(group).filter(|group| query < group.queries())?;
            let best = group.of(query).iter().copied().filter(|rank| *rank > 0).min();
            Some(best.map_or(0.0, |rank| 1.0 / rank as f32))
        });
        values.fold(Hardness { sum: 0.0, best: 0.0, worst: 1.0 }, |all, value| Hardness {
            sum: all.sum + value,
            best: all.best.max(value),
            worst: all.worst.min(value),
        })
    };
    let groups = first.groups().iter().enumerate();
    groups
        .map(|(at, group)| (0..group.queries()).map(|query| of_query(at, query)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hard_is_what_nobody_finds_and_disagreed_what_one_finds_first() {
        let hardness = |sum, best, worst| Hardness { sum, best, worst };
        let groups = vec![vec![
            hardness(2.0, 1.0, 1.0),
            hardness(0.0, 0.0, 0.0),
            hardness(1.0, 1.0, 0.0),
            hardness(0.0, 0.0, 0.0),
        ]];
        let difficulty = Difficulty { of: vec![Uuid::nil(); 2], edition: String::new(), groups };
        let ordered = |order| {
            let mut places: Vec<QueryPlace> =
                (0..4).map(|query| QueryPlace { group: 0, query }).collect();
            difficulty.sort(&mut places, order);
            places.iter().map(|place| place.query).collect::<Vec<_>>()
        };
        assert_eq!(ordered(QueryOrder::Listed), [0, 1, 2, 3]);
        assert_eq!(ordered(QueryOrder::Hardest), [1, 3, 2, 0]);
        assert_eq!(ordered(QueryOrder::MostDisagreed), [2, 0, 1, 3]);
    }
}
