//! What would move on a board if another rescoring set were in force.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::Entrant;
use super::record::{Record, View};
use crate::ambient::Instant;
use crate::entities::{benchmark, phase};
use crate::error::Result;

/// A team whose rank or score would be different, under its own name.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The team.
    pub team: Arc<Entrant>,
    /// Its place now; none if it has no score.
    pub before: Option<Placed>,
    /// Its place with the other set; none if it would have no score.
    pub after: Option<Placed>,
}

/// A team's place: its rank, and the submission by which it is ranked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// The rank; none for guests, baselines and probes.
    pub rank: Option<u32>,
    /// The overall score.
    pub score: f64,
    /// The submission.
    pub submission: Uuid,
}

impl Move {
    /// Whether the rank is different, and not only the score.
    pub fn is_of_rank(&self) -> bool {
        let rank = |placed: Option<Placed>| placed.and_then(|placed| placed.rank);
        rank(self.before) != rank(self.after)
    }
}

/// The teams of a phase whose rank or score is different in two editions of its benchmark: the
/// present one, and one with another rescoring set. Those that would be best come first. The names
/// and scores are for organisers only.
pub async fn moves(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    (present, other): (&benchmark::Model, &benchmark::Model),
    now: Instant,
) -> Result<Vec<Move>> {
    let view = View::of_organisers(now);
    let mut before = Record::places(db, phase, present, true, &view).await?;
    let after = Record::places(db, phase, other, false, &view).await?;
    let mut moves = Vec::new();
    for (id, (team, after)) in after {
        let before = before.remove(&id).map(|(_, placed)| placed);
        moves.push(Move { team, before, after: Some(after) });
    }
    let gone = before.into_values();
    moves.extend(gone.map(|(team, placed)| Move { team, before: Some(placed), after: None }));
    moves.retain(|it| {
        let shown = |placed: Option<Placed>| placed.map(|it| (it.rank, it.score.to_bits()));
        shown(it.before) != shown(it.after)
    });
    let place = |placed: Option<Placed>| {
        let score = placed.map_or(0, |placed| placed.score.to_bits());
        std::cmp::Reverse(score)
    };
    moves.sort_by_key(|it| (place(it.after), place(it.before), it.team.id));
    Ok(moves)
}
