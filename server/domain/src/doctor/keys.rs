//! The keys that sign receipts.

use sea_orm::DatabaseConnection;

use super::Finding;
use crate::error::Result;
use crate::receipts;

/// Checks that the key in use can sign.
pub(super) async fn examine(db: &DatabaseConnection) -> Result<Finding> {
    let all = receipts::public_keys(db).await?.keys;
    let used = all.iter().filter(|key| key.retired_at.is_none()).count();
    if used == 0 {
        let found = "there is no key to sign receipts";
        let advice = "start a server, or run `--fix`, which makes one";
        return Ok(Finding::warning("keys", found, advice));
    }
    Ok(match receipts::ensure_key_signs(db).await {
        Ok(id) => {
            let found = format!("key {id} signs receipts; {} retired", all.len() - used);
            Finding::ok("keys", found)
        }
        Err(_) => Finding::problem(
            "keys",
            "the key that signs receipts is damaged",
            "restore a backup, or make a new one with `fashion-iq receipt rotate`",
        ),
    })
}
