//! Phases that are played as dialogs: their rules, the submissions that are being played, and their turns.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("benchmark", col::text_null("draw_key")),
            ("phase", col::integer_null("dialog_turns")),
            ("phase", col::integer_null("dialog_count")),
            ("phase", col::integer_null("dialog_minutes")),
            ("phase", col::boolean("dialog_transcripts").default(false).take()),
        ];
        for (table, column) in columns {
            let table = Table::alter().table(table).add_column(column).take();
            manager.alter_table(table).await?;
        }
        let of_submission = |table: &'static str| {
            ForeignKey::create()
                .from(table, "submission_id")
                .to("submission", "id")
                .on_delete(ForeignKeyAction::Cascade)
                .take()
        };
        let played = Table::create()
            .table("played")
            .col(col::uuid("submission_id").primary_key())
            .col(col::integer("number"))
            .col(col::big_integer("ends_at"))
            .col(col::integer("requests"))
            .foreign_key(&mut of_submission("played"))
            .take();
        manager.create_table(played).await?;
        let turn = Table::create()
            .table("dialog_turn")
            .col(col::uuid("submission_id"))
            .col(col::integer("dialog"))
            .col(col::integer("turn"))
            .col(col::blob("ranking"))
            .col(col::text_null("caption"))
            .primary_key(Index::create().col("submission_id").col("dialog").col("turn"))
            .foreign_key(&mut of_submission("dialog_turn"))
            .take();
        manager.create_table(turn).await
    }
}
