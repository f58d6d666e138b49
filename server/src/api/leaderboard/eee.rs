//! Returns the standings of a phase as records of Every Eval Ever.

use std::sync::Arc;

use domain::error::Error;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::MetaSchema;

use super::formats::{BoardExport, eee};
use super::saved::{FileType, Saved, list_of_objects};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/leaderboard.eee.json`
pub struct Get;

/// A list of records.
pub struct Records;

impl FileType for Records {
    const CONTENT_TYPE: &'static str = "application/json; charset=utf-8";
    const DESCRIPTION: &'static str = "The records";
    const ENDING: &'static str = "eee.json";

    fn schema() -> MetaSchema {
        list_of_objects()
    }
}

#[OpenApi]
impl Get {
    /// Get the standings of a phase as Every Eval Ever records
    ///
    /// One record for each row, in the schema of version 0.3.0 (`evaleval/every_eval_ever`), with the
    /// published scores and their 95 % intervals.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/leaderboard.eee.json",
        method = "get",
        operation_id = "get_leaderboard_eee"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
        /// The id of a submission on the leaderboard, to get only its record.
        submission: Query<Option<String>>,
    ) -> Result<Saved<Records>> {
        let board = app.boards.get(&app, &challenge, &phase).await?;
        let export = BoardExport::of(&board, &app.base_address())?.only(submission.as_deref())?;
        let text = serde_json::to_vec_pretty(&eee::records(&export));
        let text = text.map_err(|e| Error::internal("write the records", e))?;
        Ok(Saved::new(text, &board.phase.name))
    }
}
