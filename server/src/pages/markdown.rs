//! Markdown of the organisers as HTML that can do nothing.
//!
//! The parser's events are the sanitiser: raw HTML becomes text, links go to the web, to mail or
//! within this server, pictures become links, and the writer escapes everything else.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use web::pages::Sanitised;

use crate::challenges::leads_somewhere;

/// The HTML of a Markdown text; headings begin at the second level, below the page's own title.
pub(crate) fn render(markdown: &str) -> Sanitised {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let events = Parser::new_ext(markdown, options).map(harmless);
    let mut out = String::new();
    html::push_html(&mut out, events);
    Sanitised::vouched_for(out)
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

/// A link that leads nowhere good leads nowhere.
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
    fn headings_stand_below_the_pages_title() {
        assert!(html("# One").contains("<h2>One</h2>"));
        assert!(html("### Three").contains("<h3>Three</h3>"));
    }
}
