//! What a token may be used for.

use std::fmt;

use crate::error::{Error, Result};

/// One permission of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Read everything that its person or team may read.
    Read,
    /// Make submissions, withdraw them and put them back.
    Submit,
    /// Do everything that its person may do as an organiser.
    Organise,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Submit, Self::Organise];

    /// The name on pages and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Organise => "organise",
        }
    }
}

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// Reads names separated by spaces; unknown names are ignored.
    pub fn read(names: &str) -> Self {
        let scope = |name| Scope::ALL.into_iter().find(|scope| scope.name() == name);
        names.split_whitespace().filter_map(scope).collect()
    }

    /// Whether a scope is among them.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Whether there are no scopes.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Refuses a token without the scope.
    pub fn must_have(self, scope: Scope) -> Result<()> {
        if self.has(scope) { Ok(()) } else { Err(Error::scope(scope.name())) }
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | 1 << scope as u8))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Scope::ALL.into_iter().filter(|scope| self.has(*scope)).map(Scope::name);
        f.write_str(&names.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn names_are_read_back() {
        let both = Scopes::read("submit read rubbish");
        assert_eq!(both.to_string(), "read submit");
        assert!(both.must_have(Scope::Submit).is_ok());
        assert_eq!(both.must_have(Scope::Organise).unwrap_err().code, Code::Forbidden);
        assert!(Scopes::read("").is_empty());
    }
}
