//! Uploads that are not submissions for their phase at all, and use no limit.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = col::boolean("uses_no_limit").default(false).take();
        let table = Table::alter().table("submission").add_column(column).take();
        manager.alter_table(table).await
    }
}
