//! Leases on submissions that wait to be scored.
//!
//! A lease is a token and an expiry in the submission's own row. Whoever holds the token may write
//! the result; a holder that dies simply stops renewing, and the row is free again. Two workers never
//! score one submission to an end: the second write finds another token, or none, and changes nothing.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::ambient::{Ambient, Instant};
use crate::entities::submission::{self, Column, State};
use crate::error::Result;

/// How long a lease holds without being renewed.
pub const LEASE_SECONDS: i64 = 20;

/// After so many leases that came to nothing a submission is given up as `failed`.
pub const MOST_ATTEMPTS: i32 = 5;

/// The right to write a submission's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Of which submission.
    pub submission: Uuid,
    /// What the row must still hold when the result is written.
    pub token: Uuid,
}

impl Lease {
    /// A new lease and the instant it runs out unless renewed.
    pub fn new(ambient: &Ambient, submission: Uuid) -> (Self, Instant) {
        let expires = ambient.now().plus_seconds(LEASE_SECONDS);
        (Self { submission, token: ambient.id() }, expires)
    }

    /// Holds on for another [`LEASE_SECONDS`]; false if the lease was lost.
    pub async fn renew(&self, db: &impl ConnectionTrait, ambient: &Ambient) -> Result<bool> {
        self.set_expiry(db, ambient.now().plus_seconds(LEASE_SECONDS)).await
    }

    /// Lets go at once, so that any worker may take the submission.
    pub async fn release(&self, db: &impl ConnectionTrait) -> Result<bool> {
        self.set_expiry(db, Instant(0)).await
    }

    async fn set_expiry(&self, db: &impl ConnectionTrait, expires: Instant) -> Result<bool> {
        let done = submission::Entity::update_many()
            .col_expr(Column::LeaseExpiresAt, Expr::value(expires))
            .filter(Column::Id.eq(self.submission))
            .filter(Column::LeaseToken.eq(self.token))
            .filter(Column::State.eq(State::Received))
            .exec(db)
            .await?;
        Ok(done.rows_affected == 1)
    }
}

/// Takes the lease of the oldest submission nobody holds, in one atomic statement.
pub async fn claim(
    db: &DatabaseConnection,
    ambient: &Ambient,
) -> Result<Option<(Lease, submission::Model)>> {
    let waiting = submission::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(State::Received))
        .filter(Column::LeaseExpiresAt.lte(ambient.now()))
        .order_by_asc(Column::ReceivedAt)
        .order_by_asc(Column::Id)
        .limit(1);
    // A look costs no write lock; most looks find nothing.
    if waiting.clone().into_tuple::<Uuid>().one(db).await?.is_none() {
        return Ok(None);
    }
    let token = ambient.id();
    let expires = ambient.now().plus_seconds(LEASE_SECONDS);
    let take = Query::update()
        .table(submission::Entity)
        .value(Column::LeaseToken, token)
        .value(Column::LeaseExpiresAt, expires)
        .value(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .and_where(Column::Id.in_subquery(sea_orm::QueryTrait::into_query(waiting)))
        .returning_all()
        .to_owned();
    let Some(row) = db.query_one(&take).await? else { return Ok(None) };
    let row = submission::Model::from_query_result(&row, "")?;
    Ok(Some((Lease { submission: row.id, token }, row)))
}

/// How many submissions wait to be scored, and for how many seconds the longest has.
pub async fn waiting(db: &impl ConnectionTrait, now: Instant) -> Result<(u64, i64)> {
    let (count, oldest): (i64, Option<i64>) = submission::Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "count")
        .column_as(Column::ReceivedAt.min(), "oldest")
        .filter(Column::State.eq(State::Received))
        .into_tuple()
        .one(db)
        .await?
        .unwrap_or_default();
    let seconds = oldest.map_or(0, |oldest| (now.0 - oldest) / 1_000_000);
    Ok((count.unsigned_abs(), seconds))
}
