//! The identity that the database shares with its upload folder, and an index to find uploads
//! without a submission.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("upload_store")
            .col(col::integer("id").primary_key())
            .col(col::text("identity"))
            .take();
        manager.create_table(table).await?;
        let index =
            Index::create().name("submission_upload").table("submission").col("upload_key").take();
        manager.create_index(index).await
    }
}
