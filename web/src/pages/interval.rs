//! Intervals of scores.

use crate::numbers::{bar, format_percent};

/// The 95 % interval of a share, as fractions, or of another number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// An interval on a bar of a hundred units.
pub(super) struct Whisker {
    pub(super) low: String,
    pub(super) high: String,
}

impl Interval {
    /// Half its width in percent, as in `62.4 ±1.2`.
    pub(super) fn half_width(self) -> String {
        format_percent((self.high - self.low) / 2.0, 1)
    }

    /// Its ends in percent: `61.2 to 63.6 %`.
    pub(super) fn range(self) -> String {
        format!("{} to {} %", format_percent(self.low, 1), format_percent(self.high, 1))
    }

    /// The same of a number that is no share: half the width, and the ends.
    pub(super) fn of_number(self) -> (String, String) {
        let half = format!("{:.2}", (self.high - self.low) / 2.0);
        (half, format!("{:.2} to {:.2}", self.low, self.high))
    }

    pub(super) fn whisker(self, scale: f64) -> Whisker {
        Whisker { low: bar(self.low, scale), high: bar(self.high, scale) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_shown_as_half_its_width_and_as_its_ends() {
        let interval = Interval { low: 0.612, high: 0.636 };
        assert_eq!(interval.half_width(), "1.2");
        assert_eq!(interval.range(), "61.2 to 63.6 %");
        let (half, range) = Interval { low: 2.178, high: 2.304 }.of_number();
        assert_eq!((half.as_str(), range.as_str()), ("0.06", "2.18 to 2.30"));
        let whisker = interval.whisker(0.7);
        assert_eq!((whisker.low.as_str(), whisker.high.as_str()), ("87.4", "90.9"));
    }
}
