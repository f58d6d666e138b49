//! What the last audit of each benchmark found.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let benchmark = ForeignKey::create()
            .from("benchmark_audit", "benchmark_id")
            .to("benchmark", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let table = Table::create()
            .table("benchmark_audit")
            .col(col::integer("benchmark_id").primary_key())
            .col(col::text("edition"))
            .col(col::big_integer("at"))
            .col(col::integer("leaks"))
            .col(col::text("findings"))
            .foreign_key(&mut benchmark.clone())
            .take();
        manager.create_table(table).await
    }
}
