//! The life of a submission: intake, queue, scoring, result.
//!
//! ```text
//!            intake                    lease, score
//! upload ──────────────▶ received ──────────────────────▶ scored
//!            refused         │  ▲                    ├───▶ invalid  (the team's fault, with its problems)
//!               ▼            └──┘ the lease expires  └───▶ failed   (ours)
//!           an error,
//!         nothing kept
//! ```
//!
//! An upload that is obviously for another split, or not a submission at all, is `invalid` but uses
//! no limit. This applies to the first [`UNRELATED_A_DAY`] a day, for each team and each of its
//! members.
//!
//! The submissions table is the queue; nothing else stores the open work.

mod arriving;
mod cards;
mod counts;
mod cpu_time;
mod earlier;
mod edit;
mod intake;
mod ladder;
mod limits;
mod notices;
mod playing;
mod published;
mod queue;
mod rebuild;
mod repeat;
mod rescoring;
mod result;
mod score;
mod settle;
mod site;
mod stored_ranks;
mod upload;
mod usage;
mod worker;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub use arriving::{ArrivingUpload, ArrivingUploads, LimitsOf};
pub use cards::{
    CURRENT as CURRENT_SCORER, advice_on_cards, card_of, cards_of, copy_all_scores, counting,
    newer_scorer,
};
pub use counts::{counting_submissions, counts};
pub use earlier::{EarlierCard, earlier_cards};
pub use edit::{Edit, METHOD, Trace, edit, edits_of, ensure_editable};
pub use intake::{Accepted, Arrival, Arrived, Entry};
pub use limits::{Allowance, Limit, allowances, ensure_one_left, limits_of};
pub use playing::{
    Answered, Opened, Position, answer, dialog_curves, finish_ended, open, own_transcript,
    position, public_transcript, settle_played, transcript,
};
pub use published::{
    Published, PublishedGroup, PublishedValue, ScoreColumns, ScoreValue, Scored, published,
    published_by_id, rounded, scored,
};
pub use queue::{Claim, LEASE_SECONDS, Lease, STUCK_SECONDS, Waiting, claim, waiting};
pub use rebuild::{FailedCard, Progress, Rebuilt, rebuild};
pub use repeat::{Difference, Repeat};
pub use rescoring::{Filling, compute_set, fill, missing, remove_cards, run_rescorings, scorable};
pub use result::{Report, Written};
pub use settle::{Submitted, finish, submit};
pub use site::{IntakeSettings, Meter, SubmissionsSite};
pub use stored_ranks::stored_ranks;
pub use upload::uploads_of;
pub use usage::{UNRELATED_A_DAY, Usage, usage};
pub use worker::{Worker, WorkerSettings, hear_others};

use crate::accounts::Caller;
use crate::challenges;
use crate::entities::{challenge, phase, submission};
use crate::error::{Error, Result};

/// Reads an id from a URL; an invalid id means that the submission is not found.
pub fn id(text: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|_| Error::not_found("submission", text))
}

/// The challenge's submission with this id.
pub async fn of_challenge(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: Uuid,
) -> Result<submission::Model> {
    let unknown = || Error::not_found("submission", id);
    let run = submission::Entity::find_by_id(id).one(db).await?.ok_or_else(unknown)?;
    let phase = challenges::phase_by_id(db, run.phase_id).await?;
    if phase.challenge_id == challenge.id { Ok(run) } else { Err(unknown()) }
}

/// The submission with this id for its own team; for anyone else it is not found.
pub async fn own(
    db: &impl ConnectionTrait,
    caller: &Caller,
    id: Uuid,
) -> Result<submission::Model> {
    let found = submission::Entity::find_by_id(id).one(db).await?;
    found
        .filter(|submission| submission.team_id == caller.team.id)
        .ok_or_else(|| Error::not_found("submission", id))
}

/// The submissions of the caller's team to a phase, newest first: optionally only those older than
/// a given one, up to a maximum number.
pub async fn of_team(
    db: &impl ConnectionTrait,
    caller: &Caller,
    phase: &phase::Model,
    before: Option<Uuid>,
    most: u64,
) -> Result<Vec<submission::Model>> {
    let mut rows = submission::Entity::find()
        .filter(submission::Column::TeamId.eq(caller.team.id))
        .filter(submission::Column::PhaseId.eq(phase.id));
    if let Some(before) = before {
        // Ids are made when uploads arrive, so they are in the order of time.
        rows = rows.filter(submission::Column::Id.lt(before));
    }
    Ok(rows.order_by_desc(submission::Column::Id).limit(most).all(db).await?)
}
