//! The values of a run's queries, counted: all that resampling needs to know of it.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution};

use super::law::{Law, Terms};
use super::{Interval, wilson};
use crate::measures::{Aggregate, Judgements, Range};
use crate::{GroupRanks, Measure, Ranks};

/// The values of a run's queries under some measures: of each group, how often each combination of
/// values occurs.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    measures: usize,
    /// For each measure whether its values are shares.
    shares: Vec<bool>,
    groups: Vec<GroupCells>,
}

/// The combinations of values that occur in a group, with how many queries have each.
#[derive(Debug, Clone, PartialEq)]
struct GroupCells {
    queries: u64,
    counts: Vec<u64>,
    /// A row a combination, a column a measure.
    values: Vec<Vec<f64>>,
}

/// Values of some measures under resampled queries, with the intervals they make.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    /// By measure: over all groups.
    pub overall: Vec<Interval>,
    /// By measure and group.
    pub groups: Vec<Vec<Interval>>,
}

impl Cells {
    /// The values of the queries of a run under measures that are means over queries; none where a
    /// measure is no mean or a query has no value.
    pub fn of(ranks: &Ranks, measures: &[Measure]) -> Option<Self> {
        let judged: Vec<Judgements<'_>> = ranks.groups().iter().map(Judgements::of).collect();
        Self::of_judged(&judged, measures)
    }

    pub(crate) fn of_judged(judged: &[Judgements<'_>], measures: &[Measure]) -> Option<Self> {
        if measures.iter().any(|measure| measure.family().aggregate != Aggregate::Mean) {
            return None;
        }
        let group = |group: &Judgements<'_>| {
            let values = |query| measures.iter().map(move |measure| measure.of_query(&query));
            GroupCells::of(group.iter().flat_map(values), measures.len())
        };
        let groups = judged.iter().map(group).collect::<Option<_>>()?;
        Some(Self { measures: measures.len(), shares: shares(measures), groups })
    }

    /// The differences of two runs' values, query by query; none where they are no runs of the same
    /// queries.
    pub fn of_differences(one: &Ranks, other: &Ranks, measures: &[Measure]) -> Option<Self> {
        if one.groups().len() != other.groups().len() {
            return None;
        }
        let group = |(one, other): (&GroupRanks, &GroupRanks)| {
            if one.queries() != other.queries() {
                return None;
            }
            let (one, other) = (Judgements::of(one), Judgements::of(other));
            let differences = |(one, other)| {
                let difference = move |measure: &Measure| {
                    Some(measure.of_query(&one)? - measure.of_query(&other)?)
                };
                measures.iter().map(difference)
            };
            GroupCells::of(one.iter().zip(other.iter()).flat_map(differences), measures.len())
        };
        let groups = one.groups().iter().zip(other.groups()).map(group).collect::<Option<_>>()?;
        Some(Self { measures: measures.len(), shares: shares(measures), groups })
    }

    /// The mean of each measure over the groups.
    pub fn overall(&self) -> Vec<f64> {
        let counts: Vec<&[u64]> = self.groups.iter().map(|group| &group.counts[..]).collect();
        let by_group: Vec<Vec<f64>> =
            self.groups.iter().zip(counts).map(|(group, counts)| group.means(counts)).collect();
        (0..self.measures).map(|m| mean(by_group.iter().map(|values| values[m]))).collect()
    }

    /// The 95 % intervals of the measures, by the exact law of resampled queries: what ever more
    /// [resamples](Self::resampled) come to. Where all queries have the share 0 or 1 they are
    /// [`wilson`]'s, so that no hit is an interval too.
    pub fn intervals(&self) -> Resampled {
        let groups = self.groups.iter();
        let by_group: Vec<Vec<Interval>> = groups
            .map(|group| (0..self.measures).map(|m| group.interval(m, self.shares[m])).collect())
            .collect();
        let overall = |m: usize| {
            if let [only] = &by_group[..] {
                return only[m];
            }
            let count = self.groups.len() as f64;
            let terms = self.groups.iter().map(|group| group.terms(m, count));
            let law = Law::of(&terms.collect::<Vec<_>>());
            law.interval().unwrap_or_else(|| {
                let ends =
                    |end: fn(&Interval) -> f64| mean(by_group.iter().map(|all| end(&all[m])));
                Interval { low: ends(|it| it.low), high: ends(|it| it.high) }
            })
        };
        Resampled {
            overall: (0..self.measures).map(overall).collect(),
            groups: (0..self.measures)
                .map(|m| by_group.iter().map(|group| group[m]).collect())
                .collect(),
        }
    }

    /// Resamples the queries of each group so many times, with replacement.
    pub fn resampled(&self, times: usize, seed: u64) -> Resampled {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let columns = || vec![Vec::with_capacity(times); self.measures];
        let mut overall: Vec<Vec<f64>> = columns();
        let mut groups: Vec<Vec<Vec<f64>>> = self.groups.iter().map(|_| columns()).collect();
        let mut sums = vec![0.0; self.measures];
        let mut counts = Vec::new();
        for _ in 0..times {
            sums.fill(0.0);
            for (group, drawn) in self.groups.iter().zip(&mut groups) {
                group.draw(&mut random, &mut counts);
                for (m, value) in group.means(&counts).into_iter().enumerate() {
                    drawn[m].push(value);
                    sums[m] += value;
                }
            }
            for (drawn, sum) in overall.iter_mut().zip(&sums) {
                drawn.push(sum / self.groups.len().max(1) as f64);
            }
        }
        let everything = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
        let interval = |drawn: &mut Vec<f64>| Interval::of_percentiles(drawn).unwrap_or(everything);
        Resampled {
            overall: overall.iter_mut().map(interval).collect(),
            groups: (0..self.measures)
                .map(|m| groups.iter_mut().map(|drawn| interval(&mut drawn[m])).collect())
                .collect(),
        }
    }
}

impl GroupCells {
    /// Counts the values of queries, one query's after the other's; none where one is missing.
    fn of(values: impl Iterator<Item = Option<f64>>, measures: usize) -> Option<Self> {
        let all: Vec<f64> = values.collect::<Option<_>>()?;
        let mut rows: Vec<&[f64]> = all.chunks_exact(measures.max(1)).collect();
        // Any order will do that puts equal rows together.
        let bits = |row: &&[f64]| -> Vec<u64> { row.iter().map(|value| value.to_bits()).collect() };
        match measures {
            1 => rows.sort_unstable_by_key(|row| row[0].to_bits()),
            _ => rows.sort_by_cached_key(bits),
        }
        let mut cells: Vec<(u64, Vec<f64>)> = rows
            .chunk_by(|one, other| one == other)
            .map(|equal| (equal.len() as u64, equal[0].to_vec()))
            .collect();
        // The most frequent first, so that few draws are left for the rest.
        cells.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let queries = rows.len() as u64;
        let (counts, values) = cells.into_iter().unzip();
        Some(Self { queries, counts, values })
    }

    /// The values of a measure as terms of the mean over so many groups.
    fn terms(&self, m: usize, groups: f64) -> Terms {
        let n = self.queries.max(1) as f64;
        let cells = self.counts.iter().zip(&self.values);
        let values = cells.map(|(count, values)| (values[m] / n / groups, *count as f64 / n));
        Terms { count: self.queries, values: values.collect() }
    }

    fn interval(&self, m: usize, is_share: bool) -> Interval {
        if is_share && self.values.iter().all(|values| [0.0, 1.0].contains(&values[m])) {
            let cells = self.counts.iter().zip(&self.values);
            let hits = cells.filter(|(_, values)| values[m] > 0.0).map(|(count, _)| count).sum();
            return wilson(hits, self.queries);
        }
        let fixed = || {
            let value = self.means(&self.counts)[m];
            Interval { low: value, high: value }
        };
        Law::of(&[self.terms(m, 1.0)]).interval().unwrap_or_else(fixed)
    }

    /// Draws how many of as many queries fall into each combination: a multinomial, as binomials of
    /// what is left.
    fn draw(&self, random: &mut ChaCha8Rng, drawn: &mut Vec<u64>) {
        drawn.clear();
        let (mut left, mut weight) = (self.queries, self.queries);
        for &count in &self.counts {
            let take = if count == weight || left == 0 {
                left
            } else {
                let share = count as f64 / weight as f64;
                Binomial::new(left, share).map_or(0, |law| law.sample(random))
            };
            drawn.push(take);
            left -= take;
            weight -= count;
        }
    }

    /// The mean of each measure if each combination occurs so often.
    fn means(&self, counts: &[u64]) -> Vec<f64> {
        let measures = self.values.first().map_or(0, Vec::len);
        let sum = |m: usize| -> f64 {
            counts.iter().zip(&self.values).map(|(count, values)| *count as f64 * values[m]).sum()
        };
        (0..measures).map(|m| sum(m) / self.queries.max(1) as f64).collect()
    }
}

fn shares(measures: &[Measure]) -> Vec<bool> {
    measures.iter().map(|measure| measure.range() == Range::Share).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    sum / f64::from(n.max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::measures::Values;
    use crate::statistics::RESAMPLES;

    /// A run of one group, whose queries have one target each at these ranks; 0 where it is absent.
    fn run(ranks: &[u32]) -> Ranks {
        let targets = dataset::Targets::new(ranks.iter().map(|_| vec![0]));
        let mut group = GroupRanks::absent("dress", &targets);
        for (query, &rank) in ranks.iter().enumerate() {
            group.set(query, u32::MAX, std::iter::once(rank));
        }
        Ranks::new(vec![group])
    }

    fn measures(names: &[&str]) -> Vec<Measure> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn the_interval_of_a_proportion_is_about_wilsons() {
        let ranks: Vec<u32> = (0..2000).map(|query| if query % 10 < 3 { 5 } else { 0 }).collect();
        let cells = Cells::of(&run(&ranks), &measures(&["recall@10"])).unwrap();
        let drawn = cells.resampled(RESAMPLES, 1).overall[0];
        let exact = wilson(600, 2000);
        assert!((drawn.low - exact.low).abs() < 0.002, "{drawn:?} {exact:?}");
        assert!((drawn.high - exact.high).abs() < 0.002, "{drawn:?} {exact:?}");
    }

    #[test]
    fn the_exact_law_is_what_resamples_come_to() {
        let ranks: Vec<u32> = (0..1500).map(|query| (query * 7919) % 131).collect();
        let names = ["recall@10", "mrr@50", "ndcg@10", "mean_recall"];
        let cells = Cells::of(&run(&ranks), &measures(&names)).unwrap();
        let (exact, drawn) = (cells.intervals(), cells.resampled(RESAMPLES, 3));
        for (exact, drawn) in exact.overall.iter().zip(&drawn.overall) {
            let width = exact.high - exact.low;
            assert!((exact.low - drawn.low).abs() < 0.06 * width, "{exact:?} {drawn:?}");
            assert!((exact.high - drawn.high).abs() < 0.06 * width, "{exact:?} {drawn:?}");
        }
    }

    #[test]
    fn nothing_found_is_an_interval_from_zero() {
        let cells = Cells::of(&run(&[0; 400]), &measures(&["recall@10", "recall@50"])).unwrap();
        let of = cells.intervals().overall[0];
        assert!(of.low.abs() < f64::EPSILON && of.high > 0.005 && of.high < 0.02, "{of:?}");
    }

    #[test]
    fn ranks_that_are_all_the_first_have_no_width() {
        let cells = Cells::of(&run(&[1; 40]), &measures(&["mean_rank"])).unwrap();
        assert_eq!(cells.intervals().overall[0], Interval { low: 1.0, high: 1.0 });
        let cells = Cells::of(&run(&[1, 901, 1, 101]), &measures(&["mean_rank"])).unwrap();
        let Interval { low, high } = cells.intervals().overall[0];
        assert!((1.0..251.0).contains(&low) && (251.0..901.0).contains(&high), "{low} {high}");
    }

    #[test]
    fn a_measure_that_is_no_mean_has_no_cells() {
        assert_eq!(Cells::of(&run(&[1, 2]), &measures(&["median_rank"])), None);
    }

    proptest! {
        #[test]
        fn the_same_seed_gives_the_same_digits_and_the_mean_is_the_scorecards(
            ranks in prop::collection::vec(0..80_u32, 1..200),
            seed: u64,
        ) {
            let names = ["recall@10", "mrr@50", "ndcg@10", "mean_recall"];
            let run = run(&ranks);
            let cells = Cells::of(&run, &measures(&names)).unwrap();
            prop_assert_eq!(cells.resampled(50, seed), cells.resampled(50, seed));
            let drawn = cells.resampled(200, seed).overall;
            for (measure, (mean, interval)) in
                measures(&names).into_iter().zip(cells.overall().into_iter().zip(drawn))
            {
                let k = measure.k().map_or(usize::MAX, |k| k as usize);
                let mut values =
                    Values::of(measure.family(), (k, None), &Judgements::of(&run.groups()[0]));
                let exact = values.mean().unwrap().to_float();
                prop_assert!((mean - exact).abs() < 1e-12, "{} {} {}", measure, mean, exact);
                prop_assert!(interval.low <= mean + 1e-12 && mean <= interval.high + 1e-12);
            }
        }

        #[test]
        fn a_run_differs_nowhere_from_itself(ranks in prop::collection::vec(0..80_u32, 1..50)) {
            let run = run(&ranks);
            let cells = Cells::of_differences(&run, &run, &measures(&["recall@10"])).unwrap();
            prop_assert_eq!(cells.resampled(20, 1).overall[0], Interval { low: 0.0, high: 0.0 });
        }
    }
}
