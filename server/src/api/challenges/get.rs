//! Returns one challenge.

use std::sync::Arc;

use domain::challenges;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Challenge;
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}`
pub struct Get;

#[OpenApi]
impl Get {
    /// Get a challenge and its phases
    #[oai(path = "/challenges/:challenge", method = "get", operation_id = "get_challenge")]
    async fn get(&self, app: Data<&Arc<App>>, challenge: Path<String>) -> Result<Json<Challenge>> {
        let row = challenges::find(&app.db, &challenge).await?;
        Ok(Json(Challenge::of(&app, row).await?))
    }
}
