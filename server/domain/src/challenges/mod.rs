//! Challenges, their benchmarks and phases.

mod asked;
mod audits;
mod benchmarks;
pub(crate) mod commitment;
mod data_sets;
mod definition;
mod dialog_rules;
mod documents;
mod editions;
mod explored;
mod feedback;
pub(crate) mod fields;
mod links;
mod lint;
mod package;
mod part;
mod phase;
mod reset;
mod retention;
pub(crate) mod rows;
pub(crate) mod settings;
mod show;
mod shown;
mod site;
mod statistics;
mod tasks;
mod thumbnails;

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub use asked::{AskedField, AskedKind, Details};
pub use audits::{
    AuditFinding, AuditSummary, BenchmarkAudit, Severity, audit_benchmark, audit_summary,
    last_audit,
};
pub use benchmarks::{Benchmarks, Ready, Source};
pub use commitment::{PublicCommitment, commitment_digest, public_commitments};
pub use data_sets::{DataAccess, data_grants_of, grant_data, read_data_path, revoke_data};
pub use definition::{
    BenchmarkDefinition, Definition, JoiningDefinition, PhaseDefinition, RESERVED_NAMES,
};
pub use dialog_rules::{DialogRules, PhaseKind};
pub use documents::Document;
pub use editions::{rescoring_with, rescorings_of, with_rescoring};
pub use explored::{Explored, ExploredGroup, ExploredSplit, Explorer, QueryPlace};
pub use fields::FieldChange;
pub use links::leads_somewhere;
pub use lint::{Findings, lint};
pub use package::{DataFile, List, Package, Packages, PictureCount, Published};
pub(crate) use part::must_divide;
pub use part::{Division, Part, PublicShare, Scores, public_share, rounded};
pub use phase::{Limits, PhaseState, state_at};
pub use reset::Reset;
pub use retention::Retention;
pub use settings::{Effect, Kind, PHASE_SETTINGS, PhaseSettings, Setting, Value, setting_named};
pub use show::shown_as_toml;
pub use shown::{OVERALL, Publishable, Seen, Shown, ShownScore, Viewer};
pub use site::ChallengesSite;
pub use statistics::DataStatistics;
pub use tasks::data_options;
pub use thumbnails::{THUMBNAILS, Thumbnails};

use crate::ambient::Instant;
use crate::database::UnitOfWork;
use crate::entities::{benchmark, challenge, phase as phases};
use crate::error::{Error, Result};

/// A phase with its challenge and benchmark.
pub struct Located {
    /// Its challenge.
    pub challenge: challenge::Model,
    /// The phase.
    pub phase: phases::Model,
    /// Its benchmark.
    pub benchmark: benchmark::Model,
}

/// The phase with this name in the challenge with this name.
pub async fn locate(db: &impl ConnectionTrait, challenge: &str, phase: &str) -> Result<Located> {
    let challenge = find(db, challenge).await?;
    let phase = find_phase(db, &challenge, phase).await?;
    let benchmark = benchmark_by_id(db, phase.benchmark_id).await?;
    Ok(Located { challenge, phase, benchmark })
}

/// The phase with this id in the challenge.
pub async fn located(
    db: &impl ConnectionTrait,
    challenge: challenge::Model,
    phase_id: i32,
) -> Result<Located> {
    let phase = phase_by_id(db, phase_id).await?;
    let benchmark = benchmark_by_id(db, phase.benchmark_id).await?;
    Ok(Located { challenge, phase, benchmark })
}

/// All challenges that are not deleted, oldest first.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<challenge::Model>> {
    let there = challenge::Entity::find().filter(challenge::Column::DeletedAt.is_null());
    Ok(there.order_by_asc(challenge::Column::Id).all(db).await?)
}

/// The challenge with this name, if it exists, also if it is deleted.
pub async fn named(db: &impl ConnectionTrait, name: &str) -> Result<Option<challenge::Model>> {
    let named = challenge::Entity::find().filter(challenge::Column::Name.eq(name));
    Ok(named.one(db).await?)
}

/// The challenge with this name. A deleted one is not found.
pub async fn find(db: &impl ConnectionTrait, name: &str) -> Result<challenge::Model> {
    let found = named(db, name).await?.filter(|found| found.deleted_at.is_none());
    found.ok_or_else(|| Error::not_found("challenge", name))
}

/// The challenge with this name for its organisers, who also see a deleted one.
pub async fn find_or_deleted(db: &impl ConnectionTrait, name: &str) -> Result<challenge::Model> {
    named(db, name).await?.ok_or_else(|| Error::not_found("challenge", name))
}

/// Refuses what teams do in a challenge that is archived or deleted.
pub(crate) async fn ensure_active(db: &impl ConnectionTrait, challenge_id: i32) -> Result<()> {
    by_id(db, challenge_id).await?.ensure_active()
}

/// The challenge with this id.
pub async fn by_id(db: &impl ConnectionTrait, id: i32) -> Result<challenge::Model> {
    let challenge = challenge::Entity::find_by_id(id).one(db).await?;
    challenge.ok_or_else(|| Error::not_found("challenge", id))
}

/// The phases of a challenge in the organisers' order.
pub async fn phases_of(db: &impl ConnectionTrait, challenge_id: i32) -> Result<Vec<phases::Model>> {
    let of = phases::Entity::find().filter(phases::Column::ChallengeId.eq(challenge_id));
    Ok(of.order_by_asc(phases::Column::Position).all(db).await?)
}

/// The phases of all challenges, by the challenge's id, each in the organisers' order.
pub async fn phases_by_challenge(
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<i32, Vec<phases::Model>>> {
    let mut by_challenge: BTreeMap<i32, Vec<_>> = BTreeMap::new();
    for phase in phases::Entity::find().order_by_asc(phases::Column::Position).all(db).await? {
        by_challenge.entry(phase.challenge_id).or_default().push(phase);
    }
    Ok(by_challenge)
}

/// The phases of a challenge in the organisers' order, each with its challenge and benchmark.
pub async fn located_phases(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<Located>> {
    let benchmarks = benchmarks_of(db, challenge.id).await?;
    let phases = phases_of(db, challenge.id).await?.into_iter();
    phases
        .map(|phase| {
            let benchmark = benchmarks.iter().find(|own| own.id == phase.benchmark_id).cloned();
            let missing = || Error::not_found("benchmark", phase.benchmark_id);
            let benchmark = benchmark.ok_or_else(missing)?;
            Ok(Located { challenge: challenge.clone(), phase, benchmark })
        })
        .collect()
}

/// The phase with this name in a challenge, if it exists.
pub async fn phase_named(
    db: &impl ConnectionTrait,
    challenge_id: i32,
    name: &str,
) -> Result<Option<phases::Model>> {
    let named = phases::Entity::find()
        .filter(phases::Column::ChallengeId.eq(challenge_id))
        .filter(phases::Column::Name.eq(name));
    Ok(named.one(db).await?)
}

/// The phase with this name in a challenge.
pub async fn find_phase(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    name: &str,
) -> Result<phases::Model> {
    let phase = phase_named(db, challenge.id, name).await?;
    phase.ok_or_else(|| Error::not_found("phase", name))
}

/// The phase with this id.
pub async fn phase_by_id(db: &impl ConnectionTrait, id: i32) -> Result<phases::Model> {
    let phase = phases::Entity::find_by_id(id).one(db).await?;
    phase.ok_or_else(|| Error::not_found("phase", id))
}

/// The benchmark with this name in a challenge, if it exists.
pub async fn benchmark_named(
    db: &impl ConnectionTrait,
    challenge_id: i32,
    name: &str,
) -> Result<Option<benchmark::Model>> {
    let named = benchmark::Entity::find()
        .filter(benchmark::Column::ChallengeId.eq(challenge_id))
        .filter(benchmark::Column::Name.eq(name));
    Ok(named.one(db).await?)
}

/// The benchmark with this name in a challenge.
pub async fn find_benchmark(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    name: &str,
) -> Result<benchmark::Model> {
    let benchmark = benchmark_named(db, challenge.id, name).await?;
    benchmark.ok_or_else(|| Error::not_found("benchmark", name))
}

/// The benchmarks of a challenge.
pub async fn benchmarks_of(
    db: &impl ConnectionTrait,
    challenge_id: i32,
) -> Result<Vec<benchmark::Model>> {
    let of = benchmark::Entity::find().filter(benchmark::Column::ChallengeId.eq(challenge_id));
    Ok(of.all(db).await?)
}

/// The benchmark with this id.
pub async fn benchmark_by_id(db: &impl ConnectionTrait, id: i32) -> Result<benchmark::Model> {
    let benchmark = benchmark::Entity::find_by_id(id).one(db).await?;
    benchmark.ok_or_else(|| Error::not_found("benchmark", id))
}

/// Notes on a unit of work that the phase's pages change because something happened to a team's
/// submissions, unless the frozen board hides it: rebuilding the board would take time, and so
/// reveal that something happened.
pub fn note_change(
    unit: &mut UnitOfWork<'_>,
    phase: &phases::Model,
    team_id: i32,
    happened_at: Instant,
) {
    if !phase.hides(happened_at, unit.now()) {
        unit.changes_submissions_of(phase.challenge_id, phase.id, team_id);
    }
}
