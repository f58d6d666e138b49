//! Problems and warnings as a page shows them: grouped by kind, each with its places.

use scoring::{Problem, ProblemKind, Problems};
use web::pages::{Place, Problem as Grouped};

/// The problems of an upload by kind, with exact counts and the places that were stored.
pub(crate) fn grouped(list: &Problems) -> Vec<Grouped> {
    let group = |(&kind, &count): (&ProblemKind, &usize)| Grouped {
        code: code(kind),
        sentence: sentence(kind).to_owned(),
        is_cause: kind.is_cause(),
        count: count as u64,
        places: list.shown().iter().filter(|p| p.kind == kind).map(place).collect(),
    };
    list.counts().iter().map(group).collect()
}

fn place(problem: &Problem) -> Place {
    let mut what = problem.message.as_str();
    let mut at = Vec::new();
    if let Some(file) = &problem.file {
        what = what.strip_prefix(&format!("{file}: ")).unwrap_or(what);
        at.push(file.clone());
    }
    if let Some(query) = problem.query {
        let named = match &problem.reference {
            Some(reference) => format!("query {query} ({reference}): "),
            None => format!("query {query}: "),
        };
        what = what.strip_prefix(&named).unwrap_or(what);
        at.push(named.trim_end_matches([':', ' ']).to_owned());
    } else if let (Some(line), Some(column)) = (problem.line, problem.column) {
        at.push(format!("line {line}, column {column}"));
    }
    Place { at: at.join(", "), what: what.to_owned() }
}

/// The code of a kind, for programs.
fn code(kind: ProblemKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn sentence(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::NotARun => "This is not a submission file",
        ProblemKind::GitLfsPointer => "This is a git-lfs pointer, not the file",
        ProblemKind::WrongSplit => "This submission is for another split",
        ProblemKind::OtherData => "This submission is for other data",
        ProblemKind::WrongGroup => "A file is for another category",
        ProblemKind::IdSpelling => "The ids are not written as in the gallery",
        ProblemKind::PositionsForIds => "The rankings have positions instead of ids",
        ProblemKind::NotIds => "The ranked items are not ids",
        ProblemKind::NoRankings => "The objects have no rankings",
        ProblemKind::NoCandidates => "The objects don't name their queries",
        ProblemKind::ShortRankings => "The rankings are too short",
        ProblemKind::RepeatedItems => "The rankings repeat items",
        ProblemKind::RepeatedObjects => "Objects are repeated",
        ProblemKind::ObjectPerCaption => "Each caption has its own object",
        ProblemKind::JsonLines => "This is JSON Lines, not JSON",
        ProblemKind::PythonNotation => "This is Python's notation, not JSON",
        ProblemKind::NotFinite => "JSON does not allow NaN or Infinity",
        ProblemKind::UnknownFormat => "This is neither JSON nor a zip",
        ProblemKind::Encoding => "The text is not UTF-8",
        ProblemKind::Damaged => "The file arrived damaged or cut off",
        ProblemKind::Encrypted => "The zip needs a password",
        ProblemKind::UnsupportedCompression => "The zip uses an unsupported compression",
        ProblemKind::Nested => "An archive inside an archive",
        ProblemKind::TooLarge => "The upload is larger than allowed once unpacked",
        ProblemKind::TooManyEntries => "The archive contains too many files",
        ProblemKind::Stopped => "Reading stopped: the upload contains too much or takes too long",
        ProblemKind::MissingGroup => "A category has no file",
        ProblemKind::RepeatedGroup => "A category has two files",
        ProblemKind::Folders => "The files are in different folders",
        ProblemKind::BrokenJson => "The JSON is broken",
        ProblemKind::TooDeep => "The JSON is nested too deep",
        ProblemKind::TooLong => "A text or number is too long",
        ProblemKind::WrongType => "A value is of the wrong type",
        ProblemKind::MissingField => "A field is missing",
        ProblemKind::RepeatedKey => "Duplicate key in an object",
        ProblemKind::OutOfOrder => "Objects out of order that name no captions",
        ProblemKind::UnknownQuery => "Objects that answer no query",
        ProblemKind::AnsweredTwice => "Queries answered twice",
        ProblemKind::ExtraObject => "Objects after the last query",
        ProblemKind::MissingQuery => "Queries without an answer",
        ProblemKind::WrongLength => "Rankings of the wrong length",
        ProblemKind::DuplicateItem => "Duplicate items in a ranking",
        ProblemKind::UnknownItem => "Items that are not in the gallery",
        ProblemKind::OtherFile => "Files that were not read",
        ProblemKind::OtherKey => "Keys that were not read",
        ProblemKind::MatchedByContent => "The objects were matched by content, not by order",
        ProblemKind::OtherCaptions => {
            "Captions that differ from the benchmark's, and were not used"
        }
        ProblemKind::ReferenceRanked => "References in their own ranking, which waste a place",
        _ => "Another problem",
    }
}
