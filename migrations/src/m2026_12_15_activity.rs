//! The numbers above a board by an index alone, for each new result: how many submissions were scored, and how
//! long the latest took.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::create();
        index.name("submission_activity").table("submission");
        for column in ["phase_id", "trial", "state", "finished_at", "received_at", "team_id"] {
            index.col(column);
        }
        manager.create_index(index).await
    }
}
