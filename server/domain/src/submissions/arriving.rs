//! Arriving uploads, which count for their team before they have a row.
//!
//! They are counted in this process; if several servers share a database, each counts its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};

/// A team's arriving uploads may take 1 / `SHARE` of the memory for uploads.
const SHARE: u64 = 4;

/// The limits that an upload counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitsOf {
    /// The limits of one phase, by its id.
    Phase(i32),
    /// The limits shared by all phases of a benchmark, by its id.
    Benchmark(i32),
}

/// The arriving uploads, by team.
#[derive(Default)]
pub struct ArrivingUploads(Arc<Mutex<HashMap<i32, Arriving>>>);

/// The arriving uploads of one team.
#[derive(Default)]
struct Arriving {
    by_limits: HashMap<LimitsOf, u32>,
    count: u32,
    bytes: u64,
}

/// One arriving upload, until this is dropped.
pub struct ArrivingUpload {
    all: Arc<Mutex<HashMap<i32, Arriving>>>,
    team: i32,
    limits: LimitsOf,
    bytes: u64,
    /// How many other uploads of its team with the same limits were arriving when it began.
    pub others: u32,
}

impl ArrivingUploads {
    /// Counts an upload that needs some bytes of the total memory. Refuses it if the team's other
    /// uploads leave nothing of its share.
    pub fn begin(
        &self,
        team: i32,
        limits: LimitsOf,
        bytes: u64,
        memory: u64,
    ) -> Result<ArrivingUpload> {
        let mut all = lock(&self.0);
        let of_team = all.entry(team).or_default();
        // The first upload is always accepted, however small the share.
        if of_team.count > 0 && of_team.bytes + bytes > memory / SHARE {
            return Err(Error::share_taken());
        }
        let under_limits = of_team.by_limits.entry(limits).or_default();
        let others = *under_limits;
        *under_limits += 1;
        of_team.count += 1;
        of_team.bytes += bytes;
        drop(all);
        Ok(ArrivingUpload { all: Arc::clone(&self.0), team, limits, bytes, others })
    }
}

impl Drop for ArrivingUpload {
    fn drop(&mut self) {
        let mut all = lock(&self.all);
        let Some(of_team) = all.get_mut(&self.team) else { return };
        of_team.count -= 1;
        of_team.bytes -= self.bytes;
        if let Some(under_limits) = of_team.by_limits.get_mut(&self.limits) {
            *under_limits -= 1;
        }
        if of_team.count == 0 {
            all.remove(&self.team);
        }
    }
}

fn lock(all: &Mutex<HashMap<i32, Arriving>>) -> MutexGuard<'_, HashMap<i32, Arriving>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_team_takes_its_share_and_leaves_the_rest_to_others() {
        let uploads = ArrivingUploads::default();
        let (phase, other) = (LimitsOf::Phase(1), LimitsOf::Benchmark(1));
        let first = uploads.begin(1, phase, 10, 80).unwrap();
        let second = uploads.begin(1, phase, 10, 80).unwrap();
        assert_eq!((first.others, second.others), (0, 1));
        let refused = uploads.begin(1, other, 10, 80).err().unwrap();
        assert_eq!(refused.code, Code::Busy);
        assert_eq!(uploads.begin(2, phase, 70, 80).unwrap().others, 0, "a first one passes");
        drop(first);
        assert_eq!(uploads.begin(1, other, 10, 80).unwrap().others, 0, "other limits");
        drop(second);
        assert!(lock(&uploads.0).is_empty(), "nothing is left of what has ended");
    }
}
