//! One object of a file: what it says about its query, and what is wrong with its shape.

use crate::benchmark::push_caption;
use crate::formats::ranking::Ranking;
use crate::json::{Json, Kind, Stop, Strings};
use crate::problem::Spot;
use crate::sentences as say;
use crate::text::{self, shown};
use crate::window::Position;
use crate::{Problem, ProblemKind};

use super::matching::Identity;

/// How many unknown keys of one object are compared with each other, and how many repeated keys are
/// kept for their sentences.
const KEYS_COMPARED: usize = 64;

/// Longer unknown keys are not compared, because each can be as long as the longest string.
const KEY_COMPARED_BYTES: usize = 256;

/// One object without its ranking. Its memory is reused for the next.
#[derive(Default)]
pub(crate) struct Row {
    /// Where it starts.
    pub(crate) at: Option<Position>,
    /// Whether it has a ranking that is an array.
    pub(crate) has_ranking: bool,
    /// What is wrong with its keys and types, kept until its query is known.
    pub(crate) faults: Vec<RowFault>,
    /// The number of repeated keys beyond those kept.
    pub(crate) more_repeated: usize,
    id: Text,
    reference: Text,
    captions: Captions,
    /// Whether the fields that identify its query could not be understood.
    damaged: bool,
    /// Which keys have been seen, by [`Key`].
    seen: [bool; 5],
    unknown_keys: Vec<Vec<u8>>,
}

/// A string that may be absent.
#[derive(Default)]
struct Text {
    present: bool,
    bytes: Vec<u8>,
}

/// Captions in the form in which they are compared.
#[derive(Default)]
struct Captions {
    text: Text,
    cap: usize,
    stray: Option<Kind>,
    are_unreadable: bool,
    count: usize,
}

/// A fault of an object's shape.
pub(crate) enum RowFault {
    Repeated(String),
    WrongType { field: &'static str, expected: &'static str, found: Kind },
    Missing(&'static str),
    NoObject(Kind),
}

/// The keys the format knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Query,
    Candidate,
    Captions,
    Ranking,
    /// Val's files have it; a team's value doesn't matter.
    Target,
    Other,
}

impl Key {
    fn of(key: &[u8]) -> Self {
        match key {
            b"query" => Self::Query,
            b"candidate" => Self::Candidate,
            b"captions" => Self::Captions,
            b"ranking" => Self::Ranking,
            b"target" => Self::Target,
            _ => Self::Other,
        }
    }
}

impl Row {
    /// Captions beyond `cap` bytes are not read, because no query has them.
    pub(crate) fn new(cap: usize) -> Self {
        Self { captions: Captions { cap, ..Captions::default() }, ..Self::default() }
    }

    /// Reads the next value, which should be an object, in place of the last one.
    pub(crate) fn read(
        &mut self,
        json: &mut Json<'_>,
        ranking: &mut Ranking<'_>,
    ) -> Result<(), Stop> {
        self.clear();
        let kind = json.kind()?;
        self.at = Some(json.position());
        if kind != Kind::Object {
            json.skip()?;
            self.faults.push(RowFault::NoObject(kind));
            self.damaged = true;
            return Ok(());
        }
        json.enter()?;
        let mut first = true;
        while let Some(key) = json.next_key(first, |name| self.key(name))? {
            first = false;
            self.field(json, key, ranking)?;
        }
        self.complete();
        Ok(())
    }

    /// What it says about the query it answers.
    pub(crate) fn says(&self) -> Identity<'_> {
        Identity {
            id: self.id.get(),
            reference: self.reference.get(),
            captions: self.captions.text.get(),
            captions_are_unreadable: self.captions.are_unreadable,
            damaged: self.damaged,
        }
    }

    /// Whether it is an object that names neither its reference nor its query.
    pub(crate) fn is_nameless(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault, RowFault::Missing("candidate")))
    }

    /// The first of its keys that are not part of the format.
    pub(crate) fn unknown_keys(&self) -> impl Iterator<Item = &[u8]> {
        self.unknown_keys.iter().map(Vec::as_slice)
    }

    /// How many captions it has, if they can be read.
    pub(crate) fn captions(&self) -> usize {
        if self.captions.text.present { self.captions.count } else { 0 }
    }

    fn clear(&mut self) {
        self.at = None;
        self.has_ranking = false;
        self.faults.clear();
        self.more_repeated = 0;
        self.id.present = false;
        self.reference.present = false;
        self.captions.text.present = false;
        self.captions.are_unreadable = false;
        self.damaged = false;
        self.seen = [false; 5];
        self.unknown_keys.clear();
    }

    /// Takes a key. A repeated key is a fault, and its value is skipped.
    fn key(&mut self, name: &[u8]) -> Key {
        let key = Key::of(name);
        let repeated = if key == Key::Other {
            let comparable = name.len() <= KEY_COMPARED_BYTES;
            let repeated = comparable && self.unknown_keys.iter().any(|known| known == name);
            if comparable && !repeated && self.unknown_keys.len() < KEYS_COMPARED {
                self.unknown_keys.push(name.to_vec());
            }
            repeated
        } else {
            std::mem::replace(&mut self.seen[key as usize], true)
        };
        if repeated && self.faults.len() < KEYS_COMPARED {
            self.faults.push(RowFault::Repeated(shown(name)));
        } else if repeated {
            self.more_repeated += 1;
        }
        if repeated { Key::Other } else { key }
    }

    fn field(
        &mut self,
        json: &mut Json<'_>,
        key: Key,
        ranking: &mut Ranking<'_>,
    ) -> Result<(), Stop> {
        let kind = json.kind()?;
        match (key, kind) {
            (Key::Other | Key::Target, _) => json.skip(),
            (Key::Query, Kind::String) => json.string(|id| self.id.set(id)),
            (Key::Candidate, Kind::String) => json.string(|id| self.reference.set(id)),
            (Key::Captions, Kind::Array) => {
                self.captions.text.set(&[]);
                self.captions.stray = None;
                self.captions.count = 0;
                if !json.strings(&mut self.captions)? {
                    let cap = text::bytes(self.captions.cap as u64);
                    let what = format!("captions of more than {cap}");
                    return Err(self.endless(json, what));
                }
                if let Some(found) = self.captions.stray {
                    self.captions.text.present = false;
                    self.wrong(key, found);
                }
                Ok(())
            }
            (Key::Ranking, Kind::Array) => {
                self.has_ranking = true;
                if json.strings(ranking)? {
                    return Ok(());
                }
                let (most, gallery) = (ranking.most(), ranking.gallery_len());
                let what =
                    format!("a ranking of more than {most} items, but the gallery has {gallery}");
                Err(self.endless(json, what))
            }
            (key, found) => {
                json.skip()?;
                self.wrong(key, found);
                Ok(())
            }
        }
    }

    /// Why reading stops within this object; the position is where the object starts.
    fn endless(&self, json: &mut Json<'_>, what: String) -> Stop {
        Stop::Endless { at: self.at.unwrap_or_else(|| json.position()), what }
    }

    /// Records that a field has the wrong type.
    fn wrong(&mut self, key: Key, found: Kind) {
        let (field, expected) = match key {
            Key::Query => ("query", "a query id, which is a string"),
            Key::Candidate => ("candidate", "an item id, which is a string"),
            Key::Captions => ("captions", "an array of strings"),
            _ => ("ranking", "an array of item ids"),
        };
        // With a bad ranking the query is still clear, and captions are an echo.
        self.captions.are_unreadable |= key == Key::Captions;
        self.damaged |= matches!(key, Key::Query | Key::Candidate);
        self.faults.push(RowFault::WrongType { field, expected, found });
    }

    /// Records which fields the finished object lacks.
    fn complete(&mut self) {
        if !self.seen[Key::Candidate as usize] && !self.seen[Key::Query as usize] {
            self.damaged = true;
            self.faults.push(RowFault::Missing("candidate"));
        }
        if !self.seen[Key::Ranking as usize] {
            self.faults.push(RowFault::Missing("ranking"));
        }
    }
}

impl RowFault {
    /// Whether only captions are wrong, which doesn't matter if the candidates are in order.
    pub(crate) fn is_of_captions(&self) -> bool {
        matches!(self, Self::WrongType { field: "captions", .. })
    }

    pub(crate) fn kind(&self) -> ProblemKind {
        match self {
            Self::Repeated(_) => ProblemKind::RepeatedKey,
            Self::Missing(_) => ProblemKind::MissingField,
            Self::WrongType { .. } | Self::NoObject(_) => ProblemKind::WrongType,
        }
    }

    pub(crate) fn sentence(&self, spot: &Spot<'_>) -> Problem {
        match self {
            Self::Repeated(key) => say::repeated_key(spot, key),
            Self::Missing(field) => say::missing_field(spot, field),
            Self::WrongType { field, expected, found } => {
                say::wrong_type(spot, field, expected, *found)
            }
            Self::NoObject(found) => say::no_object(spot, *found),
        }
    }
}

impl Text {
    fn set(&mut self, bytes: &[u8]) {
        self.present = true;
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
    }

    fn get(&self) -> Option<&[u8]> {
        self.present.then_some(&self.bytes)
    }
}

impl Strings for Captions {
    fn guess(&mut self, _: &[u8]) -> bool {
        false
    }

    fn string(&mut self, caption: &[u8]) {
        self.count += 1;
        push_caption(&mut self.text.bytes, caption);
    }

    fn other(&mut self, kind: Kind) {
        // It counts like an empty caption: an array of them must end too.
        self.string(&[]);
        self.stray = self.stray.or(Some(kind));
    }

    fn is_full(&self) -> bool {
        self.text.bytes.len() > self.cap
    }
}
