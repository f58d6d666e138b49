//! What applying a definition changes, said before it is done.

use std::fmt;

use serde::Serialize;

use crate::challenges::FieldChange;

/// Everything that applying a definition changes; nothing where the database says it already.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// One a thing, in the order of the definition.
    pub changes: Vec<Change>,
}

/// What becomes of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whether it comes, changes or goes.
    pub kind: ChangeKind,
    /// Which thing: ``phase `test` ``.
    pub what: String,
    /// Each field that changes, with what it said and what it will say.
    pub fields: Vec<FieldChange>,
    /// What that does to teams, phases and the board, in sentences.
    pub effects: Vec<String>,
}

/// Whether a thing comes, changes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It was not there before.
    Create,
    /// It is there and will say something else.
    Change,
    /// It is no longer in the definition, and nothing hangs on it.
    Remove,
}

impl Plan {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether something that is there already changes or goes.
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
