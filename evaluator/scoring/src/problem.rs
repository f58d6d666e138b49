//! One problem of an upload, with its sentence.

use dataset::Query;
use serde::{Deserialize, Serialize};

use crate::text::shown;
use crate::window::Position;

/// The kind of a problem. The first ones say what most of a file's problems have in common. The last
/// five are warnings: the upload is scored anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProblemKind {
    /// Not a run: another format, or a run of another challenge.
    NotARun,
    /// The placeholder that git keeps for a large file that was not downloaded.
    GitLfsPointer,
    /// Most items belong to another split, or the name of a file says so.
    WrongSplit,
    /// Most items are not in any known gallery.
    OtherData,
    /// Most items of a file belong to another group.
    WrongGroup,
    /// Most ids would be known in another spelling: without `.png`, in another case.
    IdSpelling,
    /// Most items are numbers: positions in the gallery, not ids.
    PositionsForIds,
    /// Most ranked items are arrays or objects, such as ids with their scores.
    NotIds,
    /// Most objects have no `ranking`, or none that is an array.
    NoRankings,
    /// Most objects have neither `candidate` nor `query`.
    NoCandidates,
    /// Most rankings have too few items.
    ShortRankings,
    /// Most rankings have an item more than once.
    RepeatedItems,
    /// Objects appear more than once.
    RepeatedObjects,
    /// Each caption of a query has an object of its own.
    ObjectPerCaption,
    /// One object per line instead of one array.
    JsonLines,
    /// Python's own notation: single quotes, `None`, `True`.
    PythonNotation,
    /// `NaN` or `Infinity`, which JSON doesn't have.
    NotFinite,
    /// Neither JSON nor a supported container.
    UnknownFormat,
    /// Text, but not UTF-8.
    Encoding,
    /// A container is cut off, or its contents don't match its checksums.
    Damaged,
    /// An entry of a zip needs a password.
    Encrypted,
    /// An entry of a zip is packed with an unsupported method.
    UnsupportedCompression,
    /// A container inside a container, where only one is unpacked.
    Nested,
    /// The upload, or a part of it, is larger than allowed.
    TooLarge,
    /// More entries than allowed.
    TooManyEntries,
    /// Reading stopped: the upload contains more than a valid one could, or takes too long.
    Stopped,
    /// No file, or no key, for a group.
    MissingGroup,
    /// Two files or keys for one group, or two entries with one name.
    RepeatedGroup,
    /// Files of the groups in different folders.
    Folders,
    /// Not JSON: nothing after this position can be read.
    BrokenJson,
    /// Arrays and objects are nested too deeply.
    TooDeep,
    /// A string or number is too long.
    TooLong,
    /// A value of the wrong type.
    WrongType,
    /// A required key is missing.
    MissingField,
    /// A duplicate key in one object.
    RepeatedKey,
    /// An object without captions or id, in a file that is not in the list's order.
    OutOfOrder,
    /// An object that answers no query.
    UnknownQuery,
    /// A second answer to a query.
    AnsweredTwice,
    /// An object after the last query's.
    ExtraObject,
    /// Queries without an answer.
    MissingQuery,
    /// Too few or too many items.
    WrongLength,
    /// An item twice in a ranking.
    DuplicateItem,
    /// An item that is not in the gallery.
    UnknownItem,
    /// Warning: a file that was not read.
    OtherFile,
    /// Warning: a key that was not read.
    OtherKey,
    /// Warning: the objects are not in the list's order.
    MatchedByContent,
    /// Warning: captions differ from the list's, in a file whose candidates are in the list's order.
    OtherCaptions,
    /// Warning: the reference is in its own ranking, in place of another item.
    ReferenceRanked,
}

impl ProblemKind {
    /// Whether it says what most of a file's problems have in common, or what a file is instead of a
    /// run.
    pub fn is_cause(self) -> bool {
        self <= Self::NotFinite
    }
}

/// One problem of an upload. `message` is the whole sentence; the other fields are its parts, for
/// programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Its kind.
    pub kind: ProblemKind,
    /// The file, as the upload names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The query's position in the published list, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<usize>,
    /// The query's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_id: Option<String>,
    /// The query's reference, or the one that the object names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The place in the ranking, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// The line, from 1: of the error in broken JSON, otherwise of the object's start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in bytes, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What was expected there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was found there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The sentence.
    pub message: String,
}

impl Problem {
    /// A problem with the upload as a whole.
    pub(crate) fn of_upload(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            file: None,
            query: None,
            query_id: None,
            reference: None,
            rank: None,
            line: None,
            column: None,
            expected: None,
            found: None,
            message: message.into(),
        }
    }

    pub(crate) fn at_rank(mut self, rank: usize) -> Self {
        self.rank = Some(rank);
        self
    }

    pub(crate) fn at(mut self, position: Position) -> Self {
        self.line = Some(position.line);
        self.column = Some(position.column);
        self
    }

    pub(crate) fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    pub(crate) fn finding(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }
}

/// The result of opening something, or why it is refused.
pub(crate) type Opens<T> = Result<T, Box<Problem>>;

/// The file a problem is in.
#[derive(Debug, Clone)]
pub(crate) struct FileName {
    /// As the upload names it, escaped for display.
    name: String,
    /// How sentences start: the name, and the key if one file contains all groups.
    label: String,
    /// A number per file, which shares the list of problems fairly; 0 for the whole upload.
    pub(crate) number: usize,
}

impl FileName {
    /// The file of that name.
    pub(crate) fn new(number: usize, name: &[u8]) -> Self {
        let name = shown(name);
        Self { label: name.clone(), name, number }
    }

    /// As the upload names it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How sentences start.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// A group's part of the file.
    pub(crate) fn key(&self, number: usize, key: &str) -> Self {
        let label = format!("{}: {key}", self.name);
        Self { name: self.name.clone(), label, number }
    }

    /// Why the file is not read.
    pub(crate) fn refuse(&self, kind: ProblemKind, what: &str) -> Box<Problem> {
        Box::new(self.problem(kind, what))
    }

    /// A problem with the file as a whole.
    pub(crate) fn problem(&self, kind: ProblemKind, what: &str) -> Problem {
        let file = Some(self.name.clone());
        Problem { file, ..Problem::of_upload(kind, format!("{}: {what}", self.label)) }
    }
}

/// The object a problem is in: its file, its start, and its query once that is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'a> {
    pub(crate) file: &'a FileName,
    pub(crate) at: Option<Position>,
    /// How many objects come before it in its file.
    pub(crate) row: usize,
    /// The reference that it names, if any.
    pub(crate) reference: Option<&'a [u8]>,
    /// The position and query it answers.
    pub(crate) query: Option<(usize, &'a Query)>,
    /// Whether the file names queries by their ids, so that sentences do too.
    pub(crate) is_keyed: bool,
}

impl Spot<'_> {
    /// A problem with the object.
    pub(crate) fn problem(&self, kind: ProblemKind, what: &str) -> Problem {
        let reference = match self.query {
            Some((_, query)) => Some(query.reference.as_str().to_owned()),
            None => self.reference.map(shown),
        };
        let place = match self.query {
            Some((_, query)) if self.is_keyed => format!("query {}", query.id),
            Some((position, _)) => format!("query {position}"),
            None => format!("object {}", self.row),
        };
        let who = reference.as_ref().filter(|_| !self.is_keyed);
        let who = who.map_or(String::new(), |r| format!(" ({r})"));
        let problem = self.file.problem(kind, &format!("{place}{who}: {what}"));
        Problem {
            line: self.at.map(|at| at.line),
            column: self.at.map(|at| at.column),
            query: self.query.map(|(position, _)| position),
            query_id: self.query.map(|(_, query)| query.id.clone()),
            reference,
            ..problem
        }
    }
}
