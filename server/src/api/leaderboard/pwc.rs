//! Returns the standings of a phase in the shape of the Papers with Code dump.

use std::sync::Arc;

use domain::error::Error;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::MetaSchema;

use super::formats::{BoardExport, pwc};
use super::saved::{FileType, Saved, list_of_objects};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/leaderboard.pwc.json`
pub struct Get;

/// A list of tasks.
pub struct Tables;

impl FileType for Tables {
    const CONTENT_TYPE: &'static str = "application/json; charset=utf-8";
    const DESCRIPTION: &'static str = "The tables";
    const ENDING: &'static str = "pwc.json";

    fn schema() -> MetaSchema {
        list_of_objects()
    }
}

#[OpenApi]
impl Get {
    /// Get the standings of a phase in the shape of the Papers with Code dump
    ///
    /// A list with one task that has one data set, as in `evaluation-tables.json`. Values are text:
    /// shares are fractions. Links that teams gave in the fields `paper` and `code` are in the row.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/leaderboard.pwc.json",
        method = "get",
        operation_id = "get_leaderboard_pwc"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
        /// The id of a submission on the leaderboard, to get only its row.
        submission: Query<Option<String>>,
    ) -> Result<Saved<Tables>> {
        let board = app.boards.get(&app, &challenge, &phase).await?;
        let export = BoardExport::of(&board, &app.base_address())?.only(submission.as_deref())?;
        let text = serde_json::to_vec_pretty(&pwc::tables(&export));
        let text = text.map_err(|e| Error::internal("write the tables", e))?;
        Ok(Saved::new(text, &board.phase.name))
    }
}
