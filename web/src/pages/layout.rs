//! The layout of every page: the header with its navigation, and the footer.
//!
//! A page is rendered without its visitor, so that it can be cached for everyone; [`around`] then fills
//! in the visitor and the done-message at two placeholders.

use askama::Template;

use super::encoded;
use crate::Result;

/// The layout of every page.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The main navigation, in order.
    pub nav: Vec<Link>,
    /// Links in the footer, such as the source and the API.
    pub foot: Vec<Link>,
}

/// The placeholder for the visitor. Users' texts can't contain it, because their `<` is escaped.
pub(crate) const VISITOR: &str = "<!--visitor-->";

/// The placeholder for the done-message.
pub(crate) const SAID: &str = "<!--said-->";

/// The visitor of a page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "visitor.html")]
pub struct Head {
    /// The name of the person who is signed in.
    pub name: Option<String>,
    /// The page where they organise, if they do.
    pub organise: Option<String>,
    /// The address of the page, to return to after signing in.
    pub here: String,
    /// The done-message, a sentence.
    pub said: Option<String>,
}

impl Head {
    /// The page to return to after signing in or up, as a query.
    fn next(&self) -> String {
        if self.here.is_empty() { String::new() } else { format!("?next={}", encoded(&self.here)) }
    }
}

/// A page with its visitor filled in.
///
/// # Errors
/// If they can't be rendered.
pub fn around(page: &str, head: &Head) -> Result<String> {
    let said = match &head.said {
        Some(said) => Said { said }.render()?,
        None => String::new(),
    };
    Ok(page.replacen(VISITOR, &head.render()?, 1).replacen(SAID, &said, 1))
}

/// The done-message.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="notice done" role="status"><p>{{ said }}</p></div>"#
)]
struct Said<'a> {
    said: &'a str,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its label.
    pub label: String,
    /// Its address.
    pub href: String,
    /// Whether it links to the current page.
    pub current: bool,
}

impl Link {
    /// A link to another page.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), current: false }
    }

    /// A link to the current page, which is marked.
    pub fn current(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { current: true, ..Self::new(label, href) }
    }
}
