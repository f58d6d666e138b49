//! Returns the receipt of a submission.

use std::sync::Arc;

use domain::accounts::Scope;
use domain::challenges::{self, Viewer};
use domain::receipts;
use domain::submissions;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/submissions/{id}/receipt`
pub struct Get;

/// A signed statement of a submission's scores; `docs/receipts.md` defines it.
#[derive(Debug, Object)]
pub struct Receipt {
    /// The id of the key that signed it; see `/receipt-keys`.
    pub key: String,
    /// The statement, JSON as a string: exactly the bytes that are signed.
    pub payload: String,
    /// The public key, Ed25519, 32 bytes in Base64. It shows that the receipt is unchanged. To check
    /// who signed it, compare it with `/receipt-keys`.
    pub public_key: String,
    /// The signature of `type` and `payload`, Ed25519, in Base64.
    pub signature: String,
    /// The type of the payload.
    #[oai(rename = "type")]
    pub kind: String,
}

#[OpenApi]
impl Get {
    /// Get the receipt of one of your team's submissions
    ///
    /// Returns a signed statement of what the server scored: the digest of the upload, the benchmark,
    /// the scorer, the times, and the scores that your team sees now. Anyone can verify it offline
    /// with `fashion-iq receipt verify`.
    #[oai(
        path = "/challenges/:challenge/submissions/:id/receipt",
        method = "get",
        operation_id = "get_receipt"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<Json<Receipt>> {
        let challenge = challenges::find(&app.db, &challenge).await?;
        let caller = token.caller(&app, &challenge, Scope::Read).await?;
        let row = submissions::own(&app.db, &caller, submissions::id(&id)?).await?;
        let located = challenges::located(&app.db, challenge, row.phase_id).await?;
        let receipt = receipts::receipt(&app, &located, &row, Viewer::OwnTeam).await?;
        Ok(Json(receipt.into()))
    }
}

impl From<receipts::Receipt> for Receipt {
    fn from(receipt: receipts::Receipt) -> Self {
        let receipts::Receipt { key, payload, public_key, signature, kind } = receipt;
        Self { key, payload, public_key, signature, kind }
    }
}
