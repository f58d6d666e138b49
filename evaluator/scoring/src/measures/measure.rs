//! One measure: a family at a cut-off.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{CutOff, Direction, FAMILIES, Family, Judged, Judgements, Number, Range, Values};
use crate::{Error, GroupRanks};

/// A measure: a family, with a cut-off if it has one, and a turn if it is of dialogs and names one. It is
/// written `recall@10`, `median_rank` or `hits@10:3`.
#[derive(Clone, Copy)]
pub struct Measure {
    family: &'static Family,
    k: Option<NonZeroU32>,
    turn: Option<NonZeroU32>,
}

impl Measure {
    /// The measure of a family at a cut-off, which must not be 0.
    pub const fn at(family: &'static Family, k: u32) -> Self {
        Self { family, k: NonZeroU32::new(k), turn: None }
    }

    /// The measure of a family without a cut-off.
    pub const fn of(family: &'static Family) -> Self {
        Self { family, k: None, turn: None }
    }

    /// The same at a turn of dialogs, from 1.
    #[must_use]
    pub const fn after(self, turn: u32) -> Self {
        Self { turn: NonZeroU32::new(turn), ..self }
    }

    /// The turn that it is at, if it names one.
    pub fn turn(self) -> Option<u32> {
        self.turn.map(NonZeroU32::get)
    }

    /// The value of one query, if it has one.
    pub(crate) fn of_query(self, query: &Judged<'_>) -> Option<f64> {
        let judged = query.until(self.turn(), query.items());
        (self.family.of_query)(&judged, self.cut_off()).to_float()
    }

    /// Its family.
    pub fn family(self) -> &'static Family {
        self.family
    }

    /// Its cut-off, if it has one.
    pub fn k(self) -> Option<u32> {
        self.k.map(NonZeroU32::get)
    }

    /// Which values it can have.
    pub fn range(self) -> Range {
        self.family.range
    }

    /// Which of two values is better.
    pub fn direction(self) -> Direction {
        self.family.direction
    }

    /// The meaning of its value, in one line without a full stop.
    pub fn meaning(self) -> String {
        let meaning = self.family.meaning;
        let meaning = match self.k {
            None => meaning.replace(" among the first K", ""),
            Some(k) => {
                let parts: Vec<&str> = meaning.split('K').collect();
                parts.join(&k.to_string())
            }
        };
        match self.turn {
            Some(turn) => meaning.replace("turn T", &format!("turn {turn}")),
            None => meaning.replace("turn T", "the last turn"),
        }
    }

    /// Its name for people: `Recall@10`, `median rank`, `Hits@10, turn 3`.
    pub fn title(self) -> String {
        let title = self.with_cut_off(self.family.title);
        self.turn.map_or(title.clone(), |turn| format!("{title}, turn {turn}"))
    }

    /// The head of a narrow column: `R@10`, `median`, `H@10 t3`.
    pub fn label(self) -> String {
        let label = self.with_cut_off(self.family.label);
        self.turn.map_or(label.clone(), |turn| format!("{label} t{turn}"))
    }

    /// Its value on one group, without any other. A ranking that ends before the cut-off counts as if
    /// only other items than targets followed.
    pub fn of_group(self, group: &GroupRanks) -> Option<f64> {
        let mut values = self.values(&Judgements::of(group));
        self.family.aggregate.of_group(&mut values).map(Number::to_float)
    }

    pub(crate) fn values(self, judgements: &Judgements<'_>) -> Values {
        Values::of(self.family, (self.cut_off(), self.turn()), judgements)
    }

    /// The cut-off that a family's function gets.
    pub(crate) fn cut_off(self) -> usize {
        self.k.map_or(usize::MAX, |k| k.get() as usize)
    }

    fn with_cut_off(self, name: &str) -> String {
        self.k.map_or_else(|| name.to_owned(), |k| format!("{name}@{k}"))
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.with_cut_off(self.family.name);
        match self.turn {
            None => f.pad(&name),
            Some(turn) => f.pad(&format!("{name}:{turn}")),
        }
    }
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq for Measure {
    fn eq(&self, other: &Self) -> bool {
        (self.family.name, self.k, self.turn) == (other.family.name, other.k, other.turn)
    }
}

impl Eq for Measure {}

impl Hash for Measure {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.family.name, self.k, self.turn).hash(state);
    }
}

impl FromStr for Measure {
    type Err = Error;

    /// Reads what `Display` writes, and nothing else.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (measure, turn) = match text.split_once(':') {
            Some((measure, turn)) => (measure, Some(turn)),
            None => (text, None),
        };
        let (name, k) = match measure.split_once('@') {
            Some((name, k)) => (name, Some(k)),
            None => (measure, None),
        };
        let family = FAMILIES.iter().copied().find(|family| family.name == name);
        let family = family.ok_or_else(|| Error::unknown_measure(text))?;
        let k = match (k, family.cut_off) {
            (None, CutOff::Always) => return Err(Error::needs_cut_off(text)),
            (Some(_), CutOff::Never) => return Err(Error::takes_no_cut_off(text, name)),
            (None, _) => None,
            (Some(digits), _) => {
                Some(number(digits).ok_or_else(|| Error::no_cut_off(text, digits))?)
            }
        };
        let turn = match turn {
            None => None,
            Some(_) if !family.by_turn => return Err(Error::takes_no_turn(text, measure)),
            Some(digits) => Some(number(digits).ok_or_else(|| Error::no_turn(text, digits))?),
        };
        Ok(Self { family, k, turn })
    }
}

/// A whole number from 1, without leading zeros.
fn number(digits: &str) -> Option<NonZeroU32> {
    digits.parse().ok().filter(|number: &NonZeroU32| number.to_string() == digits)
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{HITS, MEDIAN_RANK, MRR, PERCENTILE, RECALL};

    #[test]
    fn a_measure_is_read_as_it_is_written() {
        for (text, measure) in [
            ("recall@10", Measure::at(&RECALL, 10)),
            ("mrr@50", Measure::at(&MRR, 50)),
            ("mrr", Measure::of(&MRR)),
            ("median_rank", Measure::of(&MEDIAN_RANK)),
            ("hits@10:3", Measure::at(&HITS, 10).after(3)),
            ("percentile:1", Measure::of(&PERCENTILE).after(1)),
            ("percentile", Measure::of(&PERCENTILE)),
        ] {
            assert_eq!(text.parse::<Measure>().unwrap(), measure);
            assert_eq!(measure.to_string(), text);
            let json = serde_json::to_string(&measure).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Measure>(&json).unwrap(), measure);
        }
    }

    #[test]
    fn what_is_no_measure_is_named_with_what_there_is() {
        let said = |text: &str| text.parse::<Measure>().unwrap_err().to_string();
        let known: Vec<String> = FAMILIES.iter().map(|family| family.pattern()).collect();
        let known = known.join(", ");
        assert!(known.starts_with("recall@K, "), "{known}");
        assert_eq!(said("recal@10"), format!("unknown measure `recal@10`: must be one of {known}"));
        let needs = "measure `recall` needs a cut-off, such as `recall@10`";
        assert_eq!(said("recall"), needs);
        let takes = "measure `median_rank@5` takes no cut-off; write `median_rank`";
        assert_eq!(said("median_rank@5"), takes);
        for odd in ["recall@0", "recall@010", "recall@ten", "recall@", "recall@-1", "recall@1@2"] {
            assert!(said(odd).contains(odd), "{}", said(odd));
            assert!(said(odd).contains("a whole number from 1"), "{}", said(odd));
        }
        let takes = "measure `recall@10:2` takes no turn; write `recall@10`";
        assert_eq!(said("recall@10:2"), takes);
        for odd in ["hits@10:0", "hits@10:03", "hits@10:", "percentile:last", "percentile:1:2"] {
            assert!(said(odd).contains("a turn is a whole number from 1"), "{}", said(odd));
        }
        assert!(said("Recall@10").contains("unknown measure `Recall@10`"));
    }

    #[test]
    fn names_for_people_have_the_cut_off() {
        let recall = Measure::at(&RECALL, 10);
        assert_eq!((recall.title().as_str(), recall.label().as_str()), ("Recall@10", "R@10"));
        assert_eq!(recall.meaning(), "the share of a query's targets among the first 10");
        let hits = Measure::at(&HITS, 10).after(3);
        assert_eq!((hits.title().as_str(), hits.label().as_str()), ("Hits@10, turn 3", "H@10 t3"));
        assert!(hits.meaning().contains("up to turn 3"), "{}", hits.meaning());
        let last = Measure::at(&HITS, 10).meaning();
        assert!(last.contains("up to the last turn"), "{last}");
        assert!(!Measure::of(&MRR).meaning().contains('K'), "{}", Measure::of(&MRR).meaning());
    }
}
