//! For how long the uploads of a phase are kept, and when one was deleted.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("phase", col::integer_null("upload_days")),
            ("phase", col::integer_null("ranked_upload_days")),
            ("submission", col::big_integer_null("upload_deleted_at")),
        ] {
            let mut alter = Table::alter().table(table).take();
            alter.add_column(column);
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
