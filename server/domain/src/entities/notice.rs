//! A notice to a team: a failed submission, a disqualification, a phase that opens.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A notice to a team: a failed submission, a disqualification, a phase that opens.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub team_id: i32,
    pub at: Instant,
    pub kind: String,
    pub text: String,
    pub submission_id: Option<Uuid>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
