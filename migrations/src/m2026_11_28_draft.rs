//! Definitions that an organiser has previewed but not applied yet.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let user = ForeignKey::create()
            .from("draft", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let table = Table::create()
            .table("draft")
            .col(col::uuid("id").primary_key())
            .col(col::integer("user_id"))
            .col(col::text("definition"))
            .col(col::big_integer("created_at"))
            .foreign_key(&mut user.clone())
            .take();
        manager.create_table(table).await?;
        let of_user = Index::create()
            .name("draft_of_user")
            .table("draft")
            .col("user_id")
            .col("created_at")
            .take();
        manager.create_index(of_user).await?;
        // Forms stored the line ends of browsers, so each save looked like a change of the rules.
        for column in ["text", "rules"] {
            for (from, to) in [("\r\n", "\n"), ("\r", "\n")] {
                let plain = Func::cust("replace").arg(Expr::col(column)).arg(from).arg(to);
                let update = Query::update().table("challenge").value(column, plain).take();
                manager.execute(update).await?;
            }
        }
        Ok(())
    }
}
