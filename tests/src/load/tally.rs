//! What became of the uploads and reads of a crowd.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use super::crowd::{Crowd, Seen};
use super::fleet::Cores;
use super::{Fleet, Processes, Times};

/// What became of a crowd.
pub struct Tally {
    /// Who served it.
    pub processes: Processes,
    /// Uploads a second, as planned.
    pub rate: f64,
    /// From an upload's time to its answer.
    pub answered: Times,
    /// From an upload's time to its result.
    pub scored: Times,
    /// From the time of a read to the board.
    pub board: Times,
    /// Uploads.
    pub uploads: usize,
    /// Answers 202: accepted, and scored later.
    pub later: usize,
    /// Uploads that weren't accepted; nothing was saved.
    pub refused: usize,
    /// Accepted uploads that have no score in the end.
    pub lost: usize,
    /// Submissions that still wait, long after.
    pub stuck: usize,
    /// Reads of the board that failed.
    pub failed_reads: usize,
    /// The most memory of one process so far, in bytes.
    pub memory: u64,
    /// Who was busy.
    pub cores: Cores,
    /// How long it took from the last answer until all was scored.
    pub drained: Duration,
}

impl Tally {
    /// Looks up what became of each upload.
    pub(super) fn of(crowd: &Crowd, fleet: &Fleet<'_>, seen: &Seen, stuck: i64) -> Self {
        let results = results(fleet);
        let (mut scored, mut refused, mut lost, mut later) = (Vec::new(), 0, 0, 0);
        for upload in &seen.uploads {
            let accepted =
                upload.answer.as_ref().filter(|answer| matches!(answer.status, 201 | 202));
            let Some(answer) = accepted else {
                refused += 1;
                continue;
            };
            later += usize::from(answer.status == 202);
            let id = answer.json["id"].as_str().unwrap_or_default();
            match results.get(id) {
                Some(finished) => {
                    let after = finished.saturating_sub(upload.due.0);
                    scored.push(Duration::from_micros(after.unsigned_abs()));
                }
                None => lost += 1,
            }
        }
        Self {
            processes: fleet.processes,
            rate: crowd.rate,
            answered: Times::new(seen.uploads.iter().map(|upload| upload.after).collect()),
            scored: Times::new(scored),
            board: Times::new(seen.reads.clone()),
            uploads: seen.uploads.len(),
            later,
            refused,
            lost,
            stuck: usize::try_from(stuck).unwrap_or_default(),
            failed_reads: seen.failed_reads,
            memory: fleet.peak_memory(),
            cores: Cores::default(),
            drained: Duration::ZERO,
        }
    }

    /// What the columns of a row are.
    pub fn head() -> &'static str {
        "                | answered, ms | scored, ms   | board, ms    |   202 |         |      |       | board | memory | busy cores: serve / worker /\n\
         rate/s  uploads | median   p99 | median   p99 | median   p99 | first | refused | lost | stuck | fails |     MB | database / uploads and readers\n"
    }
}

/// When each scored submission was finished, by its id.
fn results(fleet: &Fleet<'_>) -> HashMap<String, i64> {
    let query = "select id, finished_at from submission where state = 'scored'";
    let rows = fleet.place().rows(query);
    let result = |row: &sea_orm::QueryResult| {
        let id: sea_orm::prelude::Uuid = row.try_get_by_index(0).unwrap();
        (id.to_string(), row.try_get_by_index(1).unwrap())
    };
    rows.iter().map(result).collect()
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rate, answered, scored, board, uploads, .. } = self;
        write!(
            f,
            "{rate:6} {uploads:8} | {:6.0} {:5.0} | {:6.0} {:5.0} | {:6.0} {:5.0} | {:5} | {:7} | {:4} | \
             {:5} | {:5} | {:6.0} | {}",
            answered.median(),
            answered.p99(),
            scored.median(),
            scored.p99(),
            board.median(),
            board.p99(),
            self.later,
            self.refused,
            self.lost,
            self.stuck,
            self.failed_reads,
            self.memory as f64 / 1e6,
            self.cores,
        )
    }
}
