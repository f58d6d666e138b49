//! Pages on which a person keeps something in order: an account, a team, a challenge.

use askama::Template;
use time::OffsetDateTime;

use super::{Form, Layout, Link, Sanitised};

/// A page of sections, each with facts, a table, or forms.
#[derive(Debug, Clone, Template)]
#[template(path = "desk.html")]
pub struct DeskPage {
    /// What stands around it.
    pub layout: Layout,
    /// Where it belongs, above the heading.
    pub kicker: Option<Link>,
    /// What it is about.
    pub heading: String,
    /// What it says of itself.
    pub lede: String,
    /// What was just done, or has to be known first.
    pub notice: Option<String>,
    /// Its neighbours; the page itself is marked.
    pub tabs: Vec<Link>,
    /// What stands on it.
    pub sections: Vec<Section>,
    /// The instant it is written.
    pub now: OffsetDateTime,
}

/// One part of such a page.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The word in its address, `#word`.
    pub id: String,
    /// What it is about; empty where it has no heading of its own.
    pub heading: String,
    /// What it says.
    pub text: String,
    /// A longer text.
    pub prose: Option<Sanitised>,
    /// Name and value.
    pub facts: Vec<(String, Cell)>,
    /// The heads of its table; none where it has none.
    pub heads: Vec<String>,
    /// The rows of its table.
    pub rows: Vec<Vec<Cell>>,
    /// What stands in place of a table without rows.
    pub nothing: String,
    /// Counts, drawn beside each other.
    pub bars: Vec<u64>,
    /// What can be done.
    pub forms: Vec<Form>,
    /// Where more is.
    pub links: Vec<Link>,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, Template)]
#[template(path = "cell.html")]
pub enum Cell {
    /// Words; may be somebody's.
    Text(String),
    /// Words that are less important.
    Quiet(String),
    /// A word about a state, in a frame.
    Mark(String),
    /// What is copied: an address, a token, a hash.
    Code(String),
    /// A place to go.
    Link(Link),
    /// An instant, whole.
    At(OffsetDateTime),
    /// An instant that ends something, in the zones people plan by.
    Until(OffsetDateTime),
    /// A fraction, as percent.
    Percent(f64),
    /// What can be done.
    Form(Form),
    /// A long text, which opens when it is asked for.
    Folded(String),
    /// A text with its lines.
    Long(String),
    /// Several.
    Many(Vec<Cell>),
    /// Nothing.
    None,
}

impl Section {
    /// A part with a heading.
    pub fn new(id: &str, heading: &str) -> Self {
        Self { id: id.to_owned(), heading: heading.to_owned(), ..Self::default() }
    }

    /// With what it says.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }

    /// With a name and its value.
    #[must_use]
    pub fn fact(mut self, name: &str, value: Cell) -> Self {
        self.facts.push((name.to_owned(), value));
        self
    }

    /// With a table, and what stands in place of one without rows.
    #[must_use]
    pub fn table(self, heads: &[&str], rows: Vec<Vec<Cell>>, nothing: &str) -> Self {
        let heads = heads.iter().map(ToString::to_string).collect();
        Self { heads, rows, nothing: nothing.to_owned(), ..self }
    }

    /// With counts, drawn beside each other.
    #[must_use]
    pub fn bars(self, bars: Vec<u64>) -> Self {
        Self { bars, ..self }
    }

    /// With what can be done.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.forms.push(form);
        self
    }

    /// With a place to go.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.links.push(Link::new(label, href));
        self
    }
}

impl Cell {
    /// Words; may be somebody's.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A place to go.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Link(Link::new(label, href))
    }

    /// An instant, if there is one.
    pub fn at(at: Option<OffsetDateTime>) -> Self {
        at.map_or(Self::None, Self::At)
    }
}

/// One bar of a drawing: where it begins, how high it is, and what it counts.
struct Bar {
    x: usize,
    height: u64,
    count: u64,
}

/// How high the highest bar is drawn.
const HIGHEST: u64 = 60;

impl Section {
    /// Whether nothing would be seen of it.
    fn is_empty(&self) -> bool {
        self.heading.is_empty()
            && self.text.is_empty()
            && self.prose.is_none()
            && self.facts.is_empty()
            && self.heads.is_empty()
            && self.bars.is_empty()
            && self.forms.is_empty()
            && self.links.is_empty()
    }

    fn drawn(&self) -> Vec<Bar> {
        let most = self.bars.iter().copied().max().unwrap_or_default().max(1);
        let bar = |(i, &count): (usize, &u64)| {
            // What is there is seen, however little it is.
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

    /// The forms that stand in tables.
    fn cells(&self) -> impl Iterator<Item = &Form> {
        let cells = self.sections.iter().flat_map(|section| section.rows.iter().flatten());
        cells.filter_map(|cell| match cell {
            Cell::Form(form) => Some(form),
            _ => None,
        })
    }

    /// The form that is sent to an address, wherever it stands.
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
