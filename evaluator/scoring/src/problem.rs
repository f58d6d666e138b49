//! One thing that is wrong with an upload, and the sentence that says it.

use dataset::Query;
use serde::{Deserialize, Serialize};

use crate::text::shown;
use crate::window::Position;

/// What sort of thing is wrong. The first say what most of a file's problems have in common. The last five are warnings: the upload is scored all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProblemKind {
    /// Something else than a run: another format, or a run of another challenge.
    NotARun,
    /// What git keeps in place of a large file that was not downloaded.
    GitLfsPointer,
    /// Most items are of another split, or a file's name says so.
    WrongSplit,
    /// Most items are in no gallery that is known.
    OtherData,
    /// Most items of a file are of another group.
    WrongGroup,
    /// Most ids would be known if they were written otherwise: without `.png`, in another case.
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
    /// Most rankings have some item more than once.
    RepeatedItems,
    /// Objects are there more than once.
    RepeatedObjects,
    /// Each caption of a query has an object of its own.
    ObjectPerCaption,
    /// An object a line, where one array is wanted.
    JsonLines,
    /// Python's own notation: single quotes, `None`, `True`.
    PythonNotation,
    /// `NaN` or `Infinity`, which JSON does not have.
    NotFinite,
    /// The bytes are neither JSON nor a container that can be opened.
    UnknownFormat,
    /// Text, but not UTF-8.
    Encoding,
    /// A container is cut off or its contents are not what its checksums say.
    Damaged,
    /// An entry of a zip wants a password.
    Encrypted,
    /// An entry of a zip is packed in a way that cannot be unpacked here.
    UnsupportedCompression,
    /// A container inside a container where only one is unpacked.
    Nested,
    /// The upload, or a part of it, is larger than allowed.
    TooLarge,
    /// More entries than allowed.
    TooManyEntries,
    /// Reading stopped: the upload holds more than an honest one could, or takes too long.
    Stopped,
    /// No file, or no key, for a group.
    MissingGroup,
    /// Two files, or two keys, for one group, or two entries of one name.
    RepeatedGroup,
    /// Files of the groups in different folders.
    Folders,
    /// Not JSON: what comes after that place cannot be read.
    BrokenJson,
    /// Arrays and objects too deep in each other.
    TooDeep,
    /// A string or number too long to be meant.
    TooLong,
    /// A value of another type than the format wants.
    WrongType,
    /// A key that must be there and is not.
    MissingField,
    /// A key twice in one object.
    RepeatedKey,
    /// An object without captions or id in a file that is not in the list's order.
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
    /// Warning: the objects are in another order than the list's.
    MatchedByContent,
    /// Warning: captions are not the list's, in a file whose candidates are in the list's order.
    OtherCaptions,
    /// Warning: the reference stands in its own ranking, where another item could.
    ReferenceRanked,
}

impl ProblemKind {
    /// Whether it says what most of a file's problems have in common, or what a file is instead of a run.
    pub fn is_cause(self) -> bool {
        self <= Self::NotFinite
    }
}

/// One thing that is wrong with an upload. `message` is the whole sentence; the other fields are
/// its parts, for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What sort.
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
    /// The query's reference, or what the object says it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The place in the ranking, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// The line, from 1: of the fault in broken JSON, else of the object's start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in bytes, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What should stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What stands there.
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

/// What comes of opening something, or why it is refused.
pub(crate) type Opens<T> = Result<T, Box<Problem>>;

/// The file a problem is in.
#[derive(Debug, Clone)]
pub(crate) struct FileName {
    /// As the upload names it, fit to be shown.
    name: String,
    /// How a sentence begins: the name, and the key where one file holds all groups.
    label: String,
    /// What shares the list of problems fairly: 0 for the upload, else one number a file.
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

    /// As sentences begin.
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
    /// How many objects stand before it in its file.
    pub(crate) row: usize,
    /// The reference it names, if it names one.
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
