//! The columns of the board, and the addresses that sort by them.

/// By which column the rows are sorted, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// Which.
    pub column: Column,
    /// Highest, or latest, first.
    pub descending: bool,
}

/// A column that rows can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The primary metric: the order of the standings.
    Overall,
    /// The team's name.
    Team,
    /// Recall@10 of a group, by its index.
    At10(usize),
    /// Recall@50 of a group, by its index.
    At50(usize),
    /// How many runs were scored.
    Runs,
    /// When the best run was uploaded.
    Best,
}

impl Column {
    /// Its name in an address: `overall`, `team`, `dress-10`, `runs`.
    pub(super) fn key(self, groups: &[String]) -> String {
        let group = |i: usize| groups.get(i).map_or("", String::as_str);
        match self {
            Self::Overall => "overall".to_owned(),
            Self::Team => "team".to_owned(),
            Self::At10(i) => format!("{}-10", group(i)),
            Self::At50(i) => format!("{}-50", group(i)),
            Self::Runs => "runs".to_owned(),
            Self::Best => "best".to_owned(),
        }
    }

    /// Every column, in the order of the table.
    pub(super) fn all(groups: usize) -> impl Iterator<Item = Self> {
        [Self::Team, Self::Overall]
            .into_iter()
            .chain((0..groups).flat_map(|i| [Self::At10(i), Self::At50(i)]))
            .chain([Self::Runs, Self::Best])
    }

    /// Names start at A; of everything else people want to see the most.
    pub(super) fn descends_first(self) -> bool {
        self != Self::Team
    }
}

impl Default for Sort {
    /// The standings as they are.
    fn default() -> Self {
        Self { column: Column::Overall, descending: true }
    }
}

impl Sort {
    /// Reads `?sort=…&dir=asc|desc`. A column that does not exist is the order of the standings: a
    /// stale link is no error.
    pub fn parse(sort: Option<&str>, dir: Option<&str>, groups: &[String]) -> Self {
        let found = Column::all(groups.len()).find(|c| Some(c.key(groups).as_str()) == sort);
        let Some(column) = found else {
            return Self::default();
        };
        let descending = match dir {
            Some("asc") => false,
            Some("desc") => true,
            _ => column.descends_first(),
        };
        Self { column, descending }
    }
}

/// A text as part of a query string (RFC 3986: what is not unreserved is escaped).
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

/// The capital digit of a number below sixteen.
fn hex_digit(number: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(number)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_column_that_does_not_exist_is_the_order_of_the_standings() {
        let groups = ["dress".to_owned()];
        for (sort, dir) in
            [(None, Some("asc")), (Some("shirt-10"), None), (Some("dress-20"), Some("asc"))]
        {
            assert_eq!(Sort::parse(sort, dir, &groups), Sort::default());
        }
    }

    #[test]
    fn names_are_sorted_from_a_and_numbers_from_the_top() {
        let groups = ["dress".to_owned()];
        let first = |sort| Sort::parse(Some(sort), None, &groups).descending;
        assert!(!first("team"));
        assert!(first("dress-10") && first("runs") && first("best"));
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
            for column in Column::all(groups.len()) {
                let parsed = Sort::parse(Some(&column.key(&groups)), Some(dir), &groups);
                prop_assert_eq!(parsed, Sort { column, descending });
            }
        }
    }
}
