//! Did a submission use the order of the files? Its misses say.

use std::sync::Arc;

use scoring::audit::{FirstItems, Misses, misses_by_order};
use scoring::{Upload, read};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::accounts;
use crate::challenges::{Located, Ready};
use crate::entities::submission::{self, Column, State};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// How many submissions are tested at once: each upload is read again.
const ROWS: u64 = 10;

/// The seed of permutations: the same submission gets the same digits.
const SEED: u64 = 1;

/// A page of tested submissions.
pub struct Tested {
    /// The submissions, the latest first, each with its team's name and what its misses look like; none if
    /// the upload can't be read any more.
    pub rows: Vec<(submission::Model, String, Option<Misses>)>,
    /// The number of pages.
    pub pages: u64,
}

/// Tests the misses of a page of the scored submissions of a phase, the latest first. The result depends on
/// targets, so it is for organisers.
pub async fn tested_misses(site: &SubmissionsSite, located: &Located, page: u64) -> Result<Tested> {
    let of = submission::Entity::find()
        .filter(Column::PhaseId.eq(located.phase.id))
        .filter(Column::State.eq(State::Scored))
        .filter(Column::Trial.eq(false));
    let count = of.clone().count(&site.db).await?;
    let latest = of.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Id);
    let page = latest.offset(page.saturating_sub(1) * ROWS).limit(ROWS).all(&site.db).await?;
    let ready = site.benchmarks.get(&located.benchmark).await?;
    let mut rows = Vec::with_capacity(page.len());
    for row in page {
        let team = accounts::team_by_id(&site.db, row.team_id).await?.name;
        let tested = misses_of(site, &ready, &row).await?;
        rows.push((row, team, tested));
    }
    Ok(Tested { rows, pages: count.div_ceil(ROWS).max(1) })
}

async fn misses_of(
    site: &SubmissionsSite,
    ready: &Arc<Ready>,
    row: &submission::Model,
) -> Result<Option<Misses>> {
    let place = site.memory.wait_for(row.upload_bytes.max(0) as u64).await?;
    let Some(bytes) = site.uploads.get(&row.upload_key).await? else { return Ok(None) };
    let (ready, limits) = (Arc::clone(ready), site.reading.clone());
    let tested = tokio::task::spawn_blocking(move || {
        let _place = place;
        let upload = Upload::Bytes { name: "the upload", bytes: &bytes };
        let reading = read(&upload, &ready.benchmark, &limits).ok()?;
        let groups = ready.benchmark.groups().iter().zip(&reading.first_items);
        let first: Vec<FirstItems<'_>> =
            groups.map(|(group, items)| FirstItems { group, items }).collect();
        Some(misses_by_order(&first, SEED))
    });
    tested.await.map_err(|e| Error::internal("test the misses of a submission", e))
}
