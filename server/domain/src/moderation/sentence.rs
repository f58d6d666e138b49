//! A sentence about an action: a list of pieces, so that a page can link a team, a submission or a
//! phase.

use std::fmt;

use uuid::Uuid;

/// An action in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence(pub Vec<Piece>);

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// A team, by id and name.
    Team(i32, String),
    /// A submission, by id and name for people.
    Submission(Uuid, String),
    /// A phase, by its name in URLs and its title.
    Phase(String, String),
    /// A person, by name.
    Person(String),
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(words) | Self::Person(words) => f.write_str(words),
            Self::Team(_, name) | Self::Submission(_, name) | Self::Phase(_, name) => {
                f.write_str(name)
            }
        }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&pieces.join(" "))
    }
}
