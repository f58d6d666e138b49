//! Returns the standings of a phase as CSV.

use std::sync::Arc;

use domain::error::{Error, rfc3339};
use domain::spreadsheet::{self, harmless};
use domain::standings::{Board, Row};
use domain::submissions::ScoreColumns;
use poem::http::header;
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::param::Path;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::{ApiResponse, OpenApi};

use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/leaderboard.csv`
pub struct Get;

#[OpenApi]
impl Get {
    /// Get the standings of a phase as CSV
    ///
    /// The score columns are those that the phase shows; shares are fractions. Text that a
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
    ) -> Result<Csv> {
        let board = app.boards.get(&app, &challenge, &phase).await?;
        Ok(Csv { text: table(&board)?, phase: board.phase.name.clone() })
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
        table.write_record(&cells).map_err(failed)?;
    }
    Ok(table.into_inner().map_err(|e| failed(e.into_error().into()))?)
}

fn about(row: &Row) -> [String; 3] {
    let submission = &row.submission;
    [row.tries.to_string(), rfc3339(submission.received_at), submission.id.to_string()]
}

/// A CSV file to save.
pub struct Csv {
    text: Vec<u8>,
    phase: String,
}

impl Payload for Csv {
    const CONTENT_TYPE: &'static str = "text/csv; charset=utf-8";

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }
}

impl IntoResponse for Csv {
    fn into_response(self) -> Response {
        let saved_as = format!("attachment; filename=\"leaderboard.{}.csv\"", self.phase);
        let response = Response::builder().content_type(Self::CONTENT_TYPE);
        response.header(header::CONTENT_DISPOSITION, saved_as).body(self.text)
    }
}

impl ApiResponse for Csv {
    fn meta() -> MetaResponses {
        let schema = Self::schema_ref();
        let response = MetaResponse {
            description: "The table",
            status: Some(200),
            status_range: None,
            content: vec![MetaMediaType { content_type: Self::CONTENT_TYPE, schema }],
            headers: vec![],
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(_registry: &mut Registry) {}
}
