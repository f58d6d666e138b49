//! One measure of two submissions: both values, and what their difference says.

use super::{Interval, MeasureName, Value};
use crate::numbers::format_percent;

/// One measure of two submissions.
#[derive(Debug, Clone)]
pub struct ComparedMeasure {
    /// The measure.
    pub measure: MeasureName,
    /// The group it is measured on; absent for the value over all groups.
    pub group: Option<String>,
    /// The value of `A`.
    pub a: Value,
    /// The value of `B`.
    pub b: Value,
    /// `A` less `B`; absent if it isn't published.
    pub difference: Option<Difference>,
}

/// The value of one submission less that of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// A fraction for shares, shown in points; ranks for ranks.
    pub by: f64,
    /// Its 95 % interval, in the same unit.
    pub interval: Option<Interval>,
    /// The p-value of a paired test.
    pub p: Option<PValue>,
    /// The mean difference of a query in standard deviations.
    pub effect: Option<f64>,
}

/// How probable a difference at least this large is if both are equally good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PValue {
    /// The p-value itself.
    Exact(f64),
    /// Only the band it is in, where more would tell something about hidden targets.
    Band(PBand),
}

/// A band of p-values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PBand {
    /// p < 0.01.
    BelowOnePercent,
    /// 0.01 to 0.05.
    OneToFivePercent,
    /// Above 0.05.
    AboveFivePercent,
}

/// What a difference says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// `A` is better, more than chance explains.
    A,
    /// `B` is better, more than chance explains.
    B,
    /// Chance alone explains it.
    Neither,
    /// They are equal to the last digit.
    Equal,
    /// There is a difference, but neither an interval nor a p-value.
    Untested,
    /// There is no difference to speak of.
    Unknown,
}

impl PValue {
    /// Its text, such as `0.012`, `< 0.0001` or `0.01 to 0.05`.
    fn text(self) -> String {
        match self {
            Self::Exact(p) if p < 0.0001 => "< 0.0001".to_owned(),
            Self::Exact(p) if p < 0.01 => format!("{p:.4}"),
            Self::Exact(p) => format!("{p:.3}"),
            Self::Band(PBand::BelowOnePercent) => "< 0.01".to_owned(),
            Self::Band(PBand::OneToFivePercent) => "0.01 to 0.05".to_owned(),
            Self::Band(PBand::AboveFivePercent) => "above 0.05".to_owned(),
        }
    }

    /// Whether chance alone is an unlikely explanation.
    fn is_small(self) -> bool {
        match self {
            Self::Exact(p) => p <= 0.05,
            Self::Band(band) => band != PBand::AboveFivePercent,
        }
    }
}

impl Difference {
    /// Whether interval and p-value, as far as they are known, both exclude chance; absent if neither
    /// is known.
    fn is_beyond_chance(self) -> Option<bool> {
        let interval = self.interval.map(|it| it.low > 0.0 || it.high < 0.0);
        let p = self.p.map(PValue::is_small);
        match (interval, p) {
            (None, None) => None,
            (interval, p) => Some(interval.unwrap_or(true) && p.unwrap_or(true)),
        }
    }

    fn effect_text(self) -> Option<String> {
        self.effect.filter(|effect| effect.is_finite()).map(|effect| signed(effect, 2))
    }
}

impl ComparedMeasure {
    /// Its name in the first column.
    pub(super) fn name(&self) -> &str {
        if self.group.is_some() { &self.measure.label } else { &self.measure.title }
    }

    /// Both values; the overall value has as many decimals as on the board.
    pub(super) fn values(&self) -> [String; 2] {
        let text = |value: Value| match value {
            Value::Share(share) if self.group.is_none() => format_percent(share, 2),
            value => value.text(),
        };
        [text(self.a), text(self.b)]
    }

    /// Whether its values are ranks, not shares.
    pub(super) fn is_rank(&self) -> bool {
        self.a.share().is_none() && self.b.share().is_none()
    }

    pub(super) fn p_text(&self) -> Option<String> {
        Some(self.difference?.p?.text())
    }

    pub(super) fn effect_text(&self) -> Option<String> {
        self.difference?.effect_text()
    }

    /// `+1.2`, in points or ranks.
    pub(super) fn by_text(&self) -> String {
        let text = self.difference.map(|it| self.in_units(it.by));
        text.unwrap_or_else(|| "–".to_owned())
    }

    /// The interval of the difference: `+0.3 to +2.1`.
    pub(super) fn range(&self) -> Option<String> {
        let Interval { low, high } = self.difference?.interval?;
        Some(format!("{} to {}", self.in_units(low), self.in_units(high)))
    }

    /// The size of the difference, without its sign: `1.2 points`, `3 ranks`.
    pub(super) fn size(&self) -> String {
        let by = self.difference.map_or(0.0, |it| it.by.abs());
        let (number, unit) = match by {
            by if self.is_rank() => (format!("{by:.0}"), "rank"),
            by if by >= 0.0005 => (format_percent(by, 1), "point"),
            by if by >= 0.00005 => (format_percent(by, 2), "point"),
            _ => ("less than 0.01".to_owned(), "point"),
        };
        let plural = if number == "1" || number == "1.0" { "" } else { "s" };
        format!("{number} {unit}{plural}")
    }

    /// The interval as the better one sees it: `0.3 to 2.1`.
    pub(super) fn range_of_lead(&self) -> Option<String> {
        let difference = self.difference?;
        let Interval { low, high } = difference.interval?;
        let (low, high) = if difference.by < 0.0 { (-high, -low) } else { (low, high) };
        let text = |end: f64| self.in_units(end).trim_start_matches('+').to_owned();
        Some(format!("{} to {}", text(low), text(high)))
    }

    /// What the difference says.
    pub(super) fn finding(&self) -> Finding {
        let Some(difference) = self.difference.filter(|it| it.by.is_finite()) else {
            return Finding::Unknown;
        };
        if difference.by == 0.0 {
            return Finding::Equal;
        }
        match (difference.is_beyond_chance(), self.is_a_ahead()) {
            (None, _) => Finding::Untested,
            (Some(false), _) => Finding::Neither,
            (Some(true), true) => Finding::A,
            (Some(true), false) => Finding::B,
        }
    }

    /// Whether `A` has the better value.
    pub(super) fn is_a_ahead(&self) -> bool {
        let by = self.difference.map_or(0.0, |it| it.by);
        if self.measure.lower_is_better { by < 0.0 } else { by > 0.0 }
    }

    fn in_units(&self, value: f64) -> String {
        if self.is_rank() { signed(value, 0) } else { signed(value * 100.0, 1) }
    }
}

/// A number with its sign; a value that rounds to zero has none.
fn signed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = format!("{:.decimals$}", value.abs());
    let is_zero = size.chars().all(|digit| matches!(digit, '0' | '.'));
    let sign = match value {
        _ if is_zero => "",
        value if value < 0.0 => "−",
        _ => "+",
    };
    format!("{sign}{size}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(by: f64, interval: Option<(f64, f64)>, p: Option<PValue>) -> ComparedMeasure {
        let interval = interval.map(|(low, high)| Interval { low, high });
        ComparedMeasure {
            measure: MeasureName {
                name: "mean_recall".to_owned(),
                label: "mean".to_owned(),
                title: "mean recall".to_owned(),
                meaning: String::new(),
                lower_is_better: false,
            },
            group: None,
            a: Value::Share(0.5),
            b: Value::Share(0.5 - by),
            difference: Some(Difference { by, interval, p, effect: None }),
        }
    }

    #[test]
    fn two_are_told_apart_only_if_interval_and_p_value_agree() {
        let small = Some(PValue::Band(PBand::OneToFivePercent));
        let large = Some(PValue::Exact(0.051));
        assert_eq!(row(0.012, Some((0.003, 0.021)), small).finding(), Finding::A);
        assert_eq!(row(-0.012, Some((-0.021, -0.003)), small).finding(), Finding::B);
        assert_eq!(row(0.012, Some((0.003, 0.021)), large).finding(), Finding::Neither);
        assert_eq!(row(0.012, Some((-0.001, 0.021)), small).finding(), Finding::Neither);
        assert_eq!(row(0.012, None, small).finding(), Finding::A);
        assert_eq!(row(0.012, None, None).finding(), Finding::Untested);
        assert_eq!(row(0.0, Some((-0.01, 0.01)), None).finding(), Finding::Equal);
        assert_eq!(row(f64::NAN, None, None).finding(), Finding::Unknown);
    }

    #[test]
    fn of_ranks_the_lower_is_better_and_they_are_counted_in_ranks() {
        let mut ranks = row(-3.0, None, Some(PValue::Exact(0.001)));
        (ranks.a, ranks.b, ranks.measure.lower_is_better) = (Value::Rank(8), Value::Rank(11), true);
        assert_eq!(ranks.finding(), Finding::A);
        assert_eq!((ranks.by_text().as_str(), ranks.size().as_str()), ("−3", "3 ranks"));
    }

    #[test]
    fn an_interval_is_told_from_the_side_of_the_better_one() {
        let behind = row(-0.012, Some((-0.021, -0.003)), None);
        assert_eq!(behind.range().unwrap(), "−2.1 to −0.3");
        assert_eq!(behind.range_of_lead().unwrap(), "0.3 to 2.1");
        let open = row(0.003, Some((-0.004, 0.01)), None);
        assert_eq!(open.range_of_lead().unwrap(), "−0.4 to 1.0");
        let sizes = [0.01, 0.0004, 0.00001].map(|by| row(by, None, None).size());
        assert_eq!(sizes, ["1.0 point", "0.04 points", "less than 0.01 points"]);
    }

    #[test]
    fn p_values_are_exact_or_a_band() {
        let texts = [0.00001, 0.0042, 0.0314, 0.5].map(|p| PValue::Exact(p).text());
        assert_eq!(texts, ["< 0.0001", "0.0042", "0.031", "0.500"]);
        assert_eq!(PValue::Band(PBand::BelowOnePercent).text(), "< 0.01");
        assert_eq!(signed(-0.004, 2), "0.00");
    }
}
