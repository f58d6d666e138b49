//! A scorecard as a person reads it in a terminal.

use std::collections::BTreeMap;
use std::fmt;

use scoring::{GroupScore, Scorecard};
use serde::Deserialize;

/// The metrics of a run by category: all of them, or those that a server tells. As text it is percent,
/// without the columns nobody has anything in, the overall score last.
#[derive(Debug, Deserialize)]
pub(super) struct Table {
    overall: Option<f64>,
    categories: BTreeMap<String, Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    queries: u64,
    #[serde(rename = "recall@10")]
    recall_at_10: Option<f64>,
    #[serde(rename = "recall@50")]
    recall_at_50: Option<f64>,
    #[serde(rename = "mrr@50")]
    mrr_at_50: Option<f64>,
    #[serde(rename = "ndcg@10")]
    ndcg_at_10: Option<f64>,
    median_rank: Option<String>,
}

type Column = (&'static str, fn(&Row) -> Option<String>);

/// The columns after the category and its queries.
const COLUMNS: [Column; 5] = [
    ("R@10", |row| row.recall_at_10.map(percent)),
    ("R@50", |row| row.recall_at_50.map(percent)),
    ("MRR@50", |row| row.mrr_at_50.map(percent)),
    ("nDCG@10", |row| row.ndcg_at_10.map(percent)),
    ("median", |row| row.median_rank.clone()),
];

impl Table {
    /// All metrics there are.
    pub(super) fn of(card: &Scorecard) -> Self {
        let row = |group: &GroupScore| (group.group.clone(), Row::of(group));
        Self { overall: Some(card.overall), categories: card.groups.iter().map(row).collect() }
    }
}

impl Row {
    fn of(group: &GroupScore) -> Self {
        let median = group.median_rank.map_or_else(|| ">50".to_owned(), |rank| rank.to_string());
        Self {
            queries: group.queries as u64,
            recall_at_10: Some(group.recall_at_10),
            recall_at_50: Some(group.recall_at_50),
            mrr_at_50: Some(group.mrr_at_50),
            ndcg_at_10: Some(group.ndcg_at_10),
            median_rank: Some(median),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |(_, cell): &&Column| self.categories.values().any(|row| cell(row).is_some());
        let columns: Vec<&Column> = COLUMNS.iter().filter(told).collect();
        write!(f, "{:10} {:>8}", "category", "queries")?;
        for (name, _) in &columns {
            write!(f, " {name:>8}")?;
        }
        for (name, row) in &self.categories {
            write!(f, "\n{name:10} {:>8}", row.queries)?;
            for (_, cell) in &columns {
                write!(f, " {:>8}", cell(row).unwrap_or_default())?;
            }
        }
        f.write_str("\n")?;
        match self.overall {
            Some(overall) => writeln!(f, "overall    {} %", percent(overall)),
            None => Ok(()),
        }
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
}
