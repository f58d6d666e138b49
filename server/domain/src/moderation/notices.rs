//! Notices to teams: on their pages, and by mail to members who want mails.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Decision;
use crate::database::{Notice, UnitOfWork};
use crate::entities::{notice, submission, team};
use crate::error::Result;

/// Notes a notice to a team about a decision on its submission.
pub(super) fn decided(
    unit: &mut UnitOfWork<'_>,
    row: &submission::Model,
    decision: Decision,
    reason: &str,
) {
    let what = match decision {
        Decision::Disqualify => "was disqualified",
        Decision::Reinstate => "was reinstated",
        // Only the organisers need to know.
        Decision::Hide | Decision::Show => return,
    };
    let method =
        if row.method.is_empty() { String::new() } else { format!(" “{}”", row.method) };
    unit.notify(Notice {
        team_id: row.team_id,
        kind: decision.name().to_owned(),
        text: format!("Your submission{method} {what}: {reason}"),
        submission: Some(row.id),
    });
}

/// The notices of a team, the latest first, up to a maximum number.
pub async fn notices_of(
    db: &impl ConnectionTrait,
    team: &team::Model,
    most: u64,
) -> Result<Vec<notice::Model>> {
    let of = notice::Entity::find().filter(notice::Column::TeamId.eq(team.id));
    Ok(of.order_by_desc(notice::Column::Id).limit(most).all(db).await?)
}
