//! Opens a submission: draws its dialogs, and shows the first item and caption of each.

use std::sync::Arc;

use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};

use super::present::Position;
use super::{Game, must_be_played};
use crate::challenges::{self, Located};
use crate::database::UnitOfWork;
use crate::dialogs::{Drawn, opening, rows};
use crate::entities::{dialog_turn, played, submission};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;
use crate::submissions::intake::Entry;

/// How many turns are written in one statement.
const WRITTEN: usize = 500;

/// How often dialogs are drawn again because the team opened another submission at the same time.
const TRIES: usize = 3;

/// A submission that can be played.
#[derive(Debug)]
pub struct Opened {
    /// Its row.
    pub row: submission::Model,
    /// Whether the same idempotency key opened it before.
    pub earlier: bool,
    /// Its dialogs.
    pub position: Position,
}

/// Opens a submission for a team. It counts against the team's limits from now on.
pub async fn open(site: &Arc<SubmissionsSite>, located: &Located, entry: Entry) -> Result<Opened> {
    must_be_played(located)?;
    let entry = entry.typed()?;
    let details = entry.read_whole()?.to_column()?;
    for _ in 0..TRIES {
        if let Some(opened) = try_to_open(site, &entry, &details).await? {
            return Ok(opened);
        }
    }
    Err(Error::busy())
}

/// Opens it, unless another submission of the team was opened at the same time.
async fn try_to_open(
    site: &Arc<SubmissionsSite>,
    entry: &Entry,
    details: &str,
) -> Result<Option<Opened>> {
    if let Some(row) = entry.with_same_key(&site.db).await? {
        return earlier(site, row).await.map(Some);
    }
    // Captions are made without the write lock, so what was checked is checked again below.
    entry.gate(&site.db, 0).await?;
    let (phase, team) = (&entry.phase, entry.caller.team.id);
    let number = last_number(&site.db, phase.id, team).await? + 1;
    let benchmark = challenges::benchmark_by_id(&site.db, phase.benchmark_id).await?;
    let drawn = Drawn::of(site, (phase, &benchmark), (team, number)).await?;
    let turns = opening(site, &drawn).await?;

    let unit = UnitOfWork::begin(site).await?;
    if let Some(row) = entry.with_same_key(unit.db()).await? {
        drop(unit);
        return earlier(site, row).await.map(Some);
    }
    entry.gate(unit.db(), 0).await?;
    if last_number(unit.db(), phase.id, team).await? + 1 != number {
        return Ok(None);
    }
    let id = site.ambient.id();
    let row = entry.played_row(id, details.to_owned());
    let row = row.into_active_model().reset_all().insert(unit.db()).await?;
    let ends_at = entry.at.plus_seconds(drawn.rules.seconds());
    let played = played::Model { submission_id: id, number, ends_at, requests: 0 };
    let played = played.into_active_model().reset_all().insert(unit.db()).await?;
    let first = turns.into_iter().enumerate().map(|(dialog, turn)| (dialog, 0, turn));
    write(unit.db(), rows(id, first)).await?;
    unit.commit().await?;
    let game = Game { row, played, drawn };
    let position = Position::of(site, &game).await?;
    Ok(Some(Opened { row: game.row, earlier: false, position }))
}

/// A submission that the same idempotency key opened before.
async fn earlier(site: &Arc<SubmissionsSite>, row: submission::Model) -> Result<Opened> {
    let game = Game::of(site, row).await?;
    let position = Position::of(site, &game).await?;
    Ok(Opened { row: game.row, earlier: true, position })
}

/// Writes turns.
pub(super) async fn write(
    db: &impl ConnectionTrait,
    rows: Vec<dialog_turn::ActiveModel>,
) -> Result<(), DbErr> {
    for some in rows.chunks(WRITTEN) {
        dialog_turn::Entity::insert_many(some.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// The highest number of a team's submissions to a phase.
async fn last_number(db: &impl ConnectionTrait, phase_id: i32, team_id: i32) -> Result<i32> {
    let own = Query::select()
        .column(submission::Column::Id)
        .from(submission::Entity)
        .and_where(submission::Column::PhaseId.eq(phase_id))
        .and_where(submission::Column::TeamId.eq(team_id))
        .take();
    let last: Option<Option<i32>> = played::Entity::find()
        .select_only()
        .column_as(played::Column::Number.max(), "number")
        .filter(played::Column::SubmissionId.in_subquery(own))
        .into_tuple()
        .one(db)
        .await?;
    Ok(last.flatten().unwrap_or_default())
}
