//! A program's answers to the phase's fields.

use std::collections::BTreeMap;

use domain::error::Error;
use serde_json::Value;

use crate::refusal::Result;

/// Reads a JSON object of texts; `true` and `false` are `yes` and `no`.
pub(in crate::api) fn read(json: Option<&str>) -> Result<BTreeMap<String, String>> {
    let Some(json) = json else { return Ok(BTreeMap::new()) };
    let rule = "must be a JSON object of strings, such as {\"code\": \"https://example.org\"}";
    let wrong = || Error::field("details", rule);
    let Ok(Value::Object(answers)) = serde_json::from_str(json) else { return Err(wrong().into()) };
    let answer = |(name, value): (String, Value)| {
        let text = match value {
            Value::String(text) => text,
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Null => String::new(),
            _ => return Err(wrong().into()),
        };
        Ok((name, text))
    };
    answers.into_iter().map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_object_of_texts_is_read() {
        let told = read(Some(r#"{"zero-shot": true, "code": "https://example.org"}"#)).unwrap();
        assert_eq!(told["zero-shot"], "yes");
        assert_eq!(told["code"], "https://example.org");
        assert!(read(None).unwrap().is_empty());
        for bad in ["", "[]", "{\"a\": 1}", "{\"a\": {}}"] {
            assert_eq!(read(Some(bad)).unwrap_err().field.as_deref(), Some("details"), "{bad}");
        }
    }
}
