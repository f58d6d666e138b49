//! Which submissions count: the single rule for boards, final submissions and pages.

use sea_orm::ColumnTrait;
use sea_orm::sea_query::Cond;

use crate::entities::submission::{Column, Model, State};

/// Whether a submission counts: it is scored, not a trial, and neither withdrawn by its team nor
/// removed by organisers.
pub fn counts(row: &Model) -> bool {
    let removed = [row.withdrawn_at, row.disqualified_at, row.hidden_at];
    row.state == State::Scored && !row.trial && removed.iter().all(Option::is_none)
}

/// The same as a condition of a query.
pub fn counting_submissions() -> Cond {
    Cond::all()
        .add(Column::Trial.eq(false))
        .add(Column::State.eq(State::Scored))
        .add(Column::WithdrawnAt.is_null())
        .add(Column::DisqualifiedAt.is_null())
        .add(Column::HiddenAt.is_null())
}
