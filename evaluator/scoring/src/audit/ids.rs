//! Do item ids tell the targets?

use dataset::Group;

use super::line::Line;
use super::reference_position::near_reference;
use super::{Audited, Check, Finding};

const CHECK: Check = Check {
    name: "ids",
    title: "item ids",
    advice: "publish opaque random ids (publish = \"keyed\")",
};

pub(super) fn check(audited: &Audited<'_>, group: &Group) -> Option<Finding> {
    let reading = IdReading::of(group);
    let line = Line::new(group.gallery.iter().map(|id| reading.number(id)).collect());
    let point = |query: usize| Some(reading.number(group.queries[query].reference.as_str()));
    let (tested, recall) = near_reference(audited, group, &line, point)?;
    let what = format!(
        "ranked by how near ids are to the reference's, read as numbers in base {}, targets are at rank {:.0} \
         (geometric mean), and at {:.0} if queries are permuted (z {:.1})",
        reading.base(),
        tested.observed.exp(),
        tested.mean.exp(),
        tested.z()
    );
    Some(Finding::tested(CHECK, &group.name, tested.p_low, what).worth(recall))
}

/// How the ids of a group are read as numbers.
pub(super) struct IdReading {
    /// What all ids begin with.
    prefix: usize,
    /// The digits, in order. Two characters can be the same digit.
    digits: Digits,
}

enum Digits {
    Decimal,
    /// 0 to 9, then letters, whatever their case.
    Base36,
    /// The characters that occur, in Unicode's order.
    Occurring(Vec<char>),
}

impl IdReading {
    pub(super) fn of(group: &Group) -> Self {
        let references = group.queries.iter().map(|query| query.reference.as_str());
        let ids = || group.gallery.iter().chain(references.clone());
        let first = ids().next().unwrap_or_default();
        let prefix = ids().fold(first, |prefix, id| common_prefix(prefix, id)).len();
        let rests = || ids().flat_map(|id| id[prefix..].chars());
        let has = |is: fn(&char) -> bool| rests().any(|c| is(&c));
        let is_plain = rests().all(|c| c.is_ascii_alphanumeric());
        let is_mixed = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
        let digits = if !has(|c| !c.is_ascii_digit()) {
            Digits::Decimal
        } else if is_plain && !is_mixed {
            Digits::Base36
        } else {
            let mut occurring: Vec<char> = rests().collect();
            occurring.sort_unstable();
            occurring.dedup();
            Digits::Occurring(occurring)
        };
        Self { prefix, digits }
    }

    fn base(&self) -> u32 {
        match &self.digits {
            Digits::Decimal => 10,
            Digits::Base36 => 36,
            Digits::Occurring(digits) => digits.len() as u32,
        }
    }

    /// An id as a number; of a long id as many digits as fit, from the left.
    pub(super) fn number(&self, id: &str) -> u128 {
        let base = u128::from(self.base().max(2));
        let digit = |c: char| match &self.digits {
            Digits::Decimal => c.to_digit(10),
            Digits::Base36 => c.to_digit(36),
            Digits::Occurring(digits) => digits.binary_search(&c).ok().map(|at| at as u32),
        };
        let digits = id.get(self.prefix..).unwrap_or_default().chars().filter_map(digit);
        let add = |number: u128, digit| {
            number.checked_mul(base).and_then(|number| number.checked_add(u128::from(digit)))
        };
        digits
            .scan(0, |number, digit| {
                *number = add(*number, digit)?;
                Some(*number)
            })
            .last()
            .unwrap_or(0)
    }
}

fn common_prefix<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.char_indices().zip(b.chars()).find(|((_, x), y)| x != y);
    let end = same.map_or(a.len().min(b.len()), |((at, _), _)| at);
    &a[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataset::{Gallery, ItemId};

    fn numbers(ids: &[&str]) -> (u32, Vec<u128>) {
        let gallery = Gallery::new(ids.iter().map(|id| ItemId::new(id).unwrap())).unwrap();
        let group = Group {
            name: String::new(),
            gallery,
            queries: Vec::new(),
            targets: None,
            sessions: vec![],
        };
        let reading = IdReading::of(&group);
        (reading.base(), ids.iter().map(|id| reading.number(id)).collect())
    }

    #[test]
    fn ids_are_numbers_in_the_alphabet_that_they_use() {
        assert_eq!(numbers(&["B00000000Z", "B000000010", "B00A"]), (36, vec![35, 36, 10]));
        assert_eq!(numbers(&["7", "12", "105"]), (10, vec![7, 12, 105]));
        assert_eq!(
            numbers(&["img_0007", "img_0012"]),
            (10, vec![7, 12]),
            "what all share is left out"
        );
        assert_eq!(numbers(&["aB", "ba", "Bb"]).0, 3, "a and A can be different digits");
        assert_eq!(numbers(&["é-1", "è-2"]).0, 5, "any character is a digit");
        assert_eq!(numbers(&["x", "x1"]), (10, vec![0, 1]), "an id can be the start of all others");
        let (long, longer) = ("Z".repeat(64), format!("Y{}", "Z".repeat(63)));
        let (_, found) = numbers(&[&long, &longer]);
        assert!(found[0] > found[1], "{found:?}");
    }
}
