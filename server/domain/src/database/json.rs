//! Values stored as JSON in a column.

use crate::error::{Error, Result};

/// The JSON of a value for a column.
pub fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::internal("save a result", e))
}

/// Reads a value stored by [`to_json`].
pub fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal("read a stored result", e))
}
