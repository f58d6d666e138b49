//! Submissions that are played as dialogs: opened, answered turn by turn, and finished.
//!
//! ```text
//!        open                    the last answer, or the end of its time
//! team ───────▶ playing ──────────────────────────────────────────────▶ received ─▶ scored
//!               │     ▲
//!               └─────┘ answers: each a ranking, whose first item is shown next
//! ```
//!
//! The dialogs are drawn from the benchmark's key, the team and the number of its submission, so nothing
//! secret is stored. A finished submission is a [transcript](scoring::Transcript), stored like an upload;
//! its turns are removed from the database.

mod answers;
mod finish;
mod open;
mod present;
mod transcript;

use scoring::Ranks;
use scoring::statistics::DialogCurves;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

pub use answers::{Answered, answer};
pub use finish::{finish_ended, settle_played};
pub use open::{Opened, open};
pub use present::{Position, position};
pub(super) use transcript::ranks as ranks_of_transcript;
pub use transcript::{own_transcript, public_transcript, transcript};

use crate::challenges::{self, Located};
use crate::dialogs::Drawn;
use crate::entities::{benchmark, phase, played, submission};
use crate::error::{Error, Result};
use crate::submissions::{SubmissionsSite, stored_ranks};

/// A submission of dialogs with what was drawn for it.
pub(super) struct Game {
    pub(super) row: submission::Model,
    pub(super) played: played::Model,
    pub(super) drawn: Drawn,
}

impl Game {
    /// That of a submission.
    ///
    /// # Errors
    /// It is not played as dialogs.
    pub(super) async fn of(site: &SubmissionsSite, row: submission::Model) -> Result<Self> {
        let phase = challenges::phase_by_id(&site.db, row.phase_id).await?;
        let benchmark = challenges::benchmark_by_id(&site.db, phase.benchmark_id).await?;
        let played = find(&site.db, row.id).await?.ok_or_else(|| Error::no_dialogs(&phase.name))?;
        let whose = (row.team_id, played.number);
        let drawn = Drawn::of(site, (&phase, &benchmark), whose).await?;
        Ok(Self { row, played, drawn })
    }
}

/// How the dialogs of a scored submission went turn by turn; none of another submission.
pub async fn dialog_curves(
    db: &impl ConnectionTrait,
    (phase, benchmark): (&phase::Model, &benchmark::Model),
    id: Uuid,
) -> Result<Option<DialogCurves>> {
    let Some(rules) = phase.dialog_rules() else { return Ok(None) };
    let stored = stored_ranks(db, benchmark.targets_id, vec![id]).await?;
    let ranks = stored.get(&id).map(|bytes| Ranks::from_bytes(bytes)).transpose();
    let ranks = ranks.map_err(|e| Error::internal("read stored ranks", e))?;
    Ok(ranks.map(|ranks| DialogCurves::of(&ranks, rules.turns)))
}

/// What was drawn for a submission.
pub(super) async fn drawn(site: &SubmissionsSite, row: &submission::Model) -> Result<Drawn> {
    Ok(Game::of(site, row.clone()).await?.drawn)
}

async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<played::Model>> {
    Ok(played::Entity::find_by_id(id).one(db).await?)
}

/// Refuses a phase that is not played.
fn must_be_played(located: &Located) -> Result<()> {
    match located.phase.dialog_rules() {
        Some(_) => Ok(()),
        None => Err(Error::no_dialogs(&located.phase.name)),
    }
}
