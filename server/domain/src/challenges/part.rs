//! Which queries of a benchmark count in a phase: all of them, or a feedback share until the reveal and
//! the rest from then on.

use std::collections::{BTreeMap, HashMap};

use scoring::{Benchmark, FeedbackShare, Ranks, Scorecard, ShareKey};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::PhaseSettings;
use crate::ambient::Instant;
use crate::entities::benchmark::{SecretKey, TargetsAre};
use crate::entities::{benchmark, phase};
use crate::error::{Error, Result};

/// The share of a phase whose definition doesn't name one, in percent.
const USUAL_PERCENT: i32 = 40;

/// How many units of rounded scores are in 1: they are tenths of a point.
const UNITS: f64 = 1000.0;

/// A part of a benchmark's queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// All of them.
    #[default]
    All,
    /// The feedback share.
    Share,
    /// All but the feedback share.
    Rest,
}

/// How a phase divides the queries of its benchmark.
#[derive(Debug, Clone)]
pub struct Division(Option<(ShareKey, u8)>);

/// The scores of a submission: before the reveal, and from then on.
#[derive(Debug, Clone)]
pub struct Scores {
    /// The overall value by which it is ordered before the reveal.
    pub overall: f64,
    /// The scorecard before the reveal.
    pub card: Scorecard,
    /// The overall value from the reveal on, if it is another one.
    pub final_overall: Option<f64>,
    /// The scorecard from the reveal on, if it is another one.
    pub final_card: Option<Scorecard>,
}

/// A feedback share as everyone sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicShare {
    /// The share, in percent.
    pub percent: u8,
    /// How many queries scores are computed on until the reveal.
    pub queries: usize,
    /// How many the final standings are on.
    pub rest: usize,
    /// The commitment to its key.
    pub commitment: String,
    /// The key in hex, once it is public.
    pub key: Option<String>,
}

impl Part {
    /// The name in the API and in receipts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Share => "share",
            Self::Rest => "rest",
        }
    }

    /// Whether it is all queries.
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }
}

impl phase::Model {
    /// The feedback share in percent, if there is one.
    pub fn share_percent(&self) -> Option<u8> {
        self.feedback_share.and_then(|percent| u8::try_from(percent).ok()).filter(|it| *it > 0)
    }

    /// The part of the queries that scores are on at an instant.
    pub fn part_at(&self, at: Instant) -> Part {
        match (self.share_percent(), self.is_revealed(at)) {
            (None, _) => Part::All,
            (Some(_), false) => Part::Share,
            (Some(_), true) => Part::Rest,
        }
    }

    /// Whether scores are rounded at an instant.
    pub fn rounds_at(&self, at: Instant) -> bool {
        self.rounds() && !self.is_revealed(at)
    }

    /// Whether scores are rounded until the reveal.
    pub fn rounds(&self) -> bool {
        self.rounded == Some(true)
    }

    /// The step of the Ladder as a fraction, if there is one.
    pub fn ladder_step(&self) -> Option<f64> {
        (self.ladder > 0).then(|| f64::from(self.ladder) / UNITS)
    }

    /// Whether scores are on the Ladder at an instant.
    pub fn climbs_at(&self, at: Instant) -> bool {
        self.ladder > 0 && !self.is_revealed(at)
    }

    /// The instant whose board is shown beside the revealed one, once it is revealed.
    pub fn earlier_board(&self, at: Instant) -> Option<Instant> {
        let has_earlier = self.freeze_at.is_some() || self.share_percent().is_some();
        let earlier = self.freeze_at.or(self.reveal_at);
        earlier.filter(|_| has_earlier && self.is_revealed(at))
    }
}

impl PhaseSettings {
    /// The share in percent and whether scores are rounded, with what applies if they are left out: a
    /// new phase with hidden targets that closes before its reveal has a share, others with hidden
    /// targets round, and an existing phase stays as it is.
    pub(crate) fn feedback(
        &self,
        targets: TargetsAre,
        existing: Option<&phase::Model>,
    ) -> (i32, bool) {
        let hidden = targets == TargetsAre::Hidden;
        let laddered = self.ladder > 0;
        let divides = hidden && !laddered && self.closes_before_reveal();
        let usual = if divides { USUAL_PERCENT } else { 0 };
        let existing_share = existing.and_then(|phase| phase.feedback_share);
        let share = self.feedback_share.or(existing_share).unwrap_or(usual);
        let existing_rounding = existing.and_then(|phase| phase.rounded);
        let rounded =
            self.rounded.or(existing_rounding).unwrap_or(hidden && share == 0 && !laddered);
        (share, rounded)
    }

    /// Whether no submission is taken after the reveal.
    pub(super) fn closes_before_reveal(&self) -> bool {
        let both = self.closes_at.zip(self.reveal_at);
        both.is_some_and(|(closes, reveals)| closes <= reveals)
    }
}

impl Division {
    /// That of a phase. Nothing is divided without a share.
    ///
    /// # Errors
    /// The phase has a share and its benchmark no key.
    pub fn of(phase: &phase::Model, benchmark: &benchmark::Model) -> Result<Self> {
        let Some(percent) = phase.share_percent() else { return Ok(Self(None)) };
        let missing = || Error::internal("divide the queries", "the benchmark has no share key");
        let key = benchmark.share_key.as_ref().ok_or_else(missing)?;
        Ok(Self(Some((key.share_key()?, percent))))
    }

    /// The scores of ranks that were read against a benchmark.
    pub fn scores(&self, ranks: &Ranks, benchmark: &Benchmark, rounds: bool) -> Result<Scores> {
        let Some(share) = self.share_of(benchmark)? else {
            let card = Scorecard::of(ranks, benchmark);
            let overall = card.overall();
            return Ok(Scores {
                overall: if rounds { rounded(overall) } else { overall },
                card,
                final_overall: rounds.then_some(overall),
                final_card: None,
            });
        };
        let of = |part: scoring::Result<Ranks>| {
            let part = part.map_err(|e| Error::internal("divide the ranks", e))?;
            Ok::<_, Error>(Scorecard::of(&part, benchmark))
        };
        let (card, rest) = (of(share.of(ranks))?, of(share.rest_of(ranks))?);
        let overall = card.overall();
        Ok(Scores {
            overall: if rounds { rounded(overall) } else { overall },
            card,
            final_overall: Some(rest.overall()),
            final_card: Some(rest),
        })
    }

    /// A part of the ranks of submissions to one benchmark.
    pub fn by_id(&self, all: HashMap<Uuid, Ranks>, part: Part) -> Result<HashMap<Uuid, Ranks>> {
        let (Some((key, percent)), Part::Share | Part::Rest) = (&self.0, part) else {
            return Ok(all);
        };
        // A group that one submission lacks has to be known from the others.
        let mut groups = BTreeMap::new();
        for group in all.values().flat_map(Ranks::groups) {
            groups.insert(group.name(), group.queries());
        }
        let share = FeedbackShare::select(key, *percent, groups).map_err(undivided)?;
        let of_one = |(id, ranks): (&Uuid, &Ranks)| {
            let part = if part == Part::Share { share.of(ranks) } else { share.rest_of(ranks) };
            Ok((*id, part.map_err(undivided)?))
        };
        all.iter().map(of_one).collect()
    }

    /// How many queries of each group of a benchmark are in a part.
    pub fn group_queries(&self, benchmark: &Benchmark, part: Part) -> Result<Vec<usize>> {
        let groups = benchmark.groups().iter();
        Ok(match (self.share_of(benchmark)?, part) {
            (Some(share), Part::Share) => share.sizes().map(|(share, _)| share).collect(),
            (Some(share), Part::Rest) => share.sizes().map(|(_, rest)| rest).collect(),
            _ => groups.map(|group| benchmark.scored_in(group)).collect(),
        })
    }

    /// About how many of so many queries are in a part; groups are rounded.
    pub fn about(&self, queries: u64, part: Part) -> u64 {
        let Some((_, percent)) = &self.0 else { return queries };
        let share = (queries * u64::from(*percent) + 50) / 100;
        match part {
            Part::All => queries,
            Part::Share => share,
            Part::Rest => queries - share,
        }
    }

    fn share_of(&self, benchmark: &Benchmark) -> Result<Option<FeedbackShare>> {
        let Some((key, percent)) = &self.0 else { return Ok(None) };
        FeedbackShare::of_benchmark(key, *percent, benchmark).map(Some).map_err(undivided)
    }
}

/// The feedback share of a phase, as everyone sees it at an instant; none if it has none. The key is public
/// once every phase with a share on its benchmark is revealed.
pub async fn public_share(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    ready: &Benchmark,
    now: Instant,
) -> Result<Option<PublicShare>> {
    let division = Division::of(phase, benchmark)?;
    let Some((key, percent)) = &division.0 else { return Ok(None) };
    let on = phase::Entity::find().filter(phase::Column::BenchmarkId.eq(benchmark.id));
    let mut divided = on.all(db).await?.into_iter().filter(|it| it.share_percent().is_some());
    let is_public = divided.all(|phase| phase.is_revealed(now));
    let hex = benchmark.share_key.as_ref().filter(|_| is_public).map(|key| key.0.clone());
    Ok(Some(PublicShare {
        percent: *percent,
        queries: division.group_queries(ready, Part::Share)?.iter().sum(),
        rest: division.group_queries(ready, Part::Rest)?.iter().sum(),
        commitment: key.commitment(),
        key: hex,
    }))
}

/// Refuses to divide groups of fewer than two queries or sessions.
pub(crate) fn must_divide(benchmark: &Benchmark) -> Result<()> {
    let small = benchmark.groups().iter().find(|group| benchmark.scored_in(group) < 2);
    small.map_or(Ok(()), |group| {
        Err(Error::unusable(format!(
            "group `{}` has fewer than two {}, so it can’t be divided; set feedback_share = 0",
            group.name,
            benchmark.task().scored.many
        )))
    })
}

/// A score to a tenth of a point, as it is published where scores are rounded.
pub fn rounded(score: f64) -> f64 {
    (score * UNITS).round() / UNITS
}

impl SecretKey {
    /// The key of a feedback share.
    fn share_key(&self) -> Result<ShareKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(&self.0, &mut bytes)
            .map_err(|_| Error::internal("read the key of a feedback share", "it is damaged"))?;
        Ok(ShareKey::from_bytes(bytes))
    }
}

fn undivided(e: scoring::Error) -> Error {
    Error::internal("divide the queries", e)
}
