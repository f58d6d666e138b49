//! Whether pages show a benchmark's pictures, and its statistics.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let pictures = col::text("pictures").default("none").take();
        let table = Table::alter().table("benchmark").add_column(pictures).take();
        manager.alter_table(table).await?;
        let benchmark = ForeignKey::create()
            .from("benchmark_statistics", "benchmark_id")
            .to("benchmark", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let table = Table::create()
            .table("benchmark_statistics")
            .col(col::integer("benchmark_id").primary_key())
            .col(col::text("of"))
            .col(col::text("statistics"))
            .foreign_key(&mut benchmark.clone())
            .take();
        manager.create_table(table).await
    }
}
