//! How sure the ranks of a board are: rank intervals, and the smallest difference that its benchmark
//! can show.

use std::collections::HashMap;

use scoring::statistics::{Design, Discordant, RankInterval, rank_intervals, resolution};
use scoring::{Measure, Ranks};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::challenges::{Division, Part};
use crate::entities::{benchmark, phase};
use crate::error::{Error, Result};
use crate::submissions::stored_ranks;

/// How many times queries are resampled.
const TIMES: usize = 1000;

/// The seed of the resamples: the same board has the same intervals.
const SEED: u64 = 1;

/// How many teams have rank intervals, the best ones.
const MOST_TEAMS: u64 = 1000;

/// Of how many queries of all these teams together: time and memory grow with them.
const MOST_VALUES: u64 = 3_000_000;

/// How many ranks are read at once.
const AT_ONCE: usize = 200;

/// The share of queries on which two submissions are assumed to differ, until it is measured.
const ASSUMED_DISAGREEMENT: f64 = 0.13;

/// How many teams must be ranked before their disagreement is measured: with fewer, one team could
/// learn from it how it differs from another.
const LEAST_TEAMS: usize = 5;

/// How many teams the disagreement is measured on, the best ones.
const MEASURED_TEAMS: usize = 20;

/// How sure the ranks of a board are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certainty {
    /// The submissions it was computed from, in the order of the board.
    of: Vec<Uuid>,
    /// The edition of the benchmark that they were scored against.
    edition: String,
    /// The part of its queries.
    #[serde(default)]
    part: Part,
    placed: HashMap<Uuid, RankInterval>,
    /// The smallest difference that the benchmark can show; none if it can't show any.
    pub resolution: Option<Resolution>,
}

/// The smallest difference of two scores that a benchmark can show.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// The difference, as a fraction.
    pub difference: f64,
    /// Whether it follows from the submissions on the board, not from an assumption.
    pub is_measured: bool,
}

impl Resolution {
    /// The difference as it is published, to a tenth of a point: it may depend on hidden targets.
    pub fn published(self) -> f64 {
        (self.difference * 1000.0).round() / 1000.0
    }
}

/// What it is computed from.
pub(super) struct Material {
    of: Vec<Uuid>,
    edition: String,
    part: Part,
    division: Division,
    queries: u64,
    primary: Measure,
    /// The measure on which disagreement is measured, which is right or wrong about a query.
    hit: Option<Measure>,
}

impl Certainty {
    /// The rank interval of a row, which contains its rank.
    pub fn placed(&self, submission: Uuid, rank: u32) -> Option<RankInterval> {
        let placed = self.placed.get(&submission)?;
        // Other teams may have been ranked since.
        Some(RankInterval { best: placed.best.min(rank), worst: placed.worst.max(rank), ..*placed })
    }

    /// Whether it was computed from these standings.
    pub(super) fn is_of(&self, material: &Material) -> bool {
        (&self.of, &self.edition, self.part) == (&material.of, &material.edition, material.part)
    }
}

impl Material {
    /// What is needed of ranked submissions, in the order of the board, on a part of the queries; none if
    /// nothing is scored against the benchmark.
    pub(super) fn of(
        ranked: impl Iterator<Item = Uuid>,
        (phase, benchmark): (&phase::Model, &benchmark::Model),
        part: Part,
    ) -> Result<Option<Self>> {
        let task = benchmark.task()?;
        if benchmark.targets == benchmark::TargetsAre::None || benchmark.queries <= 0 {
            return Ok(None);
        }
        let division = Division::of(phase, benchmark)?;
        let most = MOST_TEAMS.min(MOST_VALUES / benchmark.queries as u64);
        Ok(Some(Self {
            of: ranked.take(most as usize).collect(),
            edition: benchmark.edition(),
            queries: division.about(benchmark.queries as u64, part),
            part,
            division,
            primary: task.primary,
            hit: task.of_hidden.first().copied(),
        }))
    }

    /// How much there is to compute: values of queries.
    pub(super) fn size(&self) -> u64 {
        self.of.len() as u64 * self.queries
    }

    /// Computes it from the stored ranks, off the async threads.
    pub(super) async fn compute(
        self,
        db: &impl ConnectionTrait,
        benchmark: &benchmark::Model,
    ) -> Result<Certainty> {
        let stored = stored(db, benchmark, &self.of).await?;
        let compute = move || Ok(self.from(&self.division.by_id(stored, self.part)?));
        let computed = tokio::task::spawn_blocking(compute).await;
        computed.map_err(|e| Error::internal("compute rank intervals", e))?
    }

    fn from(&self, stored: &HashMap<Uuid, Ranks>) -> Certainty {
        let ranks: Option<Vec<&Ranks>> = self.of.iter().map(|id| stored.get(id)).collect();
        let ranks = ranks.unwrap_or_default();
        // One team alone has nobody to change places with.
        let placed = (ranks.len() > 1)
            .then(|| rank_intervals(&ranks, self.primary, TIMES, SEED))
            .flatten()
            .unwrap_or_default();
        let measured = self.hit.and_then(|hit| disagreement(&ranks, hit));
        let design = Design::usual(self.queries, measured.unwrap_or(ASSUMED_DISAGREEMENT));
        let resolution = resolution(design)
            .map(|difference| Resolution { difference, is_measured: measured.is_some() });
        let placed = self.of.iter().copied().zip(placed).collect();
        let (of, edition) = (self.of.clone(), self.edition.clone());
        Certainty { placed, of, edition, part: self.part, resolution }
    }
}

/// On which share of the queries the best teams differ from their neighbours on the board. None if
/// there are too few teams, or they don't differ.
fn disagreement(ranks: &[&Ranks], hit: Measure) -> Option<f64> {
    if ranks.len() < LEAST_TEAMS {
        return None;
    }
    let best = &ranks[..ranks.len().min(MEASURED_TEAMS)];
    let (mut differ, mut queries) = (0, 0);
    for pair in best.windows(2) {
        differ += Discordant::of(pair[0], pair[1], hit)?.total();
        queries += pair[0].groups().iter().map(|group| group.queries() as u64).sum::<u64>();
    }
    (differ > 0).then(|| differ as f64 / queries as f64)
}

/// The stored ranks of some submissions, for the targets in force.
pub(super) async fn stored(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
    of: &[Uuid],
) -> Result<HashMap<Uuid, Ranks>> {
    let mut stored = HashMap::with_capacity(of.len());
    for some in of.chunks(AT_ONCE) {
        for (id, bytes) in stored_ranks(db, benchmark.targets_id, some.to_vec()).await? {
            let ranks = Ranks::from_bytes(&bytes);
            stored.insert(id, ranks.map_err(|e| Error::internal("read stored ranks", e))?);
        }
    }
    Ok(stored)
}
