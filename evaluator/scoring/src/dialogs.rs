//! Dialogs: which queries of a benchmark are the turns of one dialog.

use crate::{Ranks, expected_rank};

/// The dialogs of a benchmark, by group.
///
/// Each turn that was played is a query of the group, in the order of dialogs and turns. Ranks are stored
/// by dialog: a dialog is what a query is elsewhere, and its turns have the place of targets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialogs {
    groups: Vec<(String, Vec<Turns>)>,
}

/// The turns of one dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turns {
    /// How many were played.
    pub played: u32,
    /// How many there are.
    pub all: u32,
}

impl Dialogs {
    /// The dialogs of some groups, in the benchmark's order.
    pub fn new(groups: Vec<(String, Vec<Turns>)>) -> Self {
        Self { groups }
    }

    /// How many turns each dialog of a group has.
    pub(crate) fn turns_of(&self, group: &str) -> Vec<usize> {
        let group = self.groups.iter().find(|(name, _)| name == group);
        group.iter().flat_map(|(_, dialogs)| dialogs).map(|turns| turns.all as usize).collect()
    }

    /// Turns ranks by turn, each of which is a query, into ranks by dialog. A target that a ranking lacks has
    /// the [`expected_rank`]; `items` says how many the gallery of a group has.
    pub(crate) fn regroup(&self, by_turn: &Ranks, items: impl Fn(&str) -> usize) -> Ranks {
        Ranks::of_dialogs(self.groups.iter().map(|(name, dialogs)| {
            let (mut query, items, ranks) = (0, items(name), by_turn.group(name));
            let ranks = dialogs.iter().map(|turns| {
                let played = query..query + turns.played as usize;
                query = played.end;
                let rank = |query| {
                    let found = ranks?.of(query).iter().copied().filter(|&rank| rank > 0).min();
                    let ranked = ranks?.lengths()[query] as usize;
                    Some(found.unwrap_or_else(|| expected_rank(ranked, items)))
                };
                let missing = std::iter::repeat(expected_rank(0, items));
                played.filter_map(rank).chain(missing).take(turns.all as usize).collect()
            });
            (name.clone(), items, ranks.collect())
        }))
    }

    /// The parts that identify it in the version of a benchmark.
    pub(crate) fn in_version(&self) -> impl Iterator<Item = u32> {
        self.groups
            .iter()
            .flat_map(|(_, dialogs)| dialogs.iter().flat_map(|it| [it.played, it.all]))
    }
}

#[cfg(test)]
mod tests {
    use dataset::Targets;

    use super::*;
    use crate::GroupRanks;

    fn by_turn(ranks: &[u32]) -> Ranks {
        let mut group = GroupRanks::absent("dress", &Targets::new(ranks.iter().map(|_| [0])));
        for (query, rank) in ranks.iter().enumerate() {
            group.set(query, 50, std::iter::once(*rank));
        }
        Ranks::new(vec![group])
    }

    #[test]
    fn turns_become_the_ranks_of_their_dialog_and_what_is_missing_has_the_expected_rank() {
        let turns = |played, all| Turns { played, all };
        let dress = vec![turns(2, 2), turns(1, 3), turns(0, 2), turns(1, 1)];
        let shirt = vec![turns(0, 2)];
        let dialogs = Dialogs::new(vec![("dress".to_owned(), dress), ("shirt".to_owned(), shirt)]);
        let ranks = dialogs.regroup(&by_turn(&[9, 3, 7, 0]), |_| 99);
        let [dress, shirt] = ranks.groups() else { panic!("two groups") };
        let of: Vec<&[u32]> = (0..4).map(|dialog| dress.of(dialog)).collect();
        assert_eq!(of, [&[9, 3][..], &[7, 50, 50], &[50, 50], &[75]]);
        assert_eq!(dress.lengths().to_vec(), [99; 4]);
        assert_eq!((shirt.queries(), shirt.of(0)), (1, &[50, 50][..]));
        assert_eq!(Ranks::from_bytes(&ranks.to_bytes()).unwrap(), ranks);
    }
}
