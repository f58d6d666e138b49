//! Which release made a database, and which ones brought it up to date.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("release")
            .col(col::pk_auto("id"))
            .col(col::text("version"))
            .col(col::integer("steps"))
            .col(col::big_integer("at"))
            .take();
        manager.create_table(table).await
    }
}
