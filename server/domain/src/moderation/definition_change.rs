//! A change of a definition as the fields that changed, each with its value before and after.
//!
//! A definition is treated as single values, each a field of the challenge itself, of a benchmark
//! or of a phase. Applying a change sets only its fields, so everything else keeps its value.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use toml::{Table, Value};

/// One field of a definition that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The part that the field belongs to.
    pub of: Part,
    /// Its name in `challenge.toml`; a dot leads into a nested table.
    pub field: String,
    /// Its value before; none if it was left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<FieldValue>,
    /// Its value after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<FieldValue>,
}

/// A part of a definition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The challenge itself.
    Challenge,
    /// The benchmark with this name.
    Benchmark(String),
    /// The phase with this name.
    Phase(String),
}

/// A value of a definition, written as in TOML.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldValue(pub Value);

/// The field with the names of benchmarks or phases in their order.
const ORDER: &str = "order";

type Values = BTreeMap<(Part, String), Value>;

impl FieldChange {
    /// The same field, changed back.
    #[must_use]
    pub fn invert(&self) -> Self {
        let Self { of, field, before, after } = self.clone();
        Self { of, field, before: after, after: before }
    }

    /// Whether another change is of the same field.
    pub fn is_of(&self, other: &Self) -> bool {
        (&self.of, &self.field) == (&other.of, &other.field)
    }

    /// Whether it creates the challenge, which had no name before.
    pub fn makes_a_challenge(&self) -> bool {
        self.of == Part::Challenge && self.field == "name" && self.before.is_none()
    }

    /// Whether it is the order of benchmarks or phases, and not an ordinary field.
    pub fn is_order(&self) -> bool {
        self.of == Part::Challenge && self.field.ends_with(ORDER)
    }

    /// Whether it is an order in which a part was added or removed, which that part's own fields
    /// also say.
    pub fn is_order_of_others(&self) -> bool {
        let names = |value: &Option<FieldValue>| {
            let names = value.as_ref().and_then(|value| value.0.as_array());
            names.into_iter().flatten().map(Value::to_string).collect::<BTreeSet<_>>()
        };
        self.is_order() && names(&self.before) != names(&self.after)
    }
}

/// The fields that differ between two definitions, in the order of their parts.
pub fn changes_between(before: &Table, after: &Table) -> Vec<FieldChange> {
    let (mut old, mut new) = (values(before), values(after));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).cloned().collect();
    let mut changes = Vec::new();
    for key in keys {
        let (before, after) = (old.remove(&key), new.remove(&key));
        if before != after {
            let (of, field) = key;
            let (before, after) = (before.map(FieldValue), after.map(FieldValue));
            changes.push(FieldChange { of, field, before, after });
        }
    }
    changes
}

/// A definition with some of its fields changed. Fields whose present value differs from the one
/// before the change are returned instead: they were changed again.
pub fn with_changes(present: &Table, changes: &[FieldChange]) -> Result<Table, Vec<FieldChange>> {
    let now = values(present);
    let is_other = |change: &&FieldChange| {
        let key = (change.of.clone(), change.field.clone());
        now.get(&key) != change.before.as_ref().map(|value| &value.0) && !change.is_order()
    };
    let others: Vec<FieldChange> = changes.iter().filter(is_other).cloned().collect();
    if !others.is_empty() {
        return Err(others);
    }
    let mut definition = present.clone();
    for change in changes.iter().filter(|change| !change.is_order()) {
        set(&mut definition, change);
    }
    // Orders are set last, when all parts exist.
    for change in changes.iter().filter(|change| change.is_order()) {
        put_in_order(&mut definition, change);
    }
    Ok(definition)
}

/// The single values of a definition.
fn values(definition: &Table) -> Values {
    let mut all = Values::new();
    for (key, value) in definition {
        let part = |name: &str| match key.as_str() {
            "benchmark" => Some(Part::Benchmark(name.to_owned())),
            "phase" => Some(Part::Phase(name.to_owned())),
            _ => None,
        };
        match (part(""), value.as_array()) {
            (Some(_), Some(tables)) => {
                let tables = || tables.iter().filter_map(|table| Some((name_of(table)?, table)));
                for (name, table) in tables() {
                    let table = table.as_table().into_iter().flatten();
                    for (part, (key, value)) in std::iter::repeat(part(name)).zip(table) {
                        collect(&part.unwrap_or(Part::Challenge), key, value, &mut all);
                    }
                }
                let order = tables().map(|(name, _)| Value::from(name)).collect();
                all.insert((Part::Challenge, format!("{key}.{ORDER}")), Value::Array(order));
            }
            _ => collect(&Part::Challenge, key, value, &mut all),
        }
    }
    all
}

fn collect(part: &Part, key: &str, value: &Value, all: &mut Values) {
    match value {
        Value::Table(inner) => {
            for (name, value) in inner {
                collect(part, &format!("{key}.{name}"), value, all);
            }
        }
        // An empty list of fields is the same as no list.
        Value::Array(items) if items.is_empty() && key == "field" => {}
        _ => drop(all.insert((part.clone(), key.to_owned()), value.clone())),
    }
}

fn name_of(table: &Value) -> Option<&str> {
    table.get("name")?.as_str()
}

/// Sets one field of a definition; a part that loses its name is removed, and a missing part is
/// created.
fn set(definition: &mut Table, change: &FieldChange) {
    let (kind, name) = match &change.of {
        Part::Challenge => return set_in(definition, &change.field, change.after.as_ref()),
        Part::Benchmark(name) => ("benchmark", name),
        Part::Phase(name) => ("phase", name),
    };
    let list = list_of(definition, kind);
    let is_it = |table: &Value| name_of(table) == Some(name);
    if !list.iter().any(is_it) {
        if change.after.is_none() {
            return;
        }
        list.push(Value::Table(Table::from_iter([("name".to_owned(), name.as_str().into())])));
    }
    if change.field == "name" && change.after.is_none() {
        list.retain(|table| !is_it(table));
    } else if let Some(Value::Table(table)) = list.iter_mut().find(|table| is_it(table)) {
        set_in(table, &change.field, change.after.as_ref());
    }
}

fn set_in(table: &mut Table, path: &str, value: Option<&FieldValue>) {
    match path.split_once('.') {
        Some((key, rest)) => {
            let inner = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                set_in(inner, rest, value);
            }
        }
        None => match value {
            Some(value) => drop(table.insert(path.to_owned(), value.0.clone())),
            None => drop(table.remove(path)),
        },
    }
}

/// Sorts the parts in the order of the change; other parts come after.
fn put_in_order(definition: &mut Table, change: &FieldChange) {
    let kind = change.field.split('.').next().unwrap_or_default();
    let order = change.after.as_ref().and_then(|value| value.0.as_array());
    let order = order.map(Vec::as_slice).unwrap_or_default();
    let place = |table: &Value| {
        order.iter().position(|name| Some(name) == table.get("name")).unwrap_or(order.len())
    };
    list_of(definition, kind).sort_by_key(place);
}

fn list_of<'a>(definition: &'a mut Table, kind: &str) -> &'a mut Vec<Value> {
    let list = definition.entry(kind).or_insert_with(|| Value::Array(Vec::new()));
    if !list.is_array() {
        *list = Value::Array(Vec::new());
    }
    list.as_array_mut().expect("it was made a list")
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let table: Table = format!("value = {written}").parse().map_err(D::Error::custom)?;
        table.get("value").cloned().map(Self).ok_or_else(|| D::Error::missing_field("value"))
    }
}

#[cfg(test)]
mod tests;
