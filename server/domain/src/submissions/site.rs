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
    /// The part that challenges need.
    pub challenges: ChallengesSite,
    /// The uploads.
    pub uploads: Uploads,
    /// The memory for uploads.
    pub memory: Memory,
    /// The arriving uploads.
    pub arriving: ArrivingUploads,
    /// The settings for receiving uploads.
    pub intake: IntakeSettings,
    /// Scores submissions.
    pub worker: Worker,
    /// Counts finished submissions.
    pub meter: Box<dyn Meter>,
}

/// The settings for receiving uploads.
#[derive(Debug, Clone, Copy)]
pub struct IntakeSettings {
    /// The largest upload that is accepted, in bytes as sent.
    pub max_upload_bytes: u64,
    /// If the disk of the data folder has fewer free bytes, uploads are refused.
    pub min_free_bytes: u64,
    /// How long the response to an upload waits for the score.
    pub patience: Duration,
}

/// Counts submissions for the operator of the site.
pub trait Meter: Send + Sync {
    /// Counts a finished submission, with the seconds since it was received.
    fn finished(&self, state: State, seconds: f64);
}

built_on!(SubmissionsSite, challenges: ChallengesSite);
