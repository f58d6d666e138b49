//! Dialogs: which queries of a benchmark are the turns of one dialog.

use std::borrow::Cow;

use dataset::Group;

use crate::{GroupRanks, Ranks, expected_rank};

/// The dialogs of a benchmark whose queries are the turns of recorded sessions, by group.
///
/// Uploads rank by turn, and ranks are stored by dialog: a dialog is what a query is elsewhere, and its turns
/// have the place of targets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialogs {
    groups: Vec<DialogsOfGroup>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct DialogsOfGroup {
    name: String,
    /// How many items its gallery has.
    items: usize,
    /// How many turns each dialog has, in the order of the queries.
    turns: Vec<u32>,
}

impl Dialogs {
    /// The sessions of some groups, in the benchmark's order. None if a group has other queries.
    pub(crate) fn of(groups: &[Group]) -> Option<Self> {
        let of_group = |group: &Group| {
            let turns: usize = group.sessions.iter().map(|turns| *turns as usize).sum();
            (turns == group.queries.len() && turns > 0).then(|| DialogsOfGroup {
                name: group.name.clone(),
                items: group.gallery.len(),
                turns: group.sessions.clone(),
            })
        };
        let groups: Vec<DialogsOfGroup> = groups.iter().map(of_group).collect::<Option<_>>()?;
        (!groups.is_empty()).then_some(Self { groups })
    }

    /// How many turns each dialog of a group has.
    pub(crate) fn turns_of(&self, group: &str) -> &[u32] {
        let group = self.groups.iter().find(|own| own.name == group);
        group.map_or(&[], |group| &group.turns)
    }

    /// Turns ranks by turn, each of which is a query, into ranks by dialog. A target that a ranking lacks has
    /// the [`expected_rank`].
    pub(crate) fn by_dialog(&self, by_turn: &Ranks) -> Ranks {
        Ranks::of_dialogs(self.groups.iter().map(|group| {
            let ranks = group.by_dialog(by_turn.group(&group.name));
            (group.name.clone(), group.items, ranks)
        }))
    }

    /// The ranks of a group in which nothing was ranked.
    pub(crate) fn nothing(&self, name: &str) -> GroupRanks {
        let group = self.groups.iter().find(|own| own.name == name);
        let (items, ranks) = group.map_or((0, vec![]), |own| (own.items, own.by_dialog(None)));
        GroupRanks::of_dialogs(name, items, ranks)
    }

    /// Ranks by dialog as ranks by turn, so that they line up with the queries. The rank of a target that a
    /// ranking lacked is the one that it counts with.
    pub(crate) fn by_turn(&self, by_dialog: &Ranks) -> Ranks {
        let of_group = |group: &DialogsOfGroup| {
            let own = by_dialog.group(&group.name);
            let own = own.map_or_else(|| Cow::Owned(self.nothing(&group.name)), Cow::Borrowed);
            let turns =
                (0..own.queries()).flat_map(|dialog| own.of(dialog)).map(|&rank| vec![rank]);
            GroupRanks::of_dialogs(&group.name, group.items, turns.collect())
        };
        Ranks::new(self.groups.iter().map(of_group).collect())
    }

    /// The parts that identify it in the version of a benchmark.
    pub(crate) fn in_version(&self) -> impl Iterator<Item = u32> {
        self.groups.iter().flat_map(|group| group.turns.iter().copied())
    }
}

impl DialogsOfGroup {
    /// The ranks of each dialog, from those of its turns.
    fn by_dialog(&self, by_turn: Option<&GroupRanks>) -> Vec<Vec<u32>> {
        let mut turn = 0;
        let mut next = || {
            let query = turn;
            turn += 1;
            let Some(ranks) = by_turn else { return expected_rank(0, self.items) };
            let found = ranks.of(query).iter().copied().filter(|&rank| rank > 0).min();
            found.unwrap_or_else(|| expected_rank(ranks.lengths()[query] as usize, self.items))
        };
        self.turns.iter().map(|&turns| (0..turns).map(|_| next()).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use dataset::{Elsewhere, Gallery, ItemId, Protocol, Query, Split, Targets};

    use super::*;
    use crate::measures::{BRI, HITS, MEAN_RANK, PERCENTILE, TURN_RECALL, TURNS_TO_SUCCESS};
    use crate::{Benchmark, FASHION_IQ, Measure, Scorecard};

    /// A group of 99 items whose sessions have so many turns.
    fn group(name: &str, sessions: &[u32]) -> Group {
        let item = |at: u32| ItemId::new(&format!("i{at}")).unwrap();
        let ids =
            sessions.iter().zip(0..).flat_map(|(turns, at)| (1..=*turns).map(move |t| (at, t)));
        let query = |(session, turn)| Query {
            id: format!("{}:{turn}", Query::id_at(name, "val", session)),
            reference: item(0),
            captions: vec![format!("{session} {turn}")],
        };
        let queries: Vec<Query> = ids.map(query).collect();
        Group {
            name: name.to_owned(),
            gallery: Gallery::new((0..99).map(item)).unwrap(),
            targets: Some(Targets::new(queries.iter().map(|_| [1]))),
            queries,
            sessions: sessions.to_vec(),
        }
    }

    fn by_turn(ranks: &[u32]) -> Ranks {
        let mut group = GroupRanks::absent("dress", &Targets::new(ranks.iter().map(|_| [0])));
        for (query, rank) in ranks.iter().enumerate() {
            group.set(query, 50, std::iter::once(*rank));
        }
        Ranks::new(vec![group])
    }

    #[test]
    fn turns_become_the_ranks_of_their_dialog_and_what_is_missing_has_the_expected_rank() {
        let groups = [group("dress", &[2, 3, 1]), group("shirt", &[2])];
        let dialogs = Dialogs::of(&groups).unwrap();
        let by_turn = by_turn(&[9, 3, 7, 0, 2, 0]);
        let ranks = dialogs.by_dialog(&by_turn);
        let [dress, shirt] = ranks.groups() else { panic!("two groups") };
        let of: Vec<&[u32]> = (0..3).map(|dialog| dress.of(dialog)).collect();
        assert_eq!(of, [&[9, 3][..], &[7, 75, 2], &[75]]);
        assert_eq!(dress.lengths().to_vec(), [99; 3]);
        assert_eq!((shirt.queries(), shirt.of(0)), (1, &[50, 50][..]));
        assert_eq!(Ranks::from_bytes(&ranks.to_bytes()).unwrap(), ranks);
        let back = dialogs.by_turn(&ranks);
        let of: Vec<u32> = (0..6).flat_map(|turn| back.groups()[0].of(turn).to_vec()).collect();
        assert_eq!(of, [9, 3, 7, 75, 2, 75]);
        assert_eq!(back.groups()[1].queries(), 2);
    }

    #[test]
    fn a_session_that_has_ended_keeps_its_last_ranking_in_all_measures() {
        let split = Split { name: "val".to_owned(), groups: vec![group("dress", &[1, 2, 4])] };
        let benchmark =
            Benchmark::new(&FASHION_IQ, split, Protocol::MultiTurn, Elsewhere::default());
        let ranks = benchmark.dialogs().unwrap().by_dialog(&by_turn(&[5, 20, 3, 99, 40, 8, 30]));
        assert!(ranks.fit(&benchmark));
        let card = Scorecard::of(&ranks, &benchmark);
        let value = |measure| Scorecard::with(&ranks, &benchmark, &[measure]).overall();
        let close = |measure: Measure, expected: f64| {
            let value = value(measure);
            assert!((value - expected).abs() < 1e-12, "{measure} is {value} instead of {expected}");
        };
        assert_eq!((card.groups[0].queries, card.overall()), (3, 1.0));
        close(Measure::at(&HITS, 10).after(1), 1.0 / 3.0);
        close(Measure::at(&HITS, 10).after(2), 2.0 / 3.0);
        close(Measure::at(&TURN_RECALL, 10).after(4), 2.0 / 3.0);
        close(Measure::of(&MEAN_RANK).after(1), (5.0 + 20.0 + 99.0) / 3.0);
        close(Measure::of(&MEAN_RANK).after(3), (5.0 + 3.0 + 8.0) / 3.0);
        close(Measure::of(&MEAN_RANK), (5.0 + 3.0 + 30.0) / 3.0);
        close(Measure::of(&PERCENTILE).after(4), 1.0 - (4.0 + 2.0 + 29.0) / (3.0 * 99.0));
        close(Measure::at(&TURNS_TO_SUCCESS, 10), (1.0 + 2.0 + 3.0) / 3.0);
        close(Measure::at(&TURNS_TO_SUCCESS, 2), (2.0 + 3.0 + 5.0) / 3.0);
        let ln = f64::ln;
        let bri = [
            0.5 * ln(50.0) + 0.5 * ln(5.0),
            0.25 * ln(50.0) + 0.5 * ln(20.0) + 0.25 * ln(3.0),
            0.125 * ln(50.0) + 0.25 * (ln(50.0) + ln(40.0) + ln(8.0)) + 0.125 * ln(8.0),
        ];
        close(Measure::of(&BRI), bri.iter().sum::<f64>() / 3.0);
        // what lines up with queries has one row for each turn
        let lined_up = benchmark.by_query(&ranks);
        assert_eq!(lined_up.groups()[0].queries(), benchmark.groups()[0].queries.len());
        assert_eq!(benchmark.scored_in(&benchmark.groups()[0]), 3);
    }

    #[test]
    fn a_group_that_ranks_lack_was_ranked_nowhere() {
        let groups = vec![group("dress", &[1, 2]), group("shirt", &[2])];
        let split = Split { name: "val".to_owned(), groups };
        let benchmark =
            Benchmark::new(&FASHION_IQ, split, Protocol::MultiTurn, Elsewhere::default());
        let ranks = Ranks::of_dialogs([("dress".to_owned(), 99, vec![vec![1], vec![1, 1]])]);
        assert!(!ranks.fit(&benchmark));
        let card = Scorecard::with(&ranks, &benchmark, &[Measure::of(&MEAN_RANK)]);
        assert_eq!(card.scores[0].groups, [Some(1.0), Some(50.0)]);
    }
}
