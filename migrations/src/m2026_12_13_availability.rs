//! Since when a challenge is archived or deleted.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["archived_at", "deleted_at"] {
            let mut table = Table::alter().table("challenge").take();
            table.add_column(col::big_integer_null(column));
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
