//! Scores one stored upload, on its own thread.

use std::sync::Arc;

use bytes::Bytes;
use scoring::{Benchmark, Problems, Ranks};
use sha2::{Digest, Sha256};

use super::cpu_time::CpuBudget;
use super::playing;
use super::result::Report;
use crate::challenges::{self, Division, Ready, Scores};
use crate::entities::{benchmark, phase, submission};
use crate::error::{Error, Result};
use crate::memory::Place;
use crate::submissions::SubmissionsSite;

/// An upload in memory.
struct Upload {
    bytes: Bytes,
    /// The digest of the received bytes.
    digest: String,
    _memory: Place,
}

/// How a phase turns ranks into scores.
#[derive(Debug, Clone)]
pub(super) struct How {
    division: Division,
    rounds: bool,
    climbs: bool,
}

impl How {
    /// The way of a phase on a benchmark.
    pub(super) fn of(phase: &phase::Model, benchmark: &benchmark::Model) -> Result<Self> {
        let division = Division::of(phase, benchmark)?;
        Ok(Self { division, rounds: phase.rounds(), climbs: phase.ladder > 0 })
    }

    /// The scores of ranks that fit the benchmark. Which score the Ladder shows is known once it is written.
    pub(super) fn scores(&self, ranks: &Ranks, benchmark: &Benchmark) -> Result<Scores> {
        let scores = self.division.scores(ranks, benchmark, self.rounds)?;
        let exact = self.climbs.then_some(scores.overall);
        Ok(Scores { final_overall: scores.final_overall.or(exact), ..scores })
    }
}

/// Scores the upload of a submission. An upload with unknown ids is read once more with the data of
/// the challenge's other phases, so that its team sees which phase it was made for.
pub(super) async fn score(
    site: &SubmissionsSite,
    row: &submission::Model,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
) -> Result<Report> {
    let ready = site.benchmarks.get(benchmark).await?;
    let how = How::of(phase, benchmark)?;
    if phase.dialog_rules().is_some() {
        return score_played(site, row, &ready, how).await;
    }
    let memory = site.memory.wait_for(row.upload_bytes.max(0) as u64).await?;
    let bytes = site.uploads.get(&row.upload_key).await?.unwrap_or_default();
    let upload = Arc::new(Upload { bytes, digest: row.upload_digest.clone(), _memory: memory });
    let report = read(site, &upload, &ready, &how, vec![]).await?;
    if !report.is_of_other_data() {
        if report.is_failed() {
            let (submission, bytes) = (row.id, upload.bytes.len());
            tracing::error!(%submission, bytes, "the stored upload is missing or differs from what \
                                                 was received");
        }
        return Ok(report);
    }
    let others = published_by_others(site, phase).await?;
    if others.is_empty() { Ok(report) } else { read(site, &upload, &ready, &how, others).await }
}

/// Scores a submission that was played as dialogs.
async fn score_played(
    site: &SubmissionsSite,
    row: &submission::Model,
    ready: &Arc<Ready>,
    how: How,
) -> Result<Report> {
    let drawn = playing::drawn(site, row).await?;
    let memory = site.memory.wait_for(row.upload_bytes.max(0) as u64).await?;
    let bytes = site.uploads.get(&row.upload_key).await?.unwrap_or_default();
    let upload = Upload { bytes, digest: row.upload_digest.clone(), _memory: memory };
    let (ready, id) = (Arc::clone(ready), row.id);
    let reading = tokio::task::spawn_blocking(move || {
        let ranks =
            upload.is_whole().then(|| playing::ranks_of_transcript(&upload.bytes, &ready, &drawn));
        let Some(Ok(ranks)) = ranks else {
            tracing::error!(submission = %id, "the stored transcript is missing or damaged");
            return Ok(Report::Failed);
        };
        let scores = how.scores(&ranks, &ready.benchmark)?;
        Ok(Report::Scored(ranks, Box::new(scores), Problems::default()))
    });
    reading.await.map_err(|e| Error::internal("score a submission", e))?
}

/// Scores the stored upload of a submission once more, or says why that is not possible.
pub(super) async fn score_again(
    site: &SubmissionsSite,
    row: &submission::Model,
    ready: &Arc<Ready>,
    how: &How,
) -> Result<Result<(Ranks, Scores), String>> {
    if let Err(deleted) = row.must_have_upload() {
        return Ok(Err(deleted.detail));
    }
    let memory = site.memory.wait_for(row.upload_bytes.max(0) as u64).await?;
    let bytes = site.uploads.get(&row.upload_key).await?.unwrap_or_default();
    let upload = Arc::new(Upload { bytes, digest: row.upload_digest.clone(), _memory: memory });
    Ok(match read(site, &upload, ready, how, vec![]).await? {
        Report::Scored(ranks, scores, _) => Ok((ranks, *scores)),
        Report::Failed => {
            Err("its stored upload is missing or differs from what was received".to_owned())
        }
        Report::Validated(_) | Report::Invalid(_) => {
            Err("its stored upload is no longer valid for the benchmark".to_owned())
        }
    })
}

/// Reads and scores an upload against a benchmark, with other benchmarks to explain unknown ids.
async fn read(
    site: &SubmissionsSite,
    upload: &Arc<Upload>,
    ready: &Arc<Ready>,
    how: &How,
    others: Vec<Arc<Ready>>,
) -> Result<Report> {
    let (upload, ready, how) = (Arc::clone(upload), Arc::clone(ready), how.clone());
    let (limits, cpu_time) = (site.reading.clone(), site.worker.settings().cpu_time);
    let reading = tokio::task::spawn_blocking(move || {
        if !upload.is_whole() {
            // Another try would have the same result.
            return Ok(Report::Failed);
        }
        let budget = CpuBudget::new(cpu_time);
        let go_on = || budget.is_left();
        if others.is_empty() {
            return Report::of(&upload.bytes, &ready.benchmark, &how, &limits, &go_on);
        }
        let beside = ready.benchmark.beside(others.iter().map(|other| &other.benchmark));
        Report::of(&upload.bytes, &beside, &how, &limits, &go_on)
    });
    reading.await.map_err(|e| Error::internal("score a submission", e))?
}

impl Upload {
    /// Whether the bytes are unchanged since they were received.
    fn is_whole(&self) -> bool {
        hex::encode(Sha256::digest(&self.bytes)) == self.digest
    }
}

/// The benchmarks of the challenge's other phases that have opened. Benchmarks whose files can't be
/// read are left out; their own phases report that.
async fn published_by_others(
    site: &SubmissionsSite,
    phase: &phase::Model,
) -> Result<Vec<Arc<Ready>>> {
    let challenge = challenges::by_id(&site.db, phase.challenge_id).await?;
    let mut others = Vec::new();
    for other in challenges::located_phases(&site.db, &challenge).await? {
        if other.phase.id != phase.id && other.phase.must_have_opened(site.ambient.now()).is_ok() {
            others.extend(site.benchmarks.get(&other.benchmark).await.ok());
        }
    }
    Ok(others)
}
