//! Values as dots along one axis that is coarser away from 0, such as z-values.

use super::svg::{Anchor, Ink, Svg};

/// Dots along an axis.
pub(crate) struct Strip<'a> {
    pub(crate) id: &'static str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    /// The values.
    pub(crate) values: &'a [f64],
    /// From which value on, to the left, a dot is conspicuous, and what is written there.
    pub(crate) mark: (f64, &'a str),
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 116.0;
const LEFT: f64 = 24.0;
const RIGHT: f64 = 616.0;
const BOTTOM: f64 = 84.0;
const SIZE: f64 = 13.0;

/// The ends of the axis.
const ENDS: (f64, f64) = (-100.0, 20.0);

/// Where the axis has a number.
const TICKS: [f64; 7] = [-100.0, -50.0, -20.0, -10.0, 0.0, 4.0, 20.0];

/// Dots along an axis from -100 to 20; what is beyond is drawn at its end.
pub(crate) fn strip(strip: &Strip<'_>) -> Svg {
    let mut svg = Svg::new(strip.id, "strip", WIDTH, HEIGHT);
    svg = svg.described(strip.title, strip.description);
    let (mark, words) = strip.mark;
    svg.rect(Ink::Area, (LEFT, 22.0), (x(mark) - LEFT, BOTTOM - 22.0), 1.0);
    svg.line(Ink::Axis, (LEFT, BOTTOM), (RIGHT, BOTTOM));
    for tick in TICKS.into_iter().chain([mark]) {
        svg.line(Ink::Axis, (x(tick), BOTTOM), (x(tick), BOTTOM + 5.0));
        let text = format!("{tick}").replace('-', "−");
        svg.text(Ink::Quiet, (x(tick), BOTTOM + 22.0), Anchor::Middle, SIZE, &text);
    }
    svg.text(Ink::Quiet, (x(mark) - 6.0, 16.0), Anchor::End, SIZE, words);
    svg.line(Ink::Axis, (x(mark), 22.0), (x(mark), BOTTOM));
    for (at, value) in strip.values.iter().enumerate() {
        // Equal values are drawn beside each other.
        let y = BOTTOM - 12.0 - (at % 4) as f64 * 12.0;
        let ink = if *value <= mark { Ink::First } else { Ink::Second };
        svg.dot(ink, (x(*value), y), 5.0);
    }
    svg
}

/// Where a value is: linear near 0, and logarithmic away from it.
fn x(value: f64) -> f64 {
    let place = |value: f64| value.signum() * value.abs().ln_1p();
    let (low, high) = (place(ENDS.0), place(ENDS.1));
    let share = (place(value.clamp(ENDS.0, ENDS.1)) - low) / (high - low);
    LEFT + share * (RIGHT - LEFT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_beyond_the_mark_are_of_another_colour_and_none_leaves_the_axis() {
        let of = |values: &[f64]| {
            let (title, description) = ("z", "One far to the left.");
            strip(&Strip { id: "z", title, description, values, mark: (-4.0, "conspicuous") })
                .inline()
        };
        let drawn = of(&[0.3, -0.5, -55.0, -9000.0]);
        assert_eq!(drawn.matches("<circle class=\"two\"").count(), 2, "{drawn}");
        assert_eq!(drawn.matches("<circle class=\"one\"").count(), 2, "{drawn}");
        assert!(drawn.contains("cx=\"24\""), "{drawn}");
        assert!(!of(&[]).contains("<circle"));
    }
}
