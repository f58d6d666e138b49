//! Rescoring sets: scorecards for corrected targets or a newer scorer, kept beside those that count.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["rescoring_id", "targets_id"] {
            let table =
                Table::alter().table("benchmark").add_column(col::integer_null(column)).take();
            manager.alter_table(table).await?;
        }
        for table in [rescoring(), corrected_targets(), rescored_ranks()] {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}

fn rescoring() -> TableCreateStatement {
    Table::create()
        .table("rescoring")
        .col(col::pk_auto("id"))
        .col(col::integer("benchmark_id"))
        .col(col::text("kind"))
        .col(col::text("state"))
        .col(col::text("reason"))
        .col(col::big_integer("created_at"))
        .col(col::integer_null("base_id"))
        .col(col::integer_null("base_targets_id"))
        .col(col::text("version"))
        .col(col::big_integer_null("computed_at"))
        .col(col::text_null("failed"))
        .col(col::big_integer("lease_expires_at"))
        .foreign_key(&mut belongs_to("rescoring", "benchmark_id", "benchmark"))
        .take()
}

fn corrected_targets() -> TableCreateStatement {
    Table::create()
        .table("corrected_targets")
        .col(col::integer("rescoring_id").primary_key())
        .col(col::blob("bytes"))
        .foreign_key(&mut belongs_to("corrected_targets", "rescoring_id", "rescoring"))
        .take()
}

fn rescored_ranks() -> TableCreateStatement {
    Table::create()
        .table("rescored_ranks")
        .col(col::integer("rescoring_id"))
        .col(col::uuid("submission_id"))
        .col(col::blob("bytes"))
        .primary_key(Index::create().col("rescoring_id").col("submission_id"))
        .foreign_key(&mut belongs_to("rescored_ranks", "rescoring_id", "rescoring"))
        .foreign_key(&mut belongs_to("rescored_ranks", "submission_id", "submission"))
        .take()
}

fn belongs_to(
    from: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from, column).to(to, "id").on_delete(ForeignKeyAction::Cascade).take()
}
