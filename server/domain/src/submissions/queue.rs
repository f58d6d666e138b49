//! Leases on submissions that are waiting to be scored.
//!
//! A lease is a token and an expiry in the submission's own row. Its holder scores the submission; a
//! holder that dies stops renewing, and the row is free again. Two workers can have the same
//! submission for a while, if one was believed dead or a clock was set. They never both finish it: the
//! first result is written, the second finds the submission finished and changes nothing.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, ExprTrait,
    FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    UpdateMany,
};
use uuid::Uuid;

use crate::ambient::{Ambient, Instant};
use crate::database;
use crate::entities::submission::{self, Column, State};
use crate::error::Result;

/// How long a lease holds without being renewed.
pub const LEASE_SECONDS: i64 = 20;

/// A longer lease can't be valid: a clock has jumped, or the row is damaged. It counts as expired.
const LONGEST_LEASE_SECONDS: i64 = 2 * LEASE_SECONDS;

/// After this many leases without a result a submission becomes `failed`.
pub const MOST_ATTEMPTS: i32 = 3;

/// A submission that waits longer than this is stuck: nobody scores, or fewer than needed.
pub const STUCK_SECONDS: i64 = 60;

/// The right to score a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The submission.
    pub submission: Uuid,
    /// The token that the row has as long as nobody else has the right.
    pub token: Uuid,
}

impl Lease {
    /// A new lease and the instant at which it expires unless renewed.
    pub fn new(ambient: &Ambient, submission: Uuid) -> (Self, Instant) {
        let expires = ambient.now().plus_seconds(LEASE_SECONDS);
        (Self { submission, token: ambient.id() }, expires)
    }

    /// Renews the lease for another [`LEASE_SECONDS`]; false if it was lost.
    pub async fn renew(&self, db: &impl ConnectionTrait, ambient: &Ambient) -> Result<bool> {
        let expires = ambient.now().plus_seconds(LEASE_SECONDS);
        let longer = self.held().col_expr(Column::LeaseExpiresAt, Expr::value(expires));
        Ok(longer.exec(db).await?.rows_affected == 1)
    }

    /// Releases the lease at once, so that any worker can take the submission. A try that never
    /// began doesn't count.
    pub async fn release(&self, db: &impl ConnectionTrait) -> Result<bool> {
        let fewer = Expr::col(Column::Attempts).sub(1);
        let free = self.held().col_expr(Column::LeaseExpiresAt, Expr::value(Instant(0)));
        let done = free.col_expr(Column::Attempts, fewer).exec(db).await?;
        Ok(done.rows_affected == 1)
    }

    /// An update of the row, as long as the lease holds it.
    fn held(&self) -> UpdateMany<submission::Entity> {
        submission::Entity::update_many()
            .filter(Column::Id.eq(self.submission))
            .filter(Column::LeaseToken.eq(self.token))
            .filter(Column::State.eq(State::Received))
    }
}

/// Which submissions a worker may take from the queue.
#[derive(Debug, Clone, Copy, Default)]
pub struct Claim {
    /// Only submissions of teams that have nothing being scored, by any server.
    pub only_idle_teams: bool,
    /// The team of the submission that was taken last; other teams come first.
    pub last_team: Option<i32>,
}

/// Takes the lease of the oldest free submission. Teams that have nothing
/// being scored and were not served last come first, so each team is served in turn, however many
/// submissions another team has waiting.
pub async fn claim(
    db: &DatabaseConnection,
    ambient: &Ambient,
    claim: Claim,
) -> Result<Option<(Lease, submission::Model)>> {
    let held = is_held(ambient.now());
    let of_busy_team = || {
        let being_scored = submission::Entity::find().select_only().column(Column::TeamId);
        let being_scored = being_scored.filter(held.clone());
        Column::TeamId.in_subquery(being_scored.into_query())
    };
    // 0 is the id of no team, so it has no effect.
    let served_last = Column::TeamId.eq(claim.last_team.unwrap_or_default());
    let mut waiting = submission::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(State::Received))
        .filter(held.clone().not())
        .order_by(of_busy_team().or(served_last), Order::Asc)
        .order_by_asc(Column::ReceivedAt)
        .order_by_asc(Column::Id)
        .limit(1);
    if claim.only_idle_teams {
        waiting = waiting.filter(of_busy_team().not());
    }
    // Look first without a write lock; most looks find nothing.
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
        .and_where(Column::Id.in_subquery(waiting.into_query()))
        .returning_all()
        .to_owned();
    // With the write lock, so that no other worker takes the same one, or one of the same team.
    let transaction = database::begin(db).await?;
    let leased = transaction.query_one(&take).await?;
    transaction.commit().await?;
    let Some(row) = leased else { return Ok(None) };
    let row = submission::Model::from_query_result(&row, "")?;
    Ok(Some((Lease { submission: row.id, token }, row)))
}

/// Whether another submission of the team is being scored, by any server.
pub async fn is_team_busy(
    db: &impl ConnectionTrait,
    row: &submission::Model,
    now: Instant,
) -> Result<bool> {
    let others = submission::Entity::find()
        .filter(Column::TeamId.eq(row.team_id))
        .filter(Column::Id.ne(row.id))
        .filter(is_held(now));
    Ok(others.count(db).await? > 0)
}

/// Rows with a valid lease.
fn is_held(now: Instant) -> Condition {
    Condition::all()
        .add(Column::State.eq(State::Received))
        .add(Column::LeaseExpiresAt.gt(now))
        .add(Column::LeaseExpiresAt.lte(now.plus_seconds(LONGEST_LEASE_SECONDS)))
}

/// The submissions that are waiting to be scored, in all processes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// All of them, those that are being scored included.
    pub count: i64,
    /// Those that have waited longer than [`STUCK_SECONDS`].
    pub stuck: i64,
    /// How long the oldest has waited, in seconds.
    pub seconds: i64,
}

/// Counts the waiting submissions.
pub async fn waiting(db: &impl ConnectionTrait, now: Instant) -> Result<Waiting> {
    let all = || submission::Entity::find().filter(Column::State.eq(State::Received));
    let (count, oldest): (i64, Option<i64>) = all()
        .select_only()
        .column_as(Column::Id.count(), "count")
        .column_as(Column::ReceivedAt.min(), "oldest")
        .into_tuple()
        .one(db)
        .await?
        .unwrap_or_default();
    let long_ago = now.plus_seconds(-STUCK_SECONDS);
    let stuck = all().filter(Column::ReceivedAt.lt(long_ago)).count(db).await?;
    let seconds = oldest.map_or(0, |oldest| (now.0 - oldest) / 1_000_000);
    Ok(Waiting { count, stuck: stuck as i64, seconds })
}
