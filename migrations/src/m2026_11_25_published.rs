//! What is published of benchmarks and phases, when a day starts, and a revision that shows when
//! cached pages are out of date.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, mut column) in columns() {
            // SQLite adds one column per statement.
            let alter = Table::alter().table(table).add_column(column.take()).take();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}

fn columns() -> [(&'static str, ColumnDef); 9] {
    [
        ("challenge", col::text("text").default("").take()),
        ("challenge", col::big_integer("revision").default(0).take()),
        ("benchmark", col::text("publication").default("official").take()),
        ("benchmark", col::text_null("secret_key").take()),
        ("phase", col::integer("reset_hour").default(0).take()),
        ("phase", col::text("reset_zone").default("UTC").take()),
        ("phase", col::text_null("shown_public").take()),
        ("phase", col::text_null("shown_team").take()),
        ("submission", col::big_integer_null("withdrawn_at").take()),
    ]
}
