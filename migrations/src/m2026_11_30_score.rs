//! The score in a submission's row, so that a board finds each team's best by an index.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [col::double_null("score"), col::text_null("scored_against")] {
            let table = Table::alter().table("submission").add_column(column).take();
            manager.alter_table(table).await?;
        }
        for (column, of) in [("score", "overall"), ("scored_against", "benchmark_version")] {
            let newest = Query::select()
                .column(("scorecard", of))
                .from("scorecard")
                .and_where(Expr::col(("scorecard", "submission_id")).equals(("submission", "id")))
                .order_by(("scorecard", "id"), Order::Desc)
                .limit(1)
                .take();
            let value = SimpleExpr::SubQuery(None, Box::new(newest.into()));
            manager
                .execute(Query::update().table("submission").value(column, value).take())
                .await?;
        }
        let mut index = Index::create();
        index.name("submission_standing").table("submission");
        for column in [
            "phase_id",
            "trial",
            "state",
            "team_id",
            "withdrawn_at",
            "disqualified_at",
            "hidden_at",
            "scored_against",
        ] {
            index.col(column);
        }
        // In the order of the board: a team's first submission is its best.
        index.col(("score", IndexOrder::Desc)).col("received_at").col("id");
        manager.create_index(index).await
    }
}
