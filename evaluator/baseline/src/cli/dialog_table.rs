//! Scorecards of dialogs as rows of a table, turn by turn.

use std::time::Duration;

use scoring::statistics::{Comparison, Interval};
use scoring::{Benchmark, Measure, Ranks, Score, Scorecard};

use crate::error::Result;

/// A table of dialogs with this many turns.
pub(super) struct DialogTable {
    pub(super) turns: u32,
}

/// The dialogs that an agent played.
#[derive(Clone)]
pub(super) struct Played {
    pub(super) title: String,
    pub(super) ranks: Ranks,
}

impl DialogTable {
    /// The measures of dialogs that were played.
    pub(super) fn card(&self, ranks: &Ranks, benchmark: &Benchmark) -> Result<Scorecard> {
        Ok(Scorecard::with(ranks, benchmark, &self.measures()?))
    }

    /// The head of the table.
    pub(super) fn head(&self) -> String {
        let turns: Vec<String> = (1..=self.turns).map(|turn| format!("turn {turn}")).collect();
        let line = "---|".repeat(turns.len() + 2);
        format!("| agent | measure | {} |\n|{line}", turns.join(" | "))
    }

    /// The measures turn by turn, then those of whole dialogs.
    fn measures(&self) -> Result<Vec<Measure>> {
        let by_turn = ["percentile", "turn_recall@10", "hits@10", "mean_rank"];
        let names = by_turn
            .iter()
            .flat_map(|name| (1..=self.turns).map(move |turn| format!("{name}:{turn}")))
            .chain(["bri".to_owned(), "turns_to_success@10".to_owned()]);
        Ok(names.map(|name| name.parse()).collect::<scoring::Result<_>>()?)
    }

    /// One agent's rows, the mean over the categories with the interval over dialogs.
    pub(super) fn rows(&self, title: &str, card: &Scorecard, time: Duration) -> Result<String> {
        let score = |name: &str| -> Result<Option<&Score>> { Ok(card.score(name.parse()?)) };
        let mut lines = Vec::new();
        for (name, measure, factor, digits) in [
            ("percentile", "percentile", 100.0, 2),
            ("turn_recall@10", "Recall@10", 100.0, 2),
            ("hits@10", "Hits@10", 100.0, 2),
            ("mean_rank", "mean rank", 1.0, 1),
        ] {
            let mut cells = Vec::new();
            for turn in 1..=self.turns {
                cells.push(cell(score(&format!("{name}:{turn}"))?, factor, digits));
            }
            lines.push(format!("| {title} | {measure} | {} |", cells.join(" | ")));
        }
        // They are of whole dialogs, so they stand at the last turn.
        let rest = "| ".repeat(self.turns as usize - 1);
        for (name, measure) in [("bri", "BRI"), ("turns_to_success@10", "turns to success@10")] {
            let cell = cell(score(name)?, 1.0, 3);
            lines.push(format!("| {title} | {measure} {rest}| {cell} |"));
        }
        let played: usize = card.groups.iter().map(|group| group.queries).sum();
        let speed = played as f64 / time.as_secs_f64().max(1e-9);
        lines.push(format!(
            "\n{title}: {played} dialogs in {:.1} s, {speed:.0} dialogs/s\n",
            time.as_secs_f64()
        ));
        Ok(lines.join("\n"))
    }

    /// How much better or worse one agent was than another in the same dialogs, with the 95 % interval.
    pub(super) fn difference(&self, one: &Played, other: &Played) -> Result<String> {
        let mut lines = Vec::new();
        let last = format!("percentile:{}", self.turns);
        for (name, measure, factor, digits) in [
            (last.as_str(), "percentile", 100.0, 2),
            ("hits@10", "Hits@10", 100.0, 2),
            ("bri", "BRI", 1.0, 3),
        ] {
            let Some(it) = Comparison::of(&one.ranks, &other.ranks, name.parse()?, 1) else {
                continue;
            };
            let Interval { low, high } = it.interval;
            let [value, low, high] = [it.difference, low, high].map(|number| number * factor);
            lines
                .push(format!("{measure} {value:+.digits$} ({low:+.digits$} to {high:+.digits$})"));
        }
        Ok(format!("{} against {}: {}\n", one.title, other.title, lines.join("; ")))
    }

    /// The main measures on one line.
    #[cfg(feature = "torch")]
    pub(super) fn line(&self, card: &Scorecard) -> Result<String> {
        let value = |name: &str, factor: f64| -> Result<f64> {
            Ok(card.score(name.parse()?).and_then(|score| score.overall).unwrap_or(f64::NAN)
                * factor)
        };
        let mut cells = Vec::new();
        for turn in 1..=self.turns {
            cells.push(format!("{:.2}", value(&format!("percentile:{turn}"), 100.0)?));
        }
        let hits = value(&format!("hits@10:{}", self.turns), 100.0)?;
        let bri = value("bri", 1.0)?;
        Ok(format!("percentile {}; Hits@10 {hits:.2}; BRI {bri:.3}", cells.join(" ")))
    }
}

/// A value with its interval.
fn cell(score: Option<&Score>, factor: f64, digits: usize) -> String {
    let value = score.and_then(|score| score.overall).unwrap_or(f64::NAN) * factor;
    let ends = score.and_then(|score| score.interval);
    let ends = ends.map_or_else(String::new, |Interval { low, high }| {
        format!(" ({:.digits$} to {:.digits$})", low * factor, high * factor)
    });
    format!("{value:.digits$}{ends}")
}
