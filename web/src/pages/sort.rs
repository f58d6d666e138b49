//! The columns of the board, and the addresses that sort by them.

use super::MeasureName;

/// The column that sorts the rows, and the direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Whether the highest or latest comes first.
    pub descending: bool,
}

/// A column that rows can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The primary measure: the order of the standings.
    Overall,
    /// The team's name.
    Team,
    /// A measure on a group, by their indices.
    Measure {
        /// Of the group.
        group: usize,
        /// Of the measure, among those that are shown.
        measure: usize,
    },
    /// How many submissions were scored.
    Tries,
    /// When the best submission was uploaded.
    Best,
}

impl Column {
    /// Its name in an address: `overall`, `team`, `dress-recall@10`, `tries`.
    pub(super) fn key(self, groups: &[String], measures: &[MeasureName]) -> String {
        let group_named = |i: usize| groups.get(i).map_or("", String::as_str);
        let measure_named = |i: usize| measures.get(i).map_or("", |measure| &measure.name);
        match self {
            Self::Overall => "overall".to_owned(),
            Self::Team => "team".to_owned(),
            Self::Measure { group, measure } => {
                format!("{}-{}", group_named(group), measure_named(measure))
            }
            Self::Tries => "tries".to_owned(),
            Self::Best => "best".to_owned(),
        }
    }

    /// Every column, in the order of the table.
    pub(super) fn all(groups: usize, measures: usize) -> impl Iterator<Item = Self> {
        [Self::Team, Self::Overall]
            .into_iter()
            .chain(Self::of_groups(groups, measures))
            .chain([Self::Tries, Self::Best])
    }

    /// The columns below the groups' names.
    pub(super) fn of_groups(groups: usize, measures: usize) -> impl Iterator<Item = Self> {
        let of = move |group| (0..measures).map(move |measure| Self::Measure { group, measure });
        (0..groups).flat_map(of)
    }

    /// Names start at A, and ranks at the best; everything else starts at the highest.
    pub(super) fn descends_first(self, measures: &[MeasureName]) -> bool {
        match self {
            Self::Team => false,
            Self::Measure { measure, .. } => {
                measures.get(measure).is_none_or(|measure| !measure.lower_is_better)
            }
            Self::Overall | Self::Tries | Self::Best => true,
        }
    }
}

impl Default for Sort {
    /// The standings as they are.
    fn default() -> Self {
        Self { column: Column::Overall, descending: true }
    }
}

impl Sort {
    /// Reads `?sort=…&dir=asc|desc`. An unknown column means the order of the standings, so that an old
    /// link is not an error.
    pub fn parse(
        sort: Option<&str>,
        dir: Option<&str>,
        groups: &[String],
        measures: &[MeasureName],
    ) -> Self {
        let is_it = |column: &Column| Some(column.key(groups, measures).as_str()) == sort;
        let found = Column::all(groups.len(), measures.len()).find(is_it);
        let Some(column) = found else {
            return Self::default();
        };
        let descending = match dir {
            Some("asc") => false,
            Some("desc") => true,
            _ => column.descends_first(measures),
        };
        Self { column, descending }
    }
}

/// A text as part of a query string (RFC 3986: characters that are not unreserved are escaped).
pub fn encoded(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 15)]),
        }
    }
    out
}

/// The upper-case hex digit of a number below sixteen.
fn hex_digit(number: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(number)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn measures() -> Vec<MeasureName> {
        let measure = |name: &str, lower_is_better| MeasureName {
            name: name.to_owned(),
            label: name.to_owned(),
            title: name.to_owned(),
            meaning: String::new(),
            lower_is_better,
        };
        vec![measure("recall@10", false), measure("median_rank", true)]
    }

    #[test]
    fn a_column_that_does_not_exist_is_the_order_of_the_standings() {
        let groups = ["dress".to_owned()];
        for (sort, dir) in
            [(None, Some("asc")), (Some("shirt-recall@10"), None), (Some("dress-10"), Some("asc"))]
        {
            assert_eq!(Sort::parse(sort, dir, &groups, &measures()), Sort::default());
        }
    }

    #[test]
    fn names_are_sorted_from_a_and_numbers_from_the_top() {
        let groups = ["dress".to_owned()];
        let first = |sort| Sort::parse(Some(sort), None, &groups, &measures()).descending;
        assert!(!first("team") && !first("dress-median_rank"));
        assert!(first("dress-recall@10") && first("tries") && first("best"));
    }

    #[test]
    fn what_is_special_in_an_address_is_escaped() {
        assert_eq!(encoded("dress-10"), "dress-10");
        assert_eq!(encoded("a&b=c d-10"), "a%26b%3Dc%20d-10");
        assert_eq!(encoded("é"), "%C3%A9");
    }

    proptest! {
        #[test]
        fn every_column_is_found_by_its_own_key(
            groups in prop::collection::hash_set("[a-z0-9-]{1,8}", 0..5),
            descending: bool,
        ) {
            let groups: Vec<String> = groups.into_iter().collect();
            let dir = if descending { "desc" } else { "asc" };
            let measures = measures();
            for column in Column::all(groups.len(), measures.len()) {
                let key = column.key(&groups, &measures);
                let parsed = Sort::parse(Some(&key), Some(dir), &groups, &measures);
                prop_assert_eq!(parsed, Sort { column, descending });
            }
        }
    }
}
