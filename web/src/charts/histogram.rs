//! How often each small number occurs.

use super::axis::ticks;
use super::svg::{Anchor, Chart, Ink, Svg};
use crate::numbers::format_count;

/// Columns over the numbers 0, 1, 2, ….
pub(crate) struct Histogram<'a> {
    pub(crate) chart: Chart<'a>,
    /// What the numbers are, below the axis.
    pub(crate) of: &'a str,
    /// How often each number occurs.
    pub(crate) counts: &'a [u64],
}

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 510.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 186.0;
const SIZE: f64 = 13.0;

/// More columns than this are drawn as one, at the end.
const MOST: usize = 24;

/// The columns that are drawn: the label of each, and its count.
pub(crate) fn columns(counts: &[u64]) -> Vec<(String, u64)> {
    let split = counts.len().min(MOST);
    let mut columns: Vec<(String, u64)> =
        counts[..split].iter().enumerate().map(|(at, count)| (at.to_string(), *count)).collect();
    if split < counts.len() {
        columns.push((format!("{split}+"), counts[split..].iter().sum()));
    }
    columns
}

/// Columns with their numbers below, and an axis of counts.
pub(crate) fn histogram(histogram: &Histogram<'_>) -> Svg {
    let mut svg = histogram.chart.svg("histogram", WIDTH, HEIGHT);
    let columns = columns(histogram.counts);
    let largest = columns.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let marks = ticks(largest.max(1) as f64, 4.0);
    let end = marks.last().copied().unwrap_or(1.0);
    let y = |count: f64| BOTTOM - count / end * (BOTTOM - TOP);
    for mark in marks {
        let ink = if mark == 0.0 { Ink::Axis } else { Ink::Grid };
        svg.line(ink, (LEFT, y(mark)), (RIGHT, y(mark)));
        let text = format_count(mark.round() as u64);
        svg.text(Ink::Quiet, (LEFT - 8.0, y(mark) + 4.5), Anchor::End, SIZE, &text);
    }
    let width = (RIGHT - LEFT) / columns.len().max(1) as f64;
    // every second number has room on a phone
    let step = if columns.len() > 14 { 2 } else { 1 };
    for (at, (label, count)) in columns.iter().enumerate() {
        let left = LEFT + at as f64 * width;
        let top = y(*count as f64);
        svg.rect(Ink::First, (left + 1.0, top), (width - 2.0, BOTTOM - top), 1.0);
        if at % step == 0 {
            let at = (left + width / 2.0, BOTTOM + 20.0);
            svg.text(Ink::Quiet, at, Anchor::Middle, SIZE, label);
        }
    }
    svg.text(Ink::Quiet, (RIGHT, BOTTOM + 42.0), Anchor::End, SIZE, histogram.of);
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_tail_is_one_column_and_nothing_is_lost() {
        let counts: Vec<u64> = (0..40).collect();
        let drawn = columns(&counts);
        assert_eq!(drawn.len(), MOST + 1);
        assert_eq!(drawn.last().unwrap().0, "24+");
        assert_eq!(drawn.iter().map(|(_, count)| count).sum::<u64>(), counts.iter().sum());
        let chart = Chart { id: "h", title: "Words", description: "Mostly five." };
        let svg = |counts| histogram(&Histogram { chart, of: "words", counts }).inline();
        assert_eq!(svg(&counts).matches("<rect").count(), MOST + 1);
        let empty = svg(&[]);
        assert!(!empty.contains("NaN") && !empty.contains("inf"), "{empty}");
    }
}
