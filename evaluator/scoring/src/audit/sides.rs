//! How much of a benchmark one half of the query answers alone, and what is left for both together.

use std::collections::{BTreeMap, BTreeSet};

use dataset::Group;
use serde::Serialize;

use super::{Check, Finding, Verdict};
use crate::{Benchmark, Error, GroupRanks, Ranks, Result};

const CHECK: Check = Check {
    name: "one_side",
    title: "the captions alone, and the reference alone",
    advice: "report recall on the queries that need both next to the overall score, or write captions that \
             can't be answered without the reference",
};

/// A side that finds more than this share of the targets among the first 10 items makes overall recall say
/// little about combining both.
const MUCH: f64 = 0.2;

/// Named sets of query ids.
pub type Subsets = BTreeMap<String, Vec<String>>;

/// The ranks of models that see one side of each query, and of a run that sees both.
#[derive(Debug, Clone, Copy)]
pub struct SideRuns<'a> {
    /// Of a model that sees the captions alone.
    pub text: &'a Ranks,
    /// Of a model that sees the reference alone.
    pub reference: &'a Ranks,
    /// Of a submission.
    pub run: Option<&'a Ranks>,
}

/// How many items of each ranking count.
pub type Cutoff = u32;

/// The cut-offs that are reported.
const CUTOFFS: [Cutoff; 2] = [10, 50];

/// How many queries each side answers alone, in one part of a benchmark and at one cut-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OneSide {
    /// The named subset; none for all queries.
    pub subset: Option<String>,
    /// The group; none for all of them together.
    pub group: Option<String>,
    /// The cut-off.
    pub k: Cutoff,
    /// The queries.
    pub queries: usize,
    /// How many the captions answer alone.
    pub text: usize,
    /// How many the reference answers alone.
    pub reference: usize,
    /// How many neither answers alone: they need both.
    pub need_both: usize,
    /// How many the run answers.
    pub run: Option<usize>,
    /// How many the run answers of those that need both.
    pub run_of_need_both: Option<usize>,
}

/// What one side finds: for all queries and each subset, for all groups together and each of them, at 10 and
/// at 50. Parts without queries are left out.
///
/// # Errors
/// If ranks are of another benchmark, or a subset is empty or names an unknown query.
pub fn sides(benchmark: &Benchmark, runs: SideRuns<'_>, subsets: &Subsets) -> Result<Vec<OneSide>> {
    let given = [
        ("text-only", Some(runs.text)),
        ("reference-only", Some(runs.reference)),
        ("submitted", runs.run),
    ];
    for (which, ranks) in given {
        if ranks.is_some_and(|ranks| !ranks.fit(benchmark)) {
            return Err(Error::ranks_of_another_benchmark(which));
        }
    }
    let by_query = |ranks: &Ranks| benchmark.by_query(ranks).into_owned();
    let (text, reference) = (by_query(runs.text), by_query(runs.reference));
    let run = runs.run.map(by_query);
    let subsets = checked(benchmark, subsets)?;
    let all = [(None, None)].into_iter();
    let named = subsets.iter().map(|(name, ids)| (Some(*name), Some(ids)));
    let mut rows = Vec::new();
    for (subset, ids) in all.chain(named) {
        let counts = |group: &Group, k| {
            let of = |ranks: &Ranks| ranks.group_or_nothing(group, benchmark).into_owned();
            let seen =
                Seen { text: of(&text), reference: of(&reference), run: run.as_ref().map(of) };
            let is_in = |query: &usize| {
                ids.is_none_or(|ids| ids.contains(group.queries[*query].id.as_str()))
            };
            let queries = (0..group.queries.len()).filter(is_in);
            queries
                .map(|query| seen.query(query, k))
                .fold(OneSide::nothing(k), |sum, one| sum.plus(&one))
        };
        for k in CUTOFFS {
            let groups =
                benchmark.groups().iter().map(|group| (group.name.clone(), counts(group, k)));
            let groups: Vec<(String, OneSide)> = groups.collect();
            let sum = groups.iter().fold(OneSide::nothing(k), |sum, (_, one)| sum.plus(one));
            let named = groups.into_iter().map(|(name, one)| OneSide { group: Some(name), ..one });
            let subset = subset.map(str::to_owned);
            let rows_of = named.chain([sum]).filter(|one| one.queries > 0);
            rows.extend(rows_of.map(|one| OneSide { subset: subset.clone(), ..one }));
        }
    }
    Ok(rows)
}

/// The ids of each subset, all of which are queries.
fn checked<'s>(
    benchmark: &Benchmark,
    subsets: &'s Subsets,
) -> Result<Vec<(&'s str, BTreeSet<&'s str>)>> {
    let queries = benchmark.groups().iter().flat_map(|group| &group.queries);
    let known: BTreeSet<&str> = queries.map(|query| query.id.as_str()).collect();
    let check = |(name, ids): (&'s String, &'s Vec<String>)| {
        if ids.is_empty() {
            return Err(Error::empty_subset(name));
        }
        match ids.iter().find(|id| !known.contains(id.as_str())) {
            Some(unknown) => Err(Error::unknown_query(name, unknown)),
            None => Ok((name.as_str(), ids.iter().map(String::as_str).collect())),
        }
    };
    subsets.iter().map(check).collect()
}

/// The ranks of a group.
struct Seen {
    text: GroupRanks,
    reference: GroupRanks,
    run: Option<GroupRanks>,
}

impl Seen {
    fn query(&self, query: usize, k: Cutoff) -> OneSide {
        let finds =
            |ranks: &GroupRanks| ranks.of(query).iter().any(|&rank| (1..=k).contains(&rank));
        let (text, reference) = (finds(&self.text), finds(&self.reference));
        let needs_both = !text && !reference;
        let run = self.run.as_ref().map(finds);
        OneSide {
            queries: 1,
            text: text.into(),
            reference: reference.into(),
            need_both: needs_both.into(),
            run: run.map(usize::from),
            run_of_need_both: run.map(|found| usize::from(found && needs_both)),
            ..OneSide::nothing(k)
        }
    }
}

impl OneSide {
    fn nothing(k: Cutoff) -> Self {
        let (subset, group) = (None, None);
        let (run, run_of_need_both) = (None, None);
        Self {
            subset,
            group,
            k,
            queries: 0,
            text: 0,
            reference: 0,
            need_both: 0,
            run,
            run_of_need_both,
        }
    }

    fn plus(self, other: &Self) -> Self {
        let add = |a: Option<usize>, b: Option<usize>| b.map(|b| a.unwrap_or(0) + b).or(a);
        Self {
            queries: self.queries + other.queries,
            text: self.text + other.text,
            reference: self.reference + other.reference,
            need_both: self.need_both + other.need_both,
            run: add(self.run, other.run),
            run_of_need_both: add(self.run_of_need_both, other.run_of_need_both),
            ..self
        }
    }

    /// The share of queries that the better side answers alone.
    pub fn best_side(&self) -> f64 {
        self.text.max(self.reference) as f64 / self.queries as f64
    }

    /// The composition gap on all queries: the run's recall less that of the better side.
    pub fn gap(&self) -> Option<f64> {
        self.run.map(|run| run as f64 / self.queries as f64 - self.best_side())
    }

    /// The composition gap on the queries that need both. Neither side answers one of them, so it is the
    /// run's recall there.
    pub fn gap_of_need_both(&self) -> Option<f64> {
        let found = self.run_of_need_both.filter(|_| self.need_both > 0)?;
        Some(found as f64 / self.need_both as f64)
    }

    /// What it says about a group, if it is about all of its queries at the first cut-off.
    pub fn finding(&self) -> Option<Finding> {
        let group =
            self.group.as_ref().filter(|_| self.subset.is_none() && self.k == CUTOFFS[0])?;
        let is_much = self.best_side() > MUCH || self.gap().is_some_and(|gap| gap <= 0.0);
        let share = |n: usize| 100.0 * n as f64 / self.queries as f64;
        let mut what = format!(
            "among the first {}, the captions alone find {:.1} % of the targets, the reference alone {:.1} %, \
             and {:.1} % need both",
            self.k,
            share(self.text),
            share(self.reference),
            share(self.need_both)
        );
        if let (Some(run), Some(gap), Some(both)) = (self.run, self.gap(), self.gap_of_need_both())
        {
            what = format!(
                "{what}; the run finds {:.1} %, {:+.1} points against the better side, and {:.1} % of those \
                 that need both",
                share(run),
                100.0 * gap,
                100.0 * both
            );
        }
        let verdict = if is_much { Verdict::WorthKnowing } else { Verdict::NothingFound };
        Some(Finding::new(CHECK, group, verdict, what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataset::{Elsewhere, Protocol, Split, Targets};

    fn benchmark() -> Benchmark {
        let large = crate::tests::kit::large(10, 100);
        let mut group = large.groups()[0].clone();
        group.targets = Some(Targets::new((0..10).map(|i| [i])));
        let split = Split { name: "val".to_owned(), groups: vec![group] };
        Benchmark::new(&crate::FASHION_IQ, split, Protocol::Original, Elsewhere::default())
    }

    fn run(benchmark: &Benchmark, rank: impl Fn(usize) -> u32) -> Ranks {
        let group = &benchmark.groups()[0];
        let mut ranks = GroupRanks::absent(&group.name, group.targets.as_ref().unwrap());
        (0..10).for_each(|query| ranks.set(query, 50, std::iter::once(rank(query))));
        Ranks::new(vec![ranks])
    }

    #[test]
    fn what_needs_both_is_what_neither_side_finds() {
        let benchmark = benchmark();
        let text = run(&benchmark, |query| u32::from(query < 3));
        let reference = run(&benchmark, |query| if (2..4).contains(&query) { 10 } else { 40 });
        let both = run(&benchmark, |query| if query < 6 { 5 } else { 11 });
        let runs = SideRuns { text: &text, reference: &reference, run: Some(&both) };
        let id = |query: usize| format!("dress.val.{query}");
        let subsets = Subsets::from([("late".to_owned(), vec![id(5), id(9)])]);
        let rows = sides(&benchmark, runs, &subsets).unwrap();
        let row = |subset: Option<&str>, k| {
            let is = |row: &&OneSide| {
                row.subset.as_deref() == subset && row.k == k && row.group.is_none()
            };
            rows.iter().find(is).unwrap().clone()
        };
        let at_10 = row(None, 10);
        assert_eq!((at_10.queries, at_10.text, at_10.reference, at_10.need_both), (10, 3, 2, 6));
        assert_eq!((at_10.run, at_10.run_of_need_both), (Some(6), Some(2)));
        assert_eq!(format!("{:.2}", at_10.gap().unwrap()), "0.30");
        assert_eq!(format!("{:.2}", at_10.gap_of_need_both().unwrap()), "0.33");
        assert_eq!(row(None, 50).need_both, 0);
        let late = row(Some("late"), 10);
        assert_eq!((late.queries, late.need_both, late.run), (2, 2, Some(1)));
        let finding = rows.iter().find_map(OneSide::finding).unwrap();
        assert_eq!(finding.verdict, Verdict::WorthKnowing, "{}", finding.what);
    }

    #[test]
    fn a_subset_names_queries_of_the_split() {
        let benchmark = benchmark();
        let none = run(&benchmark, |_| 0);
        let runs = SideRuns { text: &none, reference: &none, run: None };
        let error = |ids: &[&str]| {
            let ids = ids.iter().map(|&id| id.to_owned()).collect();
            sides(&benchmark, runs, &Subsets::from([("colour".to_owned(), ids)]))
                .unwrap_err()
                .to_string()
        };
        let unknown = error(&["dress.val.1", "dress.val.10"]);
        assert_eq!(unknown, "subset `colour`: `dress.val.10` is not a query of this split");
        assert_eq!(error(&[]), "subset `colour`: it has no queries");
    }
}
