//! The measures of one submission.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::measures::{
    Judgements, MEAN_RECALL, MEDIAN_RANK, MRR, Measure, NDCG, Number, RECALL, Values,
};
use crate::statistics::{Cells, Interval, Resampled};
use crate::{Benchmark, GroupRanks, Ranks};

/// The measures of one submission: an ordered list, each with its value by group and over all groups,
/// at full precision and always finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Scorecard {
    /// The groups, in the benchmark's order.
    pub groups: Vec<ScoredGroup>,
    /// The measures, the primary one first.
    pub scores: Vec<Score>,
}

/// A group that was scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoredGroup {
    /// `dress`, `shirt`, `toptee`.
    pub name: String,
    /// On how many queries it was scored: all, or those of a part.
    pub queries: usize,
}

/// The values of one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Which measure.
    pub measure: Measure,
    /// Over all groups; none if it has no value, such as the median rank of a run that finds fewer than
    /// half of the targets.
    pub overall: Option<f64>,
    /// By group, in the order of the scorecard's groups.
    pub groups: Vec<Option<f64>>,
    /// The 95 % interval of the overall value; none for a card of an older scorer, and for a measure
    /// that is not a mean over queries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// The intervals by group; empty if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_intervals: Vec<Interval>,
}

impl Scorecard {
    /// The measures of a benchmark's task, for ranks that were read against that benchmark. In a missing
    /// group nothing was found. A gallery smaller than a cut-off is ranked completely, so the cut-off is
    /// its end.
    ///
    /// The ranks can be a part of the queries, from a [feedback share](crate::FeedbackShare): then the
    /// card is that of the part.
    pub fn of(ranks: &Ranks, benchmark: &Benchmark) -> Self {
        Self::with(ranks, benchmark, &benchmark.task().all_measures())
    }

    /// The same for other measures, in their order.
    pub fn with(ranks: &Ranks, benchmark: &Benchmark, measures: &[Measure]) -> Self {
        let of = |group| ranks.group_or_nothing(group, benchmark);
        let all: Vec<Cow<'_, GroupRanks>> = benchmark.groups().iter().map(of).collect();
        let judged: Vec<Judgements<'_>> = all.iter().map(|ranks| Judgements::of(ranks)).collect();
        let groups = all
            .iter()
            .map(|group| ScoredGroup { name: group.name().to_owned(), queries: group.queries() });
        let scores = measures.iter().map(|measure| Score::of(*measure, &judged));
        Self { groups: groups.collect(), scores: scores.collect() }
    }

    /// The values of a measure, if the card has it.
    pub fn score(&self, measure: Measure) -> Option<&Score> {
        self.scores.iter().find(|score| score.measure == measure)
    }

    /// The value of the primary measure over all groups, which ranks submissions; 0 if there is none.
    pub fn overall(&self) -> f64 {
        self.scores.first().and_then(|score| score.overall).unwrap_or_default()
    }
}

impl Score {
    fn of(measure: Measure, groups: &[Judgements<'_>]) -> Self {
        let aggregate = measure.family().aggregate;
        let mut values: Vec<Values> = groups.iter().map(|group| measure.values(group)).collect();
        let numbers: Vec<Option<Number>> =
            values.iter_mut().map(|values| aggregate.of_group(values)).collect();
        let overall = aggregate.of_all(values, &numbers);
        let float = |number: Option<Number>| number.map(Number::to_float);
        let intervals = Cells::of_judged(groups, &[measure]).map(|cells| cells.intervals());
        let (interval, group_intervals) = match intervals {
            Some(Resampled { mut overall, mut groups }) => (overall.pop(), groups.pop()),
            None => (None, None),
        };
        Self {
            measure,
            overall: float(overall),
            groups: numbers.into_iter().map(float).collect(),
            interval,
            group_intervals: group_intervals.unwrap_or_default(),
        }
    }
}

/// A scorecard as it may have been stored.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Now {
        groups: Vec<ScoredGroup>,
        scores: Vec<Score>,
    },
    /// By scorer 1, which knew five measures by name.
    First {
        overall: f64,
        groups: Vec<FirstGroup>,
    },
}

#[derive(Deserialize)]
struct FirstGroup {
    group: String,
    queries: usize,
    recall_at_10: f64,
    recall_at_50: f64,
    mrr_at_50: f64,
    ndcg_at_10: f64,
    median_rank: Option<u32>,
}

impl From<Stored> for Scorecard {
    fn from(stored: Stored) -> Self {
        let (overall, groups) = match stored {
            Stored::Now { groups, scores } => return Self { groups, scores },
            Stored::First { overall, groups } => (overall, groups),
        };
        let score = |measure, value: fn(&FirstGroup) -> Option<f64>| Score {
            measure,
            overall: None,
            groups: groups.iter().map(value).collect(),
            interval: None,
            group_intervals: vec![],
        };
        let primary = score(Measure::of(&MEAN_RECALL), |_| None);
        let scores = vec![
            Score { overall: Some(overall), ..primary },
            score(Measure::at(&RECALL, 10), |group| Some(group.recall_at_10)),
            score(Measure::at(&RECALL, 50), |group| Some(group.recall_at_50)),
            score(Measure::at(&MRR, 50), |group| Some(group.mrr_at_50)),
            score(Measure::at(&NDCG, 10), |group| Some(group.ndcg_at_10)),
            score(Measure::of(&MEDIAN_RANK), |group| group.median_rank.map(f64::from)),
        ];
        let named =
            |group: &FirstGroup| ScoredGroup { name: group.group.clone(), queries: group.queries };
        Self { groups: groups.iter().map(named).collect(), scores }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FASHION_IQ;
    use crate::tests::kit::large;

    /// The scorecard of a run of one group, whose targets have these ranks.
    fn card(ranks: &[u32]) -> Scorecard {
        let mut groups = large(ranks.len(), 60).groups().to_vec();
        let targets = dataset::Targets::new(ranks.iter().map(|_| [0]));
        let mut group = GroupRanks::absent("dress", &targets);
        for (query, rank) in ranks.iter().enumerate() {
            group.set(query, 50, [*rank].into_iter());
        }
        groups[0].targets = Some(targets);
        let split = dataset::Split { name: "val".to_owned(), groups };
        let (protocol, elsewhere) = Default::default();
        Scorecard::of(
            &Ranks::new(vec![group]),
            &Benchmark::new(&FASHION_IQ, split, protocol, elsewhere),
        )
    }

    /// The overall score of ten queries with so many targets among the first 10 and the first 50.
    fn overall(among_10: usize, among_50: usize) -> f64 {
        let rank = |query| match query {
            _ if query < among_10 => 1,
            _ if query < among_50 => 50,
            _ => 0,
        };
        card(&(0..10).map(rank).collect::<Vec<_>>()).overall()
    }

    #[test]
    fn results_that_are_equal_as_fractions_have_one_score() {
        assert_eq!(overall(1, 7).to_bits(), overall(3, 5).to_bits());
        assert_eq!(overall(1, 7).to_bits(), 0.4_f64.to_bits());
    }

    #[test]
    fn a_card_holds_the_measures_of_its_task_in_their_order() {
        let card = card(&[1, 7, 30, 0]);
        let names: Vec<String> = card.scores.iter().map(|it| it.measure.to_string()).collect();
        let all = ["mean_recall", "recall@10", "recall@50", "mrr@50", "ndcg@10", "median_rank"];
        assert_eq!(names, all);
        let value =
            |measure: &str| card.score(measure.parse().unwrap()).and_then(|score| score.groups[0]);
        assert_eq!(value("recall@10"), Some(0.5));
        assert_eq!(value("median_rank"), Some(7.0));
        assert_eq!(value("recall@5"), None);
        assert_eq!(card.score(FASHION_IQ.primary).unwrap().overall, Some(0.625));
    }

    #[test]
    fn a_card_comes_back_from_json_to_the_last_bit() {
        for thousandth in 1..1000 {
            let mut card = card(&[1, 0]);
            let value = f64::from(thousandth) / 999.0 + 1.0 / 7.0;
            card.scores[0].overall = Some(value);
            let json = serde_json::to_string(&card).unwrap();
            let back: Scorecard = serde_json::from_str(&json).unwrap();
            assert_eq!(back, card, "{json}");
            assert_eq!(back.overall().to_bits(), value.to_bits(), "{json}");
        }
    }

    #[test]
    fn a_card_of_the_first_scorer_is_still_read() {
        let stored = r#"{"overall":0.3125,"groups":[{"group":"dress","queries":8,"recall_at_10":0.125,
            "recall_at_50":0.5,"mrr_at_50":0.0625,"ndcg_at_10":0.1,"median_rank":null}]}"#;
        let card: Scorecard = serde_json::from_str(stored).unwrap();
        assert_eq!(card.overall().to_bits(), 0.3125_f64.to_bits());
        assert_eq!(card.groups, [ScoredGroup { name: "dress".to_owned(), queries: 8 }]);
        let value = |name: &str| card.score(name.parse().unwrap()).unwrap().groups[0];
        assert_eq!((value("recall@10"), value("ndcg@10")), (Some(0.125), Some(0.1)));
        assert_eq!(value("median_rank"), None);
    }
}
