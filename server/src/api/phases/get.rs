//! Returns one phase.

use std::sync::Arc;

use domain::challenges::{self, Located};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use crate::api::challenges::Phase;
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}`
pub struct Get;

#[OpenApi]
impl Get {
    /// Get a phase: its times, limits and fields
    #[oai(
        path = "/challenges/:challenge/phases/:phase",
        method = "get",
        operation_id = "get_phase"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Json<Phase>> {
        let Located { phase, benchmark, .. } =
            challenges::locate(&app.db, &challenge, &phase).await?;
        Ok(Json(Phase::of(&app, phase, benchmark).await?))
    }
}
