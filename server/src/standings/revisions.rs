//! How old the pages are that this process keeps.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use tokio::time::Instant;

use crate::entities::challenge::{Column, Entity};
use crate::error::Result;

/// What another process has written is seen here after so long at the latest. What this one has
/// written is seen at once.
const FRESH: Duration = Duration::from_millis(100);

/// The revisions of all challenges, read from the database now and then: whatever changes a page
/// counts its challenge's revision up in the same transaction, so a page that was made under the
/// present revision is still true.
#[derive(Default)]
pub struct Revisions(Mutex<Read>);

/// What was read last.
#[derive(Default)]
struct Read {
    /// Counts what this process has written: what was asked before is not kept after.
    writes: u64,
    at: Option<Instant>,
    by_challenge: HashMap<i32, i64>,
}

impl Revisions {
    /// The revision of a challenge; none if there is no such challenge.
    pub async fn of(&self, db: &impl ConnectionTrait, challenge_id: i32) -> Result<Option<i64>> {
        let writes = {
            let read = self.lock();
            if read.at.is_some_and(|at| at.elapsed() < FRESH) {
                return Ok(read.by_challenge.get(&challenge_id).copied());
            }
            read.writes
        };
        let at = Instant::now();
        let rows = Entity::find().select_only().columns([Column::Id, Column::Revision]);
        let by_challenge: HashMap<i32, i64> =
            rows.into_tuple().all(db).await?.into_iter().collect();
        let revision = by_challenge.get(&challenge_id).copied();
        let mut read = self.lock();
        if read.writes == writes {
            *read = Read { writes, at: Some(at), by_challenge };
        }
        Ok(revision)
    }

    /// Reads anew before the next answer: this process has written.
    pub fn forget(&self) {
        let mut read = self.lock();
        read.writes += 1;
        read.at = None;
    }

    fn lock(&self) -> MutexGuard<'_, Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
