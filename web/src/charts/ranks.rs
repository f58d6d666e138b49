//! How often each team has each rank: a heat map.

use super::svg::{Anchor, Ink, Svg};
use super::words::fitted;

const TOP: f64 = 26.0;

/// Up to so many teams get large cells.
const FEW: usize = 12;

/// Up to so many teams fit on a phone.
const VERY_FEW: usize = 8;

/// Whether a grid of teams is made smaller on a phone, and its text larger.
pub(super) fn is_few(teams: usize) -> bool {
    teams <= VERY_FEW
}

/// The size of a name where it is largest.
pub(super) fn on_a_phone(teams: usize, size: f64) -> f64 {
    if is_few(teams) { 16.0 } else { size + 1.0 }
}

/// How large a grid of teams is drawn: the room for their names, a cell, and the text in it.
pub(super) fn sizes(teams: usize) -> (f64, f64, f64) {
    if teams <= FEW { (240.0, 34.0, 12.5) } else { (180.0, 22.0, 10.0) }
}

/// Teams by ranks. A cell is darker the more often a team has that rank, and says how often, in
/// percent. Rows longer than there are teams end in a column for all further ranks.
pub(crate) fn ranks(
    id: &'static str,
    title: &str,
    description: &str,
    rows: &[(&str, Vec<f64>)],
) -> Svg {
    let (room, cell, size) = sizes(rows.len());
    let class = if is_few(rows.len()) { "ranks few" } else { "ranks" };
    let columns = rows.iter().map(|(_, shares)| shares.len()).max().unwrap_or(0);
    let (width, height) = (room + columns as f64 * cell + 2.0, TOP + rows.len() as f64 * cell);
    let mut svg = Svg::new(id, class, width, height + 4.0).described(title, description);
    let left = |column: usize| room + column as f64 * cell;
    for column in 0..columns {
        let label =
            if column < rows.len() { (column + 1).to_string() } else { format!(">{}", rows.len()) };
        let at = (left(column) + cell / 2.0, TOP - 8.0);
        svg.text(Ink::Quiet, at, Anchor::Middle, size, &label);
    }
    for (i, (team, shares)) in rows.iter().enumerate() {
        let y = TOP + i as f64 * cell;
        let middle = y + cell / 2.0 + size * 0.35;
        svg.line(Ink::Grid, (0.0, y), (width, y));
        let name = fitted(team, on_a_phone(rows.len(), size), room - 36.0);
        svg.text(Ink::Quiet, (20.0, middle), Anchor::End, size, &(i + 1).to_string());
        svg.text(Ink::Text, (28.0, middle), Anchor::Start, size + 1.0, &name);
        for (column, share) in shares.iter().copied().enumerate() {
            // less than half a percent is drawn as nothing
            if share.is_nan() || share < 0.005 {
                continue;
            }
            // never so dark that the number on it can't be read
            let shade = 0.08 + 0.47 * share.min(1.0);
            svg.rect(Ink::First, (left(column) + 1.0, y + 1.0), (cell - 2.0, cell - 2.0), shade);
            let text = format!("{:.0}", share.min(1.0) * 100.0);
            let at = (left(column) + cell / 2.0, middle);
            svg.text(Ink::Text, at, Anchor::Middle, size, &text);
        }
    }
    svg.line(Ink::Axis, (0.0, height), (width, height));
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_says_how_often_and_what_hardly_happens_is_left_out() {
        let rows = [("Team A", vec![0.92, 0.08]), ("Team B", vec![0.001, f64::NAN])];
        let svg = ranks("ranks", "Ranks", "Mostly the first.", &rows).inline();
        assert_eq!(svg.matches("<rect").count(), 2, "{svg}");
        assert!(svg.contains(">92</text>") && svg.contains(">8</text>"), "{svg}");
    }
}
