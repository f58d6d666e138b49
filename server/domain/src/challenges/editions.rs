//! The edition of a benchmark: the scorecards that count, which a rescoring set replaces.
//!
//! A definition never changes what submissions were scored on; a rescoring set in force does. The
//! row of a benchmark names that set, and the set with the targets. A row that names another set is
//! the benchmark as it would be, so everything that reads a benchmark also previews a set.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entities::{benchmark, challenge, rescoring};
use crate::error::{Error, Result};

impl benchmark::Model {
    /// The key of the scorecards that count: the version of the definition, and the rescoring set
    /// in force.
    pub fn edition(&self) -> String {
        match self.rescoring_id {
            None => self.version.clone(),
            Some(id) => format!("{}+{id}", self.version),
        }
    }

    /// The benchmark with a set in force.
    #[must_use]
    pub fn with_set(&self, set: &rescoring::Model) -> Self {
        Self { rescoring_id: Some(set.id), targets_id: set.targets_id(), ..self.clone() }
    }

    /// The benchmark as its definition says, with no set in force.
    #[must_use]
    pub fn without_set(&self) -> Self {
        Self { rescoring_id: None, targets_id: None, ..self.clone() }
    }
}

/// The benchmark with a set in force, or with none.
pub async fn with_rescoring(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
    id: Option<i32>,
) -> Result<benchmark::Model> {
    let Some(id) = id else { return Ok(benchmark.without_set()) };
    let set = rescoring::Entity::find_by_id(id).one(db).await?;
    let set = set.filter(|set| set.benchmark_id == benchmark.id);
    Ok(benchmark.with_set(&set.ok_or_else(|| Error::not_found("rescoring", id))?))
}

/// The rescoring set with this id in a challenge, with its benchmark as it is now.
pub async fn rescoring_with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<(rescoring::Model, benchmark::Model)> {
    let unknown = || Error::not_found("rescoring", id);
    let set = rescoring::Entity::find_by_id(id).one(db).await?.ok_or_else(unknown)?;
    let benchmark = super::benchmark_by_id(db, set.benchmark_id).await?;
    if benchmark.challenge_id == challenge.id { Ok((set, benchmark)) } else { Err(unknown()) }
}

/// The rescoring sets of a challenge with their benchmarks, the latest first.
pub async fn rescorings_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<(rescoring::Model, benchmark::Model)>> {
    let benchmarks = super::benchmarks_of(db, challenge.id).await?;
    let ids = benchmarks.iter().map(|benchmark| benchmark.id);
    let sets = rescoring::Entity::find().filter(rescoring::Column::BenchmarkId.is_in(ids));
    let sets = sets.order_by_desc(rescoring::Column::Id).all(db).await?.into_iter();
    let with_benchmark = |set: rescoring::Model| {
        let benchmark = benchmarks.iter().find(|own| own.id == set.benchmark_id)?.clone();
        Some((set, benchmark))
    };
    Ok(sets.filter_map(with_benchmark).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::Instant;
    use crate::entities::benchmark::{PicturesAre, Publication, TargetsAre};
    use crate::entities::rescoring::{Kind, State};

    fn benchmark() -> benchmark::Model {
        benchmark::Model {
            id: 1,
            challenge_id: 1,
            name: "test".to_owned(),
            task: "fashion-iq".to_owned(),
            folder: String::new(),
            split: "test".to_owned(),
            protocol: "original".to_owned(),
            targets: TargetsAre::Hidden,
            targets_file: None,
            version: "abc".to_owned(),
            gallery_digest: String::new(),
            queries: 1,
            publication: Publication::Official,
            secret_key: None,
            shared_limits: true,
            licence: None,
            rescoring_id: None,
            targets_id: None,
            share_key: None,
            draw_key: None,
            simulator: None,
            pictures: PicturesAre::None,
        }
    }

    fn set(id: i32, kind: Kind, base: &benchmark::Model) -> rescoring::Model {
        rescoring::Model {
            id,
            benchmark_id: 1,
            kind,
            state: State::Ready,
            reason: String::new(),
            created_at: Instant(0),
            base_id: base.rescoring_id,
            base_targets_id: base.targets_id,
            version: String::new(),
            computed_at: None,
            failed: None,
            lease_expires_at: Instant(0),
        }
    }

    #[test]
    fn each_set_is_an_edition_and_a_fixed_scorer_keeps_the_targets_in_force() {
        let first = benchmark();
        let corrected = first.with_set(&set(2, Kind::Targets, &first));
        let fixed = corrected.with_set(&set(3, Kind::Scorer, &corrected));
        let editions = [&first, &corrected, &fixed].map(benchmark::Model::edition);
        assert_eq!(editions, ["abc", "abc+2", "abc+3"]);
        assert_eq!([corrected.targets_id, fixed.targets_id], [Some(2), Some(2)]);
        assert_eq!(first.with_set(&set(4, Kind::Scorer, &first)).targets_id, None);
        assert_eq!(fixed.without_set(), first);
    }
}
