//! Who stands in a row, and with what.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ambient::Instant;
use crate::challenges::Details;
use crate::entities::phase;
use crate::entities::team::{self, Anonymity, TeamKind};

/// Who stands in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrant {
    /// The team's id.
    pub id: i32,
    /// The name it stands there under.
    pub name: String,
    /// Whether it is ranked.
    pub kind: TeamKind,
}

/// The submission a team stands with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// What the team calls its method.
    pub method: String,
    /// What the team has answered to what the phase asks, as far as it is public.
    pub details: Details,
    /// The instant that counts.
    pub received_at: Instant,
}

/// What a team is called where somebody takes a pseudonym that has none.
const NAMELESS: &str = "Anonymous";

/// What a team may be called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) own: &'a str,
    pub(super) pseudonym: Option<&'a str>,
    pub(super) anonymity: Anonymity,
}

impl<'a> Names<'a> {
    /// The name under which everybody sees the team in a phase at an instant.
    pub(super) fn public(self, phase: &phase::Model, at: Instant) -> &'a str {
        let veiled = match self.anonymity {
            Anonymity::None => false,
            Anonymity::Reveal => !phase.is_revealed(at),
            Anonymity::Always => true,
        };
        if veiled { self.pseudonym.unwrap_or(NAMELESS) } else { self.own }
    }
}

/// The name under which everybody sees a team in a phase at an instant.
pub fn public_name<'a>(team: &'a team::Model, phase: &phase::Model, at: Instant) -> &'a str {
    let pseudonym = team.pseudonym.as_deref();
    Names { own: &team.name, pseudonym, anonymity: team.anonymity }.public(phase, at)
}
