//! Takes answers, and says what comes next.

use std::collections::BTreeMap;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, PaginatorTrait, QueryFilter,
    SqlErr,
};
use uuid::Uuid;

use super::{Game, finish, open};
use crate::accounts::Caller;
use crate::database::UnitOfWork;
use crate::dialogs::{Answer, Drawn, Move, Reply, Shown, Turn, rows, turns_of};
use crate::entities::submission::{self, State};
use crate::entities::{dialog_turn, played};
use crate::error::{Error, Result};
use crate::submissions::{self, SubmissionsSite};

/// How often a request is read again because another one answered the same turns at the same time.
const TRIES: usize = 3;

/// What followed from the answers of a request.
#[derive(Debug)]
pub struct Answered {
    /// The submission; it waits for its score once the last turn is played.
    pub row: submission::Model,
    /// A reply to each answer, in their order.
    pub replies: Vec<Reply>,
    /// How many turns are still to be played.
    pub left: u32,
}

/// Takes the answers of one request: all of them, or none. An answer that was given before gets the same
/// reply again.
pub async fn answer(
    site: &SubmissionsSite,
    caller: &Caller,
    id: Uuid,
    answers: &[Answer],
) -> Result<Answered> {
    let mut game = Game::of(site, submissions::own(&site.db, caller, id).await?).await?;
    let moves = Move::read(answers, &game.drawn)?;
    for _ in 0..TRIES {
        if game.row.state != State::Playing {
            return finished(game, &moves);
        }
        if game.played.ends_at <= site.ambient.now() {
            finish::finish(site, &game).await?;
            return Err(Error::playing_ended(&id.to_string()));
        }
        if let Some((replies, left)) = take(site, &game, &moves).await? {
            if left == 0 {
                finish::finish(site, &game).await?;
            }
            let row = submissions::own(&site.db, caller, id).await?;
            return Ok(Answered { row, replies, left });
        }
        game = Game::of(site, submissions::own(&site.db, caller, id).await?).await?;
    }
    Err(Error::busy())
}

/// Writes new turns; none if another request wrote some of them first.
async fn take(
    site: &SubmissionsSite,
    game: &Game,
    moves: &[Move],
) -> Result<Option<(Vec<Reply>, u32)>> {
    let (id, drawn) = (game.row.id, &game.drawn);
    let dialogs: Vec<usize> = moves.iter().map(|one| one.dialog).collect();
    // Captions are made without the write lock.
    let mut turns = turns_of(&site.db, id, Some(&dialogs)).await?;
    let made = new_turns(site, moves, &mut turns, drawn).await?;
    let unit = UnitOfWork::begin(site).await?;
    if !count_request(unit.db(), id, drawn.most_requests()).await? {
        let row = submission::Entity::find_by_id(id).one(unit.db()).await?;
        let is_playing = row.is_some_and(|row| row.state == State::Playing);
        return if is_playing {
            Err(Error::no_requests_left(drawn.most_requests()))
        } else {
            Ok(None)
        };
    }
    match open::write(unit.db(), rows(id, made)).await {
        Err(error) if is_taken(&error) => return Ok(None),
        written => written?,
    }
    let all = drawn.rules.turns * drawn.count() as u32;
    let answered = dialog_turn::Entity::find()
        .filter(dialog_turn::Column::SubmissionId.eq(id))
        .filter(dialog_turn::Column::Turn.gt(0))
        .count(unit.db())
        .await?;
    unit.commit().await?;
    let reply = |one: &Move| Reply::after(one.turn, one.dialog, &turns[&one.dialog], drawn);
    let replies = moves.iter().map(reply).collect();
    Ok(Some((replies, all.saturating_sub(answered as u32))))
}

/// The turns that moves make, which are also added to the dialogs.
async fn new_turns(
    site: &SubmissionsSite,
    moves: &[Move],
    turns: &mut BTreeMap<usize, Vec<Turn>>,
    drawn: &Drawn,
) -> Result<Vec<(usize, u32, Turn)>> {
    let (mut made, mut asks) = (Vec::new(), Vec::new());
    for one in moves {
        let of_dialog = turns.entry(one.dialog).or_default();
        if let Some(turn) = one.made(of_dialog, drawn)? {
            made.push((one.dialog, one.turn, turn));
            asks.push(one);
        }
    }
    let shown = asks.iter().map(|one| one.shows(&turns[&one.dialog], drawn));
    let shown: Vec<Option<Shown<'_>>> = shown.collect();
    let asked: Vec<usize> = (0..shown.len()).filter(|&at| shown[at].is_some()).collect();
    let shown: Vec<Shown<'_>> = shown.into_iter().flatten().collect();
    let captions = drawn.captions(site, &shown).await?;
    drop(shown);
    for (at, caption) in asked.into_iter().zip(captions) {
        made[at].2.caption = Some(caption);
    }
    for (dialog, _, turn) in &made {
        turns.entry(*dialog).or_default().push(turn.clone());
    }
    Ok(made)
}

/// Counts a request of a submission that is played; false if it isn't, or may make no more.
async fn count_request(db: &impl ConnectionTrait, id: Uuid, most: u32) -> Result<bool> {
    let playing = sea_orm::sea_query::Query::select()
        .column(submission::Column::Id)
        .from(submission::Entity)
        .and_where(submission::Column::Id.eq(id))
        .and_where(submission::Column::State.eq(State::Playing))
        .take();
    let done = played::Entity::update_many()
        .col_expr(played::Column::Requests, Expr::col(played::Column::Requests).add(1))
        .filter(played::Column::SubmissionId.in_subquery(playing))
        .filter(played::Column::Requests.lt(most))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The answer to a request whose submission is finished: its last answers may have had no response.
fn finished(game: Game, moves: &[Move]) -> Result<Answered> {
    let last = game.drawn.rules.turns;
    if let Some(open) = moves.iter().find(|one| one.turn != last) {
        return Err(Error::playing_finished(&game.drawn.name(open.dialog)));
    }
    let done = |one: &Move| Reply::done(one.dialog, &game.drawn);
    Ok(Answered { replies: moves.iter().map(done).collect(), row: game.row, left: 0 })
}

/// Whether a turn was written by another request first.
fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
