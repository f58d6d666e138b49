//! Statistics as text for a terminal.

use std::fmt;

use super::{GroupStatistics, Statistics};

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wide = self.groups.iter().map(|it| it.group.len()).max().unwrap_or(0).max(8);
        writeln!(
            f,
            "{:wide$}  {:6} {:>8} {:>8} {:>8} {:>10} {:>8} {:>6} {:>8} {:>6} {:>7} {:>10} {:>10}",
            "group",
            "split",
            "queries",
            "captions",
            "gallery",
            "references",
            "targets",
            "union",
            "repeated",
            "empty",
            "words",
            "vocabulary",
            "attributes"
        )?;
        for it in &self.groups {
            let or_hidden = |count: Option<usize>| count.map_or("-".to_owned(), |n| n.to_string());
            writeln!(
                f,
                "{:wide$}  {:6} {:>8} {:>8} {:>8} {:>10} {:>8} {:>6} {:>8} {:>6} {:>7.2} {:>10} {:>10}",
                it.group,
                it.split,
                it.queries,
                it.captions.count,
                it.gallery,
                it.references,
                or_hidden(it.targets),
                or_hidden(it.union),
                it.repeated,
                it.captions.empty,
                it.captions.mean_words(),
                it.captions.vocabulary,
                it.with_attributes
            )?;
        }
        self.groups.iter().try_for_each(|it| write_words(f, it))?;
        self.write_alone(f)?;
        self.write_overlaps(f)
    }
}

/// The most frequent words, with the number of captions that have them.
fn write_words(f: &mut fmt::Formatter<'_>, of: &GroupStatistics) -> fmt::Result {
    let frequent = of.captions.frequent.iter().map(|it| format!("{} {}", it.word, it.captions));
    let frequent: Vec<String> = frequent.collect();
    if frequent.is_empty() {
        return Ok(());
    }
    write!(f, "\nwords of {}.{}: {}", of.group, of.split, frequent.join(", "))
}

impl Statistics {
    fn write_alone(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.groups.iter().filter_map(|it| Some((it, it.alone?)));
        let known: Vec<_> = known.collect();
        if known.is_empty() {
            return writeln!(f);
        }
        writeln!(f, "\n\nqueries with a target among the first 10, by words of one side alone")?;
        for (of, alone) in known {
            let share = |count: usize| 100.0 * count as f64 / of.queries.max(1) as f64;
            writeln!(
                f,
                "  {:16} captions {:5.2} %, reference {:5.2} %, neither {:5.2} %",
                format!("{}.{}", of.group, of.split),
                share(alone.captions),
                share(alone.reference),
                share(alone.neither)
            )?;
        }
        Ok(())
    }

    fn write_overlaps(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.overlaps.is_empty() {
            return writeln!(f, "\nno two galleries share an item");
        }
        writeln!(f, "\ngalleries that share items")?;
        for it in &self.overlaps {
            writeln!(f, "  {:16} {:16} {:>6}", it.a, it.b, it.items)?;
        }
        Ok(())
    }
}
