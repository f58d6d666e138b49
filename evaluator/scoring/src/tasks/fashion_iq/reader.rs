//! The official format: an array with one object per query, `{"candidate": …, "captions": […],
//! "ranking": […]}`. The format calls the reference `candidate`; only this folder and sentences that
//! quote the file use that word.

use crate::benchmark::{Benchmark, GroupList};
use crate::diagnosis::Evidence;
use crate::formats::ranking::{EXTRA, Ranking};
use crate::json::{Json, Kind, Stop};
use crate::problem::{FileName, Spot};
use crate::ranks::GroupRanks;
use crate::report::Report;
use crate::sentences::{self as say, EchoedCaptions};
use crate::text::count;
use crate::{Limits, ProblemKind};

use super::matching::{Matching, Place};
use super::object::Row;

/// Reads the array of one group, which is the next value. Returns its ranks if the group has targets,
/// and adds problems to the report.
pub(super) fn read_group(
    json: &mut Json<'_>,
    file: &FileName,
    benchmark: &Benchmark,
    group: usize,
    limits: &Limits,
    report: &mut Report,
) -> Result<Option<GroupRanks>, Stop> {
    let kind = json.kind()?;
    if kind != Kind::Array {
        json.skip()?;
        report.problem(file.number, ProblemKind::WrongType, || say::no_array(file, kind));
        return Ok(None);
    }
    let mut reader = Reader::new(file, benchmark, group, limits, report);
    match reader.objects(json) {
        Ok(()) => Ok(reader.finish()),
        Err(stop) => {
            reader.give_up();
            Err(stop)
        }
    }
}

struct Reader<'r, 'b> {
    file: &'r FileName,
    benchmark: &'b Benchmark,
    list: GroupList<'b>,
    report: &'r mut Report,
    matching: Matching<'b>,
    ranking: Ranking<'b>,
    ranks: Option<GroupRanks>,
    row: Row,
    evidence: Evidence,
    doubt: Option<Doubt>,
}

/// Two ways to read a file whose captions disagree with the list while its candidates are in order. If
/// all objects have an exact match by content, that is used; otherwise captions are ignored.
struct Doubt {
    /// The problems if objects are matched by their content.
    by_content: Report,
    /// The problems and ranks if they are in the list's order.
    by_position: Report,
    ranks: Option<GroupRanks>,
}

impl<'r, 'b> Reader<'r, 'b> {
    fn new(
        file: &'r FileName,
        benchmark: &'b Benchmark,
        group: usize,
        limits: &Limits,
        report: &'r mut Report,
    ) -> Self {
        let list = benchmark.group(group);
        let index = group;
        let group = list.group;
        Self {
            file,
            evidence: Evidence::new(file, index, group.queries.len()),
            doubt: None,
            benchmark,
            list,
            matching: Matching::new(list),
            ranking: Ranking::new(
                &group.gallery,
                list.list.ids_stand_as_they_are,
                report.problems.cap(),
                limits.top_items,
            ),
            ranks: group.targets.as_ref().map(|targets| GroupRanks::absent(&group.name, targets)),
            row: Row::new(limits.string_bytes),
            report,
        }
    }

    fn objects(&mut self, json: &mut Json<'_>) -> Result<(), Stop> {
        json.enter()?;
        let mut more = json.next_element(true)?;
        while more {
            self.check_rows(json)?;
            self.object(json)?;
            more = json.next_element(false)?;
        }
        Ok(())
    }

    /// Ensures that there are not far more objects than queries.
    fn check_rows(&self, json: &mut Json<'_>) -> Result<(), Stop> {
        let queries = self.list.group.queries.len();
        let most = queries + EXTRA;
        if self.matching.rows() < most {
            return Ok(());
        }
        let list = count(queries, "query", "queries");
        let what = format!("more than {most} objects, but the list has {list}");
        Err(Stop::Endless { at: json.position(), what })
    }

    /// Reads one object, which should be an answer.
    fn object(&mut self, json: &mut Json<'_>) -> Result<(), Stop> {
        self.ranking.clear();
        self.row.read(json, &mut self.ranking)?;
        // The object is moved out while the reader reports on it, and put back to reuse its memory.
        let row = std::mem::take(&mut self.row);
        self.settle(&row);
        self.row = row;
        Ok(())
    }

    /// Finds the object's query, reports its problems, and stores the ranks of its targets.
    fn settle(&mut self, row: &Row) {
        let row_number = self.matching.rows();
        let was_in_order = self.matching.departure().is_none();
        let says = row.says();
        let place = self.matching.place(&says);
        self.evidence.object(self.list, &says, row.captions());
        self.evidence.fields(row);
        let query = match place {
            Place::Query(query) | Place::Again { query, .. } | Place::Contradicts(query) => {
                Some(query)
            }
            _ if self.matching.is_in_step() && row_number < self.list.group.queries.len() => {
                Some(row_number)
            }
            _ => None,
        };
        let query = query.map(|position| (position, self.list.query(position)));
        let spot = Spot {
            file: self.file,
            at: row.at,
            row: row_number,
            reference: says.reference,
            query,
            is_keyed: false,
        };
        if was_in_order && self.matching.departure().is_some() {
            self.depart(row);
        }
        if !self.matching.is_in_step() {
            self.resolve(false);
        }
        self.report_place(&spot, place, row);
        let named = row.says().id.is_some() && matches!(place, Place::Query(_));
        self.report_faults(&spot, row, named);
        if row.has_ranking {
            let need = self.benchmark.need(self.list.group);
            self.evidence.ranking(self.ranking.length(), need, self.ranking.faults());
            self.ranking.report(self.report, self.benchmark, self.list, &spot);
        }
        self.take(place, row_number);
    }

    /// When the file leaves the list's order, reports the objects that were matched by position alone.
    fn depart(&mut self, row: &Row) {
        let Some(departure) = self.matching.departure() else { return };
        if self.matching.is_in_step() && departure.row < self.list.group.queries.len() {
            let (by_content, by_position) = (self.report.another(), self.report.another());
            self.doubt = Some(Doubt { by_content, by_position, ranks: self.ranks.clone() });
        }
        let (file, list) = (self.file, self.list);
        let found = row.says().reference;
        let expected = list.query(departure.row);
        let bare = self.matching.take_bare();
        let report = self.by_content();
        for bare in bare {
            let query = Some((bare, list.query(bare)));
            report.problem(file.number, ProblemKind::OutOfOrder, || {
                let spot =
                    Spot { file, at: None, row: bare, reference: None, query, is_keyed: false };
                say::bare(&spot, departure.row, expected, found)
            });
        }
        report.warning(file.number, ProblemKind::MatchedByContent, || {
            say::matched_by_content(file, row.at, departure.row, expected, found)
        });
    }

    /// The report for objects that are matched by content.
    fn by_content(&mut self) -> &mut Report {
        self.doubt.as_mut().map_or(&mut *self.report, |doubt| &mut doubt.by_content)
    }

    /// Decides between matching by position and by content, if both are still possible.
    fn resolve(&mut self, by_position: bool) {
        let Some(doubt) = self.doubt.take() else { return };
        if by_position {
            self.report.absorb(doubt.by_position);
            self.ranks = doubt.ranks;
        } else {
            self.report.absorb(doubt.by_content);
        }
    }

    fn report_place(&mut self, spot: &Spot<'_>, place: Place, row: &Row) {
        let (number, list, benchmark) = (self.file.number, self.list, self.benchmark);
        let queries = list.group.queries.len();
        let departure = self.matching.departure();
        if let Some(doubt) = &mut self.doubt
            && spot.row >= queries
        {
            let extra = || say::extra(&Spot { query: None, ..*spot }, queries);
            doubt.by_position.problem(number, ProblemKind::ExtraObject, extra);
        }
        let report = self.by_content();
        match place {
            Place::Query(_) | Place::Unknowable => {}
            Place::Again { by, .. } => {
                report
                    .problem(number, ProblemKind::AnsweredTwice, || say::answered_twice(spot, by));
            }
            Place::Extra => {
                report.problem(number, ProblemKind::ExtraObject, || say::extra(spot, queries));
            }
            Place::UnknownId => {
                let name = &list.group.name;
                let id = row.says().id.unwrap_or_default();
                report.problem(number, ProblemKind::UnknownQuery, || {
                    say::unknown_id(spot, name, benchmark.split(), id)
                });
            }
            Place::Contradicts(query) => {
                let query = list.query(query);
                report.problem(number, ProblemKind::UnknownQuery, || {
                    say::contradicts(spot, query, spot.reference)
                });
            }
            Place::UnknownContent { expected } => {
                let expected = expected.map(|position| (position, list.query(position)));
                report.problem(number, ProblemKind::UnknownQuery, || {
                    let spot = &Spot { query: None, ..*spot };
                    say::unknown_content(spot, list.group, benchmark.split(), expected)
                });
            }
            Place::Bare => {
                let Some(departure) = departure else { return };
                let expected = list.query(departure.row);
                report.problem(number, ProblemKind::OutOfOrder, || {
                    let spot = &Spot { query: None, ..*spot };
                    // The objects before it already report where the file left the order.
                    let found = (spot.row == departure.row).then_some(spot.reference).flatten();
                    say::bare(spot, departure.row, expected, found)
                });
            }
        }
    }

    /// `named` says that its id identifies its query, so captions don't matter.
    fn report_faults(&mut self, spot: &Spot<'_>, row: &Row, named: bool) {
        let number = self.file.number;
        for fault in row.faults.iter().filter(|fault| !(named && fault.is_of_captions())) {
            let report = if fault.is_of_captions() { self.by_content() } else { &mut *self.report };
            report.problem(number, fault.kind(), || fault.sentence(spot));
        }
        self.report.problems.count(ProblemKind::RepeatedKey, row.more_repeated);
    }

    fn take(&mut self, place: Place, row: usize) {
        let Some(targets) = &self.list.group.targets else { return };
        let take = |ranks: &mut GroupRanks, query: usize| {
            self.ranking.write_ranks(ranks, query, targets.of(query));
        };
        if let (Place::Query(query), Some(ranks)) = (place, &mut self.ranks) {
            take(ranks, query);
        }
        if let Some(ranks) = self.doubt.as_mut().and_then(|doubt| doubt.ranks.as_mut())
            && row < self.list.group.queries.len()
        {
            take(ranks, row);
        }
    }

    /// Keeps the results of a file that can't be read to its end.
    fn give_up(mut self) {
        self.resolve(false);
        self.report.evidence.push(self.evidence);
    }

    /// Reports the queries without an answer.
    fn finish(mut self) -> Option<GroupRanks> {
        let (stretches, unidentified) = self.matching.unanswered();
        let is_matched = stretches.is_empty() && unidentified == 0;
        let is_echo = self
            .doubt
            .as_ref()
            .is_some_and(|doubt| !(is_matched && doubt.by_content.problems.is_empty()));
        self.resolve(is_echo);
        let (file, queries) = (self.file, &self.list.group.queries);
        if is_echo {
            self.note_other_captions();
            let answered = self.matching.rows().min(queries.len());
            if answered < queries.len() {
                self.report.problem(file.number, ProblemKind::MissingQuery, || {
                    say::missing(file, queries, answered, queries.len() - 1)
                });
            }
        } else {
            self.report_unanswered(&stretches, unidentified);
        }
        self.report.evidence.push(self.evidence);
        self.ranks
    }

    fn note_other_captions(&mut self) {
        let Some(other) = self.matching.other_captions() else { return };
        let query = self.list.query(other.first);
        self.report.other_captions.push(EchoedCaptions {
            file: self.file.clone(),
            count: other.count,
            query: other.first,
            query_id: query.id.clone(),
            reference: query.reference.as_str().to_owned(),
        });
    }

    fn report_unanswered(&mut self, stretches: &[(usize, usize)], unidentified: usize) {
        let open: usize = stretches.iter().map(|(first, last)| last - first + 1).sum();
        let (file, queries) = (self.file, &self.list.group.queries);
        if unidentified == 0 {
            for &(first, last) in stretches {
                self.report.problem(file.number, ProblemKind::MissingQuery, || {
                    say::missing(file, queries, first, last)
                });
            }
        } else if open > unidentified {
            // It is unknown which of them the ambiguous objects answer, but some have no answer.
            self.report.problem(file.number, ProblemKind::MissingQuery, || {
                say::some_missing(file, open - unidentified, queries.len())
            });
        }
    }
}
