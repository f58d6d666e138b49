//! Lines over cut-offs, such as recall against K, or over the turns of dialogs.

use super::axis::{cutoffs, ticks};
use super::svg::{Anchor, Ink, Svg, polyline};
use super::words::fitted;
use crate::numbers::format_percent;

/// One line.
pub(crate) struct Curve<'a> {
    /// Its name, at its end.
    pub(crate) name: &'a str,
    /// Cut-off or turn, and share, in this order.
    pub(crate) points: &'a [(u32, f64)],
}

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 390.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 272.0;
const SIZE: f64 = 13.0;

/// Labels are made to fit at the size that they have on a phone.
const PHONE: f64 = 17.0;

/// Labels of two lines are at least this far apart.
const APART: f64 = 20.0;

/// What lines go along.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Along {
    /// Cut-offs, which are even in ratios: 1 to 10 takes as much room as 10 to 100.
    Cutoffs,
    /// Turns, each as far from the next.
    Turns,
}

/// Two lines.
pub(crate) fn curves(
    id: &'static str,
    title: &str,
    description: &str,
    along: Along,
    lines: &[Curve<'_>; 2],
) -> Svg {
    let mut svg = Svg::new(id, "curves", WIDTH, HEIGHT).described(title, description);
    let points = || lines.iter().flat_map(|line| line.points).filter(|(_, y)| y.is_finite());
    let first = points().map(|(k, _)| *k).min().unwrap_or(1).max(1);
    let last = points().map(|(k, _)| *k).max().unwrap_or(1).max(first);
    let largest = points().map(|(_, share)| *share).fold(0.0, f64::max);
    let marks = ticks((largest * 100.0).clamp(1.0, 100.0), 4.0);
    let end = marks.last().copied().unwrap_or(100.0) / 100.0;
    let ratio = |k: u32| match along {
        Along::Cutoffs => f64::from(k).ln(),
        Along::Turns => f64::from(k),
    };
    let span = (ratio(last) - ratio(first)).max(f64::MIN_POSITIVE);
    let x = |k: u32| LEFT + (ratio(k.max(1)) - ratio(first)) / span * (RIGHT - LEFT);
    let y = |share: f64| BOTTOM - (share / end).clamp(0.0, 1.0) * (BOTTOM - TOP);

    for mark in marks {
        let height = y(mark / 100.0);
        svg.line(if mark == 0.0 { Ink::Axis } else { Ink::Grid }, (LEFT, height), (RIGHT, height));
        let text = format_percent(mark / 100.0, usize::from(end < 0.04));
        svg.text(Ink::Quiet, (LEFT - 8.0, height + 4.5), Anchor::End, SIZE, &text);
    }
    let steps = match along {
        Along::Cutoffs => cutoffs(first, last),
        Along::Turns => (first..=last).collect(),
    };
    for k in steps {
        svg.line(Ink::Axis, (x(k), BOTTOM), (x(k), BOTTOM + 5.0));
        svg.text(Ink::Quiet, (x(k), BOTTOM + 22.0), Anchor::Middle, SIZE, &k.to_string());
    }
    let name = match along {
        Along::Cutoffs => "K, the length of the list",
        Along::Turns => "turn",
    };
    svg.text(Ink::Quiet, (RIGHT, BOTTOM + 43.0), Anchor::End, SIZE, name);

    let ends = lines.each_ref().map(|line| line.points.last().map_or(BOTTOM, |(_, it)| y(*it)));
    let labels = apart(ends);
    for ((line, ink), label) in lines.iter().zip([Ink::First, Ink::Second]).zip(labels) {
        let path: Vec<_> = line.points.iter().map(|(k, share)| (x(*k), y(*share))).collect();
        svg.path(ink, &polyline(&path));
        if let Some(end) = path.last() {
            svg.dot(ink, *end, 4.0);
            let name = fitted(line.name, PHONE, WIDTH - RIGHT - 14.0);
            svg.text(ink, (RIGHT + 12.0, label + 4.5), Anchor::Start, SIZE, &name);
        }
    }
    svg
}

/// Where the labels of two lines go: at their ends, unless they would overlap.
fn apart(ends: [f64; 2]) -> [f64; 2] {
    let [first, second] = ends;
    let missing = (APART - (first - second).abs()) / 2.0;
    if missing <= 0.0 {
        return ends;
    }
    let (up, down) = (-missing, missing);
    if first <= second { [first + up, second + down] } else { [first + down, second + up] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_lines_that_end_together_do_not_overlap() {
        let labels = |ends| apart(ends).map(|end| format!("{end:.0}"));
        assert_eq!(labels([100.0, 200.0]), ["100", "200"]);
        assert_eq!(labels([100.0, 100.0]), ["90", "110"]);
        assert_eq!(labels([104.0, 100.0]), ["112", "92"]);
    }

    #[test]
    fn a_line_of_one_point_or_none_is_drawn() {
        let one = [(10, 0.5)];
        let line = |points| Curve { name: "Team A", points };
        let lines = [line(&one), line(&[])];
        let svg = curves("curves", "Recall", "Two lines.", Along::Cutoffs, &lines).inline();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 1);
    }

    #[test]
    fn turns_are_evenly_apart() {
        let points = [(1, 0.2), (2, 0.4), (3, 0.5)];
        let lines = [("percentile", &points), ("Hits@10", &points)];
        let lines = lines.map(|(name, points)| Curve { name, points });
        let svg = curves("turns", "By turn", "Two lines.", Along::Turns, &lines).inline();
        for x in ["44", "217", "390"] {
            assert!(svg.contains(&format!("x=\"{x}\"")), "{svg}");
        }
        assert!(svg.contains(">turn<"), "{svg}");
    }
}
