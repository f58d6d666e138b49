//! The transcript of a submission that was played as dialogs.

use std::collections::BTreeMap;
use std::io::Read as _;

use dataset::Group;
use serde::{Deserialize, Serialize};

use crate::{Benchmark, Error, Ranks, Result};

/// How much of a transcript is read: some thirty times the largest that is written.
const MOST_BYTES: u64 = 4 << 30;

/// A submission that was played as dialogs. It is stored as compressed JSON and names no target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// What said the captions, with its version.
    pub simulator: String,
    /// How many turns each dialog has.
    pub turns: u32,
    /// All dialogs, group by group.
    pub dialogs: Vec<PlayedDialog>,
}

/// One dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayedDialog {
    /// `dress-17`.
    pub dialog: String,
    /// The group whose gallery is searched.
    pub group: String,
    /// The turns that were played, in their order.
    pub turns: Vec<PlayedTurn>,
}

/// One turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayedTurn {
    /// The item that was shown.
    pub shown: String,
    /// How the target differs from it.
    pub caption: String,
    /// The ranking that answered this; its first item is shown next.
    pub ranking: Vec<String>,
}

impl Transcript {
    /// As compressed JSON. Equal transcripts give equal bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(self).map_err(Error::transcript)?;
        zstd::encode_all(json.as_slice(), zstd::DEFAULT_COMPRESSION_LEVEL)
            .map_err(Error::transcript)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let json = zstd::Decoder::new(bytes).map_err(Error::transcript)?.take(MOST_BYTES);
        serde_json::from_reader(std::io::BufReader::new(json)).map_err(Error::transcript)
    }

    /// The ranks of the targets, by dialog and turn. `targets` are places in the galleries, for each group
    /// in the order of its dialogs. A target that a ranking lacks has the [`expected_rank`], and so has the
    /// target at a turn that wasn't played.
    ///
    /// # Errors
    /// The dialogs are not those of the targets.
    pub fn ranks(
        &self,
        benchmark: &Benchmark,
        targets: &BTreeMap<String, Vec<u32>>,
    ) -> Result<Ranks> {
        let groups = benchmark.groups().iter().map(|group| {
            let targets = targets.get(&group.name).map_or(&[][..], Vec::as_slice);
            Ok((group.name.clone(), group.gallery.len(), self.of_group(group, targets)?))
        });
        Ok(Ranks::of_dialogs(groups.collect::<Result<Vec<_>>>()?))
    }

    /// The ranks of a group's targets, by dialog and turn.
    fn of_group(&self, group: &Group, targets: &[u32]) -> Result<Vec<Vec<u32>>> {
        let own: Vec<&PlayedDialog> =
            self.dialogs.iter().filter(|dialog| dialog.group == group.name).collect();
        let fits = |dialog: &&PlayedDialog| dialog.turns.len() <= self.turns as usize;
        let (items, turns) = (group.gallery.len(), self.turns as usize);
        let exist = targets.iter().all(|&target| (target as usize) < items);
        if own.len() != targets.len() || !own.iter().all(fits) || !exist {
            return Err(Error::other_dialogs(&group.name));
        }
        let ranks = |(dialog, &target): (&PlayedDialog, &u32)| {
            let target = group.gallery.item(target);
            let place = |turn: &PlayedTurn| turn.ranking.iter().position(|item| item == target);
            let rank = |turn: &PlayedTurn| {
                place(turn).map_or(expected_rank(turn.ranking.len(), items), |it| it as u32 + 1)
            };
            let missing = std::iter::repeat(expected_rank(0, items));
            dialog.turns.iter().map(rank).chain(missing).take(turns).collect()
        };
        Ok(own.into_iter().zip(targets).map(ranks).collect())
    }
}

/// The rank of a target that a ranking of so many items lacks, if the rest of the gallery followed in random
/// order: half-way between the ends of the rest, rounded up.
pub fn expected_rank(ranked: usize, items: usize) -> u32 {
    ((ranked + 1 + items).div_ceil(2)).min(items) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FASHION_IQ;
    use crate::tests::kit::large;

    fn turn(ranking: &[&str]) -> PlayedTurn {
        let ranking = ranking.iter().map(|&item| item.to_owned()).collect();
        PlayedTurn { shown: "item".to_owned(), caption: "is blue".to_owned(), ranking }
    }

    fn dialog(turns: Vec<PlayedTurn>) -> PlayedDialog {
        PlayedDialog { dialog: "dress-1".to_owned(), group: "dress".to_owned(), turns }
    }

    fn transcript(dialogs: Vec<PlayedDialog>) -> Transcript {
        Transcript { simulator: "template 1".to_owned(), turns: 2, dialogs }
    }

    #[test]
    fn ranks_are_the_places_of_the_target_turn_by_turn() {
        let split =
            dataset::Split { name: "val".to_owned(), groups: large(1, 4).groups().to_vec() };
        let benchmark = Benchmark::drawn(&FASHION_IQ, split, "template 1");
        let gallery = &benchmark.groups()[0].gallery;
        let items: Vec<&str> = gallery.iter().collect();
        let [a, b, c, _] = items.as_slice() else { panic!("four items") };
        let played = transcript(vec![
            dialog(vec![turn(&[a, b, c]), turn(&[c, a])]),
            dialog(vec![turn(&[b])]),
            dialog(vec![]),
        ]);
        let bytes = played.to_bytes().unwrap();
        assert_eq!(Transcript::from_bytes(&bytes).unwrap(), played);
        let targets = BTreeMap::from([("dress".to_owned(), vec![2, 3, 0])]);
        let ranks = played.ranks(&benchmark, &targets).unwrap();
        let dress = ranks.group("dress").unwrap();
        // Of four items: after one of them the rest is expected at 3, after none at 3 (2.5).
        assert_eq!([dress.of(0), dress.of(1), dress.of(2)], [&[3, 1], &[3, 3], &[3, 3]]);
        assert_eq!(dress.lengths().to_vec(), [4, 4, 4]);
        assert_eq!(
            [expected_rank(500, 4000), expected_rank(0, 99), expected_rank(4, 4)],
            [2251, 50, 4]
        );
        assert!(ranks.fit(&benchmark));
        let fewer = BTreeMap::from([("dress".to_owned(), vec![2])]);
        assert!(played.ranks(&benchmark, &fewer).unwrap_err().to_string().contains("dress"));
    }

    #[test]
    fn cut_bytes_are_an_error() {
        let bytes = transcript(vec![dialog(vec![turn(&["x"])])]).to_bytes().unwrap();
        for end in 0..bytes.len() {
            assert!(Transcript::from_bytes(&bytes[..end]).is_err(), "{end}");
        }
    }
}
