//! `/c/{challenge}/submissions/{id}/receipt`: the signed receipt of a submission, as a file.

use std::sync::Arc;

use domain::receipts;
use poem::http::header;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::submission::Visible;
use super::visitor::{self, Visitor};
use crate::app::App;
use crate::refusal::Result;

/// `GET /c/{challenge}/submissions/{id}/receipt`
#[handler]
pub async fn download(
    app: Data<&Arc<App>>,
    visitor: Visitor,
    Path((challenge, id)): Path<(String, String)>,
) -> Result<Response> {
    let visible = Visible::find(&app, &visitor, &challenge, &id).await?;
    let (located, row) = (&visible.located, &visible.row);
    let receipt = receipts::receipt(&app, located, row, visible.viewer()).await?;
    let saved_as = format!("attachment; filename=\"receipt-{}.json\"", row.id);
    let file = Response::builder()
        .content_type("application/json")
        .header(header::CONTENT_DISPOSITION, saved_as)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(visitor::private(file.body(receipt.to_json()?)))
}
