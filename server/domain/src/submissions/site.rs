//! What submissions need of their site.

use std::time::Duration;

use super::{ArrivingUploads, Worker};
use crate::challenges::ChallengesSite;
use crate::entities::submission::State;
use crate::memory::Memory;
use crate::site::built_on;
use crate::storage::Uploads;

/// A site, as far as submissions need it.
pub struct SubmissionsSite {
    /// The same as far as challenges need it.
    pub challenges: ChallengesSite,
    /// The uploads.
    pub uploads: Uploads,
    /// For bytes of uploads in memory.
    pub memory: Memory,
    /// Who is sending them.
    pub arriving: ArrivingUploads,
    /// What is taken in.
    pub intake: IntakeSettings,
    /// Scores submissions.
    pub worker: Worker,
    /// Counts those that were scored.
    pub meter: Box<dyn Meter>,
}

/// What is taken in.
#[derive(Debug, Clone, Copy)]
pub struct IntakeSettings {
    /// The largest upload taken, in bytes as sent.
    pub max_upload_bytes: u64,
    /// With fewer free bytes on the disk of the data folder, uploads are refused.
    pub min_free_bytes: u64,
    /// How long an upload's answer waits for the score.
    pub patience: Duration,
}

/// Counts submissions for whoever operates the site.
pub trait Meter: Send + Sync {
    /// One has been finished, so many seconds after it was received.
    fn finished(&self, state: State, seconds: f64);
}

built_on!(SubmissionsSite, challenges: ChallengesSite);
