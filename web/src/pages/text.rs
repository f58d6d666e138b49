//! A page of prose: the rules, how scoring works.

use askama::Template;

use super::Layout;

/// A page of prose.
#[derive(Debug, Clone, Template)]
#[template(path = "text.html")]
pub struct TextPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The page's own title.
    pub title: String,
    /// Its text.
    pub body: Sanitised,
}

/// HTML that is put on a page unchanged.
#[derive(Debug, Clone, Default)]
pub struct Sanitised(String);

impl Sanitised {
    /// Accepts HTML from a trusted writer, or HTML that was sanitised: headings from `h2` down,
    /// paragraphs, lists, tables, code and links, without styles or scripts.
    pub fn vouched_for(html: impl Into<String>) -> Self {
        Self(html.into())
    }
}

impl Sanitised {
    pub(super) fn html(&self) -> &str {
        &self.0
    }
}
