//! The licence under which a benchmark's data is published.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("benchmark").add_column(col::text_null("licence")).take();
        manager.alter_table(table).await
    }
}
