//! The ranks of a submission's corrected targets: as secret as the targets.

use sea_orm::entity::prelude::*;

/// The ranks of a submission's corrected targets: as secret as the targets.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rescored_ranks")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    /// The set whose targets these are.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rescoring_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission_id: Uuid,
    pub bytes: Vec<u8>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
