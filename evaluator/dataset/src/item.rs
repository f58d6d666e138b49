//! The id of one garment.

use std::fmt;

use crate::{Error, Result};

/// The longest id of an item or a query, in bytes.
pub const MAX_ITEM_BYTES: usize = 64;

/// The opaque id of one garment; in Fashion IQ its ten-character ASIN.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ItemId(Box<str>);

impl ItemId {
    /// Creates an id of 1 to [`MAX_ITEM_BYTES`] bytes without control characters.
    pub fn new(id: &str) -> Result<Self> {
        check_id("an item", id)?;
        Ok(Self(id.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks that an id has 1 to [`MAX_ITEM_BYTES`] bytes and no control characters; `of` says whose it is.
pub(crate) fn check_id(of: &str, id: &str) -> Result<()> {
    if id.is_empty() {
        return Err(Error::empty_id(of));
    }
    if id.len() > MAX_ITEM_BYTES {
        return Err(Error::long_id(of, id.len(), MAX_ITEM_BYTES));
    }
    if id.chars().any(char::is_control) {
        return Err(Error::control_in_id(of, id));
    }
    Ok(())
}

/// The item of that id, or what is wrong with the id.
pub(crate) fn item(id: &str) -> Result<ItemId, String> {
    ItemId::new(id).map_err(|e| e.to_string())
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_to_64_bytes_and_no_control_characters() {
        assert_eq!(ItemId::new("B005X4PL1G").unwrap().as_str(), "B005X4PL1G");
        assert!(ItemId::new(&"x".repeat(64)).is_ok());
        for bad in ["", &"x".repeat(65), "B00\n"] {
            assert!(matches!(ItemId::new(bad), Err(Error::Id(_))), "{bad:?}");
        }
    }
}
