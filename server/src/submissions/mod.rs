//! The way of a submission: intake, queue, scoring, result.
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
//! The submissions table is the queue; nothing else remembers what is still to do.

mod intake;
mod limits;
mod queue;
mod result;
mod settle;
mod worker;

use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

pub use intake::{Accepted, Arrival, Entry, accept};
pub use limits::{Usage, usage};
pub use queue::{LEASE_SECONDS, Lease, claim};
pub use result::{Published, Report, from_json, published};
pub use settle::settle;
pub use worker::{Worker, WorkerSettings};

use crate::accounts::Caller;
use crate::entities::submission;
use crate::error::{Error, Result};

/// The submission with that id, as its own team may see it; to anyone else it is not there.
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
