//! The fields that a phase asks for besides a method's name (the paper, the code, whether other
//! data was used), and a team's answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::definition::{check_name, check_title, must};
use crate::accounts::check_characters;
use crate::entities::phase;
use crate::error::{Error, Result};

/// The maximum length of an answer, in characters.
const TEXT_LENGTH: usize = 200;

/// The maximum number of fields in a phase, and of options in a choice.
const MOST: usize = 20;

/// Names that forms and URLs use for something else.
const RESERVED: [&str; 6] = ["details", "dir", "file", "method", "page", "sort"];

/// A field that a phase asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedField {
    /// The name in forms, URLs and the API.
    pub name: String,
    /// The label for people.
    pub label: String,
    /// How it is answered.
    pub kind: AskedKind,
    /// The options of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Whether submissions without an answer are refused.
    #[serde(default)]
    pub required: bool,
    /// Whether the answer is public, or only for the team and the organisers.
    #[serde(default = "yes")]
    pub public: bool,
}

/// The kind of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskedKind {
    /// A line of text.
    Text,
    /// An address on the web.
    Link,
    /// `yes` or `no`.
    YesNo,
    /// One of several words.
    Choice,
}

/// A team's answers, by field name. Unanswered fields are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details(pub BTreeMap<String, String>);

fn yes() -> bool {
    true
}

impl AskedKind {
    /// The name in `challenge.toml` and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Link => "link",
            Self::YesNo => "yes-no",
            Self::Choice => "choice",
        }
    }
}

impl AskedField {
    /// Whether boards can be filtered by it.
    pub fn filters(&self) -> bool {
        self.public && matches!(self.kind, AskedKind::YesNo | AskedKind::Choice)
    }

    /// The possible answers, if there is a fixed list.
    pub fn values(&self) -> Vec<&str> {
        match self.kind {
            AskedKind::Text | AskedKind::Link => vec![],
            AskedKind::YesNo => vec!["yes", "no"],
            AskedKind::Choice => self.options.iter().map(String::as_str).collect(),
        }
    }

    /// The answer as it is stored, or a sentence about what is wrong with it.
    pub fn read(&self, typed: &str) -> Result<String> {
        let typed = crate::accounts::typed(typed);
        let typed = typed.as_str();
        let wrong = |rule: String| Err(Error::field(&self.name, rule));
        let length = typed.chars().count();
        if length > TEXT_LENGTH {
            return wrong(format!("has {length} characters; the maximum is {TEXT_LENGTH}"));
        }
        check_characters(&self.name, typed)?;
        let values = self.values();
        if !values.is_empty() && !values.contains(&typed) {
            return wrong(format!("must be one of: {}", values.join(", ")));
        }
        if self.kind == AskedKind::Link && !is_link(typed) {
            return wrong("must be a link that starts with https:// or http://".to_owned());
        }
        Ok(typed.to_owned())
    }

    /// The field in a few words: `paper ("Paper", link, required)`.
    pub(super) fn summary(&self) -> String {
        let mut about = vec![format!("\"{}\"", self.label), self.kind.name().to_owned()];
        about.extend((!self.options.is_empty()).then(|| self.options.join("|")));
        about.extend(self.required.then(|| "required".to_owned()));
        about.extend((!self.public).then(|| "not public".to_owned()));
        format!("{} ({})", self.name, about.join(", "))
    }

    fn check(&self) -> Result<()> {
        check_name("field.name", &self.name)?;
        let name = &self.name;
        must(
            !RESERVED.contains(&name.as_str()),
            format!("field `{name}`: this name is reserved; choose another"),
        )?;
        check_title(&format!("field `{name}`: label"), &self.label)?;
        let choice = self.kind == AskedKind::Choice;
        must(
            choice != self.options.is_empty() && self.options.len() <= MOST,
            format!(
                "field `{name}`: kind = \"choice\" needs 1 to {MOST} options, and other kinds have \
                 none"
            ),
        )?;
        for (i, option) in self.options.iter().enumerate() {
            check_title(&format!("field `{name}`: an option"), option)?;
            let good = option.trim() == option && !self.options[..i].contains(option);
            must(
                good,
                format!(
                    "field `{name}`: option \"{option}\" is duplicated or has spaces around it"
                ),
            )?;
        }
        Ok(())
    }
}

/// Refuses invalid fields.
pub(super) fn check(fields: &[AskedField]) -> Result<()> {
    must(
        fields.len() <= MOST,
        format!("it asks for {} fields; the maximum is {MOST}", fields.len()),
    )?;
    for (i, field) in fields.iter().enumerate() {
        field.check()?;
        let twice = fields[..i].iter().any(|other| other.name == field.name);
        must(!twice, format!("duplicate field `{}`", field.name))?;
    }
    Ok(())
}

/// An address on the web that has a host.
fn is_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    host.is_some_and(|host| !host.is_empty() && !host.contains('@'))
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\'))
}

impl phase::Model {
    /// The fields it asks for besides the method's name.
    pub fn asked(&self) -> Result<Vec<AskedField>> {
        let read = serde_json::from_str(&self.fields);
        read.map_err(|e| Error::internal("read what a phase asks for", e))
    }
}

impl Details {
    /// Reads the answers to a phase's fields: an empty answer counts as none, and an answer to an
    /// unknown field is refused.
    pub fn read(asked: &[AskedField], typed: &BTreeMap<String, String>) -> Result<Self> {
        if let Some(unknown) = typed.keys().find(|name| !asked.iter().any(|f| f.name == **name)) {
            return Err(Error::field(unknown, "is not asked for in this phase"));
        }
        let mut answers = BTreeMap::new();
        for field in asked {
            match typed.get(&field.name).map(|typed| typed.trim()).filter(|typed| !typed.is_empty())
            {
                Some(typed) => drop(answers.insert(field.name.clone(), field.read(typed)?)),
                None if field.required => return Err(Error::field(&field.name, "is missing")),
                None => {}
            }
        }
        Ok(Self(answers))
    }

    /// The answers from their column.
    pub fn of_column(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|e| Error::internal("read a submission's details", e))
    }

    /// The answers as stored in their column.
    pub fn to_column(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::internal("save a submission's details", e))
    }

    /// The answer to a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The public answers.
    #[must_use]
    pub fn public(mut self, asked: &[AskedField]) -> Self {
        self.0.retain(|name, _| asked.iter().any(|field| field.public && field.name == *name));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kind: AskedKind, required: bool) -> AskedField {
        let options =
            if kind == AskedKind::Choice { vec!["none".into(), "much".into()] } else { vec![] };
        AskedField { name: "it".into(), label: "It".into(), kind, options, required, public: true }
    }

    fn read(field: &AskedField, typed: &str) -> Result<Details, String> {
        let typed = BTreeMap::from([("it".to_owned(), typed.to_owned())]);
        Details::read(std::slice::from_ref(field), &typed).map_err(|e| e.detail)
    }

    #[test]
    fn answers_are_checked_by_their_kind_and_the_field_is_named() {
        let good = [
            (AskedKind::Text, " some words "),
            (AskedKind::Link, "https://example.org/a?b=c"),
            (AskedKind::YesNo, "no"),
            (AskedKind::Choice, "much"),
        ];
        for (kind, typed) in good {
            let told = read(&asked(kind, true), typed).unwrap();
            assert_eq!(told.get("it"), Some(typed.trim()));
        }
        let bad = [
            (AskedKind::Text, "a\u{202e}b"),
            (AskedKind::Link, "javascript:alert(1)"),
            (AskedKind::Link, "https://"),
            (AskedKind::Link, "https://example.org\\@elsewhere"),
            (AskedKind::YesNo, "perhaps"),
            (AskedKind::Choice, "little"),
        ];
        for (kind, typed) in bad {
            assert!(read(&asked(kind, false), typed).unwrap_err().starts_with("`it` "), "{typed}");
        }
        let longest = "x".repeat(200);
        assert!(read(&asked(AskedKind::Text, false), &longest).is_ok());
        let refused = read(&asked(AskedKind::Text, false), &(longest + "x")).unwrap_err();
        assert!(refused.starts_with("`it` ") && refused.contains("200"), "{refused}");
    }

    #[test]
    fn what_is_empty_is_no_answer_and_what_is_not_asked_is_refused() {
        assert_eq!(read(&asked(AskedKind::YesNo, false), " ").unwrap(), Details::default());
        assert_eq!(read(&asked(AskedKind::YesNo, true), " ").unwrap_err(), "`it` is missing");
        let typed = BTreeMap::from([("else".to_owned(), "x".to_owned())]);
        let error = Details::read(&[], &typed).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("else"));
    }

    #[test]
    fn fields_that_nobody_could_answer_are_refused() {
        let fine = asked(AskedKind::Choice, true);
        assert!(check(std::slice::from_ref(&fine)).is_ok());
        let other = AskedField { name: "other".into(), ..fine.clone() };
        assert!(check(&[fine.clone(), other]).is_ok());
        let refused = |fields: &[AskedField]| check(fields).unwrap_err().detail;
        let twice = refused(&[fine.clone(), fine.clone()]);
        assert!(twice.contains("`it`"), "{twice}");
        let bad = [
            (AskedField { options: vec![], ..fine.clone() }, "options"),
            (AskedField { kind: AskedKind::Text, ..fine.clone() }, "options"),
            (AskedField { name: "method".into(), ..fine.clone() }, "`method`"),
            (AskedField { label: String::new(), ..fine }, "label"),
        ];
        for (field, named) in bad {
            let sentence = refused(std::slice::from_ref(&field));
            assert!(sentence.contains(named), "{field:?}: {sentence}");
        }
    }
}
