//! The statistics of a benchmark's public data: computed once, and kept in the database.

use std::sync::Arc;
use std::time::Duration;

use dataset::statistics::{DescribedSplit, Statistics};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, DatabaseConnection, EntityTrait, IntoActiveModel};
use tokio::sync::Mutex as AsyncMutex;

use super::{ChallengesSite, Explored};
use crate::database::{from_json, to_json};
use crate::entities::benchmark;
use crate::entities::benchmark_statistics::{Column, Entity, Model};
use crate::error::{Error, Result};

/// Increased whenever the same data would have other statistics.
const VERSION: u32 = 1;

/// The statistics of a benchmark's public data, once they are computed; locked while they are.
#[derive(Default)]
pub struct DataStatistics(Arc<AsyncMutex<Option<Arc<Statistics>>>>);

impl Explored {
    /// The statistics of the data of a benchmark, if they are ready in time; if not, computing them
    /// continues.
    pub async fn statistics(
        self: &Arc<Self>,
        site: &ChallengesSite,
        row: &benchmark::Model,
        patience: Duration,
    ) -> Result<Option<Arc<Statistics>>> {
        let finding = async {
            let mut held = Arc::clone(&self.statistics.0).lock_owned().await;
            if let Some(known) = held.as_ref() {
                return Ok(Arc::clone(known));
            }
            let (explored, db, row) = (Arc::clone(self), site.db.clone(), row.clone());
            // A separate task, which continues if the reader leaves.
            let computing = tokio::spawn(async move {
                let statistics = Arc::new(find_or_compute(&db, &row, explored).await?);
                *held = Some(Arc::clone(&statistics));
                Ok(statistics)
            });
            computing.await.map_err(|e| Error::internal("compute statistics", e))?
        };
        tokio::time::timeout(patience, finding).await.ok().transpose()
    }
}

async fn find_or_compute(
    db: &DatabaseConnection,
    row: &benchmark::Model,
    explored: Arc<Explored>,
) -> Result<Statistics> {
    let of = format!("{VERSION}\n{}", explored.of);
    let kept = Entity::find_by_id(row.id).one(db).await?;
    if let Some(kept) = kept.filter(|kept| kept.of == of) {
        return from_json(&kept.statistics);
    }
    let computing = tokio::task::spawn_blocking(move || {
        let splits = explored.splits.iter().map(|split| split.described());
        Statistics::of(&splits.collect::<Vec<DescribedSplit<'_>>>())
    });
    let statistics = computing.await.map_err(|e| Error::internal("compute statistics", e))?;
    let row = Model { benchmark_id: row.id, of, statistics: to_json(&statistics)? };
    let replace = OnConflict::column(Column::BenchmarkId)
        .update_columns([Column::Of, Column::Statistics])
        .to_owned();
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(statistics)
}
