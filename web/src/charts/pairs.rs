//! Which pairs of teams can be told apart: a triangle of marks.

use super::ranks::{is_few, on_a_phone, sizes};
use super::svg::{Anchor, Ink, Svg};
use super::words::fitted;

/// How clearly two teams differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    /// Beyond doubt.
    Clear,
    /// Probably.
    Likely,
    /// Not.
    Open,
    /// Not known.
    Unknown,
}

const TOP: f64 = 26.0;

/// Each team by the teams after it. A full square: clearly better; a half: probably; a dot: can't be
/// told apart. Shapes differ, so that it doesn't rely on colour.
pub(crate) fn pairs(
    id: &'static str,
    title: &str,
    description: &str,
    rows: &[(&str, Vec<Pair>)],
) -> Svg {
    let (room, cell, size) = sizes(rows.len());
    let class = if is_few(rows.len()) { "pairs few" } else { "pairs" };
    let extent = rows.len() as f64 * cell;
    let mut svg = Svg::new(id, class, room + extent + 2.0, TOP + extent + 4.0);
    svg = svg.described(title, description);
    for (i, (team, marks)) in rows.iter().enumerate() {
        let y = TOP + i as f64 * cell;
        let middle = y + cell / 2.0 + size * 0.35;
        svg.line(Ink::Grid, (0.0, y), (room + extent, y));
        let name = fitted(team, on_a_phone(rows.len(), size), room - 36.0);
        let number = (i + 1).to_string();
        svg.text(Ink::Quiet, (20.0, middle), Anchor::End, size, &number);
        svg.text(Ink::Text, (28.0, middle), Anchor::Start, size + 1.0, &name);
        let x = room + i as f64 * cell;
        svg.text(Ink::Quiet, (x + cell / 2.0, TOP - 8.0), Anchor::Middle, size, &number);
        svg.rect(Ink::Grid, (x + 1.0, y + 1.0), (cell - 2.0, cell - 2.0), 1.0);
        for (column, mark) in marks.iter().enumerate().take(rows.len() - i - 1) {
            let x = x + (column as f64 + 1.0) * cell;
            match mark {
                Pair::Clear => {
                    svg.rect(Ink::First, (x + 1.0, y + 1.0), (cell - 2.0, cell - 2.0), 1.0);
                }
                Pair::Likely => {
                    let inset = cell * 0.26;
                    let at = (x + inset, y + inset);
                    svg.rect(Ink::First, at, (cell - 2.0 * inset, cell - 2.0 * inset), 0.6);
                }
                Pair::Open => svg.dot(Ink::Axis, (x + cell / 2.0, y + cell / 2.0), 2.0),
                Pair::Unknown => {}
            }
        }
    }
    svg.line(Ink::Axis, (0.0, TOP + extent), (room + extent, TOP + extent));
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_compared_with_the_teams_after_it_only() {
        let rows = [("Team A", vec![Pair::Clear, Pair::Open]), ("Team B", vec![Pair::Likely; 7])];
        let svg = pairs("pairs", "Pairs", "Two.", &rows).inline();
        // the diagonal, and the one pair there is
        assert_eq!(svg.matches("<rect").count(), 3, "{svg}");
        assert_eq!(svg.matches("<circle").count(), 0, "{svg}");
    }
}
