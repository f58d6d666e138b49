//! The links of a page.

/// The attributes that hold links.
const ATTRIBUTES: [&str; 3] = [" href=\"", " src=\"", " action=\""];

/// A form would ask a server.
const FORM: (&str, &str) = ("<form ", "<form hidden style=\"display:none\" ");

/// All links of a page to this server, as they are followed.
pub(super) fn all(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    each(html, |_, link| found.push(unescaped(link)));
    found
}

/// The same page with other links: those for which `new` gives nothing are removed, as are forms. Links
/// to other sites, and within the page, stay.
pub(super) fn rewritten(html: &str, new: impl Fn(&str) -> Option<String>) -> String {
    let (mut page, mut from) = (String::with_capacity(html.len()), 0);
    each(html, |range, link| {
        page.push_str(&html[from..range.start]);
        from = range.end;
        let attribute = &html[range.clone()];
        let name = attribute.split('=').next().unwrap_or_default();
        if let Some(new) = new(&unescaped(link)) {
            let value = new.replace('&', "&amp;").replace('"', "&quot;");
            page.extend([name, "=\"", &value, "\""]);
        }
    });
    page.push_str(&html[from..]);
    page.replace(FORM.0, FORM.1)
}

/// Calls `found` for each attribute with a link to this server: where it is, and the link.
fn each<'h>(html: &'h str, mut found: impl FnMut(std::ops::Range<usize>, &'h str)) {
    let mut from = 0;
    while let Some((start, name)) = next(&html[from..]) {
        let value = from + start + name.len();
        let Some(length) = html[value..].find('"') else { return };
        let link = &html[value..value + length];
        if link.starts_with('/') && !link.starts_with("//") {
            found(from + start..value + length + 1, link);
        }
        from = value + length;
    }
}

/// The first attribute that holds a link, and its place.
fn next(html: &str) -> Option<(usize, &'static str)> {
    let places = ATTRIBUTES.iter().filter_map(|name| Some((html.find(name)?, *name)));
    places.min()
}

fn unescaped(link: &str) -> String {
    link.replace("&#38;", "&").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_relative_or_are_removed_and_others_stay() {
        let page = "<a class=\"x\" href=\"/c/fiq/test?sort=team&#38;page=2\">2</a> <a href=\"#rows\">rows</a> \
                    <a href=\"https://example.org/\">elsewhere</a> <a href=\"/sign-in\">Sign in</a> \
                    <form method=\"get\" action=\"/search\"></form>";
        assert_eq!(all(page), ["/c/fiq/test?sort=team&page=2", "/sign-in", "/search"]);
        let new = |link: &str| link.starts_with("/c/").then(|| "page-2.html".to_owned());
        assert_eq!(
            rewritten(page, new),
            "<a class=\"x\" href=\"page-2.html\">2</a> <a href=\"#rows\">rows</a> \
             <a href=\"https://example.org/\">elsewhere</a> <a>Sign in</a> \
             <form hidden style=\"display:none\" method=\"get\"></form>"
        );
    }
}
