//! Commitments to hidden targets, each with the salt that opens it. A correction adds one.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let benchmark = ForeignKey::create()
            .from("commitment", "benchmark_id")
            .to("benchmark", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let table = Table::create()
            .table("commitment")
            .col(col::pk_auto("id"))
            .col(col::integer("benchmark_id"))
            .col(col::text("digest"))
            .col(col::text("salt"))
            .col(col::big_integer("made_at"))
            .col(col::text_null("reason"))
            .foreign_key(&mut benchmark.clone())
            .take();
        manager.create_table(table).await?;
        let index = Index::create()
            .name("commitment_of_benchmark")
            .table("commitment")
            .col("benchmark_id")
            .take();
        manager.create_index(index).await
    }
}
