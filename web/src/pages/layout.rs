//! What stands around every page: the head with its navigation, and the foot.

/// What stands around every page.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The main navigation, in order.
    pub nav: Vec<Link>,
    /// What stands at the right end of the head, such as "Submit a run"; absent where a person can do
    /// nothing of the kind.
    pub action: Option<Link>,
    /// Links in the foot, such as the source and the API.
    pub foot: Vec<Link>,
}

/// A place to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it goes.
    pub href: String,
    /// Whether it is the page it stands on.
    pub current: bool,
}

impl Link {
    /// A link to elsewhere.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), current: false }
    }

    /// A link to the page it stands on, which is marked.
    pub fn current(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { current: true, ..Self::new(label, href) }
    }
}
