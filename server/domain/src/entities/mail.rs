//! A mail that will be sent, or was sent.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A mail that will be sent, or was sent.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub address: String,
    pub subject: String,
    pub text: String,
    pub created_at: Instant,
    pub due_at: Instant,
    pub attempts: i32,
    pub sent_at: Option<Instant>,
    pub failure: Option<String>,
    pub names_user_id: Option<i32>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
