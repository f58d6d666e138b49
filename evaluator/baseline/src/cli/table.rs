//! The table of `reproduce`, in Markdown.

use dataset::Split;
use scoring::Scorecard;

use super::evaluate;

/// A row of the table.
pub(super) struct Row {
    pub(super) model: String,
    /// What it sees of items.
    pub(super) sees: String,
    /// None for a model without training.
    pub(super) seed: Option<u64>,
    pub(super) card: Scorecard,
    pub(super) parameters: usize,
    /// The time for training and ranking.
    pub(super) time: String,
}

/// The head of the table.
pub(super) fn head(val: &Split) -> String {
    let groups: Vec<String> =
        val.groups.iter().map(|group| format!("{} R@10 / R@50", group.name)).collect();
    let line = "---|".repeat(groups.len() + 7);
    let groups = groups.join(" | ");
    format!(
        "| model | sees | seed | {groups} | mean of six | 95 % interval | parameters | trained and \
         ranked in |\n|{line}"
    )
}

fn percents(recalls: &[f64]) -> String {
    let pairs: Vec<String> = recalls
        .chunks(2)
        .map(|pair| format!("{:.2} / {:.2}", 100.0 * pair[0], 100.0 * pair[1]))
        .collect();
    pairs.join(" | ")
}

fn recalls(card: &Scorecard) -> Vec<f64> {
    evaluate::recalls(card).flatten().collect()
}

/// The mean over seeds.
pub(super) fn mean(rows: &[Row]) -> String {
    let all: Vec<Vec<f64>> = rows.iter().map(|row| recalls(&row.card)).collect();
    let count = all.len().max(1) as f64;
    let mean = |i: usize| all.iter().map(|recalls| recalls[i]).sum::<f64>() / count;
    let recalls: Vec<f64> = (0..all.first().map_or(0, Vec::len)).map(mean).collect();
    let overall = 100.0 * rows.iter().map(|row| row.card.overall()).sum::<f64>() / count;
    let (model, sees) = rows.first().map_or(("", ""), |row| (&row.model, &row.sees));
    format!(
        "| **{model}** | {sees} | mean of {} | {} | **{overall:.2}** | | | |",
        rows.len(),
        percents(&recalls)
    )
}

impl Row {
    /// As a line of the table; the interval is by resampling queries, as on a board.
    pub(super) fn line(&self) -> String {
        let recalls = percents(&recalls(&self.card));
        let overall = 100.0 * self.card.overall();
        let interval = self.card.scores.first().and_then(|score| score.interval);
        let interval = interval.map_or_else(String::new, |interval| {
            format!("{:.2} to {:.2}", 100.0 * interval.low, 100.0 * interval.high)
        });
        let seed = self.seed.map_or_else(String::new, |seed| seed.to_string());
        let Self { model, sees, parameters, time, .. } = self;
        format!(
            "| {model} | {sees} | {seed} | {recalls} | {overall:.2} | {interval} | {parameters} | \
             {time} |"
        )
    }

    /// For programs.
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "model": self.model, "sees": self.sees, "seed": self.seed, "scorecard": self.card,
            "parameters": self.parameters, "time": self.time,
        })
    }
}
