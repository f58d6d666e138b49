//! Scores as pages show them.

use domain::challenges::Shown;
use domain::standings::Band;
use domain::submissions::{PublishedGroup, PublishedValue, ScoreValue};
use scoring::measures::Direction;
use scoring::{Measure, statistics};
use web::pages::{Cell, Interval, MeasureName, PBand, ShownScores, Value};

/// The columns of a set of scores.
pub(super) fn shown(shown: Shown) -> ShownScores {
    ShownScores {
        primary: measure(shown.task().primary),
        overall: shown.has_overall(),
        measures: shown.measures().map(measure).collect(),
    }
}

/// A measure as pages show it.
pub(super) fn measure(measure: Measure) -> MeasureName {
    MeasureName {
        name: measure.to_string(),
        label: measure.label(),
        title: measure.title(),
        meaning: measure.meaning(),
        lower_is_better: measure.direction() == Direction::LowerIsBetter,
    }
}

/// The values of a group, one per column.
pub(super) fn values(group: &PublishedGroup<'_>) -> Vec<Value> {
    group.values.iter().map(|value| drawn(value.value)).collect()
}

/// The intervals of a group, one per column.
pub(super) fn intervals(group: &PublishedGroup<'_>) -> Vec<Option<Interval>> {
    group.values.iter().map(|value| value.interval.map(interval)).collect()
}

/// An interval as pages show it.
pub(super) fn interval(interval: statistics::Interval) -> Interval {
    Interval { low: interval.low, high: interval.high }
}

/// The band of a p-value as pages show it.
pub(super) fn band(band: Band) -> PBand {
    match band {
        Band::BelowOnePercent => PBand::BelowOnePercent,
        Band::OneToFivePercent => PBand::OneToFivePercent,
        Band::AboveFivePercent => PBand::AboveFivePercent,
    }
}

/// The column headers of a table of groups: the group's, and the measures'.
pub(super) fn heads(shown: Shown) -> Vec<String> {
    let labels = shown.measures().map(Measure::label);
    std::iter::once(capitalised(shown.task().group.one)).chain(labels).collect()
}

/// The word with a capital first letter.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A group's row in such a table.
pub(super) fn row(group: &PublishedGroup<'_>) -> Vec<Cell> {
    let cell = |value: &PublishedValue| match value.value {
        ScoreValue::Share(share) => Cell::Percent(share),
        ScoreValue::Missing => Cell::None,
        ScoreValue::Rank(rank) => Cell::text(rank.to_string()),
        ScoreValue::Number(number) => Cell::text(web::format_number(number)),
        ScoreValue::Beyond(rank) => Cell::text(format!(">{rank}")),
    };
    std::iter::once(Cell::text(group.name)).chain(group.values.iter().map(cell)).collect()
}

fn drawn(value: ScoreValue) -> Value {
    match value {
        ScoreValue::Share(share) => Value::Share(share),
        ScoreValue::Rank(rank) => Value::Rank(rank),
        ScoreValue::Number(number) => Value::Number(number),
        ScoreValue::Beyond(rank) => Value::Beyond(rank),
        ScoreValue::Missing => Value::Missing,
    }
}
