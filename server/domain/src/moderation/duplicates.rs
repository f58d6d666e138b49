//! Finds similar submissions of different teams. Only a share is shown, never a rank.

use std::collections::BTreeMap;

use scoring::Ranks;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::challenges;
use crate::entities::phase;
use crate::entities::submission::{self, State};
use crate::entities::team::{self, TeamKind};
use crate::error::{Error, Result};
use crate::submissions::{self, SubmissionsSite};

/// How many of the latest scored submissions of a phase are compared. For Fashion IQ's 6,000 test
/// queries their ranks take 10 MB. Nearly all of the 80,000 pairs differ within the first few
/// hundred queries; if all were alike, comparing them would take a fifth of a second.
const MOST: u64 = 400;

/// Submissions are alike if their targets have the same ranks in this share of the queries in which
/// either finds its target. Queries that both miss don't count: two weak submissions share most of
/// their misses.
const ALIKE: f64 = 0.98;

/// With fewer queries nothing is reported.
const FEWEST: usize = 20;

/// How many pairs are shown.
const TOLD: usize = 100;

/// Differences are counted for this many queries at a time.
const STRIDE: usize = 128;

/// Two similar submissions of different teams.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The later submission, with its team.
    pub later: (submission::Model, team::Model),
    /// The earlier submission, with its team.
    pub earlier: (submission::Model, team::Model),
    /// How they are alike.
    pub likeness: Likeness,
}

/// How two submissions are alike.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub enum Likeness {
    /// Both have the target at the same rank in this share of the queries in which either finds it.
    SamePlaces(f64),
    /// The same bytes were uploaded.
    SameFile,
}

/// The pairs of similar submissions of a phase, the most similar first.
pub async fn duplicates(site: &SubmissionsSite, phase: &phase::Model) -> Result<Vec<Pair>> {
    let latest = submission::Entity::find()
        .filter(submission::Column::PhaseId.eq(phase.id))
        .filter(submission::Column::Trial.eq(false))
        .filter(submission::Column::State.eq(State::Scored))
        .order_by_desc(submission::Column::ReceivedAt)
        .order_by_desc(submission::Column::Id)
        .limit(MOST);
    let (runs, db) = (latest.all(&site.db).await?, &site.db);
    let teams = teams_of(db, phase.challenge_id).await?;
    let ids = runs.iter().map(|run| run.id);
    let benchmark = challenges::benchmark_by_id(db, phase.benchmark_id).await?;
    let stored = submissions::stored_ranks(db, benchmark.targets_id, ids.collect()).await?;
    let found = tokio::task::spawn_blocking(move || pairs(&runs, &teams, &stored));
    found.await.map_err(|e| Error::internal("compare submissions", e))?
}

async fn teams_of(
    db: &impl ConnectionTrait,
    challenge_id: i32,
) -> Result<BTreeMap<i32, team::Model>> {
    let of = team::Entity::find().filter(team::Column::ChallengeId.eq(challenge_id));
    Ok(of.all(db).await?.into_iter().map(|team| (team.id, team)).collect())
}

fn pairs(
    runs: &[submission::Model],
    teams: &BTreeMap<i32, team::Model>,
    stored: &BTreeMap<Uuid, Vec<u8>>,
) -> Result<Vec<Pair>> {
    let mut places = BTreeMap::new();
    for (id, bytes) in stored {
        let ranks = Ranks::from_bytes(bytes);
        let ranks = ranks.map_err(|e| Error::internal("read stored ranks", e))?;
        places.insert(*id, flat(&ranks));
    }
    let likeness = |one: &submission::Model, other: &submission::Model| {
        if one.upload_digest == other.upload_digest {
            return Some(Likeness::SameFile);
        }
        share(places.get(&one.id)?, places.get(&other.id)?).map(Likeness::SamePlaces)
    };
    let mut pairs: Vec<(Likeness, usize, usize)> = Vec::new();
    for (i, later) in runs.iter().enumerate() {
        for (j, earlier) in runs.iter().enumerate().skip(i + 1) {
            let may_tell = may_tell(teams.get(&later.team_id), teams.get(&earlier.team_id));
            if let Some(likeness) = may_tell.then(|| likeness(later, earlier)).flatten() {
                pairs.push((likeness, i, j));
            }
        }
    }
    pairs.sort_by(|one, other| other.0.partial_cmp(&one.0).unwrap_or(std::cmp::Ordering::Equal));
    pairs.truncate(TOLD);
    let whole = |run: &submission::Model| Some((run.clone(), teams.get(&run.team_id)?.clone()));
    let pair = |(likeness, i, j): (Likeness, usize, usize)| {
        Some(Pair { later: whole(&runs[i])?, earlier: whole(&runs[j])?, likeness })
    };
    Ok(pairs.into_iter().filter_map(pair).collect())
}

/// Whether a likeness between two teams matters: a team may repeat itself, and so may the
/// organisers' programs.
fn may_tell(one: Option<&team::Model>, other: Option<&team::Model>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    let is_ours = |team: &team::Model| matches!(team.kind, TeamKind::Baseline | TeamKind::Probe);
    one.id != other.id && !(is_ours(one) && is_ours(other))
}

/// The ranks of all targets in one list; 0 for an absent target.
fn flat(ranks: &Ranks) -> Vec<u32> {
    let of = |group| -> Vec<u32> {
        let group: &scoring::GroupRanks = group;
        (0..group.queries()).flat_map(|query| group.of(query).iter().copied()).collect()
    };
    ranks.groups().iter().flat_map(of).collect()
}

/// The share of queries in which two submissions agree, among those in which either finds its
/// target; none if they are not alike.
fn share(one: &[u32], other: &[u32]) -> Option<f64> {
    if one.len() != other.len() {
        return None;
    }
    let most = (1.0 - ALIKE) * one.len() as f64;
    let (mut found, mut differ) = (0_usize, 0_usize);
    for (one, other) in one.chunks(STRIDE).zip(other.chunks(STRIDE)) {
        for (one, other) in one.iter().zip(other) {
            found += usize::from(one | other != 0);
            differ += usize::from(one != other);
        }
        // There are already too many differences.
        if differ as f64 > most {
            return None;
        }
    }
    let share = 1.0 - differ as f64 / found.max(1) as f64;
    (found >= FEWEST && share >= ALIKE).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_alike_by_what_either_finds() {
        let some = |n: usize, found: usize| -> Vec<u32> {
            (0..n).map(|q| if q < found { 1 + q as u32 % 7 } else { 0 }).collect()
        };
        let one = some(1000, 1000);
        assert_eq!(share(&one, &one), Some(1.0));
        let mut other = one.clone();
        other.iter_mut().take(20).for_each(|rank| *rank += 1);
        assert_eq!(share(&one, &other), Some(0.98));
        other[20] += 1;
        assert_eq!(share(&one, &other), None);
        // shared misses mean nothing
        let (weak, mut weaker) = (some(1000, 30), some(1000, 30));
        assert_eq!(share(&weak, &weaker), Some(1.0));
        weaker[0] += 1;
        assert_eq!(share(&weak, &weaker), None);
        assert_eq!(share(&some(1000, 19), &some(1000, 19)), None, "of too few");
        assert_eq!(share(&one, &one[1..]), None, "submissions to other benchmarks");
    }
}
