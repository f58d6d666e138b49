//! Changes of e-mail addresses: the link that confirms a new one, and the owner of an old mailbox.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let address = ColumnDef::new("address").text().null().take();
        let link = Table::alter().table("link").add_column(address).take();
        manager.alter_table(link).await?;
        let mailbox = Table::create()
            .table("mailbox")
            .col(col::text("digest").primary_key())
            .col(col::text("person"))
            .take();
        manager.create_table(mailbox).await?;
        let index = Index::create().name("mailbox_of_person").table("mailbox").col("person").take();
        manager.create_index(index).await
    }
}
