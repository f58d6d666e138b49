//! The task of a challenge, which all its benchmarks have.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["challenge", "benchmark"] {
            let mut task = col::text("task");
            // existing challenges were created when there was only one task
            task.default("fashion-iq");
            let table = Table::alter().table(table).add_column(task).take();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
