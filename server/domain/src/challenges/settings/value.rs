//! The type of a setting, and how its values are read and shown.

use toml::value::Datetime;

use super::Effect;
use crate::ambient::Instant;
use crate::challenges::definition::read_instant;
use crate::challenges::fields::quoted;
use crate::challenges::{AskedField, Publishable, Viewer};
use crate::database::to_json;
use crate::entities::phase;
use crate::error::{Error, Result, rfc3339};

/// Everything about one setting of a phase.
pub struct Setting {
    /// Its name in `challenge.toml`; a dot leads into a nested table.
    pub name: &'static str,
    /// The name of its field in the organisers' form; empty if the form has none.
    pub field: &'static str,
    /// The label in forms and in the log.
    pub label: &'static str,
    /// The meaning of its values, in a line.
    pub help: &'static str,
    /// Its place in the API's phase, as a JSON pointer.
    pub api: &'static str,
    /// The kind of its values.
    pub kind: Kind,
    /// The text shown if it is left out.
    pub absent: &'static str,
    /// The effects that a change can have on teams.
    pub effects: &'static [Effect],
    /// Reads it from its columns.
    pub(super) get: fn(&phase::Model) -> Result<Value>,
    /// Writes it into its columns.
    pub(super) set: fn(&mut phase::Model, Value) -> Result<()>,
}

/// The kind of a setting's values, which decides how it is read and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A title, which every phase has.
    Title,
    /// A text.
    Text,
    /// An instant that every phase has.
    Start,
    /// An optional instant.
    Instant,
    /// A whole number; no limit if left out.
    Count,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// The measures that are shown to a viewer.
    Shown(Viewer),
    /// The fields that submissions are asked for.
    Fields,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// It is left out.
    Absent,
    /// A text.
    Text(String),
    /// An instant.
    At(Instant),
    /// A whole number.
    Number(i32),
    /// Yes or no.
    Flag(bool),
    /// Names of measures.
    Names(Vec<String>),
    /// The fields that submissions are asked for.
    Fields(Vec<AskedField>),
}

impl Value {
    pub(super) fn at(at: Option<Instant>) -> Self {
        at.map_or(Self::Absent, Self::At)
    }

    pub(super) fn count(count: Option<i32>) -> Self {
        count.map_or(Self::Absent, Self::Number)
    }

    pub(super) fn names(joined: Option<&str>) -> Self {
        let names = |joined: &str| joined.split_whitespace().map(str::to_owned).collect();
        joined.map(names).map_or(Self::Absent, Self::Names)
    }

    pub(super) fn text(self) -> String {
        if let Self::Text(text) = self { text } else { String::new() }
    }

    pub(super) fn instant(self) -> Option<Instant> {
        if let Self::At(at) = self { Some(at) } else { None }
    }

    pub(super) fn number(self) -> Option<i32> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    pub(super) fn flag(self) -> bool {
        self == Self::Flag(true)
    }

    pub(super) fn joined(self) -> Option<String> {
        if let Self::Names(names) = self { Some(names.join(" ")) } else { None }
    }

    pub(super) fn fields_as_json(self) -> Result<String> {
        let fields = if let Self::Fields(fields) = self { fields } else { vec![] };
        to_json(&fields)
    }
}

impl Setting {
    /// Whether every phase has it.
    pub fn is_required(&self) -> bool {
        matches!(self.kind, Kind::Title | Kind::Start)
    }

    /// Its value in a phase.
    pub fn get(&self, row: &phase::Model) -> Result<Value> {
        (self.get)(row)
    }

    /// Reads a value of `challenge.toml`.
    pub fn read(&self, written: &toml::Value) -> Result<Value> {
        let must_be =
            |what: &str| Error::unusable(format!("`{}` must be {what}, not {written}", self.name));
        Ok(match self.kind {
            Kind::Title | Kind::Text => {
                Value::Text(written.as_str().ok_or_else(|| must_be("text"))?.to_owned())
            }
            Kind::Start | Kind::Instant => {
                let at = written.as_datetime().ok_or_else(|| must_be("a date and time"))?;
                Value::At(read_instant(at)?)
            }
            Kind::Count | Kind::Number => {
                let number = written.as_integer().and_then(|number| u16::try_from(number).ok());
                let number = number.ok_or_else(|| must_be("a whole number from 0 to 65535"));
                Value::Number(number?.into())
            }
            Kind::Flag => Value::Flag(written.as_bool().ok_or_else(|| must_be("true or false"))?),
            Kind::Shown(_) => {
                let names = written.as_array().map(Vec::as_slice).unwrap_or_default();
                let names: Vec<&str> = names.iter().filter_map(toml::Value::as_str).collect();
                if written.as_array().is_none_or(|all| all.len() != names.len()) {
                    return Err(must_be("a list of names of measures"));
                }
                // The valid names depend on the task; they are checked with the definition.
                Value::names(Some(&names.join(" ")))
            }
            Kind::Fields => {
                let fields = written.clone().try_into();
                Value::Fields(fields.map_err(|e| Error::unusable(format!("field: {e}")))?)
            }
        })
    }

    /// A value as in `challenge.toml`; none if it is left out.
    pub fn write(&self, value: &Value) -> Result<Option<toml::Value>> {
        let failed = |doing: &str| format!("write {doing} of the setting {}", self.name);
        Ok(match value {
            Value::Absent => None,
            Value::Text(text) => Some(text.as_str().into()),
            Value::At(at) => {
                let at = rfc3339(*at).parse::<Datetime>();
                Some(at.map_err(|e| Error::internal(&failed("a date and time"), e))?.into())
            }
            Value::Number(number) => Some(i64::from(*number).into()),
            Value::Flag(yes) => Some((*yes).into()),
            Value::Names(names) => Some(names.clone().into()),
            Value::Fields(fields) => {
                let fields = toml::Value::try_from(fields);
                Some(fields.map_err(|e| Error::internal(&failed("the fields"), e))?)
            }
        })
    }

    /// Its value in a phase as a plan shows it: equal values look the same.
    pub fn print(&self, row: &phase::Model, scores: Publishable) -> Result<String> {
        if let Kind::Shown(viewer) = self.kind {
            let shown = row.shown(viewer, scores)?;
            return Ok(match shown {
                _ if shown == scores.at_most() => "all that the targets allow".to_owned(),
                _ if shown.is_nothing() => "nothing".to_owned(),
                _ => shown.to_string(),
            });
        }
        Ok(match self.get(row)? {
            Value::Absent => self.absent.to_owned(),
            Value::Text(text) => quoted(&text),
            Value::At(at) => rfc3339(at),
            Value::Number(number) => number.to_string(),
            Value::Flag(yes) => yes.to_string(),
            Value::Names(names) => names.join(" "),
            Value::Fields(fields) if fields.is_empty() => self.absent.to_owned(),
            Value::Fields(fields) => {
                fields.iter().map(AskedField::summary).collect::<Vec<_>>().join("; ")
            }
        })
    }
}
