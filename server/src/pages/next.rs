//! Where a person was going when something else came first: signing in or up, the rules, a team.

use serde::{Deserialize, Serialize};
use web::pages::Form;

/// An address on this server to which a person goes on, if there is one.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(from = "Typed")]
pub(super) struct Next {
    next: String,
}

/// The address as somebody has sent it.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    next: String,
}

impl From<Typed> for Next {
    fn from(typed: Typed) -> Self {
        Self::read(&typed.next)
    }
}

impl Next {
    /// Reads an address; one that leads elsewhere is none.
    pub(super) fn read(typed: &str) -> Self {
        let elsewhere = typed.starts_with("//") || typed.contains(['\\', ':']);
        let plain = typed.chars().all(|c| c.is_ascii_graphic());
        let is_here = typed.starts_with('/') && plain && !elsewhere;
        Self { next: if is_here { typed.to_owned() } else { String::new() } }
    }

    /// The address; empty if there is none.
    pub(super) fn as_str(&self) -> &str {
        &self.next
    }

    /// Where to go: there, or else to another page.
    pub(super) fn or<'a>(&'a self, otherwise: &'a str) -> &'a str {
        if self.next.is_empty() { otherwise } else { &self.next }
    }

    /// A form that takes it along.
    pub(super) fn with(&self, form: Form) -> Form {
        if self.next.is_empty() { form } else { form.hiding("next", self.next.as_str()) }
    }

    /// The address of a page that takes it along.
    pub(super) fn on(&self, page: &str) -> String {
        match serde_html_form::to_string(self) {
            Ok(query) if !self.next.is_empty() => format!("{page}?{query}"),
            _ => page.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_nowhere_else() {
        assert_eq!(Next::read("/c/fiq/submissions?a=b").as_str(), "/c/fiq/submissions?a=b");
        for elsewhere in [
            "",
            "c/fiq",
            "//example.org",
            "/\\example.org",
            "https://example.org",
            "/\t/example.org",
            "javascript:alert(1)",
            "/c\r\nset-cookie: a=b",
        ] {
            assert_eq!(Next::read(elsewhere).or("/account"), "/account", "{elsewhere:?}");
        }
    }

    #[test]
    fn it_goes_along() {
        let next = Next::read("/c/fiq/dev/submit?a=b&c=d");
        assert_eq!(next.on("/sign-up"), "/sign-up?next=%2Fc%2Ffiq%2Fdev%2Fsubmit%3Fa%3Db%26c%3Dd");
        assert_eq!(Next::default().on("/sign-up"), "/sign-up");
    }
}
