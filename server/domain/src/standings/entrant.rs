//! The team and the submission of a row.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ambient::Instant;
use crate::challenges::Details;
use crate::entities::phase;
use crate::entities::team::{self, Anonymity, TeamKind};

/// The team of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrant {
    /// The team's id.
    pub id: i32,
    /// The name under which it is listed.
    pub name: String,
    /// The kind of team, which says whether it is ranked.
    pub kind: TeamKind,
}

/// The submission of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// The method's name.
    pub method: String,
    /// The team's public answers to the phase's fields.
    pub details: Details,
    /// When it was received, which is the time that counts.
    pub received_at: Instant,
}

/// The name of an anonymous team without a pseudonym.
const NAMELESS: &str = "Anonymous";

/// The name and pseudonym of a team.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) own: &'a str,
    pub(super) pseudonym: Option<&'a str>,
    pub(super) anonymity: Anonymity,
}

impl<'a> Names<'a> {
    /// The public name of the team in a phase at an instant.
    pub(super) fn public(self, phase: &phase::Model, at: Instant) -> &'a str {
        let veiled = match self.anonymity {
            Anonymity::None => false,
            Anonymity::Reveal => !phase.is_revealed(at),
            Anonymity::Always => true,
        };
        if veiled { self.pseudonym.unwrap_or(NAMELESS) } else { self.own }
    }
}

/// The public name of a team in a phase at an instant.
pub fn public_name<'a>(team: &'a team::Model, phase: &phase::Model, at: Instant) -> &'a str {
    let pseudonym = team.pseudonym.as_deref();
    Names { own: &team.name, pseudonym, anonymity: team.anonymity }.public(phase, at)
}
