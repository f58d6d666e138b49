//! The page to return to after signing in or up, accepting the rules, or creating a team.

use serde::{Deserialize, Serialize};
use web::pages::Form;

/// The address on this server to go to next, if there is one.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(from = "Typed")]
pub(super) struct Next {
    next: String,
}

/// The address as it was sent.
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
    /// Reads an address; one that leads to another server is dropped.
    pub(super) fn read(typed: &str) -> Self {
        let elsewhere = typed.starts_with("//") || typed.contains(['\\', ':']);
        let plain = typed.chars().all(|c| c.is_ascii_graphic());
        let is_here = typed.starts_with('/') && plain && !elsewhere;
        Self { next: if is_here { typed.to_owned() } else { String::new() } }
    }

    /// The address, or an empty string.
    pub(super) fn as_str(&self) -> &str {
        &self.next
    }

    /// The address, or else another page.
    pub(super) fn or<'a>(&'a self, otherwise: &'a str) -> &'a str {
        if self.next.is_empty() { otherwise } else { &self.next }
    }

    /// A form that carries the address.
    pub(super) fn with(&self, form: Form) -> Form {
        if self.next.is_empty() { form } else { form.hiding("next", self.next.as_str()) }
    }

    /// The address of a page, with this address as its `next`.
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
