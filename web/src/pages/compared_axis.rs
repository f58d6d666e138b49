//! The axis on which the differences of two submissions are drawn.

use super::Interval;
use super::compared::{ComparedMeasure, Finding};
use crate::numbers::format_percent;

/// The axis of differences: zero in the middle, `A` better to the right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    /// The end on both sides, as a fraction.
    end: f64,
}

/// A difference on its axis, from 0 to 100.
pub(super) struct OnAxis {
    pub(super) low: String,
    pub(super) middle: String,
    pub(super) high: String,
    pub(super) class: &'static str,
}

impl ComparedMeasure {
    /// The difference on an axis; absent if it isn't in points or has no interval.
    pub(super) fn on(&self, axis: Axis) -> Option<OnAxis> {
        let difference = self.difference.filter(|_| !self.is_rank())?;
        let Interval { low, high } = difference.interval?;
        let (low, high) = if self.measure.lower_is_better { (-high, -low) } else { (low, high) };
        let by = if self.measure.lower_is_better { -difference.by } else { difference.by };
        let class = match self.finding() {
            Finding::A => "for-a",
            Finding::B => "for-b",
            _ => "open",
        };
        let [low, middle, high] = [low, by, high].map(|end| axis.place(end));
        Some(OnAxis { low, middle, high, class })
    }
}

impl Axis {
    /// An axis on which all differences and their intervals have room.
    pub(super) fn of(measures: &[ComparedMeasure]) -> Self {
        let shares = measures.iter().filter(|row| !row.is_rank());
        let ends = shares.filter_map(|row| row.difference).flat_map(|it| {
            let interval = it.interval.unwrap_or(Interval { low: it.by, high: it.by });
            [interval.low.abs(), interval.high.abs(), it.by.abs()]
        });
        let largest = ends.filter(|end| end.is_finite()).fold(0.0, f64::max) * 100.0;
        let round = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0].into_iter().find(|end| largest <= *end);
        Self { end: round.unwrap_or(100.0) / 100.0 }
    }

    /// Its end in points.
    pub(super) fn points(self) -> String {
        format_percent(self.end, 0)
    }

    fn place(self, value: f64) -> String {
        let share = if value.is_finite() { (value / self.end).clamp(-1.0, 1.0) } else { 0.0 };
        format!("{:.1}", 50.0 + 50.0 * share)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Difference, MeasureName, Value};
    use super::*;

    fn row(by: f64, interval: Option<(f64, f64)>) -> ComparedMeasure {
        let interval = interval.map(|(low, high)| Interval { low, high });
        let measure = MeasureName {
            name: "mrr".to_owned(),
            label: "MRR".to_owned(),
            title: "MRR".to_owned(),
            meaning: String::new(),
            lower_is_better: false,
        };
        let difference = Some(Difference { by, interval, p: None, effect: None });
        let (a, b) = (Value::Share(0.5), Value::Share(0.5 - by));
        ComparedMeasure { measure, group: None, a, b, difference }
    }

    #[test]
    fn the_axis_has_room_for_every_interval_and_zero_is_in_its_middle() {
        let rows = [row(0.012, Some((0.003, 0.021))), row(-0.03, None)];
        let axis = Axis::of(&rows);
        assert_eq!(axis.points(), "5");
        let drawn = rows[0].on(axis).unwrap();
        assert_eq!((drawn.low.as_str(), drawn.high.as_str()), ("53.0", "71.0"));
        assert_eq!(axis.place(0.0), "50.0");
        assert_eq!(axis.place(f64::NAN), "50.0");
    }

    #[test]
    fn ranks_are_not_drawn_on_an_axis_of_points() {
        let mut ranks = row(3.0, Some((1.0, 5.0)));
        (ranks.a, ranks.b) = (Value::Rank(11), Value::Beyond(50));
        assert!(ranks.on(Axis::of(&[])).is_none());
        assert_eq!(Axis::of(&[ranks]).points(), "1");
    }
}
