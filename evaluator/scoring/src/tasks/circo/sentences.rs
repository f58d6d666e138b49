//! The sentences about the keys of a run.

use dataset::{Group, Query};

use crate::json::Kind;
use crate::problem::{FileName, Spot};
use crate::text::{count, shown};
use crate::{Problem, ProblemKind};

/// Describes a document without queries among its keys, of which these are the first.
pub(super) fn not_keyed(keys: &[String], more: usize) -> String {
    if keys.is_empty() {
        return "an empty object".to_owned();
    }
    let is_cirr = ["version", "metric"].iter().all(|key| keys.iter().any(|own| own == key));
    let names = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let like = if is_cirr { ", as in a run of CIRR" } else { "" };
    format!("its keys are {names}{more}, and none is the id of a query{like}")
}

pub(super) fn not_an_object(file: &FileName, found: Kind) -> Problem {
    let expected = "an object with the id of each query as a key";
    let what = format!("expected {expected}, found {}", found.name());
    file.problem(ProblemKind::NotARun, &what).expecting(expected).finding(found.name())
}

pub(super) fn not_a_ranking(spot: &Spot<'_>, found: Kind) -> Problem {
    let expected = "an array of item ids";
    let what = format!("expected {expected}, found {}", found.name());
    spot.problem(ProblemKind::WrongType, &what).expecting(expected).finding(found.name())
}

/// A key that is not the id of a query.
pub(super) fn unknown_query(spot: &Spot<'_>, key: &[u8], split: &str) -> Problem {
    let key = shown(key);
    let message = format!("`{key}` is not the id of a {split} query");
    let problem = spot.file.problem(ProblemKind::UnknownQuery, &message);
    let (line, column) = (spot.at.map(|at| at.line), spot.at.map(|at| at.column));
    Problem { line, column, ..problem }.finding(key)
}

pub(super) fn repeated_query(spot: &Spot<'_>) -> Problem {
    spot.problem(ProblemKind::AnsweredTwice, "a second answer; each query has one")
}

/// The queries from one position to another have no answer.
pub(super) fn missing(file: &FileName, group: &Group, first: usize, last: usize) -> Problem {
    let (queries, all) = (&group.queries, last - first + 1);
    let (from, to): (&Query, &Query) = (&queries[first], &queries[last]);
    let what = if all == queries.len() {
        format!("none of the {} has an answer", count(all, "query", "queries"))
    } else if first == last {
        format!("query {}: no answer", from.id)
    } else {
        format!("queries {} to {}: no answers, {all} are missing", from.id, to.id)
    };
    Problem {
        query: Some(first),
        query_id: Some(from.id.clone()),
        reference: Some(from.reference.as_str().to_owned()),
        ..file.problem(ProblemKind::MissingQuery, &what)
    }
}
