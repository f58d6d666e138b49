//! The official format: one object with one key per query, `{"0": [85932, …], …}`. Ids are integers;
//! strings of their digits are accepted.

use std::collections::BTreeSet;

use dataset::MAX_ITEM_BYTES;

use crate::benchmark::{Benchmark, GroupList};
use crate::diagnosis::Evidence;
use crate::formats::ranking::{EXTRA, Ranking};
use crate::json::{Json, Kind, Stop};
use crate::opening::Opened;
use crate::problem::{FileName, Opens, Spot};
use crate::ranks::GroupRanks;
use crate::report::Report;
use crate::text::{count, shown};
use crate::upload::Intake;
use crate::window::Position;
use crate::{Problem, ProblemKind};

use super::sentences as say;

/// A split has one group.
const GROUP: usize = 0;

/// How many keys a sentence names.
const KEYS: usize = 10;

/// Reads a file, which is the whole run.
pub(super) fn read(intake: &mut Intake<'_>, file: &FileName, opened: Opened<'_>) -> Opens<()> {
    let mut json = intake.walker(opened, intake.benchmark.most_skipped());
    match json.kind() {
        Ok(Kind::Object) => {}
        Ok(kind) => return Err(Box::new(say::not_an_object(file, kind))),
        Err(stop) => {
            intake.settle(file, &mut json, Err(stop));
            return Ok(());
        }
    }
    if intake.benchmark.groups().is_empty() {
        return Ok(());
    }
    let mut reader =
        Reader::new(file, intake.benchmark, intake.limits.top_items, intake.report.another());
    let done = reader.answers(&mut json).and_then(|()| json.end());
    if matches!(done, Ok(()) | Err(Stop::Endless { .. })) && reader.holds_no_query() {
        return Err(reader.refusal());
    }
    if done.is_ok() {
        reader.report_missing();
    }
    let Reader { report, evidence, ranks, .. } = reader;
    intake.report.absorb(report);
    intake.report.evidence.push(evidence);
    intake.ranks[GROUP] = ranks.filter(|_| done.is_ok());
    if done.is_err() {
        intake.settle(file, &mut json, done);
    }
    Ok(())
}

struct Reader<'r, 'b> {
    file: &'r FileName,
    benchmark: &'b Benchmark,
    list: GroupList<'b>,
    /// The problems of the answers, which are meaningless if the file is not a run.
    report: Report,
    ranking: Ranking<'b>,
    ranks: Option<GroupRanks>,
    /// Which queries have an answer, by position.
    answered: Vec<bool>,
    /// How many answers there were, and how many keys name queries of the list.
    answers: usize,
    known: usize,
    /// The keys that name no query but could be ids.
    others: BTreeSet<String>,
    /// The first of them, escaped for display.
    first_others: Vec<String>,
    evidence: Evidence,
}

/// The meaning of a key.
enum Key {
    Query(usize),
    /// No query has this id.
    Unknown(Vec<u8>),
}

impl<'r, 'b> Reader<'r, 'b> {
    fn new(file: &'r FileName, benchmark: &'b Benchmark, top_items: usize, report: Report) -> Self {
        let list = benchmark.group(GROUP);
        let group = list.group;
        let targets = group.targets.as_ref();
        Self {
            file,
            benchmark,
            list,
            ranking: Ranking::new(&group.gallery, false, report.problems.cap(), top_items),
            ranks: targets.map(|targets| GroupRanks::absent(&group.name, targets)),
            answered: vec![false; group.queries.len()],
            answers: 0,
            known: 0,
            others: BTreeSet::new(),
            first_others: Vec::new(),
            evidence: Evidence::of_keys(file, GROUP, group.queries.len()),
            report,
        }
    }

    fn answers(&mut self, json: &mut Json<'_>) -> Result<(), Stop> {
        json.enter()?;
        let list = self.list;
        let key = |key: &[u8]| match list.by_id(key) {
            Some(query) => Key::Query(query),
            None => Key::Unknown(key.to_vec()),
        };
        let mut first = true;
        while let Some(key) = json.next_key(first, key)? {
            first = false;
            self.check_count(json)?;
            self.answer(json, &key)?;
        }
        Ok(())
    }

    /// Ensures that there are not far more answers than queries.
    fn check_count(&self, json: &mut Json<'_>) -> Result<(), Stop> {
        let queries = self.answered.len();
        let most = queries + EXTRA;
        if self.answers < most {
            return Ok(());
        }
        let list = count(queries, "query", "queries");
        let what = format!("more than {most} keys, but the list has {list}");
        Err(Stop::Endless { at: json.position(), what })
    }

    /// Reads the value of a key, which should be a ranking.
    fn answer(&mut self, json: &mut Json<'_>, key: &Key) -> Result<(), Stop> {
        let kind = json.kind()?;
        let at = json.position();
        match key {
            Key::Query(_) => self.known += 1,
            Key::Unknown(key) if self.first_others.len() < KEYS => {
                self.first_others.push(shown(key));
            }
            Key::Unknown(_) => {}
        }
        self.ranking.clear();
        if kind != Kind::Array {
            json.skip()?;
        } else if !json.ids(&mut self.ranking)? {
            let (most, gallery) = (self.ranking.most(), self.ranking.gallery_len());
            let what =
                format!("a ranking of more than {most} items, but the gallery has {gallery}");
            return Err(Stop::Endless { at, what });
        }
        self.answers += 1;
        self.evidence.objects += 1;
        let need = self.benchmark.need(self.list.group);
        if kind == Kind::Array {
            self.evidence.ranking(self.ranking.length(), need, self.ranking.faults());
        }
        match key {
            Key::Query(query) => self.take(*query, at, kind),
            Key::Unknown(key) => self.refuse(key, at),
        }
        Ok(())
    }

    fn spot(&self, at: Position, query: Option<usize>) -> Spot<'r>
    where
        'b: 'r,
    {
        let query = query.map(|position| (position, self.list.query(position)));
        let (file, row) = (self.file, self.answers - 1);
        Spot { file, at: Some(at), row, reference: None, query, is_keyed: true }
    }

    /// Stores the answer to a query.
    fn take(&mut self, query: usize, at: Position, kind: Kind) {
        let spot = self.spot(at, Some(query));
        let number = self.file.number;
        if std::mem::replace(&mut self.answered[query], true) {
            self.evidence.repeated += 1;
            let again = || say::repeated_query(&spot);
            self.report.problem(number, ProblemKind::AnsweredTwice, again);
            return;
        }
        if kind != Kind::Array {
            let wrong = || say::not_a_ranking(&spot, kind);
            self.report.problem(number, ProblemKind::WrongType, wrong);
            return;
        }
        self.ranking.report(&mut self.report, self.benchmark, self.list, &spot);
        if let (Some(ranks), Some(targets)) = (&mut self.ranks, &self.list.group.targets) {
            self.ranking.write_ranks(ranks, query, targets.of(query));
        }
    }

    /// Reports a key that is not the id of a query.
    fn refuse(&mut self, key: &[u8], at: Position) {
        if let Some(id) = std::str::from_utf8(key).ok().filter(|id| id.len() <= MAX_ITEM_BYTES) {
            self.others.insert(id.to_owned());
        }
        let spot = self.spot(at, None);
        let split = self.benchmark.split();
        let unknown = || say::unknown_query(&spot, key, split);
        self.report.problem(self.file.number, ProblemKind::UnknownQuery, unknown);
    }

    /// Whether the file is not a run.
    fn holds_no_query(&self) -> bool {
        self.known == 0
    }

    fn refusal(&self) -> Box<Problem> {
        let more = self.answers.saturating_sub(self.first_others.len());
        self.file.refuse(ProblemKind::NotARun, &say::not_keyed(&self.first_others, more))
    }

    /// Reports the queries without an answer.
    fn report_missing(&mut self) {
        let group = self.list.group;
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        let open = self.answered.iter().enumerate().filter(|(_, answered)| !**answered);
        for (query, _) in open {
            match stretches.last_mut() {
                Some((_, last)) if *last + 1 == query => *last = query,
                _ => stretches.push((query, query)),
            }
        }
        for &(first, last) in &stretches {
            self.report.problem(self.file.number, ProblemKind::MissingQuery, || {
                say::missing(self.file, group, first, last)
            });
        }
        if !stretches.is_empty() || !self.others.is_empty() {
            self.evidence.answers_of = self.other_split();
        }
    }

    /// The other split that has exactly the answered queries.
    fn other_split(&self) -> Option<String> {
        let queries = self.list.group.queries.iter().zip(&self.answered);
        let known = queries.filter(|(_, answered)| **answered).map(|(query, _)| query.id.as_str());
        let ids: Vec<&str> = known.chain(self.others.iter().map(String::as_str)).collect();
        self.benchmark.split_of_queries(&ids)
    }
}
