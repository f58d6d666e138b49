//! The metrics of one submission under one (benchmark version, scorer version).

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// The metrics of one submission under one (benchmark version, scorer version).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "scorecard")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub submission_id: Uuid,
    /// The edition of the benchmark: see [`edition`](super::benchmark::Model::edition).
    pub benchmark_version: String,
    pub scorer_version: i32,
    /// The overall score before the reveal, by which submissions are ordered.
    pub overall: f64,
    pub card: String,
    /// The overall score from the reveal on, if it is another one.
    pub final_overall: Option<f64>,
    /// The card from the reveal on, if it is another one.
    pub final_card: Option<String>,
    pub created_at: Instant,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
