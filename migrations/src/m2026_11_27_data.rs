//! Data of challenges: which data sets organisers may name, and limits shared by the phases of a
//! benchmark.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(data_grant()).await?;
        let shared = col::boolean("shared_limits").default(false).take();
        let alter = Table::alter().table("benchmark").add_column(shared).take();
        manager.alter_table(alter).await?;
        // The default of a definition: each score reveals something about the same targets.
        let hidden = Query::update()
            .table("benchmark")
            .value("shared_limits", true)
            .and_where(Expr::col("targets").eq("hidden"))
            .take();
        manager.execute(hidden).await
    }
}

fn data_grant() -> TableCreateStatement {
    let challenge = ForeignKey::create()
        .from("data_grant", "challenge_id")
        .to("challenge", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    Table::create()
        .table("data_grant")
        .col(col::pk_auto("id"))
        .col(col::integer("challenge_id"))
        .col(col::text("path"))
        .col(col::big_integer("given_at"))
        .col(col::integer_null("given_by"))
        .foreign_key(&mut challenge.clone())
        .index(Index::create().name("data_grant_path").unique().col("challenge_id").col("path"))
        .take()
}
