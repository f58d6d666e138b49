//! A turn of a dialog: the team's ranking, and the caption that answered it.

use sea_orm::entity::prelude::*;

/// A turn of a dialog: the team's ranking, and the caption that answered it. Turn 0 is the opening, whose
/// ranking is the first item alone.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "dialog_turn")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission_id: Uuid,
    /// From 0, through all groups.
    #[sea_orm(primary_key, auto_increment = false)]
    pub dialog: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub turn: i32,
    /// Places in the gallery, each as four bytes, lowest first.
    pub ranking: Vec<u8>,
    /// None after the last turn.
    pub caption: Option<String>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
