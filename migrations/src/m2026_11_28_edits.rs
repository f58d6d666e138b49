//! A team's edits of a submission's method and details.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut submission = ForeignKey::create();
        submission.from("submission_edit", "submission_id").to("submission", "id");
        submission.on_delete(ForeignKeyAction::Cascade);
        let table = Table::create()
            .table("submission_edit")
            .col(col::pk_auto("id"))
            .col(col::uuid("submission_id"))
            .col(col::integer_null("user_id"))
            .col(col::big_integer("at"))
            .col(col::text("field"))
            .col(col::text("before"))
            .col(col::text("after"))
            .foreign_key(&mut submission)
            .take();
        manager.create_table(table).await?;
        let index = Index::create()
            .name("edit_of_submission")
            .table("submission_edit")
            .col("submission_id")
            .take();
        manager.create_index(index).await
    }
}
