//! The board: the task, the phases, and the standings.

use std::collections::BTreeMap;

use askama::Template;
use time::OffsetDateTime;

use super::facts::{Counters, Facts, Resolution, Targets};
use super::row::{Entrant, Row};
use super::shown_rows::{ROWS, ShownRow, ShownRows};
use super::sort::encoded;
use super::{Column, Filter, Layout, Link, MeasureName, Phase, Sanitised, ShownScores, Sort};
use crate::numbers::{counted, format_count, format_percent, scale};

/// The page of one phase, `/c/{challenge}/{phase}`.
#[derive(Debug, Clone, Template)]
#[template(path = "board.html")]
pub struct BoardPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// What the task is, in a sentence or two.
    pub summary: String,
    /// A longer description, if the organisers wrote one.
    pub text: Option<Sanitised>,
    /// A worked example of its task, as our own HTML.
    pub example: &'static str,
    /// All phases of the challenge, in order; exactly one is [`Phase::current`].
    pub phases: Vec<Phase>,
    /// Counts of the phase so far.
    pub counters: Counters,
    /// What is measured.
    pub facts: Facts,
    /// The smallest difference of two scores that the benchmark can show, if it is known.
    pub resolution: Option<Resolution>,
    /// Which scores are public: the columns of the table.
    pub scores: ShownScores,
    /// Names of the groups, in the order of [`Row::groups`].
    pub groups: Vec<String>,
    /// The standings, in their order; not shown if scores are withheld.
    pub rows: Vec<Row>,
    /// The filters for the rows.
    pub filters: Vec<Filter>,
    /// The final results, if they are confirmed.
    pub confirmed: Option<Link>,
    /// Whether the rows are from an earlier instant.
    pub frozen: bool,
    /// When the rows freeze; absent: never.
    pub freezes: Option<OffsetDateTime>,
    /// When everything that the targets allow becomes public.
    pub reveals: Option<OffsetDateTime>,
    /// How many final submissions a team can choose, of which the best counts; 0: the best of all
    /// submissions counts.
    pub finals: u64,
    /// The column that the visitor sorts by; a column that is not shown has no effect.
    pub sort: Sort,
    /// Which page of the rows, from 1; a number that is too large means the last page.
    pub page: usize,
    /// The board's own address, without a query string.
    pub href: String,
    /// The submission form; absent if people can't submit to the phase.
    pub submit: Option<String>,
    /// The page that explains the scoring.
    pub scoring: String,
    /// The page that explains how sure a score is.
    pub significance: String,
    /// The page that explains the feedback share.
    pub feedback_share: String,
    /// The page that compares two submissions.
    pub compare: String,
    /// The report of the phase; absent if it isn't public.
    pub report: Option<String>,
    /// The same standings in other formats, such as JSON and CSV.
    pub exports: Vec<Link>,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// One header cell that sorts.
struct Head {
    class: &'static str,
    label: String,
    /// The name of the column where its group is not shown.
    full: String,
    href: String,
    /// The value of `aria-sort`, if the rows are sorted by it.
    sorted: Option<&'static str>,
}

impl Head {
    /// An arrow that shows the sort direction.
    fn arrow(&self) -> &'static str {
        match self.sorted {
            Some("descending") => "▾",
            Some(_) => "▴",
            None => "",
        }
    }
}

/// One number of a row, with the name of its column.
struct Cell {
    class: &'static str,
    label: String,
    text: String,
}

impl BoardPage {
    fn phase(&self) -> Option<&Phase> {
        self.phases.iter().find(|p| p.current)
    }

    /// `Test · Fashion IQ Challenge`.
    fn title(&self) -> String {
        match self.phase() {
            Some(phase) => format!("{} · {}", phase.name, self.challenge),
            None => self.challenge.clone(),
        }
    }

    /// The submission form, while the phase is open.
    fn open_form(&self) -> Option<&str> {
        self.submit.as_deref().filter(|_| self.phase().is_some_and(|p| p.is_open(&self.now)))
    }

    /// The groups that have columns.
    fn shown_groups(&self) -> &[String] {
        if self.measures().is_empty() { &[] } else { &self.groups }
    }

    /// What is shown for each group.
    fn measures(&self) -> &[MeasureName] {
        &self.scores.measures
    }

    /// What the rows are sorted by, limited to the columns that are shown.
    fn sort(&self) -> Sort {
        let drawn = self.columns().any(|column| column == self.sort.column);
        if drawn { self.sort } else { Sort::default() }
    }

    /// The rows filtered and sorted; equal rows stay in the order of the standings.
    fn sorted_rows(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().filter(|row| row.is_wanted).collect();
        // the standings already order equal scores, so they are not sorted again
        let sort = self.sort();
        if sort != Sort::default() {
            rows.sort_by(|a, b| {
                let order = a.compare(b, sort.column);
                if sort.descending { order.reverse() } else { order }
            });
        }
        rows
    }

    /// The page of the rows that is shown.
    fn shown(&self) -> ShownRows<'_> {
        let all = self.sorted_rows();
        let pages = all.len().div_ceil(ROWS).max(1);
        let page = self.page.clamp(1, pages);
        let first = (page - 1) * ROWS;
        let ends = |row: &Row| row.interval.map_or(row.overall, |interval| interval.high);
        let scale = scale(self.rows.iter().map(ends));
        let mut teams = BTreeMap::new();
        for rank in self.rows.iter().filter_map(Row::rank) {
            *teams.entry(rank).or_insert(0) += 1;
        }
        let shown = |row| ShownRow::of(row, &teams, scale);
        let rows: Vec<_> = all.iter().copied().skip(first).take(ROWS).map(shown).collect();
        let is_here = rows.iter().any(|shown| shown.row.is_own);
        let own = all.iter().copied().find(|row| row.is_own && !is_here).map(shown);
        let total = all.len();
        ShownRows {
            rows,
            own,
            first: first + 1,
            page,
            pages,
            total,
            scale: format_percent(scale, 0),
        }
    }

    /// Whether any score has an interval.
    fn has_intervals(&self) -> bool {
        self.rows.iter().any(|row| row.interval.is_some())
    }

    /// Whether the places before the reveal are shown.
    fn has_earlier(&self) -> bool {
        self.rows.iter().any(|row| row.earlier.is_some())
    }

    /// Whether any rank has an interval.
    fn has_rank_intervals(&self) -> bool {
        !self.scores.is_nothing() && self.rows.iter().any(|row| row.rank_range().is_some())
    }

    /// How many teams can't be told apart from the first, in a sentence; none if the first is alone.
    fn tied(&self) -> Option<String> {
        let tied = self.rows.iter().filter(|row| row.is_with_first()).count() as u64;
        (tied > 1).then(|| {
            format!(
                "The {} teams on the tinted band can’t be told apart from the first.",
                format_count(tied)
            )
        })
    }

    /// What the last audit found, in a sentence.
    fn audited(&self) -> Option<String> {
        let (at, is_clean) = self.facts.audited?;
        let found = if is_clean { "no leak found" } else { "what it found is with the organisers" };
        Some(format!("The benchmark was audited on {}: {found}.", crate::times::utc(&at)))
    }

    /// What the benchmark can tell, in a sentence.
    fn resolved(&self) -> Option<String> {
        let points = self.resolution?.points();
        Some(format!(
            "This benchmark can tell two submissions apart from about {points} points on."
        ))
    }

    /// Another page of the rows, in the same order and under the same filters.
    fn page_address(&self, page: usize) -> String {
        let order = self.kept_order().into_iter();
        let mut query: Vec<String> =
            order.map(|(name, value)| format!("{name}={}", encoded(&value))).collect();
        query.extend((page > 1).then(|| format!("page={page}")));
        self.address((!query.is_empty()).then(|| query.join("&")))
    }

    /// The address of the board with its filters and a sort order.
    fn address(&self, order: Option<String>) -> String {
        let mut query: Vec<String> = self.filters.iter().filter_map(Filter::query).collect();
        query.extend(order);
        let query = query.join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{query}#standings", self.href)
    }

    /// Hidden fields that keep the sort order when filtering, unless it is the default.
    fn kept_order(&self) -> Vec<(&'static str, String)> {
        let sort = self.sort();
        if sort == Sort::default() {
            return vec![];
        }
        let dir = if sort.descending { "desc" } else { "asc" };
        let key = sort.column.key(&self.groups, self.measures());
        vec![("sort", key), ("dir", dir.to_owned())]
    }

    /// When the board will freeze.
    fn freezing(&self) -> Option<OffsetDateTime> {
        self.freezes.filter(|at| *at > self.now && self.reveals.is_none_or(|reveals| reveals > *at))
    }

    /// When everything will be shown.
    fn revealing(&self) -> Option<OffsetDateTime> {
        self.reveals.filter(|at| *at > self.now)
    }

    /// Which submission of a team counts.
    fn rule(&self) -> String {
        match self.finals {
            0 => "Each team’s best submission counts.".to_owned(),
            1 => "The submission that a team chose as final counts; if it chose none, its best \
                  counts."
                .to_owned(),
            most => format!(
                "The best of up to {most} submissions that a team chose as final counts; if it \
                 chose none, its best of all counts."
            ),
        }
    }

    fn has_guests(&self) -> bool {
        self.rows.iter().any(|row| row.entrant == Entrant::Guest)
    }

    fn head(&self, column: Column) -> Head {
        let (label, full) = match column {
            Column::Overall => ("Overall".to_owned(), "overall".to_owned()),
            Column::Team => ("Team and method".to_owned(), "team".to_owned()),
            Column::Measure { group, measure } => {
                let group = self.groups.get(group).map_or("", String::as_str);
                let label = self.measures().get(measure).map_or("", |measure| &measure.label);
                (label.to_owned(), format!("{group} {label}"))
            }
            Column::Tries => ("Tries".to_owned(), "tries".to_owned()),
            Column::Best => ("Best".to_owned(), "time of the best submission".to_owned()),
        };
        let sort = self.sort();
        let current = sort.column == column;
        let first = column.descends_first(self.measures());
        let descending = if current { !sort.descending } else { first };
        let href = if (Sort { column, descending }) == Sort::default() {
            self.address(None)
        } else {
            let key = column.key(&self.groups, self.measures());
            let dir = if descending { "desc" } else { "asc" };
            self.address(Some(format!("sort={}&dir={dir}", encoded(&key))))
        };
        let sorted = current.then_some(if sort.descending { "descending" } else { "ascending" });
        Head { class: self.class(column), label, full, href, sorted }
    }

    fn heads(&self) -> Vec<Head> {
        self.columns().map(|column| self.head(column)).collect()
    }

    fn columns(&self) -> impl Iterator<Item = Column> {
        Column::all(self.shown_groups().len(), self.measures().len())
    }

    /// The header cells below the groups' names.
    fn measure_heads(&self) -> Vec<Head> {
        self.columns_of_groups().map(|column| self.head(column)).collect()
    }

    fn measure_cells(&self, row: &Row) -> Vec<Cell> {
        let cell = |column| {
            let Column::Measure { group, measure } = column else { return None };
            let text = row.value(group, measure).text();
            Some(Cell { class: self.class(column), label: self.head(column).full, text })
        };
        self.columns_of_groups().filter_map(cell).collect()
    }

    fn columns_of_groups(&self) -> impl Iterator<Item = Column> {
        Column::of_groups(self.shown_groups().len(), self.measures().len())
    }

    /// What the rows are sorted by, for the menu on phones.
    fn sorted_by(&self) -> String {
        self.head(self.sort().column).full
    }

    /// `first` begins a block of columns; `sorted` is the column that the rows are sorted by, which
    /// stays visible on phones.
    fn class(&self, column: Column) -> &'static str {
        match (column, self.sort().column == column) {
            (Column::Measure { measure: 0, .. } | Column::Tries, false) => "num first",
            (Column::Measure { measure: 0, .. } | Column::Tries, true) => "num first sorted",
            (_, false) => "num",
            (_, true) => "num sorted",
        }
    }

    /// With groups there is a second header row, for their measures.
    fn head_rows(&self) -> u8 {
        if self.shown_groups().is_empty() { 1 } else { 2 }
    }

    /// The start of the sentence that says what the numbers are.
    fn measured(&self) -> String {
        let primary = &self.scores.primary.title;
        if self.scores.is_nothing() {
            format!("Submissions are scored by {primary} on")
        } else {
            format!("Ranked by {primary}. Scores in percent on")
        }
    }

    /// What the overall score is.
    fn overall_explained(&self) -> String {
        let primary = self.scores.primary.explanation();
        format!("{}, averaged over the groups.", primary.trim_end_matches('.'))
    }

    /// How many submissions were scored, if scores are withheld.
    fn withheld(&self) -> String {
        match self.counters.scored {
            0 => "No submissions have been scored.".to_owned(),
            1 => "One submission has been scored.".to_owned(),
            many => format!("{} submissions have been scored.", format_count(many)),
        }
    }

    /// What the board cannot know, in a sentence.
    fn caution(&self) -> Option<String> {
        if self.counters.scored == 0 {
            return None;
        }
        let scores = counted(self.counters.scored, "score has", "scores have");
        let Some(share) = &self.facts.share else {
            let queries = self.facts.counted(self.facts.queries);
            return Some(format!("{scores} been given on {queries}."));
        };
        let (percent, all) = (share.percent, self.facts.counted(self.facts.all_queries));
        Some(format!("{scores} been given on {percent} % of {all}."))
    }
}
