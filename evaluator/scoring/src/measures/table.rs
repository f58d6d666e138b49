//! The table of families in `docs/metrics.md`.

use std::fmt::Write as _;

use super::FAMILIES;

/// All families as a table in Markdown, as it is in `docs/metrics.md`.
pub fn as_markdown() -> String {
    let mut table = String::from(
        "| measure | name | value of one query | range | better |\n|---|---|---|---|---|\n",
    );
    for family in FAMILIES {
        let pattern = family.pattern().replace(" or ", "`, `");
        let meaning = family.meaning;
        let (range, better) = (family.range.name(), family.direction.name());
        // Writing to a string never fails.
        let _ =
            writeln!(table, "| `{pattern}` | {} | {meaning} | {range} | {better} |", family.title);
    }
    table
}
