//! Checks where links in organisers' texts may lead.

use pulldown_cmark::{Event, Parser, Tag};

/// Whether a link leads to the web, to mail, or within this server; other links could do anything.
pub fn leads_somewhere(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let web = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    let within = lower.starts_with('#') || (lower.starts_with('/') && !lower.starts_with("//"));
    let plain = !address.chars().any(|c| c.is_control() || c == '\\');
    (web || within) && plain
}

/// The first link of a Markdown text that is not allowed.
pub(super) fn odd_link(markdown: &str) -> Option<String> {
    Parser::new(markdown).find_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            (!leads_somewhere(&dest_url)).then(|| dest_url.into_string())
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_link_is_found_wherever_it_stands() {
        for good in ["[a](https://example.org)", "[a](/c/fiq)", "[a](#b)", "<mailto:a@example.org>"]
        {
            assert_eq!(odd_link(good), None, "{good}");
        }
        for odd in [
            "- [a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "![a](data:text/html,x)",
            "[a][b]\n\n[b]: //example.org",
            "[a](ftp://example.org)",
        ] {
            assert!(odd_link(odd).is_some(), "{odd}");
        }
    }
}
