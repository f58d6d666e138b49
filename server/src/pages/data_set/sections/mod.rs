//! Statistics as sections of a page: tables and charts.

mod counts;
mod published;
mod words;

use dataset::statistics::{GroupStatistics, Statistics};
use scoring::Texts;
use web::pages::{DataTable, StatisticsSection};

use super::super::markdown;

/// The sections, of the splits that a phase publishes.
pub(super) fn of(statistics: &Statistics, texts: &Texts) -> Vec<StatisticsSection> {
    let sections = [
        Some(counts::section(statistics)),
        published::section(statistics, texts),
        Some(words::lengths(statistics)),
        Some(words::frequent(statistics)),
        counts::attributes(statistics),
        Some(counts::repetitions(statistics)),
        counts::alone(statistics),
    ];
    sections.into_iter().flatten().collect()
}

/// `dress, val`.
fn name(of: &GroupStatistics) -> String {
    format!("{}, {}", of.group, of.split)
}

fn section(
    id: &'static str,
    title: &str,
    text: &str,
    tables: Vec<DataTable>,
    figures: Vec<web::pages::Figure>,
) -> StatisticsSection {
    StatisticsSection { id, title: title.to_owned(), text: markdown::render(text), tables, figures }
}

/// A table with one row per group.
fn by_group(
    statistics: &Statistics,
    caption: &str,
    heads: &[&str],
    row: impl Fn(&GroupStatistics) -> Vec<String>,
) -> DataTable {
    let heads = [""].iter().chain(heads).map(|head| (*head).to_owned()).collect();
    let rows = statistics.groups.iter().map(|of| [vec![name(of)], row(of)].concat()).collect();
    DataTable { caption: caption.to_owned(), heads, rows }
}

/// A count as pages write it: `2,017`.
fn count(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn or_hidden(known: Option<usize>) -> String {
    known.map_or_else(|| "hidden".to_owned(), count)
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

fn percent(part: usize, of: usize) -> String {
    format!("{:.1}\u{a0}%", 100.0 * share(part, of))
}
