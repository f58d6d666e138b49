//! Notices about submissions whose upload got its response before the score was known.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, Set,
};

use crate::database::{Notice, UnitOfWork};
use crate::entities::submission::State;
use crate::entities::{notice, submission};
use crate::error::Result;

/// The kind of a notice that exists until the submission has its result.
const WAITING: &str = "waiting";

/// Notes that an upload got its response before its score was known. The notice shows the process
/// that finishes the submission that the response had no result.
pub(super) async fn waits(unit: &UnitOfWork<'_>, row: &submission::Model) -> Result<()> {
    if waiting(row).count(unit.db()).await? > 0 {
        return Ok(());
    }
    let row = notice::ActiveModel {
        id: NotSet,
        team_id: Set(row.team_id),
        at: Set(unit.now()),
        kind: Set(WAITING.to_owned()),
        text: Set("Your submission is saved and waits for its score.".to_owned()),
        submission_id: Set(Some(row.id)),
    };
    row.insert(unit.db()).await?;
    Ok(())
}

/// Removes that notice; returns whether there was one.
pub(super) async fn no_longer_waits(
    db: &impl ConnectionTrait,
    row: &submission::Model,
) -> Result<bool> {
    let ids: Vec<i32> = waiting(row).all(db).await?.into_iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(false);
    }
    notice::Entity::delete_many().filter(notice::Column::Id.is_in(ids)).exec(db).await?;
    Ok(true)
}

fn waiting(row: &submission::Model) -> sea_orm::Select<notice::Entity> {
    notice::Entity::find()
        .filter(notice::Column::TeamId.eq(row.team_id))
        .filter(notice::Column::SubmissionId.eq(row.id))
        .filter(notice::Column::Kind.eq(WAITING))
}

/// Notes that a submission that was waiting when its upload got its response has no score.
pub(super) fn has_no_score(unit: &mut UnitOfWork<'_>, row: &submission::Model, state: State) {
    let text = match state {
        State::Invalid => "Your submission is invalid; its page lists every problem.",
        State::Failed => "We could not score your submission; it uses no limit, so send it again.",
        State::Playing | State::Received | State::Scored => return,
    };
    unit.notify(Notice {
        team_id: row.team_id,
        kind: state.name().to_owned(),
        text: text.to_owned(),
        submission: Some(row.id),
    });
}
