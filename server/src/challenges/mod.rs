//! Challenges, their benchmarks and phases: what is asked, and when.

mod apply;
mod asked;
mod benchmarks;
mod data_sets;
mod definition;
mod documents;
mod effects;
mod feedback;
mod fields;
mod links;
mod lint;
mod phase;
mod plan;
mod reset;
mod rows;
mod show;
mod shown;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};

pub use apply::Application;
pub use asked::{AskedField, AskedKind, Details};
pub use benchmarks::{Benchmarks, Ready, Source};
pub use data_sets::{DataAccess, data_grants_of, grant_data, read_data_path, revoke_data};
pub use definition::{BenchmarkDefinition, Definition, JoiningDefinition, PhaseDefinition};
pub use documents::Document;
pub use links::leads_somewhere;
pub use lint::{Findings, lint};
pub use phase::{Limits, PhaseState, state_at};
pub use plan::{Change, ChangeKind, FieldChange, Plan};
pub use reset::Reset;
pub use show::shown_as_toml;
pub use shown::{Metric, Shown, Viewer};

use crate::ambient::Instant;
use crate::entities::{benchmark, challenge, phase as phases};
use crate::error::{Error, Result};

/// A phase with what stands around it.
pub struct Located {
    /// Its challenge.
    pub challenge: challenge::Model,
    /// The phase.
    pub phase: phases::Model,
    /// Its benchmark.
    pub benchmark: benchmark::Model,
}

/// The phase of that name in the challenge of that name.
pub async fn locate(db: &impl ConnectionTrait, challenge: &str, phase: &str) -> Result<Located> {
    let challenge = find(db, challenge).await?;
    let phase = find_phase(db, &challenge, phase).await?;
    let benchmark = benchmark_by_id(db, phase.benchmark_id).await?;
    Ok(Located { challenge, phase, benchmark })
}

/// The phase with that id, which is one of the challenge.
pub async fn located(
    db: &impl ConnectionTrait,
    challenge: challenge::Model,
    phase_id: i32,
) -> Result<Located> {
    let phase = phase_by_id(db, phase_id).await?;
    let benchmark = benchmark_by_id(db, phase.benchmark_id).await?;
    Ok(Located { challenge, phase, benchmark })
}

/// All challenges, oldest first.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<challenge::Model>> {
    Ok(challenge::Entity::find().order_by_asc(challenge::Column::Id).all(db).await?)
}

/// The challenge of that name.
pub async fn find(db: &impl ConnectionTrait, name: &str) -> Result<challenge::Model> {
    let named = challenge::Entity::find().filter(challenge::Column::Name.eq(name));
    named.one(db).await?.ok_or_else(|| Error::not_found("challenge", name))
}

/// The challenge with that id.
pub async fn by_id(db: &impl ConnectionTrait, id: i32) -> Result<challenge::Model> {
    let challenge = challenge::Entity::find_by_id(id).one(db).await?;
    challenge.ok_or_else(|| Error::not_found("challenge", id))
}

/// The phases of a challenge in the organisers' order.
pub async fn phases_of(db: &impl ConnectionTrait, challenge_id: i32) -> Result<Vec<phases::Model>> {
    let of = phases::Entity::find().filter(phases::Column::ChallengeId.eq(challenge_id));
    Ok(of.order_by_asc(phases::Column::Position).all(db).await?)
}

/// The phase of that name in a challenge.
pub async fn find_phase(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    name: &str,
) -> Result<phases::Model> {
    let named = phases::Entity::find()
        .filter(phases::Column::ChallengeId.eq(challenge.id))
        .filter(phases::Column::Name.eq(name));
    named.one(db).await?.ok_or_else(|| Error::not_found("phase", name))
}

/// The phase with that id.
pub async fn phase_by_id(db: &impl ConnectionTrait, id: i32) -> Result<phases::Model> {
    let phase = phases::Entity::find_by_id(id).one(db).await?;
    phase.ok_or_else(|| Error::not_found("phase", id))
}

/// The benchmark of that name in a challenge.
pub async fn find_benchmark(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    name: &str,
) -> Result<benchmark::Model> {
    let named = benchmark::Entity::find()
        .filter(benchmark::Column::ChallengeId.eq(challenge.id))
        .filter(benchmark::Column::Name.eq(name));
    named.one(db).await?.ok_or_else(|| Error::not_found("benchmark", name))
}

/// The benchmarks of a challenge.
pub async fn benchmarks_of(
    db: &impl ConnectionTrait,
    challenge_id: i32,
) -> Result<Vec<benchmark::Model>> {
    let of = benchmark::Entity::find().filter(benchmark::Column::ChallengeId.eq(challenge_id));
    Ok(of.all(db).await?)
}

/// The benchmark with that id.
pub async fn benchmark_by_id(db: &impl ConnectionTrait, id: i32) -> Result<benchmark::Model> {
    let benchmark = benchmark::Entity::find_by_id(id).one(db).await?;
    benchmark.ok_or_else(|| Error::not_found("benchmark", id))
}

/// Counts up what kept pages of a challenge are compared with: something on them has changed.
pub async fn touch(db: &impl ConnectionTrait, challenge_id: i32) -> Result<()> {
    let revision = challenge::Column::Revision;
    challenge::Entity::update_many()
        .col_expr(revision, Expr::col(revision).add(1))
        .filter(challenge::Column::Id.eq(challenge_id))
        .exec(db)
        .await?;
    Ok(())
}

/// The same for what happened in a phase at an instant, unless its frozen board hides that: to make the
/// board anew would take time, and so show that something happened behind it. Answers whether anybody
/// can see it.
pub async fn touch_unless_hidden(
    db: &impl ConnectionTrait,
    phase: &phases::Model,
    happened_at: Instant,
    now: Instant,
) -> Result<bool> {
    let visible = !phase.hides(happened_at, now);
    if visible {
        touch(db, phase.challenge_id).await?;
    }
    Ok(visible)
}
