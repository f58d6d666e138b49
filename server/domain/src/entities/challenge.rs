//! A challenge: a title, rules, benchmarks and phases. Almost all other rows belong to one.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;
use crate::error::{Error, Result};

/// A challenge: a title, rules, benchmarks and phases. Almost all other rows belong to one.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub name: String,
    pub task: String,
    pub title: String,
    pub summary: String,
    pub text: String,
    pub rules: String,
    pub rules_version: i32,
    pub approval: bool,
    pub email_domains: String,
    pub team_size: Option<i32>,
    pub revision: i64,
    pub created_at: Instant,
    pub archived_at: Option<Instant>,
    pub deleted_at: Option<Instant>,
}

impl Model {
    /// Refuses what teams do in a challenge that is archived or deleted.
    pub fn ensure_active(&self) -> Result<()> {
        if self.deleted_at.is_some() {
            return Err(Error::not_found("challenge", &self.name));
        }
        if self.archived_at.is_some() { Err(Error::archived(&self.name)) } else { Ok(()) }
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
