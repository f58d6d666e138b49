//! Returns the standings of a phase as evaluation results for the Hugging Face Hub.

use std::sync::Arc;

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::MetaSchema;

use super::formats::{BoardExport, eval_results};
use super::saved::{FileType, Saved, list_of_objects};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/leaderboard.eval-results.yaml`
pub struct Get;

/// A list of results.
pub struct Results;

impl FileType for Results {
    const CONTENT_TYPE: &'static str = "application/yaml; charset=utf-8";
    const DESCRIPTION: &'static str = "The results";
    const ENDING: &'static str = "eval-results.yaml";

    fn schema() -> MetaSchema {
        list_of_objects()
    }
}

#[OpenApi]
impl Get {
    /// Get the standings of a phase as evaluation results for the Hugging Face Hub
    ///
    /// YAML for `.eval_results/` in a model's repository; `submission` selects the results of one
    /// model. Tasks are `overall` and `{category}.{measure}`, and shares are fractions.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/leaderboard.eval-results.yaml",
        method = "get",
        operation_id = "get_leaderboard_eval_results"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
        /// The id of a submission on the leaderboard, to get only its results.
        submission: Query<Option<String>>,
        /// The data set on the Hub that has the benchmark, such as `owner/name`. Without it, the name
        /// of the board.
        dataset: Query<Option<String>>,
    ) -> Result<Saved<Results>> {
        let board = app.boards.get(&app, &challenge, &phase).await?;
        let export = BoardExport::of(&board, &app.base_address())?.only(submission.as_deref())?;
        let text = eval_results::write(&export, dataset.as_deref())?;
        Ok(Saved::new(text, &board.phase.name))
    }
}
