//! Two values of each of some things, as dots between two axes.

use super::axis::ticks;
use super::svg::{Anchor, Chart, Ink, Svg};
use super::words::width_of;
use crate::numbers::format_percent;

/// Dots between two axes of shares.
pub(crate) struct Scatter<'a> {
    pub(crate) chart: Chart<'a>,
    /// What the axes are.
    pub(crate) axes: [&'a str; 2],
    /// Each with its name, and its two shares as fractions.
    pub(crate) dots: &'a [(String, [f64; 2])],
}

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 500.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 364.0;
const SIZE: f64 = 13.0;

/// How far two names must be apart, so that both can be read.
const LINE: f64 = 17.0;

/// The dots; names that would cover another one are left out, and are in the table beside.
pub(crate) fn scatter(scatter: &Scatter<'_>) -> Svg {
    let mut svg = scatter.chart.svg("scatter", WIDTH, HEIGHT);
    let all = scatter.dots.iter().flat_map(|(_, values)| values).copied();
    let largest = all.filter(|value| value.is_finite()).fold(0.0, f64::max);
    // both axes have the same scale, so that the diagonal means "equal"
    let marks = ticks((largest * 100.0).clamp(0.1, 100.0), 4.0);
    let end = marks.last().copied().unwrap_or(100.0) / 100.0;
    let share = |value: f64| if value.is_finite() { (value / end).clamp(0.0, 1.0) } else { 0.0 };
    let x = |value: f64| LEFT + share(value) * (RIGHT - LEFT);
    let y = |value: f64| BOTTOM - share(value) * (BOTTOM - TOP);
    for mark in marks {
        let (value, text) = (mark / 100.0, format_percent(mark / 100.0, usize::from(end < 0.04)));
        let ink = if mark == 0.0 { Ink::Axis } else { Ink::Grid };
        svg.line(ink, (LEFT, y(value)), (RIGHT, y(value)));
        svg.line(ink, (x(value), TOP), (x(value), BOTTOM));
        svg.text(Ink::Quiet, (LEFT - 8.0, y(value) + 4.5), Anchor::End, SIZE, &text);
        svg.text(Ink::Quiet, (x(value), BOTTOM + 20.0), Anchor::Middle, SIZE, &text);
    }
    svg.line(Ink::Axis, (x(0.0), y(0.0)), (x(end), y(end)));
    let [across, up] = scatter.axes;
    svg.text(Ink::Quiet, (RIGHT, BOTTOM + 42.0), Anchor::End, SIZE, across);
    svg.text(Ink::Quiet, (LEFT, TOP - 16.0), Anchor::Start, SIZE, up);
    let mut written: Vec<(f64, f64, f64)> = Vec::new();
    for (name, [across, up]) in scatter.dots {
        let at = (x(*across), y(*up));
        svg.dot(Ink::First, at, 4.0);
        let width = width_of(name, SIZE + 4.0);
        let left = if at.0 + 8.0 + width > WIDTH { at.0 - 8.0 - width } else { at.0 + 8.0 };
        let is_free = |(other, line, wide): &(f64, f64, f64)| {
            (line - at.1).abs() >= LINE || left + width < *other || other + wide < left
        };
        if written.iter().all(is_free) {
            svg.text(Ink::Text, (left, at.1 + 4.5), Anchor::Start, SIZE, name);
            written.push((left, at.1, width));
        }
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dot_is_drawn_and_names_do_not_cover_each_other() {
        let dot = |name: &str, x: f64, y: f64| (name.to_owned(), [x, y]);
        let dots = [
            dot("sleeves", 0.2, 0.1),
            dot("sleeve", 0.2, 0.101),
            dot("collar", 0.01, 0.2),
            dot("odd", f64::NAN, 0.1),
        ];
        let chart = Chart { id: "s", title: "Words", description: "Sleeves are in both." };
        let svg = scatter(&Scatter { chart, axes: ["dress", "shirt"], dots: &dots }).inline();
        assert_eq!(svg.matches("<circle").count(), 4, "{svg}");
        assert!(svg.contains(">sleeves</text>") && !svg.contains(">sleeve</text>"), "{svg}");
        assert!(!svg.contains("NaN"), "{svg}");
        scatter(&Scatter { chart, axes: ["a", "b"], dots: &[] }).inline();
    }
}
