//! Tells whether the pages that this process caches are up to date.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use tokio::time::Instant;

use super::{Change, Extent};
use crate::entities::challenge::{Column, Entity};
use crate::error::Result;

/// Writes of other processes are seen after this time at the latest, and with PostgreSQL as soon as
/// its signal arrives; writes of this process are seen at once.
const FRESH: Duration = Duration::from_millis(100);

/// How many of the latest changes of a challenge are remembered.
const REMEMBERED: usize = 256;

/// The revisions of all challenges, read from the database now and then. Each change of a page
/// increases its challenge's revision in the same transaction, so a page with the present revision
/// is up to date. Writes of this process, and those that others tell of, are remembered, so that a
/// page can be updated by its changes.
#[derive(Default)]
pub struct Revisions(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Counts the writes that are known here: values read before a write are not cached after it.
    writes: u64,
    read_at: Option<Instant>,
    by_challenge: HashMap<i32, i64>,
    changes: HashMap<i32, VecDeque<(i64, Extent)>>,
}

impl Revisions {
    /// The revision of a challenge; none if it does not exist.
    pub async fn of(&self, db: &impl ConnectionTrait, challenge_id: i32) -> Result<Option<i64>> {
        let writes = {
            let known = self.lock();
            if known.read_at.is_some_and(|at| at.elapsed() < FRESH) {
                return Ok(known.by_challenge.get(&challenge_id).copied());
            }
            known.writes
        };
        let at = Instant::now();
        let rows = Entity::find().select_only().columns([Column::Id, Column::Revision]);
        let by_challenge: HashMap<i32, i64> =
            rows.into_tuple().all(db).await?.into_iter().collect();
        let revision = by_challenge.get(&challenge_id).copied();
        let mut known = self.lock();
        if known.writes == writes {
            (known.read_at, known.by_challenge) = (Some(at), by_challenge);
        }
        Ok(revision)
    }

    /// Notes writes, of this process or of others, and reads again before the next answer.
    pub fn note(&self, changes: Vec<Change>) {
        let mut known = self.lock();
        known.writes += 1;
        known.read_at = None;
        for Change { challenge_id, revision, extent } in changes {
            let latest = known.changes.entry(challenge_id).or_default();
            // A process also receives the signals of its own writes.
            if latest.iter().any(|(noted, _)| *noted == revision) {
                continue;
            }
            latest.push_back((revision, extent));
            if latest.len() > REMEMBERED {
                latest.pop_front();
            }
        }
    }

    /// Reads again before the next answer: another process has written.
    pub fn forget(&self) {
        let mut known = self.lock();
        known.writes += 1;
        known.read_at = None;
    }

    /// The teams whose submissions to a phase were changed after one revision and up to another.
    /// None if more may have changed: another process has written without telling, or it is too long ago.
    pub fn teams_changed(
        &self,
        (challenge_id, phase_id): (i32, i32),
        after: i64,
        up_to: i64,
    ) -> Option<BTreeSet<i32>> {
        let known = self.lock();
        let mut teams = BTreeSet::new();
        let mut found = 0;
        for (revision, extent) in known.changes.get(&challenge_id).into_iter().flatten() {
            if *revision <= after || *revision > up_to {
                continue;
            }
            let Extent::SubmissionsOf(changed) = extent else { return None };
            found += 1;
            let here = changed.iter().filter(|(phase, _)| *phase == phase_id);
            teams.extend(here.map(|(_, team)| team));
        }
        // Each revision is one change.
        (found == up_to - after).then_some(teams)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(revision: i64, teams: Option<&[(i32, i32)]>) -> Change {
        let extent = match teams {
            Some(teams) => Extent::SubmissionsOf(teams.iter().copied().collect()),
            None => Extent::Everything,
        };
        Change { challenge_id: 1, revision, extent }
    }

    #[test]
    fn a_page_is_renewed_only_by_changes_that_are_all_known() {
        let revisions = Revisions::default();
        revisions.note(vec![change(4, Some(&[(7, 1)])), change(5, Some(&[(7, 2), (8, 3)]))]);
        let changed = |phase, after, up_to| {
            let teams = revisions.teams_changed((1, phase), after, up_to);
            teams.map(|teams| teams.into_iter().collect::<Vec<_>>())
        };
        assert_eq!(changed(7, 3, 5), Some(vec![1, 2]));
        assert_eq!(changed(8, 3, 5), Some(vec![3]));
        assert_eq!(changed(7, 5, 5), Some(vec![]));
        assert_eq!(changed(7, 2, 5), None, "another process wrote revision 3");
        assert_eq!(changed(7, 3, 6), None, "another process wrote revision 6");
        revisions.note(vec![change(5, Some(&[(7, 2), (8, 3)]))]);
        assert_eq!(changed(7, 3, 5), Some(vec![1, 2]), "its own signal comes back to it");
        revisions.note(vec![change(6, None)]);
        assert_eq!(changed(7, 3, 6), None, "everything may have changed");
        assert_eq!(changed(7, 4, 5), Some(vec![2]));
        revisions.note((7..=300).map(|revision| change(revision, Some(&[]))).collect());
        assert_eq!(changed(7, 3, 300), None, "it is too long ago");
        assert_eq!(changed(7, 100, 300), Some(vec![]));
    }
}
