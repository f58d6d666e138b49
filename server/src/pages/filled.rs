//! What a form holds.

use poem::{FromRequest, Request, RequestBody};
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::serve::LONGEST_FORM;

/// What a form without files holds.
pub(crate) struct Filled<T>(pub(crate) T);

impl<'a, T: DeserializeOwned> FromRequest<'a> for Filled<T> {
    async fn from_request(_: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        // The gate has read it already; the cap holds should it ever let one pass.
        let bytes = body.take()?.into_bytes_limit(LONGEST_FORM).await;
        let bytes = bytes.map_err(Error::incomplete_form)?;
        let filled = serde_html_form::from_bytes(&bytes);
        Ok(Self(filled.map_err(|e| Error::field("form", format!("can’t be read: {e}")))?))
    }
}
