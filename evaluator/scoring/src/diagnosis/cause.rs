//! One sentence for what most of a file's problems have in common.

use std::collections::BTreeMap;

use super::Evidence;
use super::spelling::{Home, Spelling};
use crate::problems::Cause;
use crate::text::{count, visible};
use crate::{Benchmark, Problem, ProblemKind};

/// What most of a file's problems have in common. Files with the same share one sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Common {
    /// The ids of items, or of candidates only, belong elsewhere or have another spelling.
    Ids {
        candidates_only: bool,
        home: Home,
    },
    /// None of it is in this benchmark, or in any known place.
    OtherData,
    /// The answers have the queries of another split.
    OtherQueries(String),
    Pairs,
    NoRankings(Vec<String>),
    NoCandidates(Vec<String>),
    ShortRankings,
    RepeatedItems,
    RepeatedObjects,
    RepeatedList,
    ObjectPerCaption,
}

/// A file with what most of its problems have in common.
struct Finding<'e> {
    evidence: &'e Evidence,
    /// How many ids or objects are affected, of how many.
    count: u64,
    of: u64,
    /// One of them.
    example: Option<&'e [u8]>,
}

/// The causes of most of an upload's problems, each with the files it is in.
pub(crate) fn causes(benchmark: &Benchmark, evidence: &[Evidence]) -> Vec<Cause> {
    let mut by_common: BTreeMap<Common, Vec<Finding<'_>>> = BTreeMap::new();
    for evidence in evidence {
        if let Some((common, finding)) = common(benchmark, evidence) {
            by_common.entry(common).or_default().push(finding);
        }
    }
    let exchanged = exchanged(benchmark, &by_common);
    if let Some(cause) = exchanged {
        by_common.retain(|common, _| !matches!(common, Common::Ids { home: Home::Group(_), .. }));
        return std::iter::once(cause)
            .chain(by_common.iter().map(|(common, found)| cause_of(benchmark, common, found)))
            .collect();
    }
    by_common.iter().map(|(common, found)| cause_of(benchmark, common, found)).collect()
}

fn common<'e>(benchmark: &Benchmark, evidence: &'e Evidence) -> Option<(Common, Finding<'e>)> {
    let most = |part: u64, of: u64| of > 0 && 2 * part >= of;
    let Evidence { items, unknown, numbers, group, .. } = *evidence;
    let found =
        |common, count, of, example| Some((common, Finding { evidence, count, of, example }));
    if let Some(split) = &evidence.answers_of {
        let objects = evidence.objects as u64;
        return found(Common::OtherQueries(split.clone()), objects, objects, None);
    }
    if most(numbers, items) {
        let ids = Common::Ids { candidates_only: false, home: Home::Position };
        return found(ids, numbers, items, None);
    }
    if most(evidence.pairs, items) {
        return found(Common::Pairs, evidence.pairs, items, None);
    }
    let objects = evidence.objects as u64;
    let strangers = evidence.strangers as u64;
    for (candidates_only, part, of, samples) in [
        (false, unknown, items, &evidence.item_samples),
        (true, strangers, objects, &evidence.candidate_samples),
    ] {
        if !most(part, of) {
            continue;
        }
        let mut homes: BTreeMap<Home, (u64, &[u8])> = BTreeMap::new();
        let mut all = 0;
        for id in samples.iter() {
            all += 1;
            if let Some(home) = Home::of(id, benchmark, group) {
                homes.entry(home).or_insert((0, id)).0 += 1;
            }
        }
        let usual = homes.into_iter().max_by_key(|(_, (times, _))| *times);
        if let Some((home, (times, example))) = usual
            && most(part * times / all, of)
        {
            let ids = Common::Ids { candidates_only, home };
            return found(ids, part, of, Some(example));
        }
    }
    let are_strangers = 10 * strangers >= 9 * objects || !evidence.names_references;
    if items > 0 && 10 * unknown >= 9 * items && are_strangers {
        return found(Common::OtherData, unknown, items, evidence.item_samples.iter().next());
    }
    let (repeated, apart) = (evidence.repeated as u64, evidence.caption_apart as u64);
    if objects > 1 && 5 * repeated >= 2 * objects {
        return found(Common::RepeatedObjects, repeated, objects, None);
    }
    if objects > 1 && 5 * apart >= 2 * objects {
        return found(Common::ObjectPerCaption, apart, objects, None);
    }
    let extra = evidence.objects.saturating_sub(evidence.queries) as u64;
    if extra > 0 && extra * 2 >= objects.min(100) && most(evidence.restarted as u64, extra) {
        return found(Common::RepeatedList, extra, objects, None);
    }
    common_fields(evidence)
}

/// What most objects lack. If only a few lack it, each is listed instead.
fn common_fields(evidence: &Evidence) -> Option<(Common, Finding<'_>)> {
    let of = evidence.objects as u64;
    let keys = || evidence.other_keys.clone();
    let lacks = [
        (evidence.without_ranking, Common::NoRankings(keys())),
        (evidence.nameless, Common::NoCandidates(keys())),
        (evidence.short, Common::ShortRankings),
        (evidence.with_twins, Common::RepeatedItems),
    ];
    let (count, common) =
        lacks.into_iter().find(|(count, _)| *count >= FEW && 2 * count >= evidence.objects)?;
    Some((common, Finding { evidence, count: count as u64, of, example: None }))
}

/// Fewer objects than this have no cause of their own.
const FEW: usize = 4;

/// Groups whose files have each other's items.
fn exchanged(
    benchmark: &Benchmark,
    by_common: &BTreeMap<Common, Vec<Finding<'_>>>,
) -> Option<Cause> {
    let mut holds: Vec<(&Evidence, usize)> = Vec::new();
    for (common, found) in by_common {
        if let Common::Ids { home: Home::Group(other), .. } = common {
            holds.extend(found.iter().map(|finding| (finding.evidence, *other)));
        }
    }
    let is_file = |group: usize| holds.iter().any(|(evidence, _)| evidence.group == group);
    if holds.len() < 2 || !holds.iter().all(|(_, other)| is_file(*other)) {
        return None;
    }
    let name = |group: usize| benchmark.groups()[group].name.as_str();
    let files = holds.iter().map(|(evidence, other)| {
        format!("{} has the items of {}", evidence.file.label(), name(*other))
    });
    let files: Vec<String> = files.collect();
    let groups = benchmark.task().group.many;
    let message = format!("the {groups} are swapped: {}", files.join(", "));
    Some(Cause {
        files: holds.iter().map(|(evidence, _)| evidence.file.name().to_owned()).collect(),
        problem: Problem::of_upload(ProblemKind::WrongGroup, message),
        explains: IDS,
    })
}

/// The problems that follow from unknown ids.
const IDS: &[ProblemKind] = &[
    ProblemKind::UnknownItem,
    ProblemKind::UnknownQuery,
    ProblemKind::MissingQuery,
    ProblemKind::OutOfOrder,
    ProblemKind::AnsweredTwice,
    ProblemKind::ExtraObject,
    ProblemKind::Stopped,
];

/// The problems that follow from numbers in place of ids.
const NUMBERS: &[ProblemKind] = &[ProblemKind::UnknownItem, ProblemKind::WrongType];

/// The problems that follow from missing keys.
const FIELDS: &[ProblemKind] = &[
    ProblemKind::MissingField,
    ProblemKind::WrongType,
    ProblemKind::MissingQuery,
    ProblemKind::UnknownQuery,
];

/// The problems that follow from rankings that are too short, or that repeat items.
const LENGTHS: &[ProblemKind] = &[ProblemKind::WrongLength];
const TWINS: &[ProblemKind] = &[ProblemKind::DuplicateItem];

/// The problems that follow from more objects than queries.
const OBJECTS: &[ProblemKind] = &[
    ProblemKind::UnknownQuery,
    ProblemKind::AnsweredTwice,
    ProblemKind::ExtraObject,
    ProblemKind::MissingQuery,
    ProblemKind::OutOfOrder,
    ProblemKind::Stopped,
];

fn cause_of(benchmark: &Benchmark, common: &Common, found: &[Finding<'_>]) -> Cause {
    let (part, of) = found.iter().fold((0, 0), |(part, of), f| (part + f.count, of + f.of));
    let queries: usize = found.iter().map(|finding| finding.evidence.queries).sum();
    let queries = count(queries, "query", "queries");
    let example = found.iter().find_map(|finding| finding.example.map(|id| (finding, id)));
    let (kind, explains, what) = match common {
        Common::Ids { candidates_only, home } => {
            let ids = if *candidates_only { "candidates" } else { "ranked items" };
            let example = example.map(|(_, id)| id);
            let (kind, what) = of_ids(benchmark, home, ids, (part, of), example);
            (kind, if *home == Home::Position { NUMBERS } else { IDS }, what)
        }
        Common::OtherData => {
            let example =
                example.map_or(String::new(), |(_, id)| format!(", such as {}", visible(id)));
            (
                ProblemKind::OtherData,
                IDS,
                format!(
                    "made for another split or data set: {part} of {of} ranked items{example}, are \
                     not in any gallery of {}",
                    benchmark.split()
                ),
            )
        }
        Common::OtherQueries(split) => {
            (ProblemKind::WrongSplit, IDS, other_queries(benchmark.split(), split, part, &queries))
        }
        Common::Pairs => (
            ProblemKind::NotIds,
            NUMBERS,
            format!(
                "write only item ids{}: {part} of {of} ranked items are arrays or objects",
                if benchmark.task().format.ids_are_numbers() { "" } else { ", as strings" }
            ),
        ),
        Common::NoRankings(keys) => (
            ProblemKind::NoRankings,
            FIELDS,
            format!(
                "{part} of {of} objects have no `ranking`{}: write the ranked ids as an array under \
                 this key",
                instead(keys)
            ),
        ),
        Common::NoCandidates(keys) => (
            ProblemKind::NoCandidates,
            FIELDS,
            format!(
                "{part} of {of} objects have no `candidate`{}: write the query's item under this key",
                instead(keys)
            ),
        ),
        Common::ShortRankings => {
            let length = found.first().map_or(0, |finding| finding.evidence.short_length);
            let length = count(length as usize, "item", "items");
            let what = format!(
                "{part} of {of} rankings are too short; the first has {length}: rank at least {}, or \
                 all of a smaller gallery",
                benchmark.task().list_length
            );
            (ProblemKind::ShortRankings, LENGTHS, what)
        }
        Common::RepeatedItems => (
            ProblemKind::RepeatedItems,
            TWINS,
            format!("{part} of {of} rankings have an item more than once"),
        ),
        Common::RepeatedObjects | Common::RepeatedList | Common::ObjectPerCaption => {
            let (kind, what) = of_objects(common, of, &queries);
            (kind, OBJECTS, what)
        }
    };
    let labels: Vec<&str> = found.iter().map(|finding| finding.evidence.file.label()).collect();
    let mut problem = Problem::of_upload(kind, format!("{}: {what}", labels.join(", ")));
    if let [only] = found {
        problem.file = Some(only.evidence.file.name().to_owned());
    }
    let files = found.iter().map(|finding| finding.evidence.file.name().to_owned()).collect();
    Cause { files, problem, explains }
}

/// Explains why there are more objects than queries.
fn of_objects(common: &Common, of: u64, queries: &str) -> (ProblemKind, String) {
    match common {
        Common::ObjectPerCaption => (
            ProblemKind::ObjectPerCaption,
            format!(
                "one object per caption: {of} objects for {queries}; write one object per query, \
                 with all its captions"
            ),
        ),
        Common::RepeatedList => (
            ProblemKind::RepeatedObjects,
            format!(
                "the list is answered again from its start: at least {of} objects for {queries}; \
                 write one per query"
            ),
        ),
        _ => (
            ProblemKind::RepeatedObjects,
            format!(
                "each object appears more than once: {of} objects for {queries}; write one per query"
            ),
        ),
    }
}

/// Describes a run that answers the queries of another split, `part` of them.
fn other_queries(own: &str, split: &str, part: u64, queries: &str) -> String {
    format!(
        "made for split {split}, but this is split {own}: the {part} queries are those of {split}; \
         answer the {queries} of {own}"
    )
}

/// Describes ids that belong elsewhere.
fn of_ids(
    benchmark: &Benchmark,
    home: &Home,
    ids: &str,
    (part, of): (u64, u64),
    example: Option<&[u8]>,
) -> (ProblemKind, String) {
    match home {
        Home::Split(split) => {
            let own = benchmark.split();
            let what = format!(
                "made for split {split}, but this is split {own}: {part} of {of} {ids} are from \
                 {split}; answer the queries of {own} with items of its galleries"
            );
            (ProblemKind::WrongSplit, what)
        }
        Home::Group(group) => {
            let name = &benchmark.groups()[*group].name;
            let what = format!(
                "made for {name}: {part} of {of} {ids} belong to that {}",
                benchmark.task().group.one
            );
            (ProblemKind::WrongGroup, what)
        }
        Home::Position => {
            let are = if benchmark.task().format.ids_are_numbers() {
                "not ids, and small enough to be positions"
            } else {
                "numbers"
            };
            let what = format!(
                "write item ids, not positions in the gallery: {part} of {of} {ids} are {are}"
            );
            (ProblemKind::PositionsForIds, what)
        }
        Home::Spelling(spelling) => {
            (ProblemKind::IdSpelling, misspelt(spelling, part, of, ids, example))
        }
    }
}

/// The keys that are there instead.
fn instead(keys: &[String]) -> String {
    if keys.is_empty() {
        return String::new();
    }
    let keys = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    format!(", but {keys}")
}

fn misspelt(spelling: &Spelling, part: u64, of: u64, ids: &str, example: Option<&[u8]>) -> String {
    let advice = spelling.advice();
    let example = example.map_or(String::new(), |id| format!(", such as {}", visible(id)));
    format!(
        "write ids as they are in the gallery, {advice}: {part} of {of} {ids} are written \
         differently{example}"
    )
}
