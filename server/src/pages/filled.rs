//! What a form holds.

use poem::{FromRequest, Request, RequestBody};
use serde::de::DeserializeOwned;

use crate::error::Error;

/// The most that a form without files may hold, in bytes.
const MOST: usize = 256 << 10;

/// What a form without files holds.
pub(crate) struct Filled<T>(pub(crate) T);

impl<'a, T: DeserializeOwned> FromRequest<'a> for Filled<T> {
    async fn from_request(_: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = body
            .take()?
            .into_bytes_limit(MOST)
            .await
            .map_err(|_| Error::field("form", format!("holds more than {MOST} bytes")))?;
        let filled = serde_html_form::from_bytes(&bytes);
        Ok(Self(filled.map_err(|e| Error::field("form", format!("can’t be read: {e}")))?))
    }
}
