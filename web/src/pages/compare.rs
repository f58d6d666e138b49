//! Two submissions side by side.

use askama::Template;
use time::OffsetDateTime;

use super::compared::{ComparedMeasure, Finding, PValue};
use super::compared_axis::Axis;
use super::compared_queries::QueriesApart;
use super::sort::encoded;
use super::{Layout, Link, Value};
use crate::charts::{Along, Curve, curves};
use crate::numbers::{counted, format_percent};

/// Two submissions side by side, `/c/{challenge}/{phase}/compare?a=…&b=…`.
#[derive(Debug, Clone, Template)]
#[template(path = "compare.html")]
pub struct ComparePage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The board of the phase.
    pub phase: Link,
    /// The page's own address, without a query string.
    pub href: String,
    /// The submissions to choose from: those on the board, in its order.
    pub choices: Vec<CompareChoice>,
    /// What was asked for as `a`; empty if nothing was.
    pub a: String,
    /// What was asked for as `b`; empty if nothing was.
    pub b: String,
    /// What there is to show.
    pub compared: Compared,
    /// The page that explains intervals and p-values.
    pub significance: String,
}

/// A submission that can be chosen.
#[derive(Debug, Clone)]
pub struct CompareChoice {
    /// Its id, as in the address.
    pub id: String,
    /// Its label, such as `1  Team A, dual encoder`.
    pub label: String,
}

/// What a compare page shows below its form.
#[derive(Debug, Clone)]
pub enum Compared {
    /// Nothing was asked for yet.
    Nothing,
    /// What was asked for can't be compared, with the reason as a sentence: one submission twice, an
    /// unknown one, or one of another benchmark.
    Refused(String),
    /// Two submissions.
    Two(Box<Comparison>),
}

/// Two submissions of one benchmark.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The first, `A`.
    pub a: Contender,
    /// The second, `B`.
    pub b: Contender,
    /// On how many queries the scores of both are.
    pub queries: u64,
    /// What scores are means over, one and several: `query`, `queries`.
    pub noun: [&'static str; 2],
    /// What the phase publishes. The first is the overall value of the primary measure, from which
    /// the verdict is made.
    pub measures: Vec<ComparedMeasure>,
    /// Recall at each cut-off; absent if it isn't public.
    pub recall: Option<RecallCurves>,
    /// Single queries; absent if they aren't public.
    pub apart: Option<QueriesApart>,
}

/// One of two submissions.
#[derive(Debug, Clone)]
pub struct Contender {
    /// The name of its team as the board shows it.
    pub team: String,
    /// Its public id.
    pub id: String,
    /// Its page; absent if nothing is public.
    pub href: Option<String>,
    /// The team's name for its method.
    pub method: Option<String>,
    /// When it was submitted.
    pub submitted: OffsetDateTime,
}

/// Recall of two submissions at each cut-off, over all groups.
#[derive(Debug, Clone)]
pub struct RecallCurves {
    /// Of `A`: cut-off and share, by cut-off.
    pub a: Vec<(u32, f64)>,
    /// Of `B`, likewise.
    pub b: Vec<(u32, f64)>,
}

impl ComparePage {
    /// Each select: its name, its label, and what was asked for.
    fn selects(&self) -> [(&'static str, &'static str, &str); 2] {
        [("a", "A", &self.a), ("b", "B", &self.b)]
    }

    /// The options of a select: id, label, and whether it is chosen. What was asked for stays chosen
    /// if it isn't one of them.
    fn options<'a>(&'a self, asked: &'a str) -> Vec<(&'a str, &'a str, bool)> {
        let chosen = |choice: &'a CompareChoice| {
            (choice.id.as_str(), choice.label.as_str(), choice.id == asked)
        };
        let mut options: Vec<_> = self.choices.iter().map(chosen).collect();
        if !options.iter().any(|(.., chosen)| *chosen) {
            let label = if asked.is_empty() { "choose a submission" } else { asked };
            options.insert(0, (asked, label, true));
        }
        options
    }

    fn title(&self) -> String {
        match &self.compared {
            Compared::Two(two) => format!("{} and {}", two.name(true), two.name(false)),
            Compared::Refused(_) => "Error: Compare two submissions".to_owned(),
            Compared::Nothing => "Compare two submissions".to_owned(),
        }
    }

    /// The same two the other way round.
    fn swapped(&self) -> String {
        format!("{}?a={}&b={}", self.href, encoded(&self.b), encoded(&self.a))
    }
}

impl Comparison {
    /// The name of one in sentences: its team's, or a letter if both have the same.
    fn name(&self, of_a: bool) -> &str {
        match (of_a, self.a.team == self.b.team) {
            (true, false) => &self.a.team,
            (false, false) => &self.b.team,
            (true, true) => "Submission A",
            (false, true) => "Submission B",
        }
    }

    /// Both with their letters.
    fn contenders(&self) -> [(&'static str, &Contender); 2] {
        [("A", &self.a), ("B", &self.b)]
    }

    /// What the difference of the primary measure says.
    fn finding(&self) -> Finding {
        self.measures.first().map_or(Finding::Unknown, ComparedMeasure::finding)
    }

    fn queries_text(&self) -> String {
        let [one, many] = self.noun;
        counted(self.queries, one, many)
    }

    fn has_effects(&self) -> bool {
        self.measures.iter().any(|row| row.difference.is_some_and(|it| it.effect.is_some()))
    }

    fn has_p_values(&self) -> bool {
        self.measures.iter().any(|row| row.difference.is_some_and(|it| it.p.is_some()))
    }

    fn has_bands(&self) -> bool {
        let is_band = |p: PValue| matches!(p, PValue::Band(_));
        self.measures.iter().any(|row| row.difference.and_then(|it| it.p).is_some_and(is_band))
    }

    /// The axis that all differences are drawn on.
    fn axis(&self) -> Axis {
        Axis::of(&self.measures)
    }

    /// The lines, as SVG.
    fn chart(&self, recall: &RecallCurves) -> String {
        let at_end = |points: &[(u32, f64)]| {
            points.last().map_or(String::new(), |(k, share)| {
                format!("{} % at {k}", format_percent(*share, 1))
            })
        };
        let description = format!(
            "Two lines that rise with K. {} ends at {}, {} at {}. The table has the numbers.",
            self.name(true),
            at_end(&recall.a),
            self.name(false),
            at_end(&recall.b),
        );
        let lines = [
            Curve { name: self.name(true), points: &recall.a },
            Curve { name: self.name(false), points: &recall.b },
        ];
        let title = "Recall@K of both, in percent";
        curves("recall", title, &description, Along::Cutoffs, &lines).inline()
    }
}

impl RecallCurves {
    /// The most cut-offs in the table.
    const MOST: usize = 12;

    /// Cut-off and both values, thinned out if there are many.
    fn rows(&self) -> Vec<(u32, String, String)> {
        let all: Vec<u32> = self.a.iter().map(|(k, _)| *k).collect();
        let last = all.last().copied().unwrap_or(0);
        let is_round = |k: u32| k <= 5 || k.is_multiple_of(10) && k <= 50 || k.is_multiple_of(100);
        let few = all.len() <= Self::MOST;
        let shown = all.into_iter().filter(|k| few || is_round(*k) || *k == last);
        shown.map(|k| (k, at(&self.a, k), at(&self.b, k))).collect()
    }
}

/// The value at a cut-off.
fn at(points: &[(u32, f64)], k: u32) -> String {
    let found = points.iter().find(|(cutoff, _)| *cutoff == k);
    found.map_or(Value::Missing, |(_, share)| Value::Share(*share)).text()
}
