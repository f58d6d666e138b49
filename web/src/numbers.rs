//! Numbers as people read them: percent, counts, sizes, spans.

use std::time::Duration;

/// Keeps a number and its unit on one line.
pub(crate) const NBSP: char = '\u{a0}';

/// A fraction in percent with the given number of decimals, without the sign: `0.0938` is `9.38`.
///
/// A number that is not finite becomes a dash: no number is better than a wrong one.
pub(crate) fn format_percent(fraction: f64, decimals: usize) -> String {
    if fraction.is_finite() { format!("{:.decimals$}", fraction * 100.0) } else { "–".to_owned() }
}

/// A count in groups of three digits: `1204` is `1,204`.
pub(crate) fn format_count(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count and its noun: `1 query`, `1,204 queries`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", format_count(count), if count == 1 { one } else { many })
}

/// A size in bytes with a decimal unit: `10_240_000` is `10.2 MB`.
pub fn format_bytes(bytes: u64) -> String {
    let (mut size, mut unit) = (bytes as f64, "B");
    for larger in ["kB", "MB", "GB", "TB"] {
        // half a step early, so that rounding never shows `1000.0 kB`
        if size < 999.95 {
            break;
        }
        (size, unit) = (size / 1000.0, larger);
    }
    let size = format!("{size:.1}");
    format!("{}{NBSP}{unit}", size.strip_suffix(".0").unwrap_or(&size))
}

/// A number that is neither a share nor a count, with three digits that matter: `3.46`, `34.6`, `1,235`.
pub fn format_number(number: f64) -> String {
    match number.abs() {
        size if size < 9.995 => format!("{number:.2}"),
        size if size < 99.95 => format!("{number:.1}"),
        _ => format_count(number.round().max(0.0) as u64),
    }
}

/// A short span in its natural unit: `84 ms`, `1.2 s`, `3 min`, `2 h`.
pub fn format_span(span: Duration) -> String {
    match span.as_millis() {
        ms @ 0..1_000 => format!("{ms}{NBSP}ms"),
        1_000..60_000 => format!("{:.1}{NBSP}s", span.as_millis() as f64 / 1000.0),
        60_000..3_600_000 => format!("{}{NBSP}min", span.as_secs() / 60),
        _ => format!("{}{NBSP}h", span.as_secs() / 3600),
    }
}

/// The ends of a hash in hex: `9f3c0d…a7e1`. A short hash is returned unchanged.
pub(crate) fn short_hash(hash: &str) -> String {
    let chars: Vec<char> = hash.chars().collect();
    if chars.len() <= 12 {
        return hash.to_owned();
    }
    let (head, tail) = (&chars[..6], &chars[chars.len() - 4..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

/// The end of the scale that bars are drawn on: the first full ten percent that no finite value
/// exceeds, at least 0.1 and at most 1.
pub(crate) fn scale(values: impl Iterator<Item = f64>) -> f64 {
    let largest = values.filter(|v| v.is_finite()).fold(0.0, f64::max);
    // a tenth that floating point makes slightly larger is still that tenth
    let tenths = (largest * 10.0 - 1e-9).ceil();
    tenths.clamp(1.0, 10.0) / 10.0
}

/// The length of a bar of a hundred units for a value on a scale, in tenths of a unit: `46.9`.
pub(crate) fn bar(value: f64, scale: f64) -> String {
    let share = if value.is_finite() { (value / scale).clamp(0.0, 1.0) } else { 0.0 };
    format!("{:.1}", share * 100.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fraction_is_shown_in_percent() {
        assert_eq!(format_percent(0.0938, 2), "9.38");
        assert_eq!(format_percent(0.0938, 1), "9.4");
        assert_eq!(format_percent(0.0, 2), "0.00");
        assert_eq!(format_percent(1.0, 2), "100.00");
        assert_eq!(format_percent(f64::NAN, 2), "–");
        assert_eq!(format_percent(f64::INFINITY, 1), "–");
    }

    #[test]
    fn counts_are_grouped_by_three_digits_and_agree_with_their_noun() {
        assert_eq!(format_count(0), "0");
        assert_eq!(format_count(999), "999");
        assert_eq!(format_count(1_204), "1,204");
        assert_eq!(format_count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(counted(1, "run", "runs"), "1 run");
        assert_eq!(counted(0, "run", "runs"), "0 runs");
        assert_eq!(counted(6_118, "query", "queries"), "6,118 queries");
    }

    #[test]
    fn sizes_take_the_unit_that_keeps_them_short() {
        assert_eq!(format_bytes(0), "0\u{a0}B");
        assert_eq!(format_bytes(999), "999\u{a0}B");
        assert_eq!(format_bytes(1_000), "1\u{a0}kB");
        assert_eq!(format_bytes(999_999), "1\u{a0}MB");
        assert_eq!(format_bytes(10_240_000), "10.2\u{a0}MB");
        assert_eq!(format_bytes(5_000_000_000_000), "5\u{a0}TB");
    }

    #[test]
    fn spans_take_the_unit_that_keeps_them_short() {
        assert_eq!(format_span(Duration::from_millis(84)), "84\u{a0}ms");
        assert_eq!(format_span(Duration::from_millis(1_240)), "1.2\u{a0}s");
        assert_eq!(format_span(Duration::from_secs(200)), "3\u{a0}min");
        assert_eq!(format_span(Duration::from_secs(7_300)), "2\u{a0}h");
    }

    #[test]
    fn a_long_hash_keeps_its_ends() {
        assert_eq!(short_hash("9f3c0d5577aa4be1"), "9f3c0d…4be1");
        assert_eq!(short_hash("9f3c0d"), "9f3c0d");
        assert_eq!(short_hash("ééééééééééééé"), "éééééé…éééé");
    }

    #[test]
    fn the_scale_is_the_next_full_ten_percent() {
        assert!((scale([0.6241, 0.148].into_iter()) - 0.7).abs() < 1e-12);
        assert!((scale([0.7].into_iter()) - 0.7).abs() < 1e-12);
        assert!((scale(std::iter::empty()) - 0.1).abs() < 1e-12);
        assert!((scale([f64::NAN, 1.0].into_iter()) - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn grouping_loses_no_digit(count: u64) {
            prop_assert_eq!(format_count(count).replace(',', ""), count.to_string());
        }

        #[test]
        fn every_value_fits_on_its_scale_and_the_bar_tells_its_share(
            values in prop::collection::vec(0.0..=1.0, 1..20),
        ) {
            let end = scale(values.iter().copied());
            for value in values {
                prop_assert!(value <= end + 1e-9);
                let length: f64 = bar(value, end).parse().unwrap();
                prop_assert!((length / 100.0 * end - value).abs() <= 0.0005);
            }
        }

        #[test]
        fn a_higher_score_never_has_a_shorter_bar(a in 0.0..=1.0, b in 0.0..=1.0, end in 0.1..=1.0) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            let length = |value| bar(value, end).parse::<f64>().unwrap();
            prop_assert!(length(low) <= length(high));
        }
    }
}
