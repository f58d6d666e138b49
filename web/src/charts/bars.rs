//! Values as horizontal bars, each with its name and its value.

use super::svg::{Anchor, Chart, Ink, Svg};
use super::words::fitted;

/// Bars from one line at the left.
pub(crate) struct Bars<'a> {
    pub(crate) chart: Chart<'a>,
    /// Name, length and the value as it is written.
    pub(crate) rows: &'a [(String, f64, String)],
}

const WIDTH: f64 = 520.0;
const LEFT: f64 = 150.0;
const RIGHT: f64 = 430.0;
const ROW: f64 = 26.0;
const SIZE: f64 = 13.0;

/// Names are made to fit at the size that they have on a phone.
const PHONE: f64 = 17.0;

/// The bars, in their order; the longest is as long as there is room.
pub(crate) fn bars(bars: &Bars<'_>) -> Svg {
    let height = bars.rows.len() as f64 * ROW + 4.0;
    let mut svg = bars.chart.svg("bars-chart", WIDTH, height);
    let lengths = bars.rows.iter().map(|(_, length, _)| *length).filter(|it| it.is_finite());
    let longest = lengths.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    for (at, (name, length, value)) in bars.rows.iter().enumerate() {
        let top = at as f64 * ROW + 2.0;
        let middle = top + ROW / 2.0 + SIZE * 0.35;
        let share = if length.is_finite() { (length / longest).clamp(0.0, 1.0) } else { 0.0 };
        let end = LEFT + share * (RIGHT - LEFT);
        let name = fitted(name, PHONE, LEFT - 10.0);
        svg.text(Ink::Text, (LEFT - 10.0, middle), Anchor::End, SIZE, &name);
        svg.rect(Ink::First, (LEFT, top + 4.0), (end - LEFT, ROW - 8.0), 1.0);
        svg.text(Ink::Quiet, (end + 8.0, middle), Anchor::Start, SIZE, value);
    }
    svg.line(Ink::Axis, (LEFT, 0.0), (LEFT, height));
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_takes_the_room_and_an_impossible_one_none() {
        let row = |name: &str, length: f64| (name.to_owned(), length, format!("{length}"));
        let rows = [row("dress", 10.0), row("shirt", 5.0), row("toptee", f64::NAN)];
        let chart = Chart { id: "b", title: "Queries", description: "Most are dresses." };
        let svg = bars(&Bars { chart, rows: &rows }).inline();
        assert!(svg.contains(r#"width="280" height="18""#), "{svg}");
        assert!(svg.contains(r#"width="140" height="18""#), "{svg}");
        assert!(svg.contains(r#"width="0" height="18""#), "{svg}");
        bars(&Bars { chart, rows: &[] }).inline();
    }
}
