//! Pages for managing something: an account, a team, a challenge.

use askama::Template;
use time::OffsetDateTime;

use super::{Form, Layout, Link, Sanitised};
use crate::charts::{Strip, strip};

/// A page of sections, each with facts, a table, or forms.
#[derive(Debug, Clone, Template)]
#[template(path = "desk.html")]
pub struct DeskPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// A link to the parent page, above the heading.
    pub kicker: Option<Link>,
    /// The heading.
    pub heading: String,
    /// An introduction in a sentence or two.
    pub lede: String,
    /// A message at the top, such as an error.
    pub notice: Option<String>,
    /// Related pages; the current page is marked.
    pub tabs: Vec<Link>,
    /// The sections of the page.
    pub sections: Vec<Section>,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// One section of such a page.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The id, which is also the fragment of its address, `#id`.
    pub id: String,
    /// The heading; empty if it has none.
    pub heading: String,
    /// A short text.
    pub text: String,
    /// A longer text.
    pub prose: Option<Sanitised>,
    /// Facts: name and value.
    pub facts: Vec<(String, Cell)>,
    /// The column headers of its table; empty without a table.
    pub heads: Vec<String>,
    /// The rows of its table.
    pub rows: Vec<Vec<Cell>>,
    /// The text shown if the table has no rows.
    pub nothing: String,
    /// Counts, drawn as a bar chart.
    pub bars: Vec<u64>,
    /// Values, drawn as dots.
    pub dots: Option<Dots>,
    /// Its forms.
    pub forms: Vec<Form>,
    /// Links to more.
    pub links: Vec<Link>,
}

/// Values along an axis from −100 to 20, drawn as dots.
#[derive(Debug, Clone)]
pub struct Dots {
    /// What they are.
    pub title: String,
    /// What they show, for screen readers.
    pub description: String,
    /// The values.
    pub values: Vec<f64>,
    /// Values up to this one are conspicuous.
    pub mark: f64,
}

impl Dots {
    fn chart(&self) -> String {
        let Self { title, description, values, mark } = self;
        let mark = (*mark, "conspicuous");
        strip(&Strip { id: "dots", title, description, values, mark }).inline()
    }
}

/// The contents of a table cell or of a fact.
#[derive(Debug, Clone, Template)]
#[template(path = "cell.html")]
pub enum Cell {
    /// Text, possibly written by a user.
    Text(String),
    /// Less important text.
    Quiet(String),
    /// A word for a state, in a frame.
    Mark(String),
    /// Text to copy: an address, a token, a hash.
    Code(String),
    /// A link.
    Link(Link),
    /// An exact instant.
    At(OffsetDateTime),
    /// An instant that ends something, in the zones people plan by.
    Until(OffsetDateTime),
    /// A fraction, as percent.
    Percent(f64),
    /// A form.
    Form(Form),
    /// A long text, collapsed until it is opened.
    Folded(String),
    /// A text of several lines.
    Long(String),
    /// Several cells.
    Many(Vec<Cell>),
    /// Nothing.
    None,
}

impl Section {
    /// A section with a heading.
    pub fn new(id: &str, heading: &str) -> Self {
        Self { id: id.to_owned(), heading: heading.to_owned(), ..Self::default() }
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }

    /// Adds a name and its value.
    #[must_use]
    pub fn fact(mut self, name: &str, value: Cell) -> Self {
        self.facts.push((name.to_owned(), value));
        self
    }

    /// Adds a table, and the text shown if it has no rows.
    #[must_use]
    pub fn table(self, heads: &[&str], rows: Vec<Vec<Cell>>, nothing: &str) -> Self {
        let heads = heads.iter().map(ToString::to_string).collect();
        Self { heads, rows, nothing: nothing.to_owned(), ..self }
    }

    /// Adds counts, drawn as a bar chart.
    #[must_use]
    pub fn bars(self, bars: Vec<u64>) -> Self {
        Self { bars, ..self }
    }

    /// Adds values, drawn as dots.
    #[must_use]
    pub fn dots(self, dots: Dots) -> Self {
        Self { dots: Some(dots), ..self }
    }

    /// Adds a form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.forms.push(form);
        self
    }

    /// Adds a link.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.links.push(Link::new(label, href));
        self
    }
}

impl Cell {
    /// Text, possibly written by a user.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A link.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Link(Link::new(label, href))
    }

    /// An instant, if there is one.
    pub fn at(at: Option<OffsetDateTime>) -> Self {
        at.map_or(Self::None, Self::At)
    }
}

/// One bar of a chart: its position, its height, and its count.
struct Bar {
    x: usize,
    height: u64,
    count: u64,
}

/// The height of the highest bar.
const HIGHEST: u64 = 60;

impl Section {
    /// Whether it has nothing to show.
    fn is_empty(&self) -> bool {
        self.heading.is_empty()
            && self.text.is_empty()
            && self.prose.is_none()
            && self.facts.is_empty()
            && self.heads.is_empty()
            && self.bars.is_empty()
            && self.dots.is_none()
            && self.forms.is_empty()
            && self.links.is_empty()
    }

    fn drawn(&self) -> Vec<Bar> {
        let most = self.bars.iter().copied().max().unwrap_or_default().max(1);
        let bar = |(i, &count): (usize, &u64)| {
            // A small count is still visible.
            let height = if count == 0 { 1 } else { (count * HIGHEST / most).max(3) };
            Bar { x: i * 10, height, count }
        };
        self.bars.iter().enumerate().map(bar).collect()
    }
}

impl DeskPage {
    fn complained(&self) -> bool {
        let forms = self.sections.iter().flat_map(|section| &section.forms);
        forms.chain(self.cells()).any(Form::complained)
    }

    /// The forms in tables.
    fn cells(&self) -> impl Iterator<Item = &Form> {
        let cells = self.sections.iter().flat_map(|section| section.rows.iter().flatten());
        cells.filter_map(|cell| match cell {
            Cell::Form(form) => Some(form),
            _ => None,
        })
    }

    /// The form with this action, in a section or in a table.
    pub fn form_of(&mut self, action: &str) -> Option<&mut Form> {
        let sections = self.sections.iter_mut();
        let mut forms = sections.flat_map(|section| {
            let cells = section.rows.iter_mut().flatten().filter_map(|cell| match cell {
                Cell::Form(form) => Some(form),
                _ => None,
            });
            section.forms.iter_mut().chain(cells)
        });
        forms.find(|form| form.action == action)
    }
}
