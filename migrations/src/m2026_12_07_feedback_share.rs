//! The feedback share of a phase, rounded scores, and the scores from the reveal on.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What hidden targets allow to be shown, by task: what phases showed that left it to the default.
const SHOWN: [(&str, &str); 2] = [
    ("fashion-iq", "overall recall@10 recall@50"),
    ("circo", "overall map@5 map@10 map@25 map@50"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Existing phases go on as they were: on all queries, and exact.
        let columns = [
            ("benchmark", col::text_null("share_key")),
            ("phase", col::integer_null("feedback_share").default(0).take()),
            ("phase", col::boolean_null("rounded").default(false).take()),
            ("phase", col::integer("ladder").default(0).take()),
            ("submission", col::double_null("final_score")),
            ("scorecard", col::double_null("final_overall")),
            ("scorecard", col::text_null("final_card")),
        ];
        for (table, column) in columns {
            let table = Table::alter().table(table).add_column(column).take();
            manager.alter_table(table).await?;
        }
        for (task, names) in SHOWN {
            let hidden = Query::select()
                .column("id")
                .from("benchmark")
                .and_where(Expr::col("targets").eq("hidden"))
                .and_where(Expr::col("task").eq(task))
                .take();
            for column in ["shown_public", "shown_team"] {
                let update = Query::update()
                    .table("phase")
                    .value(column, names)
                    .and_where(Expr::col(column).is_null())
                    .and_where(Expr::col("benchmark_id").in_subquery(hidden.clone()))
                    .take();
                manager.execute(update).await?;
            }
        }
        Ok(())
    }
}
