//! A value that changes at instants and stays until the next, such as the best score.

use time::{Duration, OffsetDateTime};

use super::axis::ticks;
use super::svg::{Anchor, Ink, Svg, polyline};
use crate::numbers::{format_count, format_percent};
use crate::times::date_near;

/// What the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepsOf {
    /// A fraction, shown in percent.
    Share,
    /// A count.
    Count,
}

/// A value over time.
pub(crate) struct Steps<'a> {
    pub(crate) id: &'static str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) of: StepsOf,
    /// When it changed, and to what, in order of time.
    pub(crate) points: &'a [(OffsetDateTime, f64)],
    /// The end of the time axis.
    pub(crate) until: OffsetDateTime,
}

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 440.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 216.0;
const SIZE: f64 = 13.0;

/// More changes than this are drawn without dots.
const MOST_DOTS: usize = 24;

/// A line that goes in steps, with its last value at its end.
pub(crate) fn steps(steps: &Steps<'_>) -> Svg {
    let mut svg = Svg::new(steps.id, "steps", WIDTH, HEIGHT);
    svg = svg.described(steps.title, steps.description);
    let Some((begins, _)) = steps.points.first() else { return svg };
    let until = steps.until.max(steps.points.last().map_or(*begins, |(at, _)| *at));
    let span = (until - *begins).max(Duration::SECOND);
    let factor = if steps.of == StepsOf::Share { 100.0 } else { 1.0 };
    let largest = steps.points.iter().map(|(_, value)| value * factor).fold(0.0, f64::max);
    let marks = ticks(largest.max(1.0), 4.0);
    let end = marks.last().copied().unwrap_or(1.0);
    let x = |at: OffsetDateTime| LEFT + (at - *begins) / span * (RIGHT - LEFT);
    let y = |value: f64| BOTTOM - (value * factor / end).clamp(0.0, 1.0) * (BOTTOM - TOP);

    let mut path: Vec<(f64, f64)> = Vec::new();
    for (at, value) in steps.points {
        path.extend(path.last().map(|(_, before)| (x(*at), *before)));
        path.push((x(*at), y(*value)));
    }
    path.extend(path.last().map(|(_, last)| (RIGHT, *last)));
    let ground = [(RIGHT, BOTTOM), (LEFT, BOTTOM)];
    svg.area(Ink::Area, &polyline(&[&path[..], &ground].concat()));
    for mark in marks {
        let height = BOTTOM - mark / end * (BOTTOM - TOP);
        let ink = if mark == 0.0 { Ink::Axis } else { Ink::Grid };
        svg.line(ink, (LEFT, height), (RIGHT, height));
        let text = short(steps.of, mark / factor);
        svg.text(Ink::Quiet, (LEFT - 8.0, height + 4.5), Anchor::End, SIZE, &text);
    }
    svg.path(Ink::First, &polyline(&path));
    if steps.points.len() <= MOST_DOTS {
        for (at, value) in steps.points {
            svg.dot(Ink::First, (x(*at), y(*value)), 3.5);
        }
    }
    let day = |at: OffsetDateTime| date_near(&at, &until);
    svg.text(Ink::Quiet, (LEFT, BOTTOM + 24.0), Anchor::Start, SIZE, &day(*begins));
    if span > Duration::days(6) {
        let (middle, at) = (LEFT.midpoint(RIGHT), *begins + span / 2);
        svg.line(Ink::Axis, (middle, BOTTOM), (middle, BOTTOM + 5.0));
        svg.text(Ink::Quiet, (middle, BOTTOM + 24.0), Anchor::Middle, SIZE, &day(at));
    }
    if span > Duration::DAY {
        svg.text(Ink::Quiet, (RIGHT, BOTTOM + 24.0), Anchor::End, SIZE, &day(until));
    }
    if let Some((_, last)) = steps.points.last() {
        let text = exact(steps.of, *last);
        svg.text(Ink::First, (RIGHT + 8.0, y(*last) + 4.5), Anchor::Start, SIZE, &text);
    }
    svg
}

/// A value at the axis.
fn short(of: StepsOf, value: f64) -> String {
    match of {
        StepsOf::Share => format_percent(value, usize::from(value > 0.0 && value < 0.01)),
        StepsOf::Count => format_count(value.max(0.0).round() as u64),
    }
}

/// A value at the end of the line.
fn exact(of: StepsOf, value: f64) -> String {
    match of {
        StepsOf::Share => format_percent(value, 2),
        StepsOf::Count => short(of, value),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn drawn(points: &[(OffsetDateTime, f64)], of: StepsOf) -> String {
        let until = datetime!(2026-12-06 12:00 UTC);
        steps(&Steps { id: "best", title: "Best", description: "Up.", of, points, until }).inline()
    }

    #[test]
    fn a_value_stays_until_it_changes_and_its_last_is_named() {
        let svg = drawn(
            &[(datetime!(2026-11-06 12:00 UTC), 0.2), (datetime!(2026-11-21 12:00 UTC), 0.4)],
            StepsOf::Share,
        );
        assert!(svg.contains(r#"d="M60 120L250 120L250 24L440 24""#), "{svg}");
        assert!(svg.contains(">40.00</text>") && svg.contains(">6 Nov</text>"), "{svg}");
    }

    #[test]
    fn one_instant_and_none_are_drawn() {
        assert!(!drawn(&[], StepsOf::Count).contains("<path"));
        let one = drawn(&[(datetime!(2026-12-06 12:00 UTC), 1.0)], StepsOf::Count);
        assert!(!one.contains("NaN") && one.contains(">1</text>"), "{one}");
    }
}
