//! Markdown written by organisers, as harmless HTML.
//!
//! Tables get a name and a scrollable region, and each cell gets the name of its column, so that a phone
//! can show a row as a card.
//!
//! The parser's events are the sanitiser: raw HTML becomes text, links go to the web, to e-mail or
//! within this server, pictures become links, and the writer escapes everything else.

use domain::challenges::leads_somewhere;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use web::pages::Sanitised;

/// The HTML of a Markdown text; headings begin at the second level, below the page's own title.
pub(crate) fn render(markdown: &str) -> Sanitised {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let events = Parser::new_ext(markdown, options).map(harmless);
    let mut tables = Tables::default();
    let events = events.flat_map(|event| tables.dress(event));
    let mut out = String::new();
    html::push_html(&mut out, events);
    Sanitised::vouched_for(out)
}

/// The state of headings and tables while a text is read.
#[derive(Default)]
struct Tables {
    /// The text of the last heading, which names a table.
    heading: String,
    in_heading: bool,
    /// The names of the table's columns.
    columns: Vec<String>,
    in_head: bool,
    /// The index of the current cell in its row.
    cell: usize,
}

impl Tables {
    /// An event with the HTML that belongs around it. All HTML here is our own.
    fn dress<'a>(&mut self, event: Event<'a>) -> Vec<Event<'a>> {
        match &event {
            Event::Start(Tag::Heading { .. }) => {
                self.heading.clear();
                self.in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => self.in_heading = false,
            Event::Text(text) | Event::Code(text) => {
                if self.in_heading {
                    self.heading.push_str(text);
                } else if self.in_head
                    && let Some(column) = self.columns.last_mut()
                {
                    column.push_str(text);
                }
            }
            Event::Start(Tag::Table(_)) => {
                self.columns.clear();
                let name = if self.heading.is_empty() { "Table" } else { &self.heading };
                let place = format!(
                    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">",
                    escaped(name)
                );
                return vec![Event::Html(place.into()), event];
            }
            Event::End(TagEnd::Table) => return vec![event, Event::Html("</div>".into())],
            Event::Start(Tag::TableHead) => self.in_head = true,
            Event::End(TagEnd::TableHead) => self.in_head = false,
            Event::Start(Tag::TableRow) => self.cell = 0,
            Event::Start(Tag::TableCell) if self.in_head => self.columns.push(String::new()),
            Event::Start(Tag::TableCell) => {
                let column = self.columns.get(self.cell).map(String::as_str).unwrap_or_default();
                let cell = format!("<td data-label=\"{}\">", escaped(column));
                self.cell += 1;
                return vec![Event::InlineHtml(cell.into())];
            }
            Event::End(TagEnd::TableCell) if !self.in_head => {
                return vec![Event::InlineHtml("</td>".into())];
            }
            _ => {}
        }
        vec![event]
    }
}

/// A text as the value of an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(
            Tag::Link { link_type, dest_url, title, id }
            | Tag::Image { link_type, dest_url, title, id },
        ) => Event::Start(Tag::Link { link_type, dest_url: safe(dest_url), title, id }),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        Event::Start(Tag::Heading { level, .. }) => {
            let level = level.max(pulldown_cmark::HeadingLevel::H2);
            Event::Start(Tag::Heading { level, id: None, classes: vec![], attrs: vec![] })
        }
        Event::End(TagEnd::Heading(level)) => {
            Event::End(TagEnd::Heading(level.max(pulldown_cmark::HeadingLevel::H2)))
        }
        other => other,
    }
}

/// The address of a link, or `#` if it is unsafe.
fn safe(address: CowStr<'_>) -> CowStr<'_> {
    if leads_somewhere(&address) { address } else { "#".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        format!("{:?}", render(markdown))
    }

    #[test]
    fn raw_html_is_shown_and_does_nothing() {
        for hostile in [
            "<script>alert(1)</script>",
            "text <img src=x onerror=alert(1)> text",
            "<style>*{display:none}</style>",
            "<!-- --><svg/onload=alert(1)>",
        ] {
            let html = html(hostile);
            for tag in ["<script", "<img", "<style", "<svg"] {
                assert!(!html.contains(tag), "{hostile}: {html}");
            }
            assert!(html.contains("&lt;"), "{hostile}: {html}");
        }
    }

    #[test]
    fn links_go_to_the_web_to_mail_or_within() {
        for (link, kept) in [
            ("https://example.org/a?b", true),
            ("/c/fiq", true),
            ("mailto:a@example.org", true),
            ("javascript:alert(1)", false),
            ("JaVaScRiPt:alert(1)", false),
            ("java&#x0A;script:alert(1)", false),
            ("data:text/html,x", false),
            ("//example.org", false),
            ("\\\\example.org", false),
        ] {
            let html = html(&format!("[here]({link}) ![there]({link})"));
            assert_eq!(html.matches("href=\\\"#\\\"").count() == 0, kept, "{link}: {html}");
            assert!(!html.to_lowercase().contains("script:"), "{link}: {html}");
            assert!(!html.contains("<img"), "{link}: {html}");
        }
    }

    #[test]
    fn a_table_has_the_name_of_its_heading_and_each_cell_that_of_its_column() {
        let html =
            html("## Scores \"x\"\n\n| method | `R@10` <b> |\n|---|---:|\n| a | 1 |\n| b | |");
        let html = html.replace("\\\"", "\"");
        let region = "tabindex=\"0\" role=\"region\" aria-label=\"Scores “x”\"";
        let plain = region.replace(['“', '”'], "&quot;");
        assert!(html.contains(region) || html.contains(&plain), "{html}");
        assert!(html.contains("<td data-label=\"method\">a</td>"), "{html}");
        assert!(html.contains("<td data-label=\"R@10 &lt;b&gt;\">1</td>"), "{html}");
        assert!(html.contains("<td data-label=\"R@10 &lt;b&gt;\"></td>"), "{html}");
        assert_eq!(html.matches("<td").count(), html.matches("</td>").count(), "{html}");
    }

    #[test]
    fn headings_stand_below_the_pages_title() {
        assert!(html("# One").contains("<h2>One</h2>"));
        assert!(html("### Three").contains("<h3>Three</h3>"));
    }
}
