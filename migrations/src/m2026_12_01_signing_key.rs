//! The keys that sign receipts: one is in use, and the retired ones stay, so that older receipts can
//! be verified.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("signing_key")
            .col(col::text("id").primary_key())
            .col(col::text("public"))
            .col(col::text("secret"))
            .col(col::big_integer("made_at"))
            .col(col::big_integer_null("retired_at"))
            .take();
        manager.create_table(table).await
    }
}
