//! Browsers in which a person has signed in before.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let user = ForeignKey::create()
            .from("device", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let table = Table::create()
            .table("device")
            .col(col::pk_auto("id"))
            .col(col::integer("user_id"))
            .col(col::text("digest"))
            .col(col::big_integer("created_at"))
            .foreign_key(&mut user.clone())
            .index(Index::create().name("device_of_user").unique().col("user_id").col("digest"))
            .take();
        manager.create_table(table).await
    }
}
