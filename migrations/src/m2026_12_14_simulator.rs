//! What plays the user of a benchmark's dialogs, where it is not the program without a model.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter().table("benchmark").take();
        table.add_column(col::text_null("simulator"));
        manager.alter_table(table).await
    }
}
