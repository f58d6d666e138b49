//! Final results of a phase: reports that its organisers have confirmed. They don't change any more.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::Report;
use crate::ambient::Instant;
use crate::database::from_json;
use crate::entities::final_results::{Column, Entity, Model};
use crate::entities::phase;
use crate::error::{Error, Result};

/// What identifies final results, without their document.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Confirmed {
    /// Their name, which is the date: `2026-11-27`, and `2026-11-27-2` for the next of the same day.
    pub name: String,
    /// When they were confirmed.
    pub confirmed_at: Instant,
    /// The SHA-256 of the document, in hex.
    pub sha256: String,
}

/// The final results of a phase, the latest first.
pub async fn confirmed(db: &impl ConnectionTrait, phase: &phase::Model) -> Result<Vec<Confirmed>> {
    let of = Entity::find()
        .select_only()
        .columns([Column::Name, Column::ConfirmedAt, Column::Sha256])
        .filter(Column::PhaseId.eq(phase.id))
        .order_by_desc(Column::Id);
    Ok(of.into_model().all(db).await?)
}

/// The final results of a phase with this name.
pub async fn results(db: &impl ConnectionTrait, phase: &phase::Model, name: &str) -> Result<Model> {
    let of = Entity::find().filter(Column::PhaseId.eq(phase.id)).filter(Column::Name.eq(name));
    of.one(db).await?.ok_or_else(|| Error::not_found("final results", name))
}

impl Model {
    /// The report that was confirmed.
    pub fn report(&self) -> Result<Report> {
        from_json(&self.document)
    }
}
