//! Lists the keys that sign receipts.

use std::sync::Arc;

use domain::receipts;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::app::App;
use crate::refusal::Result;

/// `GET /receipt-keys`
pub struct Keys;

/// The public keys of this server.
#[derive(Debug, Object)]
pub struct ReceiptKeys {
    /// The keys, newest first. Receipts of retired keys stay valid.
    pub keys: Vec<ReceiptKey>,
}

/// A key that verifies receipts.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ReceiptKey {
    /// Its id: the first 16 hex digits of the SHA-256 of the key's 32 bytes.
    pub id: String,
    /// The key, Ed25519, 32 bytes in Base64.
    pub public_key: String,
    /// From when it was in use.
    pub made_at: Option<String>,
    /// Since when it signs no more; absent while it is in use.
    pub retired_at: Option<String>,
}

#[OpenApi]
impl Keys {
    /// List the keys that sign receipts
    ///
    /// Returns the public keys with which receipts of this server are verified. Save the answer, and
    /// give it to `fashion-iq receipt verify --keys FILE`.
    #[oai(path = "/receipt-keys", method = "get", operation_id = "list_receipt_keys")]
    async fn list(&self, app: Data<&Arc<App>>) -> Result<Json<ReceiptKeys>> {
        let list = receipts::public_keys(&app.db).await?;
        Ok(Json(ReceiptKeys { keys: list.keys.into_iter().map(ReceiptKey::of).collect() }))
    }
}

impl ReceiptKey {
    fn of(key: receipts::PublicKey) -> Self {
        let receipts::PublicKey { id, public_key, made_at, retired_at } = key;
        Self { id, public_key, made_at, retired_at }
    }
}
