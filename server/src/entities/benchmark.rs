//! Groups of queries and galleries in a folder, with where their targets are.

use sea_orm::entity::prelude::*;

/// Groups of queries and galleries in a folder, with where their targets are.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "benchmark")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub name: String,
    pub folder: String,
    pub split: String,
    pub protocol: String,
    pub targets: TargetsAre,
    pub targets_file: Option<String>,
    pub version: String,
    pub gallery_digest: String,
    pub queries: i32,
}

/// Who can see a benchmark's targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum TargetsAre {
    /// Organisers only.
    Hidden,
    /// Everybody: anyone can score 100 %.
    Public,
    /// Nobody: uploads are validated, never scored.
    None,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
