//! Challenges, their benchmarks and phases: what is asked, and when.

mod apply;
mod benchmarks;
mod definition;
mod phase;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub use apply::{Applied, apply};
pub use benchmarks::{Benchmarks, load};
pub use definition::Definition;
pub use phase::{Limits, PhaseState, state_at};

use crate::entities::{benchmark, challenge, phase as phases};
use crate::error::{Error, Result};

/// All challenges, oldest first.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<challenge::Model>> {
    Ok(challenge::Entity::find().order_by_asc(challenge::Column::Id).all(db).await?)
}

/// The challenge of that name.
pub async fn find(db: &impl ConnectionTrait, name: &str) -> Result<challenge::Model> {
    let named = challenge::Entity::find().filter(challenge::Column::Name.eq(name));
    named.one(db).await?.ok_or_else(|| Error::not_found("challenge", name))
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

/// The benchmark with that id.
pub async fn benchmark_by_id(db: &impl ConnectionTrait, id: i32) -> Result<benchmark::Model> {
    let benchmark = benchmark::Entity::find_by_id(id).one(db).await?;
    benchmark.ok_or_else(|| Error::not_found("benchmark", id))
}
