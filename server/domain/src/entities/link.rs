//! A one-time, expiring link that was mailed or logged, stored as a digest only.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A one-time, expiring link that was mailed or logged, stored as a digest only.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub purpose: Purpose,
    pub user_id: Option<i32>,
    pub digest: String,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    pub address: Option<String>,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum Purpose {
    /// Creates the first organiser of an empty database.
    SetUp,
    /// Confirms an e-mail address.
    Confirm,
    /// Sets a new password.
    Reset,
    /// Confirms a new e-mail address.
    Address,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
