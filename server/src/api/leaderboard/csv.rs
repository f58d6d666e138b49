//! Returns the standings of a phase as CSV.

use std::sync::Arc;

use domain::error::{Error, rfc3339};
use domain::spreadsheet::{self, harmless};
use domain::standings::{Board, Row};
use domain::submissions::ScoreColumns;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::registry::MetaSchema;

use super::saved::{FileType, Saved};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/leaderboard.csv`
pub struct Get;

#[OpenApi]
impl Get {
    /// Get the standings of a phase as CSV
    ///
    /// The score columns are those that the phase shows; shares are fractions. The ends of their 95 %
    /// intervals are the last columns, `overall_low`, `overall_high` and so on. Text that a
    /// spreadsheet would read as a formula starts with an apostrophe.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/leaderboard.csv",
        method = "get",
        operation_id = "get_leaderboard_csv"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Saved<Table>> {
        let board = app.boards.get(&app, &challenge, &phase).await?;
        Ok(Saved::new(table(&board)?, &board.phase.name))
    }
}

fn table(board: &Board) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("write the table", e);
    let mut table = spreadsheet::table();
    let columns = ScoreColumns { shown: board.standings.shown, groups: &board.groups };
    let mut asked = board.phase.asked()?;
    asked.retain(|field| field.public);
    let mut head: Vec<String> = ["rank", "team", "kind", "method"].map(str::to_owned).to_vec();
    head.extend(asked.iter().map(|field| field.name.clone()));
    head.extend(columns.heads());
    head.extend(["tries", "received_at", "submission"].map(str::to_owned));
    head.extend(columns.interval_heads());
    table.write_record(&head).map_err(failed)?;
    for row in &board.standings.rows {
        let mut cells = vec![
            row.rank.map(|rank| rank.to_string()).unwrap_or_default(),
            harmless(&row.team.name),
            row.team.kind.name().to_owned(),
            harmless(&row.submission.method),
        ];
        let details = &row.submission.details;
        cells.extend(asked.iter().map(|f| harmless(details.get(&f.name).unwrap_or_default())));
        cells.extend(columns.cells(Some(&row.metrics)));
        cells.extend(about(row));
        cells.extend(columns.interval_cells(&row.metrics));
        table.write_record(&cells).map_err(failed)?;
    }
    Ok(table.into_inner().map_err(|e| failed(e.into_error().into()))?)
}

fn about(row: &Row) -> [String; 3] {
    let submission = &row.submission;
    [row.tries.to_string(), rfc3339(submission.received_at), submission.id.to_string()]
}

/// A table.
pub struct Table;

impl FileType for Table {
    const CONTENT_TYPE: &'static str = "text/csv; charset=utf-8";
    const DESCRIPTION: &'static str = "The table";
    const ENDING: &'static str = "csv";

    fn schema() -> MetaSchema {
        MetaSchema::new("string")
    }
}
