//! The sentences about objects and rankings: one constructor each, so that the same problem always has
//! the same sentence.

use dataset::{Group, Query};

use crate::json::{Kind, Stop};
use crate::problem::{FileName, Spot};
use crate::text::{count, shown};
use crate::window::Position;
use crate::{Problem, ProblemKind};

pub(crate) fn no_array(file: &FileName, found: Kind) -> Problem {
    let expected = "an array with one object per query";
    let what = format!("expected {expected}, found {}", found.name());
    file.problem(ProblemKind::WrongType, &what).expecting(expected).finding(found.name())
}

pub(crate) fn no_object(spot: &Spot<'_>, found: Kind) -> Problem {
    let expected = "an object with `candidate` and `ranking`";
    let what = format!("expected {expected}, found {}", found.name());
    spot.problem(ProblemKind::WrongType, &what).expecting(expected).finding(found.name())
}

pub(crate) fn wrong_type(spot: &Spot<'_>, field: &str, expected: &str, found: Kind) -> Problem {
    let what = format!("`{field}`: expected {expected}, found {}", found.name());
    spot.problem(ProblemKind::WrongType, &what).expecting(expected).finding(found.name())
}

pub(crate) fn missing_field(spot: &Spot<'_>, field: &str) -> Problem {
    spot.problem(ProblemKind::MissingField, &format!("`{field}` is missing")).expecting(field)
}

pub(crate) fn repeated_key(spot: &Spot<'_>, key: &str) -> Problem {
    spot.problem(ProblemKind::RepeatedKey, &format!("duplicate key `{key}`")).finding(key)
}

pub(crate) fn too_few(spot: &Spot<'_>, items: usize, need: usize) -> Problem {
    let what = format!("{}, need {need}", count(items, "item", "items"));
    spot.problem(ProblemKind::WrongLength, &what)
        .expecting(need.to_string())
        .finding(items.to_string())
}

pub(crate) fn too_many(spot: &Spot<'_>, items: usize, gallery: usize) -> Problem {
    let what = format!("{}, but the gallery has {gallery}", count(items, "item", "items"));
    spot.problem(ProblemKind::WrongLength, &what)
        .expecting(gallery.to_string())
        .finding(items.to_string())
}

pub(crate) fn duplicate(spot: &Spot<'_>, id: &str, first: u32, again: u32) -> Problem {
    let what = format!("{id} appears at ranks {first} and {again}");
    spot.problem(ProblemKind::DuplicateItem, &what).at_rank(again as usize).finding(id)
}

/// `home` says where else the item occurs.
pub(crate) fn unknown_item(
    spot: &Spot<'_>,
    rank: u32,
    id: &str,
    gallery: &str,
    home: &str,
) -> Problem {
    let what = format!("rank {rank}: {id} is not in the {gallery} gallery{home}");
    spot.problem(ProblemKind::UnknownItem, &what).at_rank(rank as usize).finding(id)
}

/// `expected` says what an id is: `an item id, which is a string`.
pub(crate) fn no_item(spot: &Spot<'_>, rank: u32, expected: &str, found: Kind) -> Problem {
    let what = format!("rank {rank}: expected {expected}, found {}", found.name());
    spot.problem(ProblemKind::WrongType, &what)
        .at_rank(rank as usize)
        .expecting(expected)
        .finding(found.name())
}

pub(crate) fn reference_ranked(spot: &Spot<'_>, rank: u32) -> Problem {
    let what = format!("its own reference is at rank {rank}, which wastes a place");
    spot.problem(ProblemKind::ReferenceRanked, &what).at_rank(rank as usize)
}

pub(crate) fn answered_twice(spot: &Spot<'_>, by: usize) -> Problem {
    let what = format!("object {} answers it again, after object {by}", spot.row);
    spot.problem(ProblemKind::AnsweredTwice, &what)
}

pub(crate) fn extra(spot: &Spot<'_>, queries: usize) -> Problem {
    let what = format!("one too many: the list has {}", count(queries, "query", "queries"));
    spot.problem(ProblemKind::ExtraObject, &what).expecting(queries.to_string())
}

pub(crate) fn unknown_id(spot: &Spot<'_>, group: &str, split: &str, id: &[u8]) -> Problem {
    let id = shown(id);
    let what = format!("{id} is not the id of a {group} {split} query");
    spot.problem(ProblemKind::UnknownQuery, &what).finding(id)
}

/// The object has the query's id, but another reference.
pub(crate) fn contradicts(spot: &Spot<'_>, query: &Query, reference: Option<&[u8]>) -> Problem {
    let (id, own) = (&query.id, query.reference.as_str());
    let found = reference.map(shown).unwrap_or_default();
    let what = format!("object {} has its id {id} but the candidate {found}", spot.row);
    spot.problem(ProblemKind::UnknownQuery, &what).expecting(own).finding(found)
}

/// A file whose captions differ from the list's, though its candidates are in the list's order.
pub(crate) struct EchoedCaptions {
    pub(crate) file: FileName,
    pub(crate) count: usize,
    /// The first such query's position, id and reference.
    pub(crate) query: usize,
    pub(crate) query_id: String,
    pub(crate) reference: String,
}

/// All files whose captions differ from the list's, in one sentence.
pub(crate) fn other_captions(files: &[EchoedCaptions]) -> Option<Problem> {
    let first = files.first()?;
    let total = files.iter().map(|file| file.count).sum();
    let EchoedCaptions { file, query, query_id, reference, .. } = first;
    let (have, objects) =
        (if total == 1 { "has" } else { "have" }, count(total, "object", "objects"));
    let what = format!(
        "{objects} {have} other captions than the list, first for query {query} ({reference}); the \
         candidates are in the list's order, so captions were not used"
    );
    if files.len() > 1 {
        let labels: Vec<&str> = files.iter().map(|file| file.file.label()).collect();
        let message = format!("{}: {what}", labels.join(", "));
        return Some(Problem::of_upload(ProblemKind::OtherCaptions, message));
    }
    let problem = file.problem(ProblemKind::OtherCaptions, &what);
    Some(Problem {
        query: Some(*query),
        query_id: Some(query_id.clone()),
        reference: Some(reference.clone()),
        ..problem
    })
}

/// `expected` is the query at the object's position, if all objects before it were in order.
pub(crate) fn unknown_content(
    spot: &Spot<'_>,
    group: &Group,
    split: &str,
    expected: Option<(usize, &Query)>,
) -> Problem {
    let is_own = |query: &Query| spot.reference == Some(query.reference.as_str().as_bytes());
    let name = &group.name;
    let known = group.queries.iter().any(is_own);
    let known = if known { "with this candidate has these captions" } else { "has this candidate" };
    let here = match expected {
        Some((position, query)) if is_own(query) => {
            format!("; expected query {position}, whose captions are {}", captions(query))
        }
        Some((position, query)) => {
            format!("; expected query {position} ({})", query.reference.as_str())
        }
        None => String::new(),
    };
    let what = format!("no {name} {split} query {known}{here}");
    let problem = spot.problem(ProblemKind::UnknownQuery, &what);
    let problem = Problem { found: spot.reference.map(shown), ..problem };
    Problem { expected: expected.map(|(_, query)| query.reference.as_str().to_owned()), ..problem }
}

/// `row` is where the file left the list's order, `expected` the query there, and `found` the reference
/// that was there instead.
pub(crate) fn bare(spot: &Spot<'_>, row: usize, expected: &Query, found: Option<&[u8]>) -> Problem {
    let place = departure(row, expected, found);
    let what =
        format!("needs captions or a query id, as the file is not in the list's order {place}");
    let problem = spot.problem(ProblemKind::OutOfOrder, &what);
    let problem = Problem { found: found.map(shown), ..problem };
    problem.expecting(expected.reference.as_str())
}

/// Like [`bare`].
pub(crate) fn matched_by_content(
    file: &FileName,
    at: Option<Position>,
    row: usize,
    expected: &Query,
    found: Option<&[u8]>,
) -> Problem {
    let place = departure(row, expected, found);
    let what =
        format!("not in the list's order {place}: matched by query ids and captions instead");
    let problem = file.problem(ProblemKind::MatchedByContent, &what);
    Problem {
        line: at.map(|at| at.line),
        column: at.map(|at| at.column),
        expected: Some(expected.reference.as_str().to_owned()),
        found: found.map(shown),
        ..problem
    }
}

fn departure(row: usize, expected: &Query, found: Option<&[u8]>) -> String {
    let own = expected.reference.as_str();
    match found {
        Some(found) if found == own.as_bytes() => {
            format!("at object {row} (expected query {row} ({own}), found it with other captions)")
        }
        Some(found) => {
            format!("at object {row} (expected query {row} ({own}), found {})", shown(found))
        }
        None => format!("at object {row} (expected query {row} ({own}))"),
    }
}

pub(crate) fn missing(file: &FileName, queries: &[Query], first: usize, last: usize) -> Problem {
    let query = &queries[first];
    let own = query.reference.as_str();
    let all = last - first + 1;
    let what = if all == queries.len() {
        format!("none of the {} has an answer", count(all, "query", "queries"))
    } else if first == last {
        format!("query {first} ({own}): no answer")
    } else {
        let end = queries[last].reference.as_str();
        format!("queries {first} ({own}) to {last} ({end}): no answers, {all} are missing")
    };
    let problem = file.problem(ProblemKind::MissingQuery, &what);
    Problem {
        query: Some(first),
        query_id: Some(query.id.clone()),
        reference: Some(own.to_owned()),
        ..problem
    }
}

/// For files in which some objects are ambiguous, so it is unknown which queries have no answer.
pub(crate) fn some_missing(file: &FileName, open: usize, queries: usize) -> Problem {
    let answers = count(open, "answer", "answers");
    let what = format!("{answers} too few for {}", count(queries, "query", "queries"));
    file.problem(ProblemKind::MissingQuery, &what)
}

/// Why reading a file stopped. None if no more bytes came, which the container explains.
pub(crate) fn stop(file: &FileName, stop: &Stop) -> Option<Problem> {
    let place = |at: &Position| format!("line {}, column {}", at.line, at.column);
    Some(match stop {
        Stop::Broken { at, expected, found } => {
            let (kind, what) = match dialect(expected, found) {
                Some((kind, advice)) => (kind, format!("found {found}: {advice}")),
                None => (ProblemKind::BrokenJson, format!("expected {expected}, found {found}")),
            };
            let what = format!("{}: {what}", place(at));
            file.problem(kind, &what).at(*at).expecting(expected).finding(found)
        }
        Stop::Encoding { at } => {
            let what = format!("{}: a string that is not UTF-8", place(at));
            file.problem(ProblemKind::Encoding, &what).at(*at).expecting("UTF-8")
        }
        Stop::TooLong { at, what } => {
            let what = format!("{}: {what}", place(at));
            file.problem(ProblemKind::TooLong, &what).at(*at)
        }
        Stop::TooDeep { at, cap } => {
            let what = format!("{}: arrays and objects are nested more than {cap} deep", place(at));
            file.problem(ProblemKind::TooDeep, &what).at(*at)
        }
        Stop::Endless { at, what } => {
            let what = format!("{}: {what}; reading stopped here", place(at));
            file.problem(ProblemKind::Stopped, &what).at(*at)
        }
        Stop::Fault(_) => return None,
    })
}

/// A common reason for JSON that is broken like this, with advice.
fn dialect(expected: &str, found: &str) -> Option<(ProblemKind, &'static str)> {
    match found.trim_matches('`') {
        "'" | "None" | "True" | "False" => Some((
            ProblemKind::PythonNotation,
            "this is Python's own notation, not JSON: write the file with json.dump",
        )),
        "NaN" | "nan" | "Infinity" | "inf" => Some((
            ProblemKind::NotFinite,
            "JSON has no such number: leave it out, or write a finite one",
        )),
        "{" if expected == "the end of the file" => Some((
            ProblemKind::JsonLines,
            "this is JSON Lines, one object per line: write all objects as one array, in [ and ]",
        )),
        _ => None,
    }
}

/// If something other than a run was uploaded, adds the shape of a run to the sentence.
pub(crate) fn with_shape(problem: Problem, shape: impl FnOnce() -> String) -> Problem {
    if problem.kind != ProblemKind::NotARun {
        return problem;
    }
    let shape = shape();
    let message = format!("{}; a run is {shape}", problem.message);
    Problem { message, expected: Some(shape), ..problem }
}

fn captions(query: &Query) -> String {
    let quoted = query.captions.iter().map(|caption| format!("\"{}\"", shown(caption.as_bytes())));
    quoted.collect::<Vec<_>>().join(", ")
}
