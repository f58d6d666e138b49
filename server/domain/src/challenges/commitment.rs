//! Commitments to hidden targets: published digests that fix the targets before anyone submits.
//!
//! Once all phases of a benchmark are revealed, the salt is published too, and anyone who has the
//! targets can check that they are those of the first day. `docs/commitment.md` defines the digest.

use scoring::{Benchmark, SALT_BYTES};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};

use crate::ambient::{Ambient, Instant};
use crate::entities::benchmark::TargetsAre;
use crate::entities::commitment::{ActiveModel, Column, Entity, Model, Salt};
use crate::entities::{benchmark, phase};
use crate::error::{Error, Result};

/// A commitment that is not stored yet.
#[derive(Debug, Clone)]
pub(crate) struct NewCommitment {
    digest: String,
    salt: Salt,
    /// The one before it, if there is one.
    pub(crate) before: Option<i32>,
}

/// A commitment as everyone sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicCommitment {
    /// The digest of salt and targets: SHA-256, in hex.
    pub digest: String,
    /// When it was made.
    pub made_at: Instant,
    /// Why it replaced the one before it; none for the first one.
    pub reason: Option<String>,
    /// The salt, in hex, once it is public.
    pub salt: Option<String>,
}

impl NewCommitment {
    /// A commitment to the targets of a benchmark as it is published; none if its last one is
    /// already to the same targets, or if its targets aren't hidden.
    pub(crate) fn needed(
        benchmark: &Benchmark,
        targets: TargetsAre,
        last: Option<&Model>,
        ambient: &Ambient,
    ) -> Result<Option<Self>> {
        if targets != TargetsAre::Hidden {
            return Ok(None);
        }
        if let Some(last) = last
            && benchmark.commitment(&last.salt.bytes()?).as_ref() == Some(&last.digest)
        {
            return Ok(None);
        }
        let salt = ambient.bytes::<SALT_BYTES>();
        let before = last.map(|last| last.id);
        let of = |digest| Self { digest, salt: Salt(hex::encode(salt)), before };
        Ok(benchmark.commitment(&salt).map(of))
    }

    /// What storing it does, for the preview of a changed definition.
    pub(crate) fn effect(&self) -> &'static str {
        match self.before {
            None => "a commitment to its targets is published",
            Some(_) => {
                "its targets differ from those of the published commitment: a new one is published \
                 with your reason, and the old one stays listed"
            }
        }
    }

    /// Stores it. The reason says why it replaces another one.
    pub(crate) async fn insert(
        &self,
        db: &impl ConnectionTrait,
        benchmark_id: i32,
        (made_at, reason): (Instant, &str),
    ) -> Result<()> {
        let row = Model {
            id: 0,
            benchmark_id,
            digest: self.digest.clone(),
            salt: self.salt.clone(),
            made_at,
            reason: self.before.map(|_| reason.to_owned()),
        };
        let row = ActiveModel { id: NotSet, ..row.into_active_model().reset_all() };
        row.insert(db).await?;
        Ok(())
    }
}

impl Salt {
    fn bytes(&self) -> Result<[u8; SALT_BYTES]> {
        let mut bytes = [0; SALT_BYTES];
        let damaged = |_| Error::internal("read the salt of a commitment", "it is damaged");
        hex::decode_to_slice(&self.0, &mut bytes).map_err(damaged)?;
        Ok(bytes)
    }
}

/// The last commitment to a benchmark's targets, if there is one.
pub(crate) async fn last_commitment(
    db: &impl ConnectionTrait,
    benchmark_id: i32,
) -> Result<Option<Model>> {
    let of = Entity::find().filter(Column::BenchmarkId.eq(benchmark_id));
    Ok(of.order_by_desc(Column::Id).one(db).await?)
}

/// The digest of the last commitment to a benchmark's targets, if there is one.
pub async fn commitment_digest(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
) -> Result<Option<String>> {
    Ok(last_commitment(db, benchmark.id).await?.map(|last| last.digest))
}

/// All commitments to a benchmark's targets, oldest first, as everyone sees them at an instant.
pub async fn public_commitments(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
    now: Instant,
) -> Result<Vec<PublicCommitment>> {
    let rows = Entity::find().filter(Column::BenchmarkId.eq(benchmark.id));
    let rows = rows.order_by_asc(Column::Id).all(db).await?;
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let phases = phase::Entity::find().filter(phase::Column::BenchmarkId.eq(benchmark.id));
    let is_public = is_salt_public(benchmark.targets, &phases.all(db).await?, now);
    let public = |row: Model| PublicCommitment {
        digest: row.digest,
        made_at: row.made_at,
        reason: row.reason,
        salt: is_public.then_some(row.salt.0),
    };
    Ok(rows.into_iter().map(public).collect())
}

/// Whether everyone may know the salt: the targets are public, or every phase on the benchmark is
/// revealed. While one isn't, the salt would let its participants confirm a guess of all targets.
fn is_salt_public(targets: TargetsAre, phases: &[phase::Model], now: Instant) -> bool {
    let revealed = !phases.is_empty() && phases.iter().all(|phase| phase.is_revealed(now));
    targets == TargetsAre::Public || revealed
}
