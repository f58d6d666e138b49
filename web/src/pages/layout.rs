//! What stands around every page: the head with its navigation, and the foot.
//!
//! A page is drawn without its visitor, so that it can be kept for everybody; [`around`] then writes who
//! looks at it, and what was just done, into the two places that [`Layout`] leaves.

use askama::Template;

use super::encoded;
use crate::Result;

/// What stands around every page.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The main navigation, in order.
    pub nav: Vec<Link>,
    /// Links in the foot, such as the source and the API.
    pub foot: Vec<Link>,
}

/// The place in a page of those who look at it. Texts of people can't hold it: their `<` is escaped.
pub(crate) const VISITOR: &str = "<!--visitor-->";

/// The place in a page of what was just done.
pub(crate) const SAID: &str = "<!--said-->";

/// Who looks at a page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "visitor.html")]
pub struct Head {
    /// The name of the person who is signed in.
    pub name: Option<String>,
    /// Where they organise, if they do.
    pub organise: Option<String>,
    /// The address of the page, to which they come back when they sign in.
    pub here: String,
    /// What was just done, in a sentence.
    pub said: Option<String>,
}

impl Head {
    /// Where they come back to after signing in or up, as a query.
    fn next(&self) -> String {
        if self.here.is_empty() { String::new() } else { format!("?next={}", encoded(&self.here)) }
    }
}

/// A page with the words about its visitor.
///
/// # Errors
/// Where they can't be drawn.
pub fn around(page: &str, head: &Head) -> Result<String> {
    let said = match &head.said {
        Some(said) => Said { said }.render()?,
        None => String::new(),
    };
    Ok(page.replacen(VISITOR, &head.render()?, 1).replacen(SAID, &said, 1))
}

/// What was just done.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="notice done" role="status"><p>{{ said }}</p></div>"#
)]
struct Said<'a> {
    said: &'a str,
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
