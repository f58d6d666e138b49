//! What is counted in queries and items.

use dataset::statistics::{FOUND_AMONG, GroupStatistics, Statistics};
use web::pages::{DataTable, Figure, Plot, StatisticsSection};

use super::{by_group, count, name, or_hidden, percent, share};

fn counts(statistics: &Statistics, of: fn(&GroupStatistics) -> usize) -> Plot {
    Plot::Counts(statistics.groups.iter().map(|it| (name(it), of(it) as u64)).collect())
}

/// Queries, galleries, references and targets.
pub(super) fn section(statistics: &Statistics) -> StatisticsSection {
    let heads = [
        "Queries",
        "Captions",
        "Gallery",
        "References",
        "Most of one reference",
        "Targets",
        "References and targets",
        "Neither",
    ];
    let table = by_group(statistics, "Queries and items", &heads, |of| {
        vec![
            count(of.queries),
            count(of.captions.count),
            count(of.gallery),
            count(of.references),
            count(of.most_of_one_reference),
            or_hidden(of.targets),
            or_hidden(of.union),
            or_hidden(of.only_distractors),
        ]
    });
    let figure = |title: &str, shows: &str, of| Figure {
        title: title.to_owned(),
        shows: shows.to_owned(),
        plot: counts(statistics, of),
    };
    let text = "References and targets are counted once each. *Most of one reference* is how many \
                queries the most frequent reference has; *neither* counts the items of the gallery that \
                are neither a reference nor a target, and only make the search harder.";
    let figures = vec![
        figure("Queries", "The number of queries of each category and split.", |of| of.queries),
        figure("Items to rank", "The size of each gallery.", |of| of.gallery),
    ];
    super::section("counts", "Queries and galleries", text, vec![table], figures)
}

/// Attribute coverage; none if no item has attributes.
pub(super) fn attributes(statistics: &Statistics) -> Option<StatisticsSection> {
    if statistics.groups.iter().all(|of| of.with_attributes == 0) {
        return None;
    }
    let kinds = statistics.groups.first().map(|of| &of.attributes)?;
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.kind.as_str()).collect();
    let heads = [&["With attributes"][..], &kinds].concat();
    let table = by_group(statistics, "Items with attributes, by kind", &heads, |of| {
        let all = std::iter::once(of.with_attributes);
        let items = all.chain(of.attributes.iter().map(|kind| kind.items));
        items.map(|items| percent(items, of.gallery)).collect()
    });
    let labels = by_group(statistics, "Different attributes, by kind", &kinds, |of| {
        of.attributes.iter().map(|kind| count(kind.labels)).collect()
    });
    let coverage = |of: &GroupStatistics| (name(of), share(of.with_attributes, of.gallery));
    let figure = Figure {
        title: "Items with attributes".to_owned(),
        shows: "The share of each gallery that has at least one attribute.".to_owned(),
        plot: Plot::Shares(statistics.groups.iter().map(coverage).collect()),
    };
    let text = "The share of each gallery that has attributes at all, and of each kind. The second table \
                counts how many different ones occur.";
    Some(super::section("attributes", "Attributes", text, vec![table, labels], vec![figure]))
}

/// What is there twice.
pub(super) fn repetitions(statistics: &Statistics) -> StatisticsSection {
    let heads = ["Repeated queries", "Empty captions", "Queries of an earlier reference"];
    let table = by_group(statistics, "Repetitions", &heads, |of| {
        vec![
            count(of.repeated),
            count(of.captions.empty),
            count(of.queries.saturating_sub(of.references)),
        ]
    });
    let rows = statistics
        .overlaps
        .iter()
        .map(|it| vec![format!("{} and {}", it.a, it.b), count(it.items)]);
    let overlaps = DataTable {
        caption: "Items that are in two galleries".to_owned(),
        heads: vec![String::new(), "Shared items".to_owned()],
        rows: rows.collect(),
    };
    let shared = if overlaps.rows.is_empty() {
        "No two galleries share an item."
    } else {
        "The second table lists the galleries that share items: what a model has seen of one can help \
         it in the other."
    };
    let text = format!(
        "A query is repeated if its reference and its captions equal those of an earlier one; the same \
         question then has several targets, and at most one is found. {shared}"
    );
    let tables = std::iter::once(table).chain(Some(overlaps).filter(|it| !it.rows.is_empty()));
    super::section("repetitions", "Repetitions and overlaps", &text, tables.collect(), vec![])
}

/// What one side alone answers; none where targets are hidden or items have no attributes.
pub(super) fn alone(statistics: &Statistics) -> Option<StatisticsSection> {
    let known: Vec<_> = statistics.groups.iter().filter_map(|of| Some((of, of.alone?))).collect();
    if known.is_empty() {
        return None;
    }
    let rows = known.iter().map(|(of, alone)| {
        let counts = [alone.captions, alone.reference, alone.neither];
        [vec![name(of)], counts.map(|n| percent(n, of.queries)).to_vec()].concat()
    });
    let heads = ["", "Captions alone", "Reference alone", "Neither"];
    let table = DataTable {
        caption: "Queries that one side alone answers".to_owned(),
        heads: heads.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    };
    let bars = |title: &str, shows: &str, part: fn(&dataset::statistics::Alone) -> usize| Figure {
        title: title.to_owned(),
        shows: shows.to_owned(),
        plot: Plot::Shares(
            known.iter().map(|(of, alone)| (name(of), share(part(alone), of.queries))).collect(),
        ),
    };
    let figures = vec![
        bars("Captions alone", "The share of queries that the captions alone answer.", |it| {
            it.captions
        }),
        bars("Reference alone", "The share of queries that the reference alone answers.", |it| {
            it.reference
        }),
    ];
    let text = format!(
        "A query should need both its sides. Here two simple searches see one side only: by the words that \
         captions and attributes share, and by the attributes that the reference and an item share. A \
         query counts if a target is among the first {FOUND_AMONG} items; items that are as similar as the \
         target count as before it. Better models of one side answer more."
    );
    Some(super::section("alone", "What one side answers alone", &text, vec![table], figures))
}
