//! A preview of what applying a definition changes.

use std::fmt;

use serde::Serialize;

use crate::challenges::FieldChange;

/// Everything that applying a definition changes; empty if the database already matches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// One per changed thing, in the order of the definition.
    pub changes: Vec<Change>,
}

/// The change of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whether it is created, changed or removed.
    pub kind: ChangeKind,
    /// The thing, such as ``phase `test` ``.
    pub what: String,
    /// The fields that change, with their old and new values.
    pub fields: Vec<FieldChange>,
    /// The effects on teams, phases and the board, in sentences.
    pub effects: Vec<String>,
}

/// Whether a thing is created, changed or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Create,
    /// It exists and will change.
    Change,
    /// It is no longer in the definition, and nothing depends on it.
    Remove,
}

impl Plan {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether something that exists is changed or removed.
    pub fn touches_what_is_there(&self) -> bool {
        self.changes.iter().any(|change| change.kind != ChangeKind::Create)
    }

    pub(super) fn created(&mut self, what: String, effects: Vec<String>) {
        self.changes.push(Change { kind: ChangeKind::Create, what, fields: vec![], effects });
    }

    pub(super) fn changed(&mut self, what: String, fields: Vec<FieldChange>, effects: Vec<String>) {
        self.changes.push(Change { kind: ChangeKind::Change, what, fields, effects });
    }

    pub(super) fn removed(&mut self, what: String) {
        let kind = ChangeKind::Remove;
        self.changes.push(Change { kind, what, fields: vec![], effects: vec![] });
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            let sign = match change.kind {
                ChangeKind::Create => '+',
                ChangeKind::Change => '~',
                ChangeKind::Remove => '-',
            };
            writeln!(f, "{sign} {}", change.what)?;
            for FieldChange { field, old, new } in &change.fields {
                writeln!(f, "    {field}: {old} -> {new}")?;
            }
            for effect in &change.effects {
                writeln!(f, "    => {effect}")?;
            }
        }
        Ok(())
    }
}
