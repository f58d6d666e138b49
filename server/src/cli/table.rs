//! A scorecard as a person reads it in a terminal.

use std::collections::BTreeMap;
use std::fmt;

use domain::submissions::ScoreValue;
use scoring::measures::{FAMILIES, Range};
use scoring::{Measure, Scorecard, Task};
use serde::Deserialize;
use serde_json::Value;

/// The key of a category's number of queries, next to its measures.
const QUERIES: &str = "queries";

/// The scores of a submission by category: all of them, or those that a server shows. As text,
/// shares are in percent and the overall score comes last.
#[derive(Debug, Deserialize)]
pub(super) struct Table {
    overall: Option<f64>,
    #[serde(default)]
    intervals: Option<Intervals>,
    /// By name: the number of queries, and measures as the API writes them.
    categories: BTreeMap<String, BTreeMap<String, Value>>,
    /// The order of measures, if known.
    #[serde(skip)]
    order: Vec<Measure>,
    /// What the task calls a group, if known.
    #[serde(skip)]
    group: Option<&'static str>,
    /// What its scores are means over, in the plural, if known.
    #[serde(skip)]
    scored: Option<&'static str>,
}

/// What the API says of intervals, as far as it is printed.
#[derive(Debug, Deserialize)]
struct Intervals {
    overall: Option<[f64; 2]>,
}

impl Table {
    /// A whole scorecard, with an overall score if it has its task's primary measure.
    pub(super) fn of(card: &Scorecard, task: &Task) -> Self {
        let primary = task.primary;
        let measures = card.scores.iter().map(|score| score.measure);
        // the primary measure has its own line, and a column if it is also a measure of groups
        let by_group = |measure: &Measure| *measure != primary || task.measures.contains(measure);
        let order: Vec<Measure> = measures.filter(by_group).collect();
        let categories = card.groups.iter().enumerate().map(|(at, group)| {
            let cells = order.iter().filter_map(|measure| {
                let value = card.score(*measure).and_then(|score| score.groups.get(at).copied());
                Some((measure.to_string(), ScoreValue::of(task, *measure, value).to_json()?))
            });
            let queries = (QUERIES.to_owned(), group.queries.into());
            (group.name.clone(), cells.chain([queries]).collect())
        });
        let categories = categories.collect();
        let overall = card.score(primary).and_then(|score| score.overall);
        let ends = card.score(primary).and_then(|score| score.interval);
        let intervals = ends.map(|it| Intervals { overall: Some([it.low, it.high]) });
        let (group, scored) = (Some(task.group.one), Some(task.scored.many));
        Self { overall, intervals, categories, order, group, scored }
    }

    /// The names of the measures that any category has, in the order of the scorecard, or else of
    /// the families. A measure that only a newer server knows comes last.
    fn columns(&self) -> Vec<&str> {
        let names = self.categories.values().flat_map(BTreeMap::keys).map(String::as_str);
        let mut names: Vec<&str> = names.filter(|name| *name != QUERIES).collect();
        let place = |name: &&str| {
            let Ok(measure) = name.parse::<Measure>() else { return (usize::MAX, usize::MAX, 0) };
            let own = self.order.iter().position(|other| *other == measure);
            let family = FAMILIES.iter().position(|family| family.name == measure.family().name);
            let none = usize::MAX;
            (own.unwrap_or(none), family.unwrap_or(none), measure.k().unwrap_or(u32::MAX))
        };
        names.sort_by(|a, b| place(a).cmp(&place(b)).then(a.cmp(b)));
        names.dedup();
        names
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns();
        let scored = self.scored.unwrap_or(QUERIES);
        write!(f, "{:10} {scored:>8}", self.group.unwrap_or("category"))?;
        for name in &columns {
            let label = name.parse().map_or_else(|_| (*name).to_owned(), Measure::label);
            write!(f, " {label:>8}")?;
        }
        for (name, row) in &self.categories {
            let queries = row.get(QUERIES).map(Value::to_string).unwrap_or_default();
            write!(f, "\n{name:10} {queries:>8}")?;
            for name in &columns {
                let text = row.get(*name).map(|value| cell(name, value)).unwrap_or_default();
                write!(f, " {text:>8}")?;
            }
        }
        f.write_str("\n")?;
        let Some(overall) = self.overall else { return Ok(()) };
        write!(f, "overall    {} %", percent(overall))?;
        if let Some([low, high]) = self.intervals.as_ref().and_then(|it| it.overall) {
            write!(f, " (95 %: {} to {})", percent(low), percent(high))?;
        }
        writeln!(f)
    }
}

/// A number is a share, unless its measure says otherwise; a string is printed unchanged.
fn cell(measure: &str, value: &Value) -> String {
    let is_share = measure.parse::<Measure>().map_or(true, |it| it.range() == Range::Share);
    match value {
        Value::String(text) => text.clone(),
        other if is_share => other.as_f64().map(percent).unwrap_or_default(),
        other => other.as_f64().map(|number| format!("{number:.3}")).unwrap_or_default(),
    }
}

fn percent(fraction: f64) -> String {
    format!("{:.3}", 100.0 * fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_leaves_out_has_no_column() {
        let told = r#"{"overall": 0.25, "categories": {
            "dress": {"queries": 8, "recall@10": 0.125, "recall@50": 0.5},
            "shirt": {"queries": 10, "recall@10": 0.0, "recall@50": 0.375}}}"#;
        let table: Table = serde_json::from_str(told).unwrap();
        let lines = [
            "category    queries     R@10     R@50",
            "dress             8   12.500   50.000",
            "shirt            10    0.000   37.500",
            "overall    25.000 %\n",
        ];
        assert_eq!(table.to_string(), lines.join("\n"));
    }

    #[test]
    fn what_is_no_share_is_not_in_percent() {
        let told = r#"{"categories": {"dress": {"queries": 8, "hits@10": 0.5, "bri": 2.25, "mean_rank": 17.5}}}"#;
        let table: Table = serde_json::from_str(told).unwrap();
        let lines = [
            "category    queries     H@10     rank      BRI",
            "dress             8   50.000   17.500    2.250\n",
        ];
        assert_eq!(table.to_string(), lines.join("\n"));
    }

    #[test]
    fn columns_come_in_the_order_of_families_and_what_is_not_known_comes_last() {
        let told = r#"{"categories": {"dress": {"queries": 8, "median_rank": ">50", "mrr@50": 0.5,
            "brand_new@3": 0.25, "recall@50": 0.5, "recall@5": 0.125}}}"#;
        let table: Table = serde_json::from_str(told).unwrap();
        let lines = [
            "category    queries      R@5     R@50   MRR@50   median brand_new@3",
            "dress             8   12.500   50.000   50.000      >50   25.000\n",
        ];
        assert_eq!(table.to_string(), lines.join("\n"));
    }
}
