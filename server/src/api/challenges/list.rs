//! Lists challenges.

use std::sync::Arc;

use domain::challenges;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Challenge;
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges`
pub struct List;

#[OpenApi]
impl List {
    /// List all challenges
    #[oai(path = "/challenges", method = "get", operation_id = "list_challenges")]
    async fn list(&self, app: Data<&Arc<App>>) -> Result<Json<Vec<Challenge>>> {
        let mut all = Vec::new();
        for row in challenges::all(&app.db).await? {
            all.push(Challenge::of(&app, row).await?);
        }
        Ok(Json(all))
    }
}
