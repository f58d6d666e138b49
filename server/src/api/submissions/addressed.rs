//! The submission that a request names, and the caller.

use domain::accounts::{Caller, Scope};
use domain::challenges;
use domain::entities::{challenge, submission};
use domain::submissions;
use uuid::Uuid;

use super::Submission;
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// A submission that its team wants to change: the caller and the id. The change itself checks that
/// it exists and belongs to the team.
pub(super) struct Addressed {
    /// The team, and the person if it is a person's token.
    pub(super) caller: Caller,
    /// The submission's id.
    pub(super) id: Uuid,
    challenge: challenge::Model,
}

impl Addressed {
    /// Reads both from the request; the token must be allowed to submit to the challenge.
    pub(super) async fn of(app: &App, token: &ApiToken, challenge: &str, id: &str) -> Result<Self> {
        let challenge = challenges::find(&app.db, challenge).await?;
        let caller = token.caller(app, &challenge, Scope::Submit).await?;
        Ok(Self { caller, id: submissions::id(id)?, challenge })
    }

    /// The submission after the change, as its team sees it.
    pub(super) async fn after(self, app: &App, row: submission::Model) -> Result<Submission> {
        let located = challenges::located(&app.db, self.challenge, row.phase_id).await?;
        Submission::of(app, &located, row).await
    }
}
