//! What the dialogs of a submission are at.

use uuid::Uuid;

use super::{Game, finish};
use crate::accounts::Caller;
use crate::ambient::Instant;
use crate::dialogs::{Reply, turns_of};
use crate::entities::submission::{self, State};
use crate::error::Result;
use crate::submissions::{self, SubmissionsSite};

/// What a submission is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// How many turns each dialog has.
    pub turns: u32,
    /// How many items a ranking must have, by group.
    pub need: Vec<(String, usize)>,
    /// Until when it can be played.
    pub ends_at: Instant,
    /// What says the captions, with its version.
    pub simulator: String,
    /// Its dialogs; none once it is finished.
    pub dialogs: Vec<Reply>,
    /// How many turns are still to be played.
    pub left: u32,
    /// How many more requests with answers it can make.
    pub requests_left: u32,
}

impl Position {
    /// That of a submission.
    pub(super) async fn of(site: &SubmissionsSite, game: &Game) -> Result<Self> {
        let Game { played, drawn, .. } = game;
        let turns = turns_of(&site.db, played.submission_id, None).await?;
        let made: usize = turns.values().map(|own| own.len() - 1).sum();
        let all = if turns.is_empty() { 0 } else { drawn.rules.turns * drawn.count() as u32 };
        Ok(Self {
            turns: drawn.rules.turns,
            need: drawn.needs(),
            ends_at: played.ends_at,
            simulator: drawn.simulator().to_owned(),
            dialogs: Reply::present(&turns, drawn),
            left: all - made as u32,
            requests_left: drawn.most_requests().saturating_sub(played.requests.max(0) as u32),
        })
    }
}

/// What a team's submission is at, with its row. One whose time is over is finished first.
pub async fn position(
    site: &SubmissionsSite,
    caller: &Caller,
    id: Uuid,
) -> Result<(submission::Model, Position)> {
    let row = submissions::own(&site.db, caller, id).await?;
    let mut game = Game::of(site, row).await?;
    if game.row.state == State::Playing && game.played.ends_at <= site.ambient.now() {
        finish::finish(site, &game).await?;
        game.row = submissions::own(&site.db, caller, id).await?;
    }
    let position = Position::of(site, &game).await?;
    Ok((game.row, position))
}
