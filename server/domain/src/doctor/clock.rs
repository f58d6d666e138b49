//! The clock: whether it is behind what was already recorded.

use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder, QuerySelect};

use super::Finding;
use crate::ambient::Instant;
use crate::entities::{event, mail, session, submission};
use crate::error::{Result, rfc3339};

/// Several servers never agree to the second.
const TOLERATED_SECONDS: i64 = 5;

/// Compares the clock with the newest instant in the database.
pub(super) async fn examine(db: &DatabaseConnection, now: Instant) -> Result<Finding> {
    let newest = newest(db).await?.filter(|newest| *newest > now.plus_seconds(TOLERATED_SECONDS));
    let Some(newest) = newest else {
        return Ok(Finding::ok("clock", format!("it is {}", rfc3339(now))));
    };
    let seconds = (newest.0 - now.0) / 1_000_000;
    let found = format!(
        "the clock is {seconds} s behind the database: it is {} here, and the newest entry is of {}",
        rfc3339(now),
        rfc3339(newest)
    );
    let advice = "set the clock before a server starts, and keep it set (NTP): deadlines, limits and \
                  receipts follow it";
    Ok(Finding::problem("clock", found, advice))
}

/// The newest instant at which something happened.
async fn newest(db: &DatabaseConnection) -> Result<Option<Instant>> {
    macro_rules! newest_of {
        ($($entity:ident . $column:ident),*) => {
            [$({
                let newest = $entity::Entity::find()
                    .select_only()
                    .column($entity::Column::$column)
                    .order_by_desc($entity::Column::$column)
                    .limit(1);
                newest.into_tuple::<Instant>().one(db).await?
            }),*]
        };
    }
    let newest = newest_of!(submission.ReceivedAt, event.At, session.SeenAt, mail.CreatedAt);
    Ok(newest.into_iter().flatten().max())
}
