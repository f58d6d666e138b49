//! Rescoring: new scorecards for all submissions to a benchmark, beside those that count, until an
//! organiser applies or cancels them.
//!
//! A set corrects the targets of the same queries and galleries, or computes the cards with the
//! present scorer. Another protocol is another benchmark, never a set.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect, Set,
};

use super::audit;
use super::change::Change;
use super::notices;
use crate::ambient::Instant;
use crate::challenges::commitment::{NewCommitment, last_commitment};
use crate::challenges::{self, Source};
use crate::database::{UnitOfWork, from_json};
use crate::entities::benchmark::TargetsAre;
use crate::entities::corrected_targets::{self, SecretTargets};
use crate::entities::rescoring::{self, Kind, State};
use crate::entities::{benchmark, challenge, phase, scorecard, user};
use crate::error::{Error, Result};
use crate::standings::{self, Move};
use crate::submissions::{self, CURRENT_SCORER, FailedCard, SubmissionsSite};

/// The largest file of corrected targets, in bytes.
pub const TARGETS_BYTES: usize = 16 << 20;

/// How often submissions that were scored in the meantime are added before a set is applied.
const TRIES: usize = 5;

/// What a set changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// The targets, given as the content of a targets file.
    Targets(SecretTargets),
    /// Nothing but the scorer.
    Scorer,
}

/// What a set would change.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The set.
    pub set: rescoring::Model,
    /// The benchmark as it is now.
    pub benchmark: benchmark::Model,
    /// Whether the set is in force.
    pub in_force: bool,
    /// How many scored submissions there are.
    pub submissions: u64,
    /// How many of them the set does not have yet.
    pub missing: u64,
    /// The submissions that could not be scored.
    pub failed: Vec<FailedCard>,
    /// What moves in each phase of the benchmark; empty unless the set can be applied.
    pub phases: Vec<PhaseMoves>,
}

/// What moves in a phase.
#[derive(Debug, Clone)]
pub struct PhaseMoves {
    /// The phase.
    pub phase: phase::Model,
    /// The teams whose rank or score changes.
    pub moves: Vec<Move>,
    /// Whether its public board is frozen, and so doesn't change.
    pub frozen: bool,
}

impl PhaseMoves {
    /// How many ranks move.
    pub fn ranks(&self) -> usize {
        self.moves.iter().filter(|it| it.is_of_rank()).count()
    }
}

/// Creates a set for a benchmark of a challenge. Its cards are computed afterwards, by a server or
/// by [`compute_set`](submissions::compute_set).
pub async fn create_rescoring(
    site: &SubmissionsSite,
    by: Option<&user::Model>,
    challenge: &challenge::Model,
    (benchmark, correction): (&str, Correction),
    reason: &str,
) -> Result<rescoring::Model> {
    let reason = audit::reason(reason)?;
    let benchmark = challenges::find_benchmark(&site.db, challenge, benchmark).await?;
    if benchmark.targets == TargetsAre::None {
        return Err(Error::conflict(format!(
            "benchmark `{}` has no targets, so its submissions have no scores",
            benchmark.name
        )));
    }
    let (kind, version, targets) = match correction {
        Correction::Scorer => {
            ensure_older_cards(&site.db, &benchmark).await?;
            let present = site.benchmarks.get(&benchmark).await?;
            (Kind::Scorer, present.benchmark.version(), None)
        }
        Correction::Targets(targets) => {
            let version = corrected_version(site, &benchmark, targets.clone()).await?;
            (Kind::Targets, version, Some(targets))
        }
    };
    let unit = UnitOfWork::begin(site).await?;
    let present = challenges::benchmark_by_id(unit.db(), benchmark.id).await?;
    if present.edition() != benchmark.edition() {
        return Err(Error::changed_meanwhile());
    }
    if submissions::scorable(unit.db(), &benchmark).await? == 0 {
        return Err(Error::conflict(format!(
            "benchmark `{}` has no scored submissions; there is nothing to rescore",
            benchmark.name
        )));
    }
    let set = rescoring::ActiveModel {
        id: NotSet,
        benchmark_id: Set(benchmark.id),
        kind: Set(kind),
        state: Set(State::Computing),
        reason: Set(reason.to_owned()),
        created_at: Set(unit.now()),
        base_id: Set(benchmark.rescoring_id),
        base_targets_id: Set(benchmark.targets_id),
        version: Set(version),
        computed_at: Set(None),
        failed: Set(None),
        lease_expires_at: Set(Instant(0)),
    };
    let set = set.insert(unit.db()).await?;
    if let Some(bytes) = targets {
        let row = corrected_targets::ActiveModel { rescoring_id: Set(set.id), bytes: Set(bytes) };
        row.insert(unit.db()).await?;
    }
    let change = Change::RescoringSet {
        rescoring: set.id,
        benchmark: benchmark.name.clone(),
        created: true,
    };
    audit::record(&unit, challenge.id, by, &change, reason).await?;
    unit.commit().await?;
    Ok(set)
}

/// Refuses a set that would compute the same cards again.
async fn ensure_older_cards(db: &impl ConnectionTrait, benchmark: &benchmark::Model) -> Result<()> {
    if let Some(newer) = submissions::newer_scorer(db).await? {
        return Err(Error::newer_scorer(newer, CURRENT_SCORER));
    }
    let older = scorecard::Entity::find()
        .filter(submissions::counting(&benchmark.edition()))
        .filter(scorecard::Column::ScorerVersion.lt(CURRENT_SCORER));
    if older.limit(1).one(db).await?.is_none() {
        return Err(Error::conflict(format!(
            "all scorecards of benchmark `{}` come from the present scorer; there is nothing to \
             rescore without corrected targets",
            benchmark.name
        )));
    }
    Ok(())
}

/// Reads corrected targets, and returns the version of the benchmark with them.
async fn corrected_version(
    site: &SubmissionsSite,
    benchmark: &benchmark::Model,
    targets: SecretTargets,
) -> Result<String> {
    let of_targets = |detail: String| Error::field("targets", detail);
    if benchmark.targets != TargetsAre::Hidden {
        return Err(Error::conflict(format!(
            "the targets of benchmark `{}` are published with its data, so correct the data and \
             make it a new benchmark",
            benchmark.name
        )));
    }
    if targets.0.len() > TARGETS_BYTES {
        let most = TARGETS_BYTES >> 20;
        return Err(of_targets(format!("is larger than {most} MiB")));
    }
    let present = site.benchmarks.get(benchmark).await?;
    let source = Source { corrected: Some(targets), ..Source::of(benchmark)? };
    let read = tokio::task::spawn_blocking(move || source.read());
    let read = read.await.map_err(|e| Error::internal("read corrected targets", e))?;
    let ready = read.map_err(|e| of_targets(format!("can’t be used: {}", e.detail)))?;
    if ready.benchmark.version() == present.benchmark.version() {
        return Err(of_targets("has the same targets as those in force".to_owned()));
    }
    if ready.benchmark.gallery_digest() != benchmark.gallery_digest {
        return Err(Error::internal("read a benchmark", "its galleries have changed"));
    }
    Ok(ready.benchmark.version())
}

/// What a set of a challenge would change.
pub async fn preview_rescoring(
    site: &SubmissionsSite,
    challenge: &challenge::Model,
    id: i32,
) -> Result<Preview> {
    let (db, now) = (&site.db, site.ambient.now());
    let (set, benchmark) = challenges::rescoring_with(db, challenge, id).await?;
    let other = benchmark.with_set(&set);
    let failed: Option<Vec<FailedCard>> = set.failed.as_deref().map(from_json).transpose()?;
    let can_be_applied = set.state == State::Ready && set.base_id == benchmark.rescoring_id;
    let phases = if can_be_applied {
        moves_of(db, challenge, (&benchmark, &other), now).await?
    } else {
        vec![]
    };
    Ok(Preview {
        in_force: benchmark.rescoring_id == Some(set.id),
        submissions: submissions::scorable(db, &benchmark).await?,
        missing: submissions::missing(db, &other, false).await?,
        failed: failed.unwrap_or_default(),
        phases,
        benchmark,
        set,
    })
}

/// What moves in each phase of a benchmark between two editions.
async fn moves_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    (present, other): (&benchmark::Model, &benchmark::Model),
    now: Instant,
) -> Result<Vec<PhaseMoves>> {
    let mut all = Vec::new();
    for phase in challenges::phases_of(db, challenge.id).await? {
        if phase.benchmark_id == present.id {
            let moves = standings::moves(db, &phase, (present, other), now).await?;
            let frozen = phase.frozen_at(now).is_some();
            all.push(PhaseMoves { phase, moves, frozen });
        }
    }
    Ok(all)
}

/// Applies a set, with a reason: its scorecards count from now on, and teams are notified.
/// Submissions that were scored since it was computed are added first.
pub async fn apply_rescoring(
    site: &SubmissionsSite,
    by: Option<&user::Model>,
    challenge: &challenge::Model,
    id: i32,
    reason: &str,
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let (set, benchmark) = challenges::rescoring_with(&site.db, challenge, id).await?;
    ensure_applicable(&set, &benchmark)?;
    let mut left = TRIES;
    loop {
        submissions::fill(site, &benchmark.with_set(&set)).await?;
        let mut unit = UnitOfWork::begin(site).await?;
        let (set, benchmark) = challenges::rescoring_with(unit.db(), challenge, id).await?;
        ensure_applicable(&set, &benchmark)?;
        left -= 1;
        let other = benchmark.with_set(&set);
        if left > 0 && submissions::missing(unit.db(), &other, true).await? > 0 {
            unit.cancel().await?;
            continue;
        }
        let change = Change::Rescoring {
            benchmark: benchmark.id,
            name: benchmark.name.clone(),
            before: benchmark.rescoring_id,
            after: Some(id),
        };
        change.apply(&mut unit, challenge, reason).await?;
        commit_to_targets(site, &unit, &change, reason).await?;
        audit::record(&unit, challenge.id, by, &change, reason).await?;
        return unit.commit().await;
    }
}

/// Refuses a set that is not ready, or was made when another set was in force.
fn ensure_applicable(set: &rescoring::Model, benchmark: &benchmark::Model) -> Result<()> {
    let id = set.id;
    let why = match set.state {
        State::Computing => "is still being computed; try again when it is ready",
        State::Cancelled => "was cancelled; create a new one",
        State::Applied if benchmark.rescoring_id == Some(id) => "is already in force",
        State::Applied => "was applied before, and another one is in force now",
        State::Ready if set.base_id != benchmark.rescoring_id => {
            "was created before another rescoring was applied or undone; create a new one"
        }
        State::Ready => return Ok(()),
    };
    Err(Error::conflict(format!("rescoring {id} {why}")))
}

/// Cancels an open set, with a reason: its scorecards and targets are removed.
pub async fn cancel_rescoring(
    site: &SubmissionsSite,
    by: Option<&user::Model>,
    challenge: &challenge::Model,
    id: i32,
    reason: &str,
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let unit = UnitOfWork::begin(site).await?;
    let (set, benchmark) = challenges::rescoring_with(unit.db(), challenge, id).await?;
    match set.state {
        State::Computing | State::Ready => {}
        State::Applied => {
            let sentence = "was applied; undo that in the log first";
            return Err(Error::conflict(format!("rescoring {id} {sentence}")));
        }
        State::Cancelled => {
            return Err(Error::conflict(format!("rescoring {id} was already cancelled")));
        }
    }
    submissions::remove_cards(unit.db(), &benchmark, &set).await?;
    corrected_targets::Entity::delete_by_id(id).exec(unit.db()).await?;
    set_state(unit.db(), id, State::Cancelled).await?;
    let change = Change::RescoringSet { rescoring: id, benchmark: benchmark.name, created: false };
    audit::record(&unit, challenge.id, by, &change, reason).await?;
    unit.commit().await
}

/// Prepares undoing: computes the cards of submissions that were scored since then.
pub(super) async fn prepare(site: &SubmissionsSite, change: &Change) -> Result<()> {
    let Change::Rescoring { benchmark, after, .. } = change else { return Ok(()) };
    let present = challenges::benchmark_by_id(&site.db, *benchmark).await?;
    let other = challenges::with_rescoring(&site.db, &present, *after).await?;
    submissions::fill(site, &other).await.map(drop)
}

/// Puts a set into force, or none, and notifies the teams. Refused while a submission that counts
/// has no card in it.
pub(super) async fn put_in_force(
    unit: &mut UnitOfWork<'_>,
    challenge: &challenge::Model,
    present: &benchmark::Model,
    after: Option<i32>,
    reason: &str,
) -> Result<()> {
    let (before, now) = (present.rescoring_id, unit.now());
    let other = challenges::with_rescoring(unit.db(), present, after).await?;
    let missing = submissions::missing(unit.db(), &other, true).await?;
    if missing > 0 {
        let many = if missing == 1 { "submission has" } else { "submissions have" };
        return Err(Error::conflict(format!(
            "{missing} {many} no score there: the stored upload can’t be read, or it was only just \
             scored; disqualify it, or try again in a moment (nothing was changed)"
        )));
    }
    // Frozen boards stay as they are.
    if !standings::keep_all(unit.db(), challenge.id, now).await? {
        return Err(Error::freezing());
    }
    let phases = moves_of(unit.db(), challenge, (present, &other), now).await?;
    let ids: Vec<i32> = phases.iter().map(|it| it.phase.id).collect();
    let row = benchmark::ActiveModel {
        id: Set(present.id),
        rescoring_id: Set(other.rescoring_id),
        targets_id: Set(other.targets_id),
        ..Default::default()
    };
    row.update(unit.db()).await?;
    submissions::copy_all_scores(unit.db(), &ids, &other.edition()).await?;
    let is_undone = match before {
        Some(before) => {
            let set = rescoring::Entity::find_by_id(before).one(unit.db()).await?;
            set.is_some_and(|set| set.base_id == after)
        }
        None => false,
    };
    match (before, after) {
        (Some(before), _) if is_undone => set_state(unit.db(), before, State::Ready).await?,
        (_, Some(after)) => set_state(unit.db(), after, State::Applied).await?,
        _ => {}
    }
    for phase in &phases {
        notices::rescored(unit, phase, present, is_undone, reason).await?;
    }
    unit.changes(challenge.id);
    Ok(())
}

/// Publishes a commitment to the targets that a rescoring brought into force, unless the last one is
/// already to them.
pub(super) async fn commit_to_targets(
    site: &SubmissionsSite,
    unit: &UnitOfWork<'_>,
    change: &Change,
    reason: &str,
) -> Result<()> {
    let Change::Rescoring { benchmark, .. } = change else { return Ok(()) };
    let benchmark = challenges::benchmark_by_id(unit.db(), *benchmark).await?;
    let ready = site.benchmarks.get(&benchmark).await?;
    let last = last_commitment(unit.db(), benchmark.id).await?;
    let of = (&ready.benchmark, benchmark.targets);
    match NewCommitment::needed(of.0, of.1, last.as_ref(), &site.ambient)? {
        Some(needed) => needed.insert(unit.db(), benchmark.id, (unit.now(), reason)).await,
        None => Ok(()),
    }
}

async fn set_state(db: &impl ConnectionTrait, id: i32, state: State) -> Result<()> {
    let update = rescoring::Entity::update_many()
        .col_expr(rescoring::Column::State, Expr::value(state))
        .filter(rescoring::Column::Id.eq(id));
    update.exec(db).await?;
    Ok(())
}
