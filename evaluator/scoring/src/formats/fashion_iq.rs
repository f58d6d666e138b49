//! The challenge's own format: an array with an object a query, `{"candidate": …, "captions": […],
//! "ranking": […]}`. The format calls the reference `candidate`; this file knows that word, and the
//! sentences that quote the file do.

use crate::benchmark::{Benchmark, GroupList};
use crate::formats::object::Row;
use crate::formats::ranking::Ranking;
use crate::json::{Json, Kind, Stop};
use crate::matching::{Matching, Place};
use crate::problem::{FileName, Spot};
use crate::ranks::GroupRanks;
use crate::report::Report;
use crate::sentences as say;
use crate::text::count;
use crate::{Limits, ProblemKind};

/// How many items a ranking must have, or all where the gallery has fewer: no published metric looks
/// further.
pub const NEEDED: usize = 50;

/// How many objects beyond the list's queries, and items beyond the gallery, are read before reading
/// stops: enough to say what is wrong, and no more work than the benchmark's size.
pub(crate) const EXTRA: usize = 100;

/// Reads the array of one group, whose value is next. Gives its ranks if the group has targets; what
/// is wrong goes to the report.
pub(crate) fn read_group(
    json: &mut Json<'_>,
    file: &FileName,
    benchmark: &Benchmark,
    group: usize,
    limits: &Limits,
    report: &mut Report,
) -> Result<Option<GroupRanks>, Stop> {
    let list = benchmark.group(group);
    let kind = json.kind()?;
    if kind != Kind::Array {
        json.skip()?;
        report.problem(file.number, ProblemKind::WrongType, || say::no_array(file, kind));
        return Ok(None);
    }
    let mut reader = Reader::new(file, benchmark, list, limits, report);
    json.enter()?;
    let mut more = json.next_element(true)?;
    while more {
        reader.check_rows(json)?;
        reader.object(json)?;
        more = json.next_element(false)?;
    }
    Ok(reader.finish())
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
}

impl<'r, 'b> Reader<'r, 'b> {
    fn new(
        file: &'r FileName,
        benchmark: &'b Benchmark,
        list: GroupList<'b>,
        limits: &Limits,
        report: &'r mut Report,
    ) -> Self {
        let group = list.group;
        Self {
            file,
            benchmark,
            list,
            matching: Matching::new(list),
            ranking: Ranking::new(
                &group.gallery,
                list.list.ids_stand_as_they_are,
                report.problems.cap(),
            ),
            ranks: group.targets.as_ref().map(|targets| GroupRanks::absent(&group.name, targets)),
            row: Row::new(limits.string_bytes),
            report,
        }
    }

    /// Makes sure that there are not far more objects than queries.
    fn check_rows(&self, json: &mut Json<'_>) -> Result<(), Stop> {
        let queries = self.list.group.queries.len();
        let most = queries + EXTRA;
        if self.matching.rows() < most {
            return Ok(());
        }
        let list = count(queries, "query", "queries");
        let what = format!("more than {most} objects, and the list has {list}");
        Err(Stop::Endless { at: json.position(), what })
    }

    /// Reads one object, which should be an answer.
    fn object(&mut self, json: &mut Json<'_>) -> Result<(), Stop> {
        self.ranking.clear();
        self.row.read(json, &mut self.ranking)?;
        // The object is lent out while the reader reports on it; its memory comes back.
        let row = std::mem::take(&mut self.row);
        self.settle(&row);
        self.row = row;
        Ok(())
    }

    /// Finds the object's query, reports what is wrong with it, and takes its targets' ranks.
    fn settle(&mut self, row: &Row) {
        let row_number = self.matching.rows();
        let was_in_order = self.matching.departure().is_none();
        let place = self.matching.place(&row.says());
        if was_in_order {
            self.out_of_order(row);
        }
        let query = match place {
            Place::Query(query) | Place::Again { query, .. } | Place::Contradicts(query) => {
                Some((query, self.list.query(query)))
            }
            _ => None,
        };
        let reference = row.says().reference;
        let spot = Spot { file: self.file, at: row.at, row: row_number, reference, query };
        self.report_place(&spot, place, row);
        self.report_faults(&spot, row);
        if row.has_ranking {
            self.report_ranking(&spot);
        }
        if let Place::Query(query) = place {
            self.take(query);
        }
    }

    /// Where the file leaves the list's order, reports the objects that position alone had matched.
    fn out_of_order(&mut self, row: &Row) {
        let Some(departure) = self.matching.departure() else { return };
        let found = row.says().reference;
        let expected = self.list.query(departure.row);
        for bare in self.matching.take_bare() {
            let query = Some((bare, self.list.query(bare)));
            self.report.problem(self.file.number, ProblemKind::OutOfOrder, || {
                let reference = None;
                let spot = Spot { file: self.file, at: None, row: bare, reference, query };
                say::bare(&spot, departure.row, expected, found)
            });
        }
        self.report.warning(self.file.number, ProblemKind::MatchedByContent, || {
            say::matched_by_content(self.file, row.at, departure.row, expected, found)
        });
    }

    fn report_place(&mut self, spot: &Spot<'_>, place: Place, row: &Row) {
        let number = self.file.number;
        let list = self.list;
        match place {
            Place::Query(_) | Place::Unknowable => {}
            Place::Again { by, .. } => {
                self.report
                    .problem(number, ProblemKind::AnsweredTwice, || say::answered_twice(spot, by));
            }
            Place::Extra => {
                let queries = list.group.queries.len();
                self.report.problem(number, ProblemKind::ExtraObject, || say::extra(spot, queries));
            }
            Place::UnknownId => {
                let name = &list.group.name;
                let id = row.says().id.unwrap_or_default();
                self.report.problem(number, ProblemKind::UnknownQuery, || {
                    say::unknown_id(spot, name, self.benchmark.split(), id)
                });
            }
            Place::Contradicts(query) => {
                let query = list.query(query);
                self.report.problem(number, ProblemKind::UnknownQuery, || {
                    say::contradicts(spot, query, spot.reference)
                });
            }
            Place::UnknownContent { expected } => {
                let expected = expected.map(|position| (position, list.query(position)));
                self.report.problem(number, ProblemKind::UnknownQuery, || {
                    say::unknown_content(spot, list.group, self.benchmark.split(), expected)
                });
            }
            Place::Bare => {
                let Some(departure) = self.matching.departure() else { return };
                let expected = list.query(departure.row);
                self.report.problem(number, ProblemKind::OutOfOrder, || {
                    // What stood at the place of departure is told by the objects before it.
                    let found = (spot.row == departure.row).then_some(spot.reference).flatten();
                    say::bare(spot, departure.row, expected, found)
                });
            }
        }
    }

    fn report_faults(&mut self, spot: &Spot<'_>, row: &Row) {
        for fault in &row.faults {
            self.report.problem(self.file.number, fault.kind(), || fault.sentence(spot));
        }
        self.report.problems.count(ProblemKind::RepeatedKey, row.more_repeated);
    }

    fn report_ranking(&mut self, spot: &Spot<'_>) {
        let (number, report) = (self.file.number, &mut *self.report);
        let group = self.list.group;
        let (items, gallery) = (self.ranking.length() as usize, group.gallery.len());
        let need = NEEDED.min(gallery);
        if items < need {
            report.problem(number, ProblemKind::WrongLength, || say::too_few(spot, items, need));
        } else if items > gallery {
            report
                .problem(number, ProblemKind::WrongLength, || say::too_many(spot, items, gallery));
        }
        let faults = self.ranking.faults();
        for unknown in &faults.unknown {
            report.problem(number, ProblemKind::UnknownItem, || {
                let home = self.benchmark.whereabouts(group, unknown.id.as_bytes());
                let gallery = self.benchmark.gallery_name(group);
                say::unknown_item(spot, unknown.rank, &unknown.id, &gallery, &home)
            });
        }
        for twice in &faults.duplicates {
            report.problem(number, ProblemKind::DuplicateItem, || {
                say::duplicate(spot, group.gallery.item(twice.index), twice.first, twice.again)
            });
        }
        for &(rank, found) in &faults.others {
            report.problem(number, ProblemKind::WrongType, || say::no_item(spot, rank, found));
        }
        report.problems.count(ProblemKind::UnknownItem, faults.more_unknown);
        report.problems.count(ProblemKind::DuplicateItem, faults.more_duplicates);
        report.problems.count(ProblemKind::WrongType, faults.more_others);
        if let Some((position, _)) = spot.query {
            let own = self.list.reference_index(position);
            // Where all of the gallery has to be ranked, the reference does no harm at the end.
            let harmless = |rank: u32| need == gallery && rank as usize == gallery;
            if let Some(rank) = own.and_then(|index| self.ranking.rank_of(index))
                && !harmless(rank)
            {
                report.warning(number, ProblemKind::ReferenceRanked, || {
                    say::reference_ranked(spot, rank)
                });
            }
        }
    }

    fn take(&mut self, query: usize) {
        if let (Some(ranks), Some(targets)) = (&mut self.ranks, &self.list.group.targets) {
            let places = targets.of(query).iter();
            let ranking = &self.ranking;
            let places = places.map(|&target| ranking.rank_of(target).unwrap_or(0));
            ranks.set(query, ranking.length(), places);
        }
    }

    /// Reports the queries without an answer.
    fn finish(self) -> Option<GroupRanks> {
        let (stretches, unidentified) = self.matching.unanswered();
        let open: usize = stretches.iter().map(|(first, last)| last - first + 1).sum();
        let (file, queries) = (self.file, &self.list.group.queries);
        if unidentified == 0 {
            for (first, last) in stretches {
                self.report.problem(file.number, ProblemKind::MissingQuery, || {
                    say::missing(file, queries, first, last)
                });
            }
        } else if open > unidentified {
            // Which of them the objects without identity answer cannot be told, but some are left.
            self.report.problem(file.number, ProblemKind::MissingQuery, || {
                say::some_missing(file, open - unidentified, queries.len())
            });
        }
        self.ranks
    }
}
