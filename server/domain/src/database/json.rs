//! Values that are kept as JSON in a column.

use crate::error::{Error, Result};

/// What is kept as JSON in a column.
pub fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::internal("save a result", e))
}

/// Reads back what [`to_json`] kept.
pub fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal("read a stored result", e))
}
