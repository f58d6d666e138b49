//! Final results: documents that organisers confirmed.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let phase = ForeignKey::create()
            .from("final_results", "phase_id")
            .to("phase", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let table = Table::create()
            .table("final_results")
            .col(col::pk_auto("id"))
            .col(col::integer("phase_id"))
            .col(col::text("name"))
            .col(col::big_integer("confirmed_at"))
            .col(col::text("sha256"))
            .col(col::text("document"))
            .foreign_key(&mut phase.clone())
            .take();
        manager.create_table(table).await?;
        let mut index = Index::create();
        index.name("final_results_of_phase").unique().table("final_results");
        manager.create_index(index.col("phase_id").col("name").take()).await
    }
}
